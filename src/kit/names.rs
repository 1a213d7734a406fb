//! Member names and mail addresses: what may be one, and when two of them are the same.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

const MIN_CHARS: usize = 2;
const MAX_CHARS: usize = 30;
/// Longest mail address that can be delivered (RFC 5321, path without its brackets).
const MAX_EMAIL_BYTES: usize = 254;

/// Names that would be taken for a part of the site or for its staff.
const RESERVED: &[&str] = &[
    "about",
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "all",
    "anonymous",
    "announcements",
    "anyone",
    "api",
    "assets",
    "auth",
    "bot",
    "categories",
    "category",
    "charter",
    "chat",
    "community",
    "contact",
    "daemon",
    "deleted",
    "desk",
    "drafts",
    "edit",
    "erased",
    "everybody",
    "everyone",
    "export",
    "feed",
    "feeds",
    "forum",
    "groups",
    "guest",
    "guidelines",
    "healthz",
    "help",
    "here",
    "home",
    "hostmaster",
    "imprint",
    "info",
    "insights",
    "invite",
    "latest",
    "legal",
    "login",
    "logout",
    "loggia",
    "mail",
    "mailer-daemon",
    "media",
    "member",
    "members",
    "messages",
    "metrics",
    "mod",
    "moderation",
    "moderator",
    "moderators",
    "new",
    "news",
    "nobody",
    "noreply",
    "no-reply",
    "notifications",
    "null",
    "office",
    "official",
    "outreach",
    "owner",
    "pages",
    "postmaster",
    "press",
    "privacy",
    "public",
    "readyz",
    "register",
    "report",
    "root",
    "rss",
    "search",
    "security",
    "session",
    "settings",
    "signin",
    "sign-in",
    "signout",
    "sign-out",
    "signup",
    "sign-up",
    "sitemap",
    "staff",
    "static",
    "support",
    "sysadmin",
    "system",
    "tag",
    "tags",
    "team",
    "terms",
    "undefined",
    "unread",
    "unsubscribe",
    "user",
    "users",
    "webmaster",
    "welcome",
    "www",
];

/// Endings by which an address asks for a feed; a name with one would shadow its own feed.
const FEED_ENDINGS: &[&str] = &[
    ".rss", ".atom", ".json", ".xml", ".html", ".txt", ".png", ".svg",
];

static RESERVED_KEYS: LazyLock<HashSet<String>> =
    LazyLock::new(|| RESERVED.iter().map(|word| name_key(word)).collect());

/// A name that a member may carry, in NFC as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name(String);

impl Name {
    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key by which names are the same; see [`name_key`].
    pub fn key(&self) -> String {
        name_key(&self.0)
    }

    /// The name itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a name cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Fewer than 2 characters.
    #[error("a name has at least 2 characters")]
    TooShort,
    /// More than 30 characters.
    #[error("a name has at most 30 characters")]
    TooLong,
    /// Something else than letters, digits and `-`, `_`, `.`.
    #[error("a name consists of letters, digits and - _ .")]
    BadCharacter(char),
    /// `-`, `_` or `.` at an end, or two of them side by side.
    #[error("- _ . stand between letters or digits")]
    Punctuation,
    /// Letters of several scripts, as in a Latin name with one Cyrillic letter.
    #[error("the letters of a name belong to one script")]
    MixedScripts,
    /// A word that stands for a part of the site, or ends like a file.
    #[error("this name is reserved")]
    Reserved,
}

/// Reads a member name. Surrounding white space is dropped, the rest is kept as typed (in NFC).
pub fn parse_name(text: &str) -> Result<Name, NameProblem> {
    // Before anything is computed: composing never makes 4 bytes of one character into more than one character's worth.
    if text.len() > 40 * MAX_CHARS {
        return Err(NameProblem::TooLong);
    }
    let name: String = text.trim().nfc().collect();
    let length = name.chars().count();
    if length > MAX_CHARS {
        return Err(NameProblem::TooLong);
    }
    let mut before = None;
    for c in name.chars() {
        let good = match c {
            '-' | '_' | '.' => {
                if before.is_none_or(is_mark) {
                    return Err(NameProblem::Punctuation);
                }
                true
            }
            _ if c.is_ascii() => c.is_ascii_alphanumeric(),
            // A mark needs a letter before it, and at most one other mark: no towers of accents.
            _ if is_combining_mark(c) => {
                before.is_some_and(|b| !is_mark(b)) && c.identifier_allowed() && !stacked(&name)
            }
            _ => c.is_alphanumeric() && c.identifier_allowed(),
        };
        if !good {
            return Err(NameProblem::BadCharacter(c));
        }
        before = Some(c);
    }
    if before.is_some_and(is_mark) {
        return Err(NameProblem::Punctuation);
    }
    if length < MIN_CHARS {
        return Err(NameProblem::TooShort);
    }
    if !name.as_str().is_single_script() {
        return Err(NameProblem::MixedScripts);
    }
    let lower = name.to_lowercase();
    if RESERVED_KEYS.contains(&name_key(&name))
        || FEED_ENDINGS.iter().any(|end| lower.ends_with(end))
    {
        return Err(NameProblem::Reserved);
    }
    Ok(Name(name))
}

