//! `loggia member`: what the person who runs the server does about members, without the detour over letters.

use std::io::Read;
use std::sync::Arc;

use clap::Subcommand;

use crate::app::App;
use crate::kit::Stop;
use crate::members::{self, Added, NewPassword};
use crate::policy::{Actor, Role, Trust};

/// What can be done.
#[derive(Subcommand)]
pub enum Member {
    /// Make a member; the address counts as confirmed.
    Add {
        /// The handle.
        name: String,
        /// The e-mail address.
        #[arg(long)]
        email: Option<String>,
        /// What others read, if not the handle.
        #[arg(long, default_value = "")]
        display: String,
        /// champion, moderator, publisher, lead_publisher or admin; several times for several.
        #[arg(long = "role")]
        roles: Vec<String>,
        /// Read the password from standard input; without it a link to choose one is printed.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a role, or take it with --take.
    Role {
        /// The handle.
        name: String,
        /// The role.
        role: String,
        /// Take it instead.
        #[arg(long)]
        take: bool,
    },
    /// Print a link by which the member chooses a new password.
    Reset {
        /// The handle.
        name: String,
    },
}

const OPERATOR: Actor = Actor::System("operator");

/// Does it.
pub fn run(app: &Arc<App>, what: Member) -> Result<(), String> {
    let said = match what {
        Member::Add {
            name,
            email,
            display,
            roles,
            password_stdin,
        } => add(app, name, email, display, &roles, password_stdin),
        Member::Role { name, role, take } => {
            let role = self::role(&role)?;
            app.db
                .write_blocking(move |tx| members::set_role(tx, &OPERATOR, &name, role, !take))
                .map(|()| "Done.".to_owned())
                .map_err(|stop| words(app, &stop))
        }
        Member::Reset { name } => link(app, name),
    };
    println!("{}", said?);
    Ok(())
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| {
        format!("{word:?} is no role: champion, moderator, publisher, lead_publisher, admin")
    })
}

fn link(app: &Arc<App>, name: String) -> Result<String, String> {
    app.db
        .write_blocking(move |tx| members::reset_link(tx, &name))
        .map_err(|stop| words(app, &stop))
}

fn add(
    app: &Arc<App>,
    name: String,
    email: Option<String>,
    display: String,
    roles: &[String],
    from_stdin: bool,
) -> Result<String, String> {
    let password = if from_stdin {
        let mut typed = String::new();
        std::io::stdin()
            .read_to_string(&mut typed)
            .map_err(|e| format!("standard input: {e}"))?;
        let typed = typed.trim_end_matches(['\r', '\n']);
        Some(NewPassword::check(typed, &[name.as_str()]).map_err(|stop| words(app, &stop))?)
    } else {
        None
    };
    let roles = roles
        .iter()
        .map(|r| role(r))
        .collect::<Result<Vec<_>, _>>()?;
    let trust = if roles.is_empty() {
        Trust::New
    } else {
        Trust::Established
    };
    let without = password.is_none();
    let added = Added {
        display,
        email,
        password,
        roles,
        trust,
        ..Added::named(&name)
    };
    app.db
        .write_blocking(move |tx| members::add(tx, &OPERATOR, &added).map(drop))
        .map_err(|stop| words(app, &stop))?;
    if without {
        link(app, name)
    } else {
        Ok("Done.".to_owned())
    }
}

/// A stop in the words of the pages.
fn words(app: &Arc<App>, stop: &Stop) -> String {
    use crate::web::i18n::{Arg, FALLBACK};
    let Ok(ui) = app.ui() else {
        return stop.to_string();
    };
    match stop {
        Stop::Refused(refusal) => ui.sentences.say(
            FALLBACK,
            &format!("refused-{}", refusal.key()),
            &[("detail", Arg::Text(""))],
        ),
        Stop::Invalid(problems) => {
            let lines = problems.0.iter().map(|p| {
                let args: Vec<(&str, Arg<'_>)> = p
                    .args
                    .iter()
                    .map(|(k, v)| (k.as_str(), Arg::Text(v)))
                    .collect();
                format!(
                    "{}: {}",
                    p.field,
                    ui.sentences
                        .say(FALLBACK, &format!("problem-{}", p.key), &args)
                )
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        Stop::Fault(fault) => fault.to_string(),
    }
}
