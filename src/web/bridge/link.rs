//! `/h/{code}`: the way in from an announcement. Counted in memory, with nothing of anybody in it; after withdrawal it
//! says kindly that it was taken back.

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use serde::Serialize;

use crate::bridge::{self, Target};
use crate::web::{Answer, Call, Head, Page, Shown};

/// The page of an announcement that was taken back.
#[derive(Debug, Clone, Serialize)]
pub struct GonePage {
    site: String,
}

impl Page for GonePage {
    const TEMPLATE: &'static str = "bridge/gone";

    fn head(&self) -> Head {
        Head::new("bridge-gone-title").no_index().status(410)
    }

    fn samples() -> Vec<Self> {
        vec![
            Self {
                site: String::new(),
            },
            Self {
                site: "The Commons".to_owned(),
            },
            Self {
                site: super::parts::longest(),
            },
        ]
    }
}

/// Leads to the conversation.
pub async fn follow(call: Call) -> Answer {
    let code: String = call.segment("code")?;
    let asked = code.clone();
    let target = call
        .app()
        .db
        .read(move |tx| bridge::target(tx, &asked))
        .await?;
    let path = match target {
        Target::Gone => {
            return call
                .page(|_tx, viewer| {
                    Ok(Shown::from(GonePage {
                        site: viewer.settings.name.clone(),
                    }))
                })
                .await;
        }
        Target::Live { path } => path,
    };
    let is_head = call.req().method() == Method::HEAD;
    let visitor = bridge::visitor(call.header("user-agent"), is_head);
    call.app().clicks.count(&code, visitor, call.now());
    // Previewers get the plain address: what they show should be the conversation's own.
    let location = match visitor {
        bridge::Visitor::Person => via(&path, &code),
        bridge::Visitor::Previewer => path,
    };
    Ok(HttpResponse::Found()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish())
}

/// The canonical address with the code, so that the join link there can carry it on.
pub(in crate::web) fn via(path: &str, code: &str) -> String {
    let (path, anchor) = path
        .split_once('#')
        .map_or((path, None), |(path, anchor)| (path, Some(anchor)));
    let mark = if path.contains('?') { '&' } else { '?' };
    let anchor = anchor
        .map(|anchor| format!("#{anchor}"))
        .unwrap_or_default();
    format!("{path}{mark}via={code}{anchor}")
}

#[cfg(test)]
mod tests {
    use super::via;

    #[test]
    fn the_code_goes_before_the_anchor() {
        assert_eq!(via("/t/a/7/3", "k7"), "/t/a/7/3?via=k7");
        assert_eq!(
            via("/t/a/7?page=2#post-3", "k7"),
            "/t/a/7?page=2&via=k7#post-3"
        );
    }
}