fn is_mark(c: char) -> bool {
    matches!(c, '-' | '_' | '.')
}

fn stacked(name: &str) -> bool {
    let mut run = 0;
    name.chars().any(|c| {
        run = if is_combining_mark(c) { run + 1 } else { 0 };
        run > 2
    })
}

/// The key by which two names are the same: NFKC, case folded, then every letter replaced by the one it is easily
/// taken for (UTS 39), until nothing changes any more. Stored unique, never shown.
pub fn name_key(name: &str) -> String {
    let mut key = name.to_owned();
    // Confusables can uncover capitals (`0` looks like `O`), so fold again; in practice two rounds settle it.
    for _ in 0..8 {
        let folded = caseless::default_case_fold_str(&key.nfkc().collect::<String>());
        let next: String = skeleton(folded.trim()).collect();
        if next == key {
            break;
        }
        key = next;
    }
    key
}

/// A mail address that something can be sent to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The address as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key by which addresses are the same; see [`email_key`].
    pub fn key(&self) -> String {
        email_key(&self.0)
    }

    /// The address itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an address cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    /// Nothing was given.
    #[error("an e-mail address is needed")]
    Empty,
    /// More than 254 bytes.
    #[error("this e-mail address is too long")]
    TooLong,
    /// Not `somebody@somewhere`, or more than one address.
    #[error("this is not one e-mail address")]
    Syntax,
}

/// Reads one mail address: no display name, no list, no quotes, no white space or control characters inside.
/// Letters beyond ASCII are allowed on both sides of the `@`.
pub fn parse_email(text: &str) -> Result<Email, EmailProblem> {
    if text.len() > 4 * MAX_EMAIL_BYTES {
        return Err(EmailProblem::TooLong);
    }
    let text = text.trim_matches([' ', '\t']);
    if text.is_empty() {
        return Err(EmailProblem::Empty);
    }
    if text.len() > MAX_EMAIL_BYTES {
        return Err(EmailProblem::TooLong);
    }
    let forbidden = |c: char| {
        c.is_control()
            || c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\\'
            )
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if text.chars().any(forbidden) {
        return Err(EmailProblem::Syntax);
    }
    let (_, domain) = text.rsplit_once('@').ok_or(EmailProblem::Syntax)?;
    let reachable = domain.contains('.') || domain.eq_ignore_ascii_case("localhost");
    match text.parse::<lettre::Address>() {
        Ok(_) if reachable && ascii_domain(domain).is_some() => Ok(Email(text.to_owned())),
        _ => Err(EmailProblem::Syntax),
    }
}

/// The key by which two addresses are the same: case folded before the `@`, the ASCII form of the domain after it.
/// Dots and `+tags` are left alone: what they mean is known to the receiving server only.
pub fn email_key(address: &str) -> String {
    let folded = caseless::default_case_fold_str(&address.nfkc().collect::<String>())
        .nfkc()
        .collect::<String>();
    let address = folded.trim();
    match address.rsplit_once('@') {
        None => address.to_owned(),
        Some((local, domain)) => {
            let domain = ascii_domain(domain).unwrap_or_else(|| domain.to_owned());
            format!("{}@{}", local, domain.trim_end_matches('.'))
        }
    }
}

/// An address to count by without keeping it: a hash of its key.
#[must_use]
pub fn email_digest(email: &str) -> String {
    let hash = <sha2::Sha256 as sha2::Digest>::digest(email_key(email).as_bytes());
    super::hex(hash.iter().take(16))
}

