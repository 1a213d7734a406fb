//! Steps of the database's shape, taken by a community that has something to lose.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use loggia::audit;
use loggia::db::{Conn, migrate};
use serde_json::json;

use crate::highlights::{Scene, WORDS};
use crate::story;
use crate::town::talk::reply;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The steps that made members, posts, highlights and channels; those after them find all of it filled.
const FIRST: usize = 9;

story! {
    async fn a_filled_house_takes_every_later_step(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        let post = scene.post;
        let thread = scene.town.inside(move |tx| Ok(loggia::forum::post_facts(tx, post)?.thread.id)).await;
        for number in 0..40 {
            reply(&scene.town, &scene.nia, thread, &format!("It came back, the {number}th time.")).await;
        }
        let api = scene.nia.api().await;
        api.post("/reports", json!({ "post_id": post.0, "reason": "spam" })).await;
        let path = format!("/t/a-kingfisher-in-the-courtyard/{thread}");
        scene.town.guest().open(&path).await.is(200).sees(WORDS).sees("the 7th time");

        let url = scene.town.database().clone();
        let (back, again) = tokio::task::spawn_blocking(move || {
            let back = migrate::revert(&url, FIRST).expect("the steps are taken back");
            (back, migrate::run(&url).expect("a filled database takes them again").len())
        })
        .await
        .expect("no panic");
        assert!(back == again && back > 25, "{back} {again}");

        let broken = scene.town.inside(|tx| match &mut *tx.conn {
            Conn::Sqlite(conn) => {
                let count = diesel::sql_query("SELECT count(*) AS count FROM pragma_foreign_key_check");
                Ok(count.get_result::<Count>(conn)?.count)
            }
            // PostgreSQL checks them with every step.
            Conn::Postgres(_) => Ok(0),
        });
        assert_eq!(broken.await, 0, "rows that point nowhere");
        let node = scene.town.another_node();
        let guest = scene.town.guest().at(node.addr);
        guest.open(&path).await.is(200).sees(WORDS).sees("the 7th time");
        guest.open(&format!("{path}?page=2")).await.is(200);
        guest.open("/latest").await.is(200).sees("A kingfisher in the courtyard");
        guest.open("/announcements").await.is(200).sees(WORDS);
        guest.open("/search?q=kingfisher").await.is(200);
        scene.mo.opens("/desk").await.is(200);
        scene.pia.opens("/outreach").await.is(200);
        scene.nia.opens("/my/settings").await.is(200);
        let whole = scene.town.inside(audit::verify).await;
        assert!(matches!(whole, audit::Verdict::Whole(_)), "{whole:?}");
        // And life goes on.
        reply(&scene.town, &scene.nia, thread, "One more, after all that.").await;
        guest.open(&path).await.is(200);
    }
}
