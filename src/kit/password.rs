//! Passwords: hashed with argon2id, checked before they are hashed.
//!
//! Hashing costs about 30 ms and 19 MiB on purpose; do it outside transactions.

use std::collections::HashSet;
use std::sync::{LazyLock, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 8;
/// Most bytes of a password; more is refused before hashing, which a long text would make dear.
pub const MAX_BYTES: usize = 256;

/// Passwords that everybody tries first, lower case, one per line.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("passwords.txt")
        .lines()
        .filter(|line| !line.is_empty())
        .collect()
});

/// How dear a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// What members' passwords cost (OWASP's floor for argon2id).
    pub const MEMBERS: Cost = Cost {
        memory_kib: 19_456,
        passes: 2,
        lanes: 1,
    };
    /// For tests only: fast and worthless.
    pub const TESTS: Cost = Cost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    fn hasher(self) -> Result<Argon2<'static>, HashFault> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None)
            .map_err(|_bad_cost| HashFault)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// The hash could not be computed: no memory, no randomness or a senseless cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashFault;

/// Why a password is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer than 8 characters.
    #[error("a password has at least 8 characters")]
    TooShort,
    /// More than 256 bytes.
    #[error("a password has at most 256 bytes")]
    TooLong,
    /// Among the passwords that everybody tries first, or nothing but a pattern.
    #[error("this password is among those that are tried first")]
    TooCommon,
    /// Little more than the name of the site or of the member.
    #[error("a password is not made of the site's name, one's own name or one's address")]
    TooNear,
}

/// What hashing costs in this process, where it was made cheap.
static CHEAP: OnceLock<Cost> = OnceLock::new();

/// Makes every hash of this process cheap and worthless. Only stories call it, in which thousands sign in:
/// `clippy.toml` forbids it everywhere else.
pub fn make_cheap_for_stories() {
    // Whoever asks first has already said the same.
    let _ = CHEAP.set(Cost::TESTS);
}

fn cost() -> Cost {
    CHEAP.get().copied().unwrap_or(Cost::MEMBERS)
}

/// Hashes a password as a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$…`) with a random salt.
pub fn hash(password: &str) -> Result<String, HashFault> {
    hash_at(password, cost())
}

/// Hashes at a given cost.
pub fn hash_at(password: &str, cost: Cost) -> Result<String, HashFault> {
    cost.hasher()?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_no_hash| HashFault)
}

