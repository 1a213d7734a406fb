//! What was typed, made into words: names are looked up first, then it is rendered away from the serving threads.

use crate::forum::Words;
use crate::kit::{Problems, Result};
use crate::members;
use crate::web::Call;

/// Renders what was typed; `@name` becomes a link where somebody goes by that name.
///
/// # Errors
/// Busy where too much of it waits; a fault where the database fails.
pub async fn read(call: &Call, typed: &str) -> Result<Result<Words, Problems>> {
    let base = call.app().config.base_url.clone();
    let mut known = Vec::new();
    if typed.contains('@') {
        let looked = typed.to_owned();
        let called = call.compute(move || Words::called(&looked)).await?;
        if !called.is_empty() {
            let named = call.app().db.read(move |tx| members::named(tx, &called));
            known = named.await?.into_iter().map(|(_, name)| name).collect();
        }
    }
    let typed = typed.to_owned();
    call.compute(move || Words::parse_knowing(&typed, &base, &known))
        .await
}
