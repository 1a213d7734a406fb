//! `loggia bounce`: a letter came back, of a bulletin, of notices or a digest.

use std::io::Read;
use std::sync::Arc;

use crate::app::App;
use crate::bridge::{self, Bounced};
use crate::notifications::{self, Returned};

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
        .write_blocking(move |tx| {
            let bulletin = bridge::bounced(tx, &message)?;
            let notice = match bulletin {
                Bounced::NotOurs => notifications::returned(tx, &message)?,
                _ => Returned::NotOurs,
            };
            Ok((bulletin, notice))
        })
        .map_err(|stop| stop.to_string())?;
    match found {
        (_, Returned::Dead(member)) => {
            println!("Member {member} reads no mail there; no more notices are sent.");
        }
        (_, Returned::Nothing(member)) => {
            println!("A notice to member {member} came back; the next one is tried.");
        }
        (bulletin, Returned::NotOurs) => println!("{}", said(&bulletin)),
    }
    Ok(())
}

fn said(found: &Bounced) -> String {
    match found {
        Bounced::Hard(letter) => {
            format!("Letter {letter} came back: nobody reads mail there, no more is sent.")
        }
        Bounced::Soft(letter) => format!("Letter {letter} came back; the next one is tried."),
        Bounced::Nothing => "Nothing to be done.".to_owned(),
        Bounced::NotOurs => "This is no report on a letter of ours.".to_owned(),
    }
}
