//! The keys that sign API tokens.

use crate::db::House;
use crate::kit::token::JwtKeys;

/// The signing keys of this community, bound to its address.
pub(super) fn signing_keys(house: &House) -> JwtKeys {
    JwtKeys::from_keyring(&house.ring, &house.base_url)
}
