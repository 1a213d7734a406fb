//! Addresses that are kept for later: one that the guard of the outbound client will never call is refused while somebody is
//! there who can mend it.

use serde_json::Value;
use url::Url;

use crate::bridge::kinds::{Kind, SecretRule, Sort};
use crate::db::Tx;
use crate::kit::stop::Problems;

fn may_call(tx: &Tx<'_>, text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return true;
    };
    let called = matches!(url.scheme(), "https" | "http");
    !called || tx.house().joints.may_call.iter().all(|asked| asked(&url))
}

/// Adds a problem for every address among these settings that is barred.
pub(super) fn check_settings(
    tx: &Tx<'_>,
    kind: &dyn Kind,
    config: &Value,
    problems: &mut Problems,
) {
    // Without a secret nothing is called there: the address is for people.
    if kind.secret() == SecretRule::None {
        return;
    }
    for field in kind.fields() {
        let is_address = matches!(field.sort, Sort::Address | Sort::Hidden);
        let value = config[field.name].as_str().filter(|_| is_address);
        if value.is_some_and(|value| !may_call(tx, value)) {
            problems.add(field.name, "barred-address", &[]);
        }
    }
}

/// The same for a secret that is an address, as the vendors of chat rooms give them.
pub(super) fn check_secret(tx: &Tx<'_>, secret: &str, problems: &mut Problems) {
    if !may_call(tx, secret) {
        problems.add("secret", "barred-address", &[]);
    }
}
