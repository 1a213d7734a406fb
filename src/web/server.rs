//! Listening: actix with our one dispatcher behind every row of the route table.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::Method;
use actix_web::web::{self, Payload, ServiceConfig};
use actix_web::{App as Actix, HttpRequest, HttpServer, Resource, Route};

use super::dispatch::{dispatch, nowhere};
use super::routes::{Entry, TABLE};
use crate::app::App;

/// Registers every row of the table. actix tries addresses one after the other, and those with gaps by a pattern each; so
/// they are gathered under their first words, which are compared as they are.
fn routes(app: &Arc<App>, config: &mut ServiceConfig) {
    let mut scopes: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for entry in TABLE {
        let scope = scope(entry.path);
        match scopes.iter_mut().find(|(known, _)| *known == scope) {
            Some((_, paths)) if paths.contains(&entry.path) => {}
            Some((_, paths)) => paths.push(entry.path),
            None => scopes.push((scope, vec![entry.path])),
        }
    }
    for (scope, paths) in scopes {
        if scope.is_empty() || paths.len() == 1 {
            for path in paths {
                config.service(resource(app, path, path));
            }
            continue;
        }
        let inner = |path: &'static str| path.strip_prefix(scope).unwrap_or(path);
        let gathered = paths.iter().fold(web::scope(scope), |gathered, path| {
            gathered.service(resource(app, path, inner(path)))
        });
        config.service(gathered.default_service(elsewhere(app)));
    }
    config.default_service(elsewhere(app));
}

/// The words that an address is gathered under: its first, or those of the API with the noun. Empty where its first word
/// has a gap in it.
fn scope(path: &'static str) -> &'static str {
    let words = if path.starts_with("/api/v1/") { 3 } else { 1 };
    let ends = path.match_indices('/').map(|(at, _)| at).nth(words);
    let scope = path.get(..ends.unwrap_or(path.len())).unwrap_or(path);
    if scope.contains('{') || scope == "/" {
        ""
    } else {
        scope
    }
}

/// One address with all its methods; `inner` is what follows the words it is gathered under.
fn resource(app: &Arc<App>, path: &'static str, inner: &'static str) -> Resource {
    let mut resource = web::resource(inner);
    for entry in TABLE.iter().filter(|e| e.path == path) {
        resource =
            resource.route(web::method(entry.method.clone()).to(handler(app.clone(), entry)));
        if entry.method == Method::GET {
            resource = resource.route(web::head().to(handler(app.clone(), entry)));
        }
    }
    resource.default_service(elsewhere(app))
}

fn elsewhere(app: &Arc<App>) -> Route {
    let app = app.clone();
    web::to(move |req: HttpRequest, payload: Payload| nowhere(app.clone(), req, payload))
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
        Actix::new().configure(move |config| routes(&app, config))
    })
    .workers(workers)
    .max_connections(2_000)
    .keep_alive(Duration::from_secs(15))
    // Long enough for a phone in a tunnel and a machine that is busy; a head that takes longer is cut.
    .client_request_timeout(Duration::from_secs(10))
    .client_disconnect_timeout(Duration::from_secs(2))
    .shutdown_timeout(30)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}
