//! `loggia bounce`: a letter of a bulletin came back.

use std::io::Read;
use std::sync::Arc;

use crate::app::App;
use crate::bridge::{self, Bounced};

/// The most bytes that are read; a report quotes the letter, and some servers quote all of it.
const MOST: u64 = 4 << 20;

/// Reads a report from standard input. What is no report is no failure: a mail server would send it back once more.
pub fn run(app: &Arc<App>) -> Result<(), String> {
    let mut message = Vec::new();
    std::io::stdin()
        .take(MOST)
        .read_to_end(&mut message)
        .map_err(|e| format!("standard input: {e}"))?;
    let found = app
        .db
        .write_blocking(move |tx| bridge::bounced(tx, &message))
        .map_err(|stop| stop.to_string())?;
    match found {
        Bounced::Hard(letter) => {
            println!("Letter {letter} came back: nobody reads mail there, no more is sent.");
        }
        Bounced::Soft(letter) => println!("Letter {letter} came back; the next one is tried."),
        Bounced::Nothing => println!("Nothing to be done."),
        Bounced::NotOurs => println!("This is no report on a letter of ours."),
    }
    Ok(())
}
