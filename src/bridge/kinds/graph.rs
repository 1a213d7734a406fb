//! What Facebook and Threads have in common: one form of errors, one way to ask for patience, one kind of list.
//! Source: developers.facebook.com, "Handling Errors", "Rate Limits", "Threads API Troubleshooting".

use serde_json::Value;

use super::tools::{body, observed};
use crate::bridge::adapter::{Health, Job, Look, Observed, Outcome, Remote, Seen};
use crate::kit::At;
use crate::kit::clock::MINUTE;
use crate::kit::http::Response;

/// How many posts are looked through.
pub(super) const PAGE: usize = 25;

/// The vendor's words for a refusal.
pub(super) fn note(response: &Response) -> String {
    let error = &body(response)["error"];
    let code = error["code"].as_i64().unwrap_or_default();
    let message = error["message"].as_str().unwrap_or_default();
    match error["error_subcode"].as_i64() {
        Some(sub) => format!("{code}/{sub} {message}"),
        None if code != 0 => format!("{code} {message}"),
        None => message.to_owned(),
    }
}

/// The error's number and the finer one below it.
pub(super) fn codes(response: &Response) -> (i64, i64) {
    let error = &body(response)["error"];
    (
        error["code"].as_i64().unwrap_or_default(),
        error["error_subcode"].as_i64().unwrap_or_default(),
    )
}

/// "Object with ID … does not exist, cannot be loaded due to missing permissions, or …": deleted, or hidden from us. Which of
/// the two, only the account itself can tell: whoever believes this asks for it first.
pub(super) fn is_missing(response: &Response) -> bool {
    response.status == 404 || codes(response) == (100, 33)
}

/// Is a token over, or a permission missing?
fn is_shut_out(code: i64) -> bool {
    matches!(code, 10 | 102 | 190) || (200..300).contains(&code)
}

/// Minutes until calls are taken again, as the header on usage says; the longest counts.
fn usage(response: &Response) -> Option<i64> {
    let said: Value = serde_json::from_str(response.header("x-business-use-case-usage")?).ok()?;
    let all = said.as_object()?.values().filter_map(Value::as_array);
    all.flatten()
        .filter_map(|one| one["estimated_time_to_regain_access"].as_i64())
        .max()
        .filter(|minutes| (1..=1440).contains(minutes))
}

/// What an answer means that is no success.
pub(super) fn read(response: &Response, now: At) -> Observed {
    let words = note(response);
    let outcome = match codes(response) {
        (4 | 17 | 32 | 613, _) | (_, 1_390_008) => {
            Outcome::Throttled(usage(response).map(|minutes| now.plus(minutes * MINUTE)))
        }
        (code, _) if is_shut_out(code) => Outcome::Unauthorised,
        (506, _) => Outcome::Duplicate,
        (1 | 2, _) => Outcome::Unknown(None),
        _ => return observed(response, now, &words),
    };
    Observed::new(outcome, Some(response.status), words)
}

/// What an answer to a question says about the channel, where it is no success.
pub(super) fn health(response: &Response) -> Health {
    let words = note(response);
    if is_shut_out(codes(response).0) {
        return Health::Unauthorised(words);
    }
    super::tools::health(response, &words)
}

/// What a post that was asked for says of itself, held against what was sent in this field.
pub(super) fn compared(job: &Job, response: &Response, field: &str) -> Look {
    let ours: Value = serde_json::from_str(&job.payload).unwrap_or_default();
    match response.status {
        200 if body(response)[field] == ours[field] => Look::There,
        200 => Look::Changed,
        _ if is_missing(response) => Look::Gone,
        _ => Look::CannotTell,
    }
}

/// Taking back: gone, or not there any more.
pub(super) fn taken_back(response: &Response, now: At) -> Observed {
    if response.status == 200 || is_missing(response) {
        return Observed::new(Outcome::Sent(Remote::default()), Some(response.status), "");
    }
    read(response, now)
}

/// A moment as these interfaces write it: ISO 8601, the zone without a colon.
pub(super) fn moment(text: &str) -> Option<At> {
    let known = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%z", text).ok()?;
    let at = known.to_timestamp().ok()?;
    Some(At(at.as_microsecond()))
}

/// Looks for our link in a list of posts, newest first. `marks` are the fields it can stand in.
pub(super) fn find(job: &Job, response: &Response, marks: &[&str], when: &str) -> Seen {
    if response.status != 200 {
        return Seen::CannotTell(format!("{} {}", response.status, note(response)));
    }
    let said = body(response);
    let Some(posts) = said["data"].as_array() else {
        return Seen::CannotTell("the answer is no list".to_owned());
    };
    let mark = format!("/h/{}", job.code);
    // What a correction replaces carries the same link and is not what is looked for.
    let replaced = job.announced.as_ref().and_then(|old| old.id.as_deref());
    let is_ours = |post: &&Value| {
        if replaced.is_some() && post["id"].as_str() == replaced {
            return false;
        }
        marks
            .iter()
            .filter_map(|field| post[*field].as_str())
            .any(|text| text.contains(&mark))
    };
    if let Some(post) = posts.iter().find(is_ours) {
        return Seen::Present(remote(post));
    }
    let since = job.first_sent_at.plus(-2 * MINUTE);
    let oldest = posts.last().and_then(|post| moment(post[when].as_str()?));
    if posts.len() < PAGE || oldest.is_some_and(|oldest| oldest < since) {
        Seen::Absent
    } else {
        Seen::CannotTell("too much was written since".to_owned())
    }
}

/// Where a post stands.
pub(super) fn remote(post: &Value) -> Remote {
    let text = |name: &str| post[name].as_str().map(str::to_owned);
    let url = text("permalink_url").or_else(|| text("permalink"));
    Remote {
        id: text("id"),
        url: url.filter(|url| url.starts_with("https://")),
    }
}

/// The id of what was announced, or what is to be said where nobody knows it.
pub(super) fn id(job: &Job) -> Result<&str, Observed> {
    let known = job
        .announced
        .as_ref()
        .and_then(|remote| remote.id.as_deref());
    known.ok_or_else(|| Observed::new(Outcome::ByHand, None, "nobody knows its number there"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_zones_without_a_colon() {
        assert_eq!(
            moment("2023-10-09T23:18:27+0000")
                .map(At::rfc3339)
                .as_deref(),
            Some("2023-10-09T23:18:27Z")
        );
        assert_eq!(moment("yesterday"), None);
    }
}
