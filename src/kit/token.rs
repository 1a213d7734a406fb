//! Things that are hard to guess: tokens, short codes, record keys and signed links.
//!
//! Time is always passed in. A signed token (JWT) serves the API and links in mail only; browser sessions are
//! opaque random tokens, stored as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::seal::Keyring;

/// Letters and digits that are not mistaken for each other; no vowels, so that no words appear.
const CODE_ALPHABET: &[u8; 27] = b"23456789bcdfghjkmnpqrstvwxz";
/// The alphabet of AT Protocol record keys, in its sorting order.
const TID_ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
/// A longer token is refused before anything is decoded.
const MAX_TOKEN_BYTES: usize = 2_048;
/// How far clocks of several nodes may differ, in seconds, for "not before".
const CLOCK_SKEW: i64 = 60;

/// A new secret of 256 bits as text that may stand in an address, and the SHA-256 under which it is stored.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of kit where secrets are made"
)]
pub fn random_token() -> (String, [u8; 32]) {
    let mut secret = [0u8; 32];
    rand::rng().fill_bytes(&mut secret);
    let shown = URL_SAFE_NO_PAD.encode(secret);
    let hash = hash_token(&shown);
    (shown, hash)
}

/// The SHA-256 of a token as it was shown. Tokens are random, so one plain hash is enough.
pub fn hash_token(shown: &str) -> [u8; 32] {
    Sha256::digest(shown.as_bytes()).into()
}

/// Compares two secrets in a time that tells nothing about where they differ (their length may show).
pub fn same_secret(one: &[u8], other: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    one.ct_eq(other).into()
}

/// Eight characters that can be read aloud (about 38 bits): for links, never as the only guard of a secret.
pub fn short_code(rng: &mut impl Rng) -> String {
    (0..8)
        .filter_map(|_| CODE_ALPHABET.get(rng.random_range(0..CODE_ALPHABET.len())))
        .map(|byte| char::from(*byte))
        .collect()
}

/// An AT Protocol record key (TID): microseconds since 1970 (53 bits) and a clock id (10 bits), sortable.
/// Negative times count as 0, larger values are cut to their bits.
pub fn tid(micros: i64, clock_id: u16) -> String {
    let value = ((micros.max(0) as u64 & ((1 << 53) - 1)) << 10) | u64::from(clock_id & 0x3ff);
    (0..13)
        .rev()
        .filter_map(|place| TID_ALPHABET.get(((value >> (5 * place)) & 31) as usize))
        .map(|byte| char::from(*byte))
        .collect()
}

/// What a signed token is for. A token of one purpose is refused for every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Calls to the JSON API.
    Api,
    /// "This address is mine."
    ConfirmEmail,
    /// Choosing a new password.
    ResetPassword,
    /// Joining by invitation.
    Invite,
    /// Leaving a mailing without signing in.
    Unsubscribe,
}

/// What a signed token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Whom it concerns: a member's id, an address key.
    pub sub: String,
    /// The token's own id, by which it is used once or revoked.
    pub jti: String,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// From when it holds, in seconds since 1970.
    pub nbf: i64,
    /// Until when it holds (exclusive), in seconds since 1970.
    pub exp: i64,
    /// For whom: this community. [`issue`] fills it.
    #[serde(default)]
    pub aud: String,
    /// By whom: this community. [`issue`] fills it.
    #[serde(default)]
    pub iss: String,
}

impl Claims {
    /// Claims that hold from `now` for `lifetime` seconds.
    pub fn new(
        purpose: Purpose,
        sub: impl Into<String>,
        jti: impl Into<String>,
        now: i64,
        lifetime: i64,
    ) -> Self {
        Claims {
            sub: sub.into(),
            jti: jti.into(),
            purpose,
            iat: now,
            nbf: now,
            exp: now.saturating_add(lifetime),
            aud: String::new(),
            iss: String::new(),
        }
    }
}

