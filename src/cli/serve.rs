//! `loggia serve`.

use std::net::TcpListener;

use crate::app;
use crate::config::Config;

/// Opens the house and serves until told to stop.
pub fn run(config: Config) -> Result<(), String> {
    let bind = config.bind;
    let listener = TcpListener::bind(bind).map_err(|e| format!("{bind}: {e}"))?;
    let app = super::open(config)?;
    let system = system();
    system
        .block_on(app.media.check())
        .map_err(|why| format!("media_store {}: {why}", app.config.media_place()))?;
    println!("{} at {}", env!("CARGO_PKG_NAME"), app.config.base_url);
    let link = app
        .db
        .write_blocking(crate::members::set_up_link)
        .map_err(|stop| stop.to_string())?;
    if let Some(link) = link {
        println!(
            "Nobody runs this community yet. Make the first administrator here (once): {link}"
        );
    }
    system.block_on(app::serve(app, listener))
}

/// The runtime of the web floor.
pub fn system() -> actix_web::rt::SystemRunner {
    actix_web::rt::System::with_tokio_rt(|| {
        runtime().unwrap_or_else(|why| {
            // Without a runtime there is nothing to serve with, and nobody to tell but the terminal.
            eprintln!("loggia: {why}");
            std::process::exit(1)
        })
    })
}

/// A runtime for what waits.
///
/// # Errors
/// What the operating system says.
pub fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("no runtime: {e}"))
}
