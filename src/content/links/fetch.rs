//! The job: asks the foreign server, once, through the guarded client.

use std::time::Duration;

use url::Url;

use super::card::{KEPT_NAME, known_pictures, put};
use super::page::{self, Told};
use crate::content::uploads::{Picture, Store};
use crate::db::Db;
use crate::kit::At;
use crate::kit::Result;
use crate::kit::http::{Outbound, Request};

/// How long a server may take, for the page and for its picture.
const PATIENCE: Duration = Duration::from_secs(5);
/// Widest picture that is kept, in pixels.
const WIDEST: u32 = 640;

/// Fetches what stands at an address and keeps its card. Whatever goes wrong out there is no fault of ours: then there is
/// no card.
///
/// # Errors
/// A fault where the database or the store fails.
pub async fn fetch(db: &Db, outbound: &Outbound, store: &Store, payload: &str) -> Result<()> {
    let address: String = serde_json::from_str(payload)?;
    let (told, picture) = match asked(outbound, &address).await {
        Some((told, Some(picture))) => (told, picture_kept(outbound, store, picture).await?),
        Some((told, None)) => (told, String::new()),
        None => (Told::default(), String::new()),
    };
    db.write(move |tx| put(tx, &address, &told, &picture)).await
}

/// What the page says, and where its picture is.
async fn asked(outbound: &Outbound, address: &str) -> Option<(Told, Option<Url>)> {
    let url = Url::parse(address).ok()?;
    let mut request = Request::get(url)
        .within(PATIENCE)
        .header("accept", "text/html, application/xhtml+xml")?;
    request.tls_required = false;
    let answer = outbound.send(request).await.ok()?;
    let html = answer
        .header("content-type")
        .is_some_and(|kind| kind.contains("html"));
    if answer.status != 200 || !html {
        return None;
    }
    let mut told = page::read(&answer.body);
    if told.site.is_empty() {
        told.site = answer.url.host_str().unwrap_or_default().to_owned();
    }
    let picture = Some(told.picture.as_str())
        .filter(|picture| !picture.is_empty())
        .and_then(|picture| answer.url.join(picture).ok());
    Some((told, picture))
}

/// Our own copy of a picture, made small and written anew like any other; its name, or nothing.
async fn picture_kept(outbound: &Outbound, store: &Store, url: Url) -> Result<String> {
    let request = Request::get(url)
        .within(PATIENCE)
        .header("accept", "image/*");
    let Some(mut request) = request else {
        return Ok(String::new());
    };
    request.tls_required = false;
    let Ok(answer) = outbound.send(request).await else {
        return Ok(String::new());
    };
    if answer.status != 200 {
        return Ok(String::new());
    }
    let read = tokio::task::spawn_blocking(move || Picture::read(&answer.body)).await;
    let Ok(Ok(picture)) = read else {
        return Ok(String::new());
    };
    // The smallest of its sizes that is still wide enough for a card.
    let wide = |name: &str| {
        let (_, ending) = name.rsplit_once('-')?;
        let width = ending.trim_start_matches('w');
        width.split(['x', '.']).next()?.parse::<u32>().ok()
    };
    let best = picture
        .files
        .into_iter()
        .min_by_key(|(name, _)| wide(name).map_or(u32::MAX, |wide| wide.abs_diff(WIDEST)));
    let Some((name, bytes)) = best else {
        return Ok(String::new());
    };
    let name = format!("{KEPT_NAME}{name}");
    store.put(&name, bytes).await?;
    Ok(name)
}

/// Drops copies that no card has and that were written before this moment.
///
/// # Errors
/// A fault where the database or the store fails.
pub async fn drop_pictures(db: &Db, store: &Store, before: At) -> Result<()> {
    let mut names = store.names(before).await?;
    names.retain(|name| name.starts_with(KEPT_NAME));
    for some in names.chunks(200) {
        let asked = some.to_vec();
        let known = db.read(move |tx| known_pictures(tx, &asked)).await?;
        for name in some.iter().filter(|name| !known.contains(name)) {
            store.drop_file(name).await?;
        }
    }
    Ok(())
}