/// Whether a password belongs to a hash. The cost is the one written in the hash; whatever is no argon2 hash or
/// longer than a password may be is `false`.
pub fn verify(phc: &str, password: &str) -> bool {
    if password.len() > MAX_BYTES {
        return false;
    }
    PasswordHash::new(phc).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

/// Hashes a password and throws the hash away, so that an unknown name takes as long as a known one.
pub fn dummy_verify(password: &str) {
    dummy_verify_at(password, cost());
}

/// The same at a given cost.
pub fn dummy_verify_at(password: &str, cost: Cost) {
    if password.len() > MAX_BYTES {
        return;
    }
    let mut out = [0u8; 32];
    if let Ok(hasher) = cost.hasher() {
        // Nobody waits for the result, only for the time.
        let _ = hasher.hash_password_into(password.as_bytes(), b"nobody's salt 16", &mut out);
    }
    std::hint::black_box(out);
}

/// Whether a hash was made with other settings than today's and is to be made again at the next sign-in.
pub fn needs_rehash(phc: &str) -> bool {
    needs_rehash_at(phc, cost())
}

/// The same for a given cost.
pub fn needs_rehash_at(phc: &str, cost: Cost) -> bool {
    let Ok(hash) = PasswordHash::new(phc) else {
        return true;
    };
    let same = Params::try_from(&hash).is_ok_and(|p| {
        (p.m_cost(), p.t_cost(), p.p_cost()) == (cost.memory_kib, cost.passes, cost.lanes)
    });
    hash.algorithm.as_str() != "argon2id" || !same
}

/// Checks a new password before it is hashed. No rules about kinds of characters; `context` are the words that an
/// attacker would try for this member: the site's name, the member's name, the address.
pub fn check_new(password: &str, context: &[&str]) -> Result<(), PasswordProblem> {
    if password.len() > MAX_BYTES {
        return Err(PasswordProblem::TooLong);
    }
    if password.chars().count() < MIN_CHARS {
        return Err(PasswordProblem::TooShort);
    }
    let plain = password.trim().to_lowercase();
    if is_common(&plain) || is_pattern(&plain) {
        return Err(PasswordProblem::TooCommon);
    }
    if is_near(&plain, context) {
        return Err(PasswordProblem::TooNear);
    }
    Ok(())
}

fn is_common(plain: &str) -> bool {
    if COMMON.contains(plain) {
        return true;
    }
    // "Passw0rd123!" is "password" with decorations.
    let decoration = |c: char| !c.is_alphabetic();
    let bare = plain.trim_matches(decoration);
    [
        bare.to_owned(),
        unleet(plain).trim_matches(decoration).to_owned(),
    ]
    .iter()
    .any(|word| word.chars().count() >= 4 && COMMON.contains(word.as_str()))
}

fn unleet(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// One short piece again and again, a run through the alphabet, the digits or a row of the keyboard.
fn is_pattern(plain: &str) -> bool {
    let chars: Vec<char> = plain.chars().collect();
    let repeats = (1..=4).any(|step| {
        chars.len() >= 2 * step
            && chars
                .iter()
                .zip(chars.iter().skip(step))
                .all(|(a, b)| a == b)
    });
    if repeats {
        return true;
    }
    const ROWS: [&str; 9] = [
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "qwertyuiop[]",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "qwertzuiopü",
        "azertyuiop",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
        "qazwsxedcrfvtgbyhnujmikolp",
    ];
    ROWS.iter().any(|row| {
        let back: String = row.chars().rev().collect();
        row.contains(plain) || back.contains(plain)
    })
}

/// Whether fewer than six letters and digits remain when the words of the context are taken out, the longest first.
fn is_near(plain: &str, context: &[&str]) -> bool {
    let mut words: Vec<String> = context
        .iter()
        .flat_map(|text| {
            let lower = text.to_lowercase();
            let joined: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
            let parts: Vec<String> = lower
                .split(|c: char| !c.is_alphanumeric())
                .map(str::to_owned)
                .collect();
            parts.into_iter().chain([joined])
        })
        .filter(|word| word.chars().count() >= 3)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    [plain.to_owned(), unleet(plain)].iter().any(|text| {
        let mut rest: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let before = rest.len();
        for word in &words {
            rest = rest.replace(word.as_str(), "");
        }
        rest.len() < before && rest.chars().count() < 6
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hash_says_what_it_cost_and_verifies() {
        let phc = hash("correct horse battery").expect("hashed");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify(&phc, "correct horse battery"));
        assert!(!verify(&phc, "correct horse batterz"));
        assert!(!needs_rehash(&phc));
    }

    #[test]
    fn cheap_and_foreign_hashes_are_made_again() {
        let phc = hash_at("correct horse battery", Cost::TESTS).expect("hashed");
        assert!(
            verify(&phc, "correct horse battery"),
            "an old cost still opens"
        );
        assert!(needs_rehash(&phc));
        assert!(!needs_rehash_at(&phc, Cost::TESTS));
        assert!(needs_rehash("$2b$12$abcdefghijklmnopqrstuv"));
        assert!(needs_rehash(&phc.replace("argon2id", "argon2i")));
        for junk in [
            "",
            "x",
            "$argon2id$",
            "$argon2id$v=19$m=1,t=0,p=0$AA$AA",
            &phc.replace("t=1", "t=0"),
        ] {
            assert!(!verify(junk, "correct horse battery"), "{junk}");
        }
    }

    #[test]
    fn nothing_is_cut_off() {
        for password in [
            "x".repeat(64) + "a",
            "ö".repeat(63) + "a",
            " leading space a".to_owned(),
            "🦉🦉🦉 owls by night a".to_owned(),
        ] {
            let phc = hash_at(&password, Cost::TESTS).expect("hashed");
            assert!(verify(&phc, &password));
            let mut other = password.clone();
            other.pop();
            other.push('b');
            assert!(!verify(&phc, &other));
        }
    }

    #[test]
    fn lengths_are_checked_before_hashing() {
        assert_eq!(check_new("1234567", &[]), Err(PasswordProblem::TooShort));
        assert_eq!(
            check_new(&"ab1x-".repeat(60), &[]),
            Err(PasswordProblem::TooLong)
        );
        assert!(!verify("", &"x".repeat(1 << 20)));
        dummy_verify_at(&"x".repeat(1 << 20), Cost::TESTS);
        dummy_verify_at("x", Cost::TESTS);
        assert_eq!(check_new(&"ab1x-".repeat(12), &[]), Ok(()));
        assert_eq!(check_new("🦉🦊🐻🐼🐨🐯🦁🐮", &[]), Ok(()));
    }

    #[test]
    fn common_passwords_and_patterns_are_refused() {
        for password in [
            "password",
            "PASSWORD",
            "Passw0rd",
            "P@ssw0rd123!",
            "12345678",
            "1234567890",
            "qwertyuiop",
            "iloveyou",
            "football1",
            "sunshine99",
            "letmein!!",
            "aaaaaaaa",
            "abcabcabc",
            "abcdefgh",
            "hgfedcba",
            "1qaz2wsx",
            "87654321",
            "asdfghjkl",
            "trustno1",
            "superman",
            "baseball2020",
            " password ",
            "dragon123",
        ] {
            assert_eq!(
                check_new(password, &[]),
                Err(PasswordProblem::TooCommon),
                "{password}"
            );
        }
        for password in [
            "correct horse battery staple",
            "Zugspitze im Nebel",
            "mit-7-Eulen-lesen",
            "korrekte pferde",
        ] {
            assert_eq!(check_new(password, &[]), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_list_is_long_and_in_order() {
        assert!(COMMON.len() >= 3_000, "{}", COMMON.len());
        let lines: Vec<&str> = include_str!("passwords.txt").lines().collect();
        assert!(
            lines.windows(2).all(|pair| pair.first() < pair.get(1)),
            "sorted, none twice"
        );
        assert!(lines.iter().all(|line| *line == line.trim().to_lowercase()));
    }

    #[test]
    fn names_of_site_and_member_are_refused() {
        let context = ["Merrowby Museum", "ada.lovelace", "ada.l@example.org"];
        for password in [
            "merrowby",
            "Merrowby2026",
            "m3rr0wbyMuseum!",
            "adalovelace",
            "lovelace1!",
            "ada.l@example.org",
        ] {
            assert_eq!(
                check_new(password, &context),
                Err(PasswordProblem::TooNear),
                "{password}"
            );
        }
        assert_eq!(check_new("canada has ten provinces", &context), Ok(()));
    }

    proptest! {
        #[test]
        fn any_password_is_judged_without_panic(password in any::<String>(), context in any::<String>()) {
            let _ = check_new(&password, &[&context]);
        }
    }
}