/// Why a token is not accepted. For the log; whoever sent it learns only that it is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// Not a token of ours: form, algorithm, header, signature or claims.
    #[error("not a token of this community")]
    Forged,
    /// Signed with a key that we no longer (or never) had.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// Made for something else.
    #[error("made for another purpose")]
    OtherPurpose,
    /// Not valid yet.
    #[error("not valid yet")]
    TooEarly,
    /// Not valid any more.
    #[error("expired")]
    Expired,
}

struct JwtKey {
    kid: String,
    sign: EncodingKey,
    check: DecodingKey,
}

/// The keys that sign tokens. Prints nothing of itself.
pub struct JwtKeys {
    current: JwtKey,
    older: Vec<JwtKey>,
    site: String,
}

impl std::fmt::Debug for JwtKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JwtKeys({} keys)", 1 + self.older.len())
    }
}

impl JwtKeys {
    /// Keys from the ring: the current one signs, all of them check. `site` (the base address) is both issuer and
    /// audience, so that two communities with one key file do not accept each other's tokens.
    pub fn from_keyring(ring: &Keyring, site: &str) -> Self {
        let key = |id: u8, secret: &[u8; 32]| JwtKey {
            kid: id.to_string(),
            sign: EncodingKey::from_secret(secret),
            check: DecodingKey::from_secret(secret),
        };
        JwtKeys {
            current: key(ring.current_id(), &ring.subkey("jwt")),
            older: ring
                .subkeys("jwt")
                .iter()
                .skip(1)
                .map(|(id, secret)| key(*id, secret))
                .collect(),
            site: site.trim_end_matches('/').to_owned(),
        }
    }

    fn find(&self, kid: &str) -> Option<&JwtKey> {
        std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.kid == kid)
    }
}

/// Signs claims with HS256 and the current key; audience and issuer are filled in here.
pub fn issue(keys: &JwtKeys, mut claims: Claims) -> Result<String, TokenProblem> {
    claims.aud.clone_from(&keys.site);
    claims.iss.clone_from(&keys.site);
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(keys.current.kid.clone());
    encode(&header, &claims, &keys.current.sign).map_err(|_not_signed| TokenProblem::Forged)
}

