//! `loggia serve`.

use std::net::TcpListener;

use crate::app;
use crate::config::Config;

/// Opens the house and serves until told to stop.
pub fn run(config: Config) -> Result<(), String> {
    let bind = config.bind;
    let listener = TcpListener::bind(bind).map_err(|e| format!("{bind}: {e}"))?;
    let app = super::open(config)?;
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
    actix_web::rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap_or_else(|e| {
                // Without a runtime there is nothing to serve with, and nobody to tell but the terminal.
                eprintln!("loggia: no runtime: {e}");
                std::process::exit(1)
            })
    })
    .block_on(app::serve(app, listener))
}
