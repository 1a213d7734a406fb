//! Addresses of the house itself: health, assets, the generated stylesheet, and how a guest likes it shown.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, See, Shown};
use super::call::Call;
use super::dispatch;
use super::head::Head;
use super::page::Page;
use crate::db::leases;
use crate::kit::Refusal;
use crate::kit::stop::OrRefuse;

/// For ever: the address holds the hash.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The process is alive; asks nobody.
pub async fn health(_call: Call) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain")
        .body("ok"))
}

/// The process can serve: the database answers, there is room to write, and nobody told it to stop.
pub async fn ready(call: Call) -> Answer {
    if call.app().is_draining() {
        return Err(Refusal::Busy { retry_after: 5 }.into());
    }
    let db = &call.app().db;
    db.read(|tx| crate::site::settings(tx).map(drop)).await?;
    if !db.has_room() {
        // Nobody else may be writing: whether there is room again is found out here.
        db.write(|tx| leases::turn(tx, "room", 1).map(drop)).await?;
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain")
        .body("ready"))
}

/// A file of `public/` under its hashed name.
pub async fn asset(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let ui = call.app().ui()?;
    let asset = ui.assets.get(&name).or_not_found()?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CACHE_CONTROL, FOR_EVER))
        .insert_header((header::VARY, "Accept-Encoding"));
    match &asset.gzip {
        Some(packed) if dispatch::takes_gzip(call.req()) => Ok(response
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .body(packed.clone())),
        _ => Ok(response.body(asset.plain.clone())),
    }
}

/// The stylesheet made from the categories' colours; styles in attributes are forbidden by the policy.
pub async fn colours(call: Call) -> Answer {
    let wanted: String = call.segment("hash")?;
    let (hash, css) = call.app().colours().await?;
    let cache = if wanted == hash { FOR_EVER } else { "no-cache" };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, cache))
        .body(css))
}

/// The sizes of letters that the stylesheet knows; anything else is the usual one.
pub(super) fn known_size(word: &str) -> &'static str {
    match word {
        "small" => "small",
        "large" => "large",
        "larger" => "larger",
        _ => "",
    }
}

/// What makes the community a thing that can be put on a home screen.
pub async fn manifest(call: Call) -> Answer {
    let icon = call.app().ui()?.assets.href("img/favicon.svg");
    let app = call.app().clone();
    let settings = app.db.read(crate::site::settings).await?;
    let short: String = settings.name.chars().take(12).collect();
    let told = serde_json::json!({
        "name": settings.name,
        "short_name": short,
        "description": settings.description,
        "lang": settings.lang,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf7",
        "theme_color": "#0b5d5e",
        "icons": [{ "src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/manifest+json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(told.to_string()))
}

/// The worker that says without a connection that there is none. It stands at the root, because it answers for the whole
/// place, and has no hash in its name, because browsers ask by it whether there is another.
pub async fn worker(call: Call) -> Answer {
    let ui = call.app().ui()?;
    let href = ui.assets.href("js/sw.js");
    let asset = ui
        .assets
        .get(href.trim_start_matches("/assets/"))
        .or_not_found()?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(asset.plain.clone()))
}

/// What is shown without a connection.
#[derive(Debug, Clone, Serialize)]
pub struct OfflinePage {}

impl Page for OfflinePage {
    const TEMPLATE: &'static str = "site/offline";

    fn head(&self) -> Head {
        Head::new("offline-title").no_index()
    }

    fn samples() -> Vec<Self> {
        vec![Self {}, Self {}, Self {}]
    }
}

/// The notice itself; browsers keep it.
pub async fn offline(call: Call) -> Answer {
    call.page(|_, _| Ok(Shown::from(OfflinePage {}))).await
}

/// How it is shown: a guest's choice of theme.
#[derive(Debug, Clone, Serialize)]
pub struct AppearancePage {
    next: String,
}

impl Page for AppearancePage {
    const TEMPLATE: &'static str = "site/appearance";

    fn head(&self) -> Head {
        Head::new("appearance-title").form()
    }

    fn samples() -> Vec<Self> {
        vec![
            Self {
                next: "/".to_owned(),
            },
            Self {
                next: "/t/a-kingfisher/7?page=2".to_owned(),
            },
            Self {
                next: format!("/t/{}/7", "%D7%A9".repeat(255)),
            },
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Appearance {
    theme: Option<String>,
    size: String,
    next: String,
}

fn own(next: &str) -> String {
    if dispatch::is_own_path(next) {
        next.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Shows the choice.
pub async fn appearance(call: Call) -> Answer {
    let asked: Appearance = call.query()?;
    call.page(move |_, _| {
        Ok(Shown::from(AppearancePage {
            next: own(&asked.next),
        }))
    })
    .await
}

/// Keeps the choice in a cookie; members keep theirs in their settings.
pub async fn change_appearance(call: Call) -> Answer {
    let chosen: Appearance = call.form()?;
    let mut see = See::to(own(&chosen.next));
    if !chosen.size.is_empty() {
        see = see.sized(known_size(&chosen.size));
    }
    if let Some(theme) = &chosen.theme {
        see = see.themed(match theme.as_str() {
            theme @ ("light" | "dark") => theme,
            _ => "",
        });
    }
    dispatch::see(&call, see)
}
