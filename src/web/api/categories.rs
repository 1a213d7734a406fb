//! Changing a category, all tags, and who makes new ones, for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::{ApiCategory, List, category};
use crate::forum::{self, CategoryDraft};
use crate::kit::Stop;
use crate::kit::ids::CategoryId;
use crate::policy::Action;
use crate::site::{self, Settings, TagMakers};
use crate::web::{Answer, Call};

/// What is to be different; what is not named stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedCategory {
    /// The revision that the change was made from.
    revision: i64,
    name: Option<String>,
    description: Option<String>,
    colour: Option<String>,
    lang: Option<String>,
    nominable: Option<bool>,
    closed: Option<bool>,
    /// The most tags that a thread in it has, 0 to 5.
    tag_limit: Option<i64>,
    /// The only tags that its threads have, separated by commas; empty: any.
    allowed_tags: Option<String>,
}

impl ChangedCategory {
    fn draft(self, now: &forum::Category) -> CategoryDraft {
        CategoryDraft {
            parent: now.parent,
            name: self.name.unwrap_or_else(|| now.name.clone()),
            description: self.description.unwrap_or_else(|| now.description.clone()),
            colour: self.colour.unwrap_or_else(|| now.colour.clone()),
            lang: self.lang.unwrap_or_else(|| now.lang.clone()),
            nominable: self.nominable.unwrap_or(now.facts.nominable),
            closed: self.closed.unwrap_or(now.facts.closed),
            tag_limit: self.tag_limit.unwrap_or(now.tag_limit),
            allowed_tags: self
                .allowed_tags
                .unwrap_or_else(|| now.allowed_tags.clone()),
            grants: now.grants.clone(),
        }
    }
}

/// Changes a category (admins); its grants stay.
#[utoipa::path(patch, path = "/api/v1/categories/{id}", tag = "forum", params(("id" = i64, Path)), request_body = ChangedCategory,
    responses((status = 200, body = ApiCategory), (status = 404), (status = 409), (status = 422)))]
pub async fn change(call: Call) -> Answer {
    let (id, change): (CategoryId, ChangedCategory) = (call.segment("id")?, call.json()?);
    call.api_write(200, move |tx, viewer| {
        let revision = change.revision;
        let draft = change.clone().draft(forum::places(tx)?.find(id)?);
        forum::change_category(tx, &viewer.actor, id, &draft, revision)?;
        let places = forum::places(tx)?;
        Ok(category(tx, &viewer.actor, places.find(id)?))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Paging {
    after: String,
}

/// A tag and how many threads that you can see have it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiTag {
    name: String,
    url: String,
    thread_count: i64,
}

/// All tags that you find threads by, by name.
#[utoipa::path(get, path = "/api/v1/tags", tag = "forum", params(("after" = Option<String>, Query)), responses((status = 200, body = List<ApiTag>)))]
pub async fn tags(call: Call) -> Answer {
    let paging: Paging = call.query()?;
    call.api_read(move |tx, viewer| {
        let places = forum::places(tx)?;
        let (tags, next) = forum::tag_list(tx, &viewer.actor, &places, &paging.after)?;
        let tag = |tag: forum::TagCount| ApiTag {
            name: tag.name,
            url: tx.link(&tag.path),
            thread_count: tag.threads,
        };
        Ok(List {
            items: tags.into_iter().map(tag).collect(),
            next,
        })
    })
    .await
}

/// Who may make tags that were not there before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiTagSettings {
    /// `members` (all but newcomers), `established` or `staff`.
    makers: String,
}

/// Who may make new tags.
#[utoipa::path(get, path = "/api/v1/tag-settings", tag = "forum", responses((status = 200, body = ApiTagSettings), (status = 403)))]
pub async fn tag_settings(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        viewer.actor.may(&Action::ManageSite)?;
        Ok(ApiTagSettings {
            makers: site::settings(tx)?.tag_makers.as_str().to_owned(),
        })
    })
    .await
}

/// Says who may make new tags (admins).
#[utoipa::path(patch, path = "/api/v1/tag-settings", tag = "forum", request_body = ApiTagSettings,
    responses((status = 204), (status = 403), (status = 422)))]
pub async fn set_tags(call: Call) -> Answer {
    let body: ApiTagSettings = call.json()?;
    call.api_write(204, move |tx, viewer| {
        viewer.actor.may(&Action::ManageSite)?;
        let tag_makers =
            TagMakers::parse(&body.makers).ok_or_else(|| Stop::invalid("makers", "choose"))?;
        let wanted = Settings {
            tag_makers,
            ..site::settings(tx)?
        };
        site::change(tx, &viewer.actor, &wanted)
    })
    .await
}
