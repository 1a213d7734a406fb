//! What Slack says of its messages: what an answer means, which message is meant, and whether the words are still ours.
//! Source: Slack documentation, "Formatting message text", "Retrieving messages".

use serde_json::Value;

use super::tools::{body, observed, retry_after};
use crate::bridge::adapter::{Job, Observed, Outcome};
use crate::kit::At;
use crate::kit::http::Response;

/// What an answer of the Web API means; a refusal comes with status 200 too.
pub(super) fn read(response: &Response, now: At) -> Observed {
    let said = body(response);
    let error = said["error"].as_str().unwrap_or_default();
    if !(200..300).contains(&response.status) {
        return observed(response, now, error);
    }
    let outcome = match error {
        "ratelimited" | "rate_limited" => Outcome::Throttled(retry_after(response, now)),
        // "It's possible some aspect of the operation succeeded."
        "internal_error" | "fatal_error" | "request_timeout" | "service_unavailable" | "" => {
            Outcome::Unknown(retry_after(response, now))
        }
        "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive"
        | "org_login_required" => Outcome::Unauthorised,
        _ => Outcome::Rejected,
    };
    Observed::new(outcome, Some(response.status), error)
}

/// Room and time stamp, which together name a message, and the file of its picture.
pub(super) struct Place {
    pub(super) room: String,
    pub(super) stamp: String,
    pub(super) file: Option<String>,
}

/// Where the message of a correction or withdrawal stands.
pub(super) fn place(job: &Job) -> Option<Place> {
    let id = job.announced.as_ref()?.id.as_deref()?;
    let mut parts = id.split('/').map(str::to_owned);
    Some(Place {
        room: parts.next()?,
        stamp: parts.next()?,
        file: parts.next(),
    })
}

/// The file that a message shows, from what the message says of itself.
pub(super) fn shown_file(message: &Value) -> Option<&str> {
    message["attachments"][0]["blocks"][0]["slack_file"]["id"].as_str()
}

/// Are these the words that were sent? Slack gives addresses back as `<https://…>` or `<https://…|label>`, and the signs
/// `&`, `<` and `>` as entities, however they came.
pub(super) fn are_same_words(sent: &Value, found: &Value) -> bool {
    let (Some(sent), Some(found)) = (sent.as_str(), found.as_str()) else {
        return sent == found;
    };
    let sent = plain(sent);
    [Shown::Address, Shown::Label]
        .iter()
        .any(|shown| plain(&unwrapped(found, *shown)) == sent)
}

/// What of `<address|label>` stood in the words: either can have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Address,
    Label,
}

/// Without the angle brackets around addresses. In what Slack answers, no others stand there bare.
fn unwrapped(text: &str, shown: Shown) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let Some((inside, behind)) = after.split_once('>') else {
            out.push('<');
            rest = after;
            continue;
        };
        out.push_str(match inside.split_once('|') {
            Some((_, label)) if shown == Shown::Label => label,
            Some((address, _)) => address,
            None => inside,
        });
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// With the signs themselves instead of their entities.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_the_same_however_slack_wraps_them() {
        let sent = json!("Bats &amp; birds: https://a.example/h/x?a=1&amp;b=2 at a.example");
        for found in [
            "Bats &amp; birds: https://a.example/h/x?a=1&amp;b=2 at a.example",
            "Bats &amp; birds: <https://a.example/h/x?a=1&amp;b=2> at a.example",
            "Bats &amp; birds: <https://a.example/h/x?a=1&amp;b=2> at <http://a.example|a.example>",
        ] {
            assert!(are_same_words(&sent, &json!(found)), "{found}");
        }
        for found in ["Bats &amp; birds: <https://evil.example/> at a.example", ""] {
            assert!(!are_same_words(&sent, &json!(found)), "{found}");
        }
        assert!(!are_same_words(&sent, &Value::Null));
    }
}
