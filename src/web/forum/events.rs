//! News of a thread while it is open: `n new replies`, as server-sent events. The page never moves by itself.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::forum::{self, News};
use crate::kit::ids::ThreadId;
use crate::kit::{Refusal, Result};
use crate::web::call::Credentials;
use crate::web::i18n::Arg;
use crate::web::live::{Live, Seat};
use crate::web::{Answer, Call, Viewer};

/// A word in between, so that whatever stands in front does not take the line for dead.
const PULSE: Duration = Duration::from_secs(20);
/// A line ends after so many words in between; the browser opens another one.
const PULSES: u32 = 90;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: i64,
}

/// What a line knows between two events.
struct Reader {
    app: Arc<App>,
    credentials: Credentials,
    thread: ThreadId,
    after: i64,
    told: i64,
    pulses: u32,
    seat: Seat,
}

/// Opens a line for a member; guests are not told, since reading without an account costs nearly nothing (law 9).
pub async fn thread(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let asked: Asked = call.query()?;
    let actor = call.actor().await?;
    let Some(member) = actor.id() else {
        // Tells a browser not to come back.
        return Ok(HttpResponse::NoContent().finish());
    };
    let after = asked.after.max(0);
    let news = {
        let actor = actor.clone();
        let ask = move |tx: &mut crate::db::Tx<'_>| forum::news_of(tx, &actor, id, after);
        call.app().db.read(ask).await?
    };
    // What was written between the page and this line is told at once.
    let begun = if news.count > 0 { after } else { news.last };
    let Some(mut seat) = Live::sit(call.app(), member, id, begun) else {
        return Err(Refusal::Busy { retry_after: 60 }.into());
    };
    if news.count > 0 {
        seat.last.mark_changed();
    }
    let reader = Reader {
        app: call.app().clone(),
        credentials: call.credentials().clone(),
        thread: id,
        after,
        told: 0,
        pulses: 0,
        seat,
    };
    let lines = stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        let line = reader.next().await?;
        Some((Ok::<_, actix_web::Error>(Bytes::from(line)), Some(reader)))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(lines))
}

impl Reader {
    /// The next line; nothing where it ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            match tokio::time::timeout(PULSE, self.seat.last.changed()).await {
                Err(_) => {
                    self.pulses += 1;
                    let ends = self.pulses > PULSES || self.app.is_draining();
                    return (!ends).then(|| ":\n\n".to_owned());
                }
                Ok(Err(_)) => return None,
                Ok(Ok(())) => {}
            }
            // Whoever signed out, or may not see the thread any more, hears nothing more.
            let (lang, news) = self.news().await.ok()?;
            if news.count == 0 || news.last == self.told {
                continue;
            }
            self.told = news.last;
            let ui = self.app.ui().ok()?;
            let text = ui
                .sentences
                .say(&lang, "forum-news", &[("count", Arg::Number(news.count))]);
            let event = json!({ "count": news.count, "text": text, "href": news.path });
            return Some(format!("data: {event}\n\n"));
        }
    }

    async fn news(&self) -> Result<(String, News)> {
        let (app, credentials) = (self.app.clone(), self.credentials.clone());
        let (thread, after) = (self.thread, self.after);
        let ask = move |tx: &mut crate::db::Tx<'_>| {
            let viewer = Viewer::recognise(tx, &credentials, &app)?;
            viewer.actor.id().ok_or(Refusal::SignInFirst)?;
            let news = forum::news_of(tx, &viewer.actor, thread, after)?;
            Ok((viewer.lang, news))
        };
        self.app.db.read(ask).await
    }
}
