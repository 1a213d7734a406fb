//! Refusals that come with a form: the words that were typed are shown again with the reason, instead of a page that
//! holds nothing but the reason.

use crate::kit::{Problems, Refusal, Result, Stop};

/// Turns a refusal that may end, or that the writer can do something about, into a problem of the form.
///
/// # Errors
/// Problems in place of such a refusal; anything else as it was.
pub fn kept<T>(outcome: Result<T>) -> Result<T> {
    match outcome {
        Err(Stop::Refused(refusal)) => match detail(&refusal) {
            Some(detail) => {
                let mut problems = Problems::default();
                let key = format!("refused-{}", refusal.key());
                problems.add("", &key, &[("detail", detail)]);
                Err(problems.into())
            }
            None => Err(refusal.into()),
        },
        other => other,
    }
}

/// The problems of a form with what has come between since: a refusal that the writer can do something about, or that may
/// end, stands with the others beside what was typed.
///
/// # Errors
/// Any other refusal.
pub fn with_refusal(problems: &Problems, may: Result<()>) -> Result<Problems> {
    let mut all = problems.clone();
    match kept(may) {
        Ok(()) => Ok(all),
        Err(Stop::Invalid(found)) => {
            for problem in found.0 {
                if !all.0.contains(&problem) {
                    all.0.push(problem);
                }
            }
            Ok(all)
        }
        Err(stop) => Err(stop),
    }
}

fn detail(refusal: &Refusal) -> Option<String> {
    match refusal {
        Refusal::Stale
        | Refusal::Locked
        | Refusal::CategoryClosed
        | Refusal::Silenced(_)
        | Refusal::NoRoom
        | Refusal::ConfirmEmailFirst
        | Refusal::AcknowledgeFirst(_) => Some(String::new()),
        Refusal::TooMany { retry_after } | Refusal::Busy { retry_after } => {
            Some(retry_after.to_string())
        }
        _ => None,
    }
}
