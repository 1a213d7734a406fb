//! `loggia rotate-key`.

use crate::app::App;
use crate::bridge;
use crate::config::{self, Config};
use crate::kit::Result as Answer;
use crate::kit::ids::{ChannelId, JobId};
use crate::mail;

/// How many rows are sealed again in one transaction.
const PIECE: i64 = 50;

/// Puts a new key on top of the key file and seals again what older keys sealed. Where an earlier run was interrupted, that one
/// is finished first and no further key is made.
pub fn run(config: Config) -> Result<(), String> {
    let left = {
        let app = super::open(config.clone())?;
        app.db
            .read_blocking(bridge::sealed_before)
            .map_err(|stop| stop.to_string())?
    };
    if left == 0 {
        let ring = config::rotate(&config)?;
        println!(
            "{}: key {} seals from now on.",
            config.secret_key_file.display(),
            ring.current_id()
        );
    } else {
        println!("An earlier rotation was interrupted; it is finished now.");
    }
    let app = super::open(config)?;
    seal_again(&app).map_err(|stop| stop.to_string())?;
    println!(
        "Everything is sealed with it. Start the server again; it has to read the new key file."
    );
    println!(
        "Leave the older keys in the file: the last line keeps names and addresses comparable for ever."
    );
    Ok(())
}

/// Seals again in pieces, channels last: as long as one of them is left, the rotation is known to be unfinished.
fn seal_again(app: &App) -> Answer<()> {
    let mut letter = Some(JobId(0));
    while let Some(after) = letter {
        letter = app
            .db
            .write_blocking(move |tx| mail::seal_again(tx, after, PIECE))?;
    }
    app.db.write_blocking(bridge::seal_keys_again)?;
    let mut channel = Some(ChannelId(0));
    while let Some(after) = channel {
        channel = app
            .db
            .write_blocking(move |tx| bridge::seal_again(tx, after, PIECE))?;
    }
    Ok(())
}
