//! `/highlights/{id}/revise`: writing a returned or stale highlight anew.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::highlights::{self, Kind, QuoteWish, Run, State, Wish};
use crate::kit::ids::{HighlightId, PostId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form's fields; `post` and `excerpt` come once per quote.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    version: i64,
    title: String,
    reason: String,
    audience: String,
    post: Vec<i64>,
    excerpt: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Quote {
    number: usize,
    post: i64,
    excerpt: String,
    path: String,
    thread: String,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RevisePage {
    id: i64,
    state: &'static str,
    note: String,
    quotes: Vec<Quote>,
    form: Form,
    problems: Problems,
}

impl Page for RevisePage {
    const TEMPLATE: &'static str = "highlights/revise";

    fn head(&self) -> Head {
        Head::new("highlights-revise-title").outward().form()
    }

    fn samples() -> Vec<Self> {
        let quote = Quote {
            number: 1,
            post: 2,
            excerpt: "م".repeat(255),
            path: "/t/x/1/2".into(),
            thread: "X".into(),
        };
        let empty = Self {
            state: "returned",
            ..Self::default()
        };
        let usual = Self {
            id: 7,
            state: "stale",
            note: "Which boat?".into(),
            quotes: vec![quote],
            ..Self::default()
        };
        let wrong = Self {
            problems: Problems::one("excerpt", "excerpt-not-there"),
            ..usual.clone()
        };
        let mut late = Self {
            state: "meanwhile",
            ..usual.clone()
        };
        let theirs = [("title", "م".repeat(160))];
        late.problems.add("title", MEANWHILE, &theirs);
        vec![empty, usual, wrong, late]
    }
}

/// Somebody else changed it meanwhile, and it can still be written anew.
const STALE: &str = "revise-stale";
/// Somebody else wrote it anew meanwhile.
const MEANWHILE: &str = "revise-meanwhile";

/// A colleague was quicker: the form comes back with everything in it and says so.
fn keep_what_was_typed(stop: Stop, state: State) -> Stop {
    match stop {
        Stop::Refused(Refusal::Stale) => Stop::invalid("title", STALE),
        Stop::Refused(Refusal::WrongState(word)) if word == state.as_str() => {
            Stop::invalid("title", STALE)
        }
        other => other,
    }
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: HighlightId,
    mut form: Option<Form>,
    mut problems: Problems,
) -> Result<RevisePage> {
    let view = highlights::view(tx, &viewer.actor, id)?;
    let highlight = &view.highlight;
    let open = highlight.state.after(highlights::Step::Revise).is_some();
    let stale = problems.of("title").is_some_and(|p| p.key == STALE);
    if let (true, Some(form)) = (stale, &mut form) {
        let theirs = [("title", highlight.title.clone())];
        problems = Problems::default();
        problems.add("title", if open { STALE } else { MEANWHILE }, &theirs);
        // The next press of the button counts as having been told.
        form.version = highlight.version;
    } else if !open {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    let quotes = view
        .quotes
        .iter()
        .enumerate()
        .map(|(place, quote)| Quote {
            number: place + 1,
            post: quote.post.0,
            excerpt: form
                .as_ref()
                .and_then(|f| f.excerpt.get(place).cloned())
                .or_else(|| quote.excerpt.clone())
                .unwrap_or_default(),
            path: quote.path.clone(),
            thread: quote.thread.clone(),
        })
        .collect();
    let form = form.unwrap_or_else(|| Form {
        version: highlight.version,
        title: highlight.title.clone(),
        reason: highlight.reason.clone(),
        audience: highlight.audience.clone(),
        ..Form::default()
    });
    Ok(RevisePage {
        id: id.0,
        state: if open {
            highlight.state.as_str()
        } else {
            "meanwhile"
        },
        note: highlight.note.clone(),
        quotes,
        form,
        problems,
    })
}

/// Shows the form.
pub async fn form(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.page(move |tx, viewer| {
        Ok(Shown::from(made(
            tx,
            viewer,
            id,
            None,
            Problems::default(),
        )?))
    })
    .await
}

/// Hands it in again.
pub async fn revise(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let view = highlights::view(tx, &viewer.actor, id)?;
            let quotes = form
                .post
                .iter()
                .zip(&form.excerpt)
                .map(|(post, words)| QuoteWish {
                    post: PostId(*post),
                    run: Run::Words(words.clone()),
                })
                .collect();
            // Who is named without being quoted stays so.
            let quoted: Vec<_> = view.quotes.iter().map(|q| q.author.id).collect();
            let named = view
                .consents
                .iter()
                .map(|c| c.consent.member)
                .filter(|m| !quoted.contains(m))
                .collect();
            let wish = Wish {
                title: form.title.clone(),
                reason: form.reason.clone(),
                audience: form.audience.clone(),
                quotes,
                thread: view
                    .highlight
                    .thread
                    .filter(|_| view.highlight.kind == Kind::Thread),
                milestone: view.milestone.as_ref().map(|m| m.id),
                named,
            };
            highlights::revise(tx, &viewer.actor, id, form.version, &wish, None)
                .map_err(|stop| keep_what_was_typed(stop, view.highlight.state))?;
            Ok(See::to(format!("/highlights/{id}")).flash("highlight-revised"))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                id,
                Some(again.clone()),
                problems.clone(),
            )?))
        },
    )
    .await
}
