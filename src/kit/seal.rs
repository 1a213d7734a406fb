//! Secrets at rest: sealed with a key that is not in the database, bound to the place where they stand.
//!
//! The key file holds one key per line, `ID:BASE64` (id 0 to 255, 32 bytes). The **first** line seals, every line
//! opens. To rotate, a new line is put on top and every row is sealed again (`loggia rotate-key`). Older lines stay: what is
//! compared for ever is keyed with the last one.
//!
//! The keys of the file are never used themselves: every purpose has its own key, derived by HMAC-SHA-256.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::Sha256;

/// The layout of a sealed value: version, key id, nonce, cipher text with tag.
const VERSION: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 2 + NONCE;

/// The place where a sealed value stands. A value moved to another row or column does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    table: &'static str,
    row: String,
    column: &'static str,
}

impl Place {
    /// One column of one row.
    pub fn new(table: &'static str, row: impl fmt::Display, column: &'static str) -> Self {
        Place {
            table,
            row: row.to_string(),
            column,
        }
    }

    /// What the seal covers besides the value. Lengths keep `("ab","c")` and `("a","bc")` apart.
    fn bound_to(&self, key_id: u8) -> Vec<u8> {
        let mut bytes = vec![VERSION, key_id];
        for part in [self.table, self.row.as_str(), self.column] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// Why a key file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// No line holds a key.
    #[error("the key file holds no key")]
    Empty,
    /// A line is not `ID:BASE64` with 32 bytes.
    #[error("line {0} of the key file is not ID:BASE64 with 32 bytes")]
    Line(usize),
    /// Two lines share an id.
    #[error("key id {0} stands in the key file twice")]
    Twice(u8),
}

/// Why a sealed value does not open. Neither names the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealProblem {
    /// It was sealed with a key that the ring does not hold.
    #[error("sealed with key {0}, which is not in the key file")]
    UnknownKey(u8),
    /// It is damaged, of another place, or the key under this id is another one.
    #[error("the sealed value does not open here")]
    Broken,
}

struct Key {
    id: u8,
    secret: [u8; 32],
}

/// The keys of this installation. Prints nothing of itself.
pub struct Keyring {
    current: Key,
    older: Vec<Key>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", 1 + self.older.len())
    }
}

impl Keyring {
    /// Reads a key file; see the module for its form. Empty lines and lines that begin with `#` are skipped.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyProblem> {
        let text = std::str::from_utf8(bytes).map_err(|_not_text| KeyProblem::Line(1))?;
        let mut keys: Vec<Key> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = read_line(line).ok_or(KeyProblem::Line(index + 1))?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(KeyProblem::Twice(key.id));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let current = keys.next().ok_or(KeyProblem::Empty)?;
        Ok(Keyring {
            current,
            older: keys.collect(),
        })
    }

    /// The content of a new key file with one random key.
    pub fn new_file() -> String {
        format!("{}\n", key_line(1))
    }

    /// The content of this ring's file with a new random key on top, which seals from now on.
    /// `None` if all 256 ids are taken.
    pub fn rotated_file(&self) -> Option<String> {
        let id = (0..=u8::MAX)
            .map(|step| self.current.id.wrapping_add(1).wrapping_add(step))
            .find(|id| self.all().all(|key| key.id != *id))?;
        let mut file = format!("{}\n", key_line(id));
        for key in self.all() {
            file.push_str(&format!("{}:{}\n", key.id, STANDARD.encode(key.secret)));
        }
        Some(file)
    }

    /// The id of the key that seals now. A row sealed with another id is to be sealed again after a rotation.
    pub fn current_id(&self) -> u8 {
        self.current.id
    }

    /// Seals a value for one place.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of kit where secrets are made"
    )]
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, SealProblem> {
        let mut nonce = [0u8; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let aad = place.bound_to(self.current.id);
        let sealed = cipher(&self.current)
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: &aad,
                },
            )
            .map_err(|_too_long| SealProblem::Broken)?;
        let mut out = Vec::with_capacity(HEAD + sealed.len());
        out.extend_from_slice(&[VERSION, self.current.id]);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens a value that was sealed for this very place.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Vec<u8>, SealProblem> {
        let (head, body) = sealed.split_at_checked(HEAD).ok_or(SealProblem::Broken)?;
        let (&[version, id], nonce) = head.split_first_chunk::<2>().ok_or(SealProblem::Broken)?;
        let nonce: [u8; NONCE] = nonce
            .try_into()
            .map_err(|_wrong_length| SealProblem::Broken)?;
        if version != VERSION {
            return Err(SealProblem::Broken);
        }
        let key = self
            .all()
            .find(|key| key.id == id)
            .ok_or(SealProblem::UnknownKey(id))?;
        let aad = place.bound_to(id);
        cipher(key)
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: body,
                    aad: &aad,
                },
            )
            .map_err(|_forged| SealProblem::Broken)
    }

    /// The id of the key with which a value was sealed; `None` if it is no sealed value.
    pub fn sealed_with(sealed: &[u8]) -> Option<u8> {
        match sealed {
            [VERSION, id, rest @ ..] if rest.len() >= NONCE => Some(*id),
            _ => None,
        }
    }

    /// The key for one purpose (`"csrf"`, `"jwt"` …), derived from the key that seals now. Changes with a rotation.
    pub fn subkey(&self, purpose: &str) -> [u8; 32] {
        derive(&self.current, purpose)
    }

    /// The keys for one purpose under every id, the current one first: for what must outlive a rotation for a while.
    pub fn subkeys(&self, purpose: &str) -> Vec<(u8, [u8; 32])> {
        self.all()
            .map(|key| (key.id, derive(key, purpose)))
            .collect()
    }

    /// The key for a purpose whose values are compared for ever (`"name-hash"`): from the oldest key, so that a
    /// rotation does not change it. Removing the oldest line changes it.
    pub fn lasting_subkey(&self, purpose: &str) -> [u8; 32] {
        derive(self.older.last().unwrap_or(&self.current), purpose)
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

fn read_line(line: &str) -> Option<Key> {
    let (id, secret) = line.split_once(':')?;
    Some(Key {
        id: id.trim().parse().ok()?,
        secret: STANDARD.decode(secret.trim()).ok()?.try_into().ok()?,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place of kit where secrets are made"
)]
fn key_line(id: u8) -> String {
    let mut secret = [0u8; 32];
    rand::rng().fill_bytes(&mut secret);
    format!("{id}:{}", STANDARD.encode(secret))
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&derive(key, "seal").into())
}

fn derive(key: &Key, purpose: &str) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&padded(&key.secret).into());
    mac.update(b"loggia/1/");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}