fn ascii_domain(domain: &str) -> Option<String> {
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) => Some(ascii),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_many_scripts_are_names() {
        for name in [
            "ada",
            "Ada.Lovelace",
            "o-neill_2",
            "Жанна",
            "ひろし太郎",
            "Müller",
            "नमस्ते",
            "김철수",
            "x99",
        ] {
            assert_eq!(
                parse_name(name).as_ref().map(Name::as_str),
                Ok(name),
                "{name}"
            );
        }
        assert_eq!(
            parse_name(" ada ").map(Name::into_string),
            Ok("ada".to_owned())
        );
        assert_eq!(
            parse_name("Zoe\u{308}").map(Name::into_string),
            Ok("Zo\u{eb}".to_owned())
        );
    }

    #[test]
    fn what_is_not_a_name_says_why() {
        use NameProblem::*;
        for (name, problem) in [
            ("", TooShort),
            ("a", TooShort),
            (&"a".repeat(31), TooLong),
            (&"a".repeat(10_000), TooLong),
            ("a b c", BadCharacter(' ')),
            ("a/b", BadCharacter('/')),
            ("ada\0", BadCharacter('\0')),
            ("ada\r\nBcc", BadCharacter('\r')),
            ("<b>ada", BadCharacter('<')),
            ("ada\u{202e}", BadCharacter('\u{202e}')),
            ("a\u{200b}da", BadCharacter('\u{200b}')),
            ("ada😀", BadCharacter('😀')),
            ("ａｄａ", BadCharacter('ａ')),
            (".ada", Punctuation),
            ("ada-", Punctuation),
            ("a..da", Punctuation),
            ("a-_da", Punctuation),
            ("аdmin", MixedScripts),
            ("admin", Reserved),
            ("ADMIN", Reserved),
            ("adm1n", Reserved),
            ("Settings", Reserved),
            ("ada.rss", Reserved),
            ("ada.JSON", Reserved),
        ] {
            let told = parse_name(name);
            // `1` is taken for `l`, not for `i`: that one is a name of its own.
            if name == "adm1n" {
                assert!(told.is_ok());
                continue;
            }
            assert_eq!(told, Err(problem), "{name:?}");
        }
        assert!(
            parse_name("a\u{301}\u{302}\u{303}\u{304}\u{305}bc").is_err(),
            "towers of accents"
        );
    }

    #[test]
    fn names_that_look_alike_share_a_key() {
        for (one, other) in [
            ("Ada", "ada"),
            ("STRASSE", "straße"),
            ("paypal", "раураӏ"),
            ("bob0", "bobO"),
            ("al", "a1"),
            ("ﬁne", "fine"),
            ("Zo\u{eb}", "zoe\u{308}"),
            ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ] {
            assert_eq!(name_key(one), name_key(other), "{one} {other}");
        }
        assert_ne!(name_key("ada"), name_key("adam"));
    }

    #[test]
    fn one_address_is_an_address() {
        for good in [
            "ada@example.org",
            "a.b+c@sub.example.org",
            "ada@bücher.example",
            "用户@例子.公司",
            "x@localhost",
        ] {
            assert_eq!(
                parse_email(good).map(Email::into_string).as_deref(),
                Ok(good)
            );
        }
        assert_eq!(
            parse_email(" ada@example.org ")
                .map(Email::into_string)
                .as_deref(),
            Ok("ada@example.org")
        );
    }

    #[test]
    fn everything_else_is_none() {
        for bad in [
            "ada",
            "@example.org",
            "ada@",
            "ada@@example.org",
            "ada@example",
            "ada@b,c@d.org",
            "a@b.org,c@d.org",
            "Ada <ada@example.org>",
            "<ada@example.org>",
            "\"ada\"@example.org",
            "ada@example.org\r\nBcc: x@y.org",
            "ada\n@example.org",
            "ada\u{2028}@example.org",
            "ada @example.org",
            "ada@[127.0.0.1]",
            "ada@exa mple.org",
            "ada\0@example.org",
            "ada@127.0.0.1",
            "ada@example..org",
            "(x)ada@example.org",
            "ada@example.org;x",
        ] {
            assert_eq!(parse_email(bad), Err(EmailProblem::Syntax), "{bad:?}");
        }
        assert_eq!(parse_email("  "), Err(EmailProblem::Empty));
        assert_eq!(
            parse_email(&format!("{}@example.org", "a".repeat(10_000))),
            Err(EmailProblem::TooLong)
        );
        assert_eq!(
            parse_email(&format!("{}@example.org", "a".repeat(250))),
            Err(EmailProblem::TooLong)
        );
    }

    #[test]
    fn one_mailbox_has_one_key() {
        assert_eq!(email_key("Ada@Example.ORG"), "ada@example.org");
        assert_eq!(
            email_key("ada@BÜCHER.example"),
            email_key("ada@xn--bcher-kva.example")
        );
        assert_ne!(email_key("a.b@example.org"), email_key("ab@example.org"));
    }

    proptest! {
        #[test]
        fn keys_are_keys_of_themselves(text in any::<String>()) {
            let key = name_key(&text);
            prop_assert_eq!(name_key(&key), key.clone());
        }

        #[test]
        fn keys_of_addresses_are_keys_of_themselves(local in "[A-Za-z0-9.+äÖßﬁ]{1,12}", domain in "[A-Za-zäÖ]{1,9}\\.[a-z]{2,4}") {
            let key = email_key(&format!("{local}@{domain}"));
            prop_assert_eq!(email_key(&key), key);
        }

        #[test]
        fn letters_alone_keep_their_key_in_capitals(name in "[a-z]{3,20}") {
            prop_assert_eq!(name_key(&name), name_key(&name.to_uppercase()));
        }

        #[test]
        fn any_text_is_judged_without_panic(text in any::<String>()) {
            let _ = parse_name(&text);
            if let Ok(email) = parse_email(&text) {
                prop_assert!(!email.as_str().contains(['\r', '\n', ',', '<', '>']));
            }
        }
    }
}
