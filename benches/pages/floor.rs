//! The floors: what a page costs when nothing but the libraries is there.

use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use handlebars::Handlebars;
use serde::Serialize;

diesel::table! {
    rows (id) {
        id -> BigInt,
        author -> Text,
        body -> Text,
    }
}

/// Serves `PORT bare SIZE` or `PORT rows SIZE` until killed.
pub fn serve(arguments: &[String]) {
    let [port, kind, size, ..] = arguments else {
        panic!("--floor PORT bare|rows SIZE");
    };
    let port: u16 = port.parse().expect("a port");
    let size: usize = size.parse().expect("a size");
    let served = match kind.as_str() {
        "bare" => actix_web::rt::System::new().block_on(bare(port, size)),
        "rows" => actix_web::rt::System::new().block_on(rows_of_twenty(port, size)),
        other => panic!("no such floor: {other}"),
    };
    served.expect("the floor serves");
}

async fn bare(port: u16, size: usize) -> std::io::Result<()> {
    let page = web::Bytes::from("x".repeat(size));
    let app = move || {
        let page = page.clone();
        App::new().route(
            "/",
            web::get().to(move || {
                let page = page.clone();
                async move {
                    HttpResponse::Ok()
                        .content_type("text/html; charset=utf-8")
                        .body(page)
                }
            }),
        )
    };
    HttpServer::new(app).bind(("127.0.0.1", port))?.run().await
}

#[derive(Queryable, Serialize)]
struct Row {
    id: i64,
    author: String,
    body: String,
}

#[derive(Serialize)]
struct Page {
    rows: Vec<Row>,
}

struct State {
    pool: Pool<ConnectionManager<SqliteConnection>>,
    views: Handlebars<'static>,
}

async fn rows_of_twenty(port: u16, size: usize) -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("rows.db");
    let manager = ConnectionManager::<SqliteConnection>::new(file.to_string_lossy());
    let pool = Pool::builder().max_size(4).build(manager).expect("a pool");
    let mut conn = pool.get().expect("a connection");
    conn.batch_execute("PRAGMA journal_mode=WAL; CREATE TABLE rows (id INTEGER PRIMARY KEY, author TEXT, body TEXT)")
        .expect("a table");
    for id in 0..20_i64 {
        let body = "x".repeat(size / 20);
        let row = (rows::id.eq(id), rows::author.eq("ada"), rows::body.eq(body));
        diesel::insert_into(rows::table)
            .values(row)
            .execute(&mut conn)
            .expect("a row");
    }
    drop(conn);
    let mut views = Handlebars::new();
    views
        .register_template_string(
            "page",
            "<!doctype html>{{#each rows}}<article id=\"{{id}}\"><b>{{author}}</b><p>{{body}}</p></article>{{/each}}",
        )
        .expect("a template");
    let state = web::Data::new(State { pool, views });
    let app = move || {
        App::new()
            .app_data(state.clone())
            .route("/", web::get().to(list))
    };
    HttpServer::new(app).bind(("127.0.0.1", port))?.run().await
}

async fn list(state: web::Data<State>) -> HttpResponse {
    let of_pool = state.clone();
    let rows = web::block(move || {
        let mut conn = of_pool.pool.get().expect("a connection");
        rows::table
            .order(rows::id)
            .limit(20)
            .load::<Row>(&mut conn)
            .expect("rows")
    })
    .await
    .expect("a thread");
    let body = state.views.render("page", &Page { rows }).expect("a page");
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(body)
}