/// HMAC pads a key with zeroes to its block of 64 bytes; doing so here makes the constructor infallible.
fn padded(secret: &[u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(secret) {
        *to = *from;
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> Keyring {
        Keyring::from_bytes(Keyring::new_file().as_bytes()).expect("a fresh file")
    }

    fn token(row: i64) -> Place {
        Place::new("channels", row, "secret")
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let ring = ring();
        let sealed = ring.seal(&token(7), b"whsec_abc").expect("sealed");
        assert_eq!(
            ring.open(&token(7), &sealed).as_deref(),
            Ok(&b"whsec_abc"[..])
        );
        assert!(!sealed.windows(5).any(|part| part == b"whsec"));
        assert_ne!(
            sealed,
            ring.seal(&token(7), b"whsec_abc").expect("sealed"),
            "a nonce is never used twice"
        );
        for other in [
            token(8),
            Place::new("channel", 7, "secret"),
            Place::new("channels", 7, "config"),
        ] {
            assert_eq!(ring.open(&other, &sealed), Err(SealProblem::Broken));
        }
        let one = ring
            .seal(&Place::new("ab", "c", "d"), b"x")
            .expect("sealed");
        assert_eq!(
            ring.open(&Place::new("a", "bc", "d"), &one),
            Err(SealProblem::Broken)
        );
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let ring = ring();
        let sealed = ring.seal(&token(1), b"secret").expect("sealed");
        for at in 0..sealed.len() {
            let mut forged = sealed.clone();
            if let Some(byte) = forged.get_mut(at) {
                *byte ^= 1;
            }
            assert!(ring.open(&token(1), &forged).is_err(), "byte {at}");
            assert!(
                ring.open(&token(1), sealed.get(..at).unwrap_or_default())
                    .is_err(),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn another_key_does_not_open() {
        let sealed = ring().seal(&token(1), b"secret").expect("sealed");
        assert_eq!(ring().open(&token(1), &sealed), Err(SealProblem::Broken));
    }

    #[test]
    fn rotation_keeps_old_values_readable_until_the_old_key_goes() {
        let old = ring();
        let sealed = old.seal(&token(1), b"secret").expect("sealed");
        let new = Keyring::from_bytes(old.rotated_file().expect("a free id").as_bytes())
            .expect("rotated");
        assert_eq!((old.current_id(), new.current_id()), (1, 2));
        assert_eq!(new.open(&token(1), &sealed).as_deref(), Ok(&b"secret"[..]));
        assert_eq!(Keyring::sealed_with(&sealed), Some(1));

        let again = new.seal(&token(1), b"secret").expect("sealed");
        assert_eq!(Keyring::sealed_with(&again), Some(2));
        assert_eq!(old.open(&token(1), &again), Err(SealProblem::UnknownKey(2)));

        assert_ne!(old.subkey("jwt"), new.subkey("jwt"));
        assert_eq!(
            old.lasting_subkey("name-hash"),
            new.lasting_subkey("name-hash")
        );
        assert_eq!(
            new.subkeys("jwt").get(1).map(|(id, key)| (*id, *key)),
            Some((1, old.subkey("jwt")))
        );
    }

    #[test]
    fn purposes_have_their_own_keys() {
        let ring = ring();
        let keys = ["csrf", "jwt", "name-hash", "seal"].map(|purpose| ring.subkey(purpose));
        for (at, key) in keys.iter().enumerate() {
            assert!(keys.iter().skip(at + 1).all(|other| other != key));
        }
        let fixed = Keyring::from_bytes(format!("9:{}", STANDARD.encode([7u8; 32])).as_bytes())
            .expect("a file");
        let again = Keyring::from_bytes(
            format!("# note\n\n 9 : {} \n", STANDARD.encode([7u8; 32])).as_bytes(),
        )
        .expect("a file");
        assert_eq!(fixed.subkey("csrf"), again.subkey("csrf"));
    }

    #[test]
    fn bad_files_are_named() {
        let good = STANDARD.encode([1u8; 32]);
        for (file, problem) in [
            (String::new(), KeyProblem::Empty),
            ("# only a note\n".into(), KeyProblem::Empty),
            ("hello".into(), KeyProblem::Line(1)),
            (format!("1:{good}\n2:abc"), KeyProblem::Line(2)),
            (format!("256:{good}"), KeyProblem::Line(1)),
            (format!("1:{good}\n1:{good}"), KeyProblem::Twice(1)),
        ] {
            assert_eq!(
                Keyring::from_bytes(file.as_bytes()).err(),
                Some(problem),
                "{file}"
            );
        }
        assert!(Keyring::from_bytes(&[0xff, 0xfe]).is_err());
    }

    #[test]
    fn a_ring_prints_no_key() {
        assert_eq!(format!("{:?}", ring()), "Keyring(1 keys)");
    }
}