/// Reads a token: one algorithm, a key of ours, all claims present and of the right type, for this purpose, at
/// `now` (seconds since 1970). Nothing in the token's header chooses anything but one of our own keys.
pub fn read(
    keys: &JwtKeys,
    token: &str,
    purpose: Purpose,
    now: i64,
) -> Result<Claims, TokenProblem> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenProblem::Forged);
    }
    let header = decode_header(token).map_err(|_no_header| TokenProblem::Forged)?;
    let mut expected = Header::new(Algorithm::HS256);
    expected.kid.clone_from(&header.kid);
    // Anything more (`jku`, `jwk`, `x5u`, `crit` …) is not of our making.
    if header != expected {
        return Err(TokenProblem::Forged);
    }
    let key = header
        .kid
        .and_then(|kid| keys.find(&kid))
        .ok_or(TokenProblem::UnknownKey)?;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    rules.set_audience(&[&keys.site]);
    rules.set_issuer(&[&keys.site]);
    // The library would ask the system's clock; time is ours to give.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let claims = decode::<Claims>(token, &key.check, &rules)
        .map_err(|_not_ours| TokenProblem::Forged)?
        .claims;
    if claims.purpose != purpose {
        return Err(TokenProblem::OtherPurpose);
    }
    if claims.nbf > now.saturating_add(CLOCK_SKEW) {
        return Err(TokenProblem::TooEarly);
    }
    if claims.exp <= now {
        return Err(TokenProblem::Expired);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const SITE: &str = "https://forum.example.org";

    fn ring() -> Keyring {
        Keyring::from_bytes(Keyring::new_file().as_bytes()).expect("a fresh file")
    }

    fn claims() -> Claims {
        Claims::new(Purpose::ConfirmEmail, "17", "j1", NOW, 3_600)
    }

    fn part(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    /// A token with any header and claims, truly signed with the ring's key.
    fn signed(ring: &Keyring, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", part(header), part(claims));
        let key = EncodingKey::from_secret(&ring.subkey("jwt"));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("signed");
        format!("{message}.{signature}")
    }

    fn good_header() -> Value {
        json!({"typ": "JWT", "alg": "HS256", "kid": "1"})
    }

    fn good_claims() -> Value {
        json!({"sub": "17", "jti": "j1", "purpose": "confirm-email", "iat": NOW, "nbf": NOW, "exp": NOW + 3_600, "aud": SITE, "iss": SITE})
    }

    fn with(mut base: Value, name: &str, value: Value) -> Value {
        if let Some(map) = base.as_object_mut() {
            if value.is_null() {
                map.remove(name);
            } else {
                map.insert(name.to_owned(), value);
            }
        }
        base
    }

    #[test]
    fn an_issued_token_is_read_back() {
        let keys = JwtKeys::from_keyring(&ring(), SITE);
        let token = issue(&keys, claims()).expect("issued");
        let told = read(&keys, &token, Purpose::ConfirmEmail, NOW).expect("read");
        assert_eq!(
            (told.sub.as_str(), told.jti.as_str(), told.exp),
            ("17", "j1", NOW + 3_600)
        );
    }

    #[test]
    fn a_hand_made_token_with_everything_right_is_read() {
        let ring = ring();
        let keys = JwtKeys::from_keyring(&ring, SITE);
        let token = signed(&ring, &good_header(), &good_claims());
        assert!(
            read(&keys, &token, Purpose::ConfirmEmail, NOW).is_ok(),
            "else the refusals below prove nothing"
        );
    }

    #[test]
    fn forged_tokens_are_refused() {
        let ring = ring();
        let keys = JwtKeys::from_keyring(&ring, SITE);
        let refused = |token: String, why: &str| {
            assert!(
                read(&keys, &token, Purpose::ConfirmEmail, NOW).is_err(),
                "{why}"
            );
        };
        for (name, value) in [
            ("alg", json!("none")),
            ("alg", json!("HS512")),
            ("alg", json!("RS256")),
            ("kid", json!("2")),
            ("kid", json!("../1")),
            ("kid", Value::Null),
            ("jku", json!("https://evil.example/keys")),
            ("x5u", json!("https://evil.example/cert")),
            ("jwk", json!({"kty": "oct", "k": "AAAA", "alg": "HS256"})),
            ("crit", json!(["exp"])),
            ("cty", json!("JWT")),
            ("zip", json!("DEF")),
            ("own", json!("header")),
        ] {
            refused(
                signed(&ring, &with(good_header(), name, value), &good_claims()),
                name,
            );
        }
        for (name, value) in [
            ("aud", json!("https://other.example")),
            ("aud", json!([SITE, "https://other.example"])),
            ("aud", Value::Null),
            ("iss", json!("https://other.example")),
            ("iss", Value::Null),
            ("sub", Value::Null),
            ("sub", json!(17)),
            ("jti", Value::Null),
            ("purpose", json!("reset-password")),
            ("purpose", json!("root")),
            ("purpose", Value::Null),
            ("exp", json!("99999999999")),
            ("exp", json!(NOW)),
            ("exp", json!(1e300)),
            ("exp", Value::Null),
            ("nbf", json!("0")),
            ("nbf", json!(NOW + 3_000)),
            ("nbf", Value::Null),
            ("iat", Value::Null),
            ("admin", json!(true)),
        ] {
            refused(
                signed(&ring, &good_header(), &with(good_claims(), name, value)),
                name,
            );
        }
        let good = signed(&ring, &good_header(), &good_claims());
        let (message, _) = good.rsplit_once('.').expect("three parts");
        refused(format!("{message}."), "no signature");
        refused(message.to_owned(), "two parts");
        refused(format!("{good}A"), "a longer signature");
        refused(
            format!(
                "{}.{}.",
                part(&json!({"alg": "none"})),
                part(&good_claims())
            ),
            "none without signature",
        );
        refused(
            signed(&self::ring(), &good_header(), &good_claims()),
            "another key",
        );
        let long = with(good_claims(), "sub", json!("x".repeat(10_000)));
        refused(signed(&ring, &good_header(), &long), "10 kB");
        refused(String::new(), "nothing");
    }

    #[test]
    fn a_token_serves_its_purpose_and_time_only() {
        let keys = JwtKeys::from_keyring(&ring(), SITE);
        let token = issue(&keys, claims()).expect("issued");
        for other in [
            Purpose::Api,
            Purpose::ResetPassword,
            Purpose::Invite,
            Purpose::Unsubscribe,
        ] {
            assert_eq!(
                read(&keys, &token, other, NOW),
                Err(TokenProblem::OtherPurpose)
            );
        }
        let at = |now| read(&keys, &token, Purpose::ConfirmEmail, now).map(|_| ());
        assert_eq!(at(NOW + 3_599), Ok(()));
        assert_eq!(at(NOW + 3_600), Err(TokenProblem::Expired));
        assert_eq!(at(NOW - 60), Ok(()), "another node's clock");
        assert_eq!(at(NOW - 61), Err(TokenProblem::TooEarly));
    }

    #[test]
    fn another_site_with_the_same_key_file_refuses() {
        let ring = ring();
        let token = issue(&JwtKeys::from_keyring(&ring, SITE), claims()).expect("issued");
        let other = JwtKeys::from_keyring(&ring, "https://other.example");
        assert_eq!(
            read(&other, &token, Purpose::ConfirmEmail, NOW),
            Err(TokenProblem::Forged)
        );
    }

    #[test]
    fn rotation_overlaps_until_the_old_key_is_removed() {
        let old = ring();
        let token = issue(&JwtKeys::from_keyring(&old, SITE), claims()).expect("issued");
        let file = old.rotated_file().expect("a free id");
        let both = Keyring::from_bytes(file.as_bytes()).expect("rotated");
        assert!(
            read(
                &JwtKeys::from_keyring(&both, SITE),
                &token,
                Purpose::ConfirmEmail,
                NOW
            )
            .is_ok()
        );
        let newest = file.lines().next().expect("one line");
        let alone = Keyring::from_bytes(newest.as_bytes()).expect("one key");
        assert_eq!(
            read(
                &JwtKeys::from_keyring(&alone, SITE),
                &token,
                Purpose::ConfirmEmail,
                NOW
            ),
            Err(TokenProblem::UnknownKey)
        );
    }

    #[test]
    fn record_keys_match_the_known_ones() {
        assert_eq!(tid(0, 0), "2222222222222");
        // 2026-10-01T00:00:00Z
        assert_eq!(tid(1_790_812_800_000_000, 42), "3mwrkggvc223e");
        assert!(tid(1_790_812_800_000_001, 0) > tid(1_790_812_800_000_000, 1023));
        assert_eq!(tid(-5, 0), tid(0, 0));
    }

    #[test]
    fn tokens_are_long_and_stored_as_hashes() {
        let (one, hash) = random_token();
        let (other, _) = random_token();
        assert_eq!(one.len(), 43);
        assert_ne!(one, other);
        assert_eq!(hash, hash_token(&one));
        assert!(same_secret(&hash, &hash_token(&one)));
        assert!(!same_secret(&hash, &hash_token(&other)));
        assert!(!same_secret(&hash, b"short"));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "any chance will do here")]
    fn short_codes_use_their_alphabet() {
        let mut rng = rand::rng();
        for _ in 0..200 {
            let code = short_code(&mut rng);
            assert_eq!(code.len(), 8);
            assert!(
                code.bytes().all(|byte| CODE_ALPHABET.contains(&byte)),
                "{code}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused_without_panic(text in any::<String>()) {
            let keys = JwtKeys::from_keyring(&ring(), SITE);
            prop_assert!(read(&keys, &text, Purpose::Api, NOW).is_err());
        }

        #[test]
        fn record_keys_sort_like_time(a in 0i64..(1 << 53), b in 0i64..(1 << 53)) {
            prop_assert_eq!(a.cmp(&b), tid(a, 0).cmp(&tid(b, 0)));
        }
    }
}
