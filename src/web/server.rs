//! Listening: actix with our one dispatcher behind every row of the route table.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::Method;
use actix_web::web::{self, Payload, ServiceConfig};
use actix_web::{App as Actix, HttpRequest, HttpServer};

use super::dispatch::{dispatch, nowhere};
use super::routes::{Entry, TABLE};
use crate::app::App;

/// Registers every row of the table.
fn routes(app: Arc<App>, config: &mut ServiceConfig) {
    let mut paths: Vec<&'static str> = Vec::new();
    for entry in TABLE {
        if !paths.contains(&entry.path) {
            paths.push(entry.path);
        }
    }
    for path in paths {
        let mut resource = web::resource(path);
        for entry in TABLE.iter().filter(|e| e.path == path) {
            resource =
                resource.route(web::method(entry.method.clone()).to(handler(app.clone(), entry)));
            if entry.method == Method::GET {
                resource = resource.route(web::head().to(handler(app.clone(), entry)));
            }
        }
        let fallback = app.clone();
        config.service(resource.default_service(web::to(
            move |req: HttpRequest, payload: Payload| nowhere(fallback.clone(), req, payload),
        )));
    }
    config.default_service(web::to(move |req: HttpRequest, payload: Payload| {
        nowhere(app.clone(), req, payload)
    }));
}

fn handler(
    app: Arc<App>,
    entry: &'static Entry,
) -> impl Fn(HttpRequest, Payload) -> std::pin::Pin<Box<dyn Future<Output = actix_web::HttpResponse>>>
+ Clone {
    move |req, payload| Box::pin(dispatch(app.clone(), entry, req, payload))
}

/// A server that listens on `listener` and has not been asked to run yet. It drains for 30 seconds when stopped.
///
/// # Errors
/// What the operating system says about the socket.
pub fn server(app: Arc<App>, listener: TcpListener) -> std::io::Result<Server> {
    let workers = app.config.workers;
    let server = HttpServer::new(move || {
        let app = app.clone();
        Actix::new().configure(move |config| routes(app, config))
    })
    .workers(workers)
    .max_connections(2_000)
    .keep_alive(Duration::from_secs(15))
    .client_request_timeout(Duration::from_secs(5))
    .client_disconnect_timeout(Duration::from_secs(2))
    .shutdown_timeout(30)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}
