//! What the form of a document's next version does: preview, save, publish, throw away; and recalling a version.

use serde::Deserialize;

use super::edit::{EditForm, page};
use super::path;
use crate::guidelines::{self, Change, Publication, Words};
use crate::kit::ids::VersionId;
use crate::kit::stop::Document;
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::web::{Answer, Call, See, Shown};

/// Previews, saves, publishes or throws away, as the pressed button says.
pub(super) async fn submit(call: Call, kind: Document) -> Answer {
    let form: EditForm = call.form()?;
    if form.act == "drop" {
        let base = form.base.clone();
        return call
            .act(move |tx, viewer| {
                guidelines::drop_draft(tx, &viewer.actor, kind, &base)?;
                Ok(See::to(path(kind)).flash("guidelines-draft-dropped"))
            })
            .await;
    }
    let (body, base_url) = (form.body.clone(), call.app().config.base_url.clone());
    let words = call.compute(move || Words::parse(&body, &base_url)).await?;
    match form.act.as_str() {
        "save" => save(call, kind, form, words).await,
        "publish" => publish(call, kind, form, words).await,
        _ => preview(call, kind, form, words).await,
    }
}

async fn preview(
    call: Call,
    kind: Document,
    form: EditForm,
    words: Result<Words, Problems>,
) -> Answer {
    call.page(move |tx, viewer| {
        let (html, problems) = match &words {
            Ok(words) => (Some(words.html().to_owned()), Problems::default()),
            Err(problems) => (None, problems.clone()),
        };
        page(tx, viewer, kind, form.clone(), html, &problems).map(Shown::from)
    })
    .await
}

async fn save(
    call: Call,
    kind: Document,
    form: EditForm,
    words: Result<Words, Problems>,
) -> Answer {
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let words = words.clone()?;
            guidelines::save_draft(tx, &viewer.actor, kind, &words, &form.base)
                .map_err(keep_what_was_typed)?;
            Ok(See::to(format!("{}/edit", path(kind))).flash("guidelines-draft-saved"))
        },
        move |tx, viewer, problems| {
            page(tx, viewer, kind, again.clone(), None, problems).map(Shown::from)
        },
    )
    .await
}

async fn publish(
    call: Call,
    kind: Document,
    form: EditForm,
    words: Result<Words, Problems>,
) -> Answer {
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let words = words.clone()?;
            let effective_at = day(&form.effective_on, &viewer.settings.zone)?;
            let wanted = Publication {
                words,
                change: Change::parse(&form.change).unwrap_or(Change::Major),
                note: form.note.clone(),
                effective_at,
                base: form.base.clone(),
            };
            guidelines::publish(tx, &viewer.actor, kind, &wanted).map_err(keep_what_was_typed)?;
            Ok(See::to(path(kind)).flash("guidelines-published"))
        },
        move |tx, viewer, problems| {
            page(tx, viewer, kind, again.clone(), None, problems).map(Shown::from)
        },
    )
    .await
}

/// A colleague was quicker: the form comes back with everything in it and says so, instead of a page without it.
fn keep_what_was_typed(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(Refusal::Stale) => Stop::invalid("body", "stale-text"),
        Stop::Refused(Refusal::WrongState("upcoming")) => {
            Stop::invalid("effective_on", "version-waits")
        }
        other => other,
    }
}

/// The first moment of a day in the site's zone; nothing means at once.
fn day(text: &str, zone: &str) -> Result<Option<At>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Stop::invalid("effective_on", "no-day");
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let start = date.to_zoned(zone).map_err(|_| wrong())?;
    Ok(Some(At(start.timestamp().as_microsecond())))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Recalled {
    version: i64,
}

/// Takes a version that waits for its day back into the drafts.
pub(super) async fn recall(call: Call, kind: Document) -> Answer {
    let form: Recalled = call.form()?;
    call.act(move |tx, viewer| {
        guidelines::recall(tx, &viewer.actor, kind, VersionId(form.version))?;
        Ok(See::to(format!("{}/edit", path(kind))).flash("guidelines-recalled"))
    })
    .await
}
