//! House style for programs: the rules in force, the rules being written, a text held against them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::Tx;
use crate::guidelines::{self, HouseStyle, Report, StyleSource, Text};
use crate::kit::{Problems, Result, Stop};
use crate::policy::Action;
use crate::web::{Answer, Call, Viewer};

/// The longest text that can be checked, in characters.
const MOST: usize = 20_000;

/// Rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiStyle {
    /// The version of the messaging guidelines they belong to; empty for a draft, and where none is in force.
    label: String,
    /// By what a draft's text and rules are known; it goes back with the next change. Empty for rules in force.
    revision: String,
    /// `rules`, `built_in`, `mentions`, `disclosure`, as in the YAML file.
    #[schema(value_type = Object)]
    style: StyleSource,
}

fn may_read(viewer: &Viewer) -> Result<()> {
    if viewer.can(&Action::SuggestText) {
        return Ok(());
    }
    viewer.actor.may(&Action::SeeOutreach)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Which {
    which: String,
}

fn asked_for(tx: &mut Tx<'_>, viewer: &Viewer, which: &str) -> Result<ApiStyle> {
    may_read(viewer)?;
    if which == "draft" {
        let (style, revision) = guidelines::draft_style(tx, &viewer.actor)?;
        return Ok(ApiStyle {
            label: String::new(),
            revision,
            style,
        });
    }
    let style = guidelines::house_style(tx)?;
    Ok(ApiStyle {
        label: style.label.clone(),
        revision: String::new(),
        style: style.source.clone(),
    })
}

/// The rules in force, or with `which=draft` those being written.
#[utoipa::path(get, path = "/api/v1/guidelines/messaging/style", tag = "guidelines", params(("which" = Option<String>, Query)),
    responses((status = 200, body = ApiStyle), (status = 403)))]
pub async fn show(call: Call) -> Answer {
    let asked: Which = call.query()?;
    call.api_read(move |tx, viewer| asked_for(tx, viewer, &asked.which))
        .await
}

/// Rules for the draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStyle {
    /// The revision they were made from.
    revision: String,
    #[schema(value_type = Object)]
    style: StyleSource,
}

/// Writes rules into the draft of the messaging guidelines. They hold once a version is published.
#[utoipa::path(patch, path = "/api/v1/guidelines/messaging/style", tag = "guidelines", request_body = NewStyle,
    responses((status = 200, body = ApiStyle), (status = 403), (status = 409), (status = 422)))]
pub async fn write(call: Call) -> Answer {
    let new: NewStyle = call.json()?;
    call.api_write(200, move |tx, viewer| {
        guidelines::save_style(tx, &viewer.actor, &new.style, &new.revision)?;
        asked_for(tx, viewer, "draft")
    })
    .await
}

/// A text to be checked.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Checked {
    text: String,
    /// BCP 47; English lists of words are held against English texts only.
    lang: Option<String>,
    /// Rules to try instead of those in force.
    #[schema(value_type = Option<Object>)]
    style: Option<StyleSource>,
}

/// Holds a text against the rules. Whose words it quotes is not asked: that is asked where an announcement is written.
#[utoipa::path(post, path = "/api/v1/guidelines/messaging/style/check", tag = "guidelines", request_body = Checked,
    responses((status = 200, body = Object), (status = 403), (status = 422)))]
pub async fn check(call: Call) -> Answer {
    let asked: Checked = call.json()?;
    if asked.text.chars().count() > MOST {
        let mut problems = Problems::default();
        problems.add("text", "too-long", &[("most", MOST.to_string())]);
        return Err(Stop::Invalid(problems));
    }
    call.api_read(move |tx, viewer| {
        may_read(viewer)?;
        let style = match &asked.style {
            Some(source) => source.ready().map_err(Stop::Invalid)?,
            None => guidelines::house_style(tx)?.as_ref().clone(),
        };
        Ok(held(&style, &asked))
    })
    .await
}

fn held(style: &HouseStyle, asked: &Checked) -> Report {
    guidelines::check(
        style,
        &Text {
            words: &asked.text,
            lang: asked.lang.as_deref(),
            free_quotes: true,
            ..Text::default()
        },
    )
}
