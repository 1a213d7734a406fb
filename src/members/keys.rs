//! The keys that sign API tokens.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::db::House;
use crate::kit::seal::Keyring;
use crate::kit::token::JwtKeys;
use crate::kit::{Fault, Result, Stop};

/// The signing keys of this community, derived from its secret and bound to its address.
pub(super) fn signing_keys(house: &House) -> Result<JwtKeys> {
    let line = format!("1:{}", STANDARD.encode(house.secret));
    let ring = Keyring::from_bytes(line.as_bytes())
        .map_err(|e| Stop::Fault(Fault::from_error("deriving the signing keys", e)))?;
    Ok(JwtKeys::from_keyring(&ring, &house.base_url))
}
