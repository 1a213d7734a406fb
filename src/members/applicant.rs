//! What somebody writes to get an account, checked and with the password hashed; made before the transaction.

use crate::kit::names::{Email, EmailProblem, Name, NameProblem, parse_email, parse_name};
use crate::kit::password::{self, PasswordProblem};
use crate::kit::{Fault, Problems, Result, Stop};

/// Most characters of a display name.
pub const DISPLAY_MAX: usize = 60;

/// Somebody who wants an account: everything checked that can be checked without the database.
#[derive(Debug, Clone)]
pub struct Applicant {
    pub(super) name: Name,
    pub(super) display: String,
    pub(super) email: Email,
    pub(super) password_hash: String,
}

impl Applicant {
    /// Checks the fields of a sign-up form and hashes the password. Costly on purpose: call it outside transactions.
    /// `site` is the community's name, which is no password.
    ///
    /// # Errors
    /// Everything that is wrong, by field: `name`, `display`, `email`, `password`.
    pub fn check(
        name: &str,
        display: &str,
        email: &str,
        password: &str,
        site: &str,
    ) -> Result<Self> {
        let mut problems = Problems::default();
        let name = read_name(&mut problems, name);
        let display_name = read_display(&mut problems, display);
        let email = read_email(&mut problems, email);
        let words = [
            site,
            name.as_ref().map_or("", Name::as_str),
            email.as_ref().map_or("", Email::as_str),
            display,
        ];
        check_password(&mut problems, password, &words);
        problems.check()?;
        let (Some(name), Some(display), Some(email)) = (name, display_name, email) else {
            return Err(Stop::fault("a field was neither read nor refused"));
        };
        let display = if display.is_empty() {
            name.as_str().to_owned()
        } else {
            display
        };
        Ok(Self {
            name,
            display,
            email,
            password_hash: hash(password)?,
        })
    }
}

/// A new password, checked and hashed. Costly on purpose: call it outside transactions.
#[derive(Debug, Clone)]
pub struct NewPassword(pub(super) String);

impl NewPassword {
    /// Checks and hashes a password; `words` are what an attacker would try first: the names of site and member.
    ///
    /// # Errors
    /// What is wrong with the field `password`.
    pub fn check(password: &str, words: &[&str]) -> Result<Self> {
        let mut problems = Problems::default();
        check_password(&mut problems, password, words);
        problems.check()?;
        Ok(Self(hash(password)?))
    }
}

pub(super) fn hash(password: &str) -> Result<String> {
    password::hash(password).map_err(|e| Stop::Fault(Fault::from_error("hashing a password", e)))
}

pub(super) fn read_name(problems: &mut Problems, text: &str) -> Option<Name> {
    let key = match parse_name(text) {
        Ok(name) => return Some(name),
        Err(NameProblem::TooShort) => "name-too-short",
        Err(NameProblem::TooLong) => "name-too-long",
        Err(NameProblem::BadCharacter(_)) => "name-character",
        Err(NameProblem::Punctuation) => "name-punctuation",
        Err(NameProblem::MixedScripts) => "name-scripts",
        Err(NameProblem::Reserved) => "name-reserved",
    };
    problems.add("name", key, &[]);
    None
}

pub(super) fn read_email(problems: &mut Problems, text: &str) -> Option<Email> {
    let key = match parse_email(text) {
        Ok(email) => return Some(email),
        Err(EmailProblem::Empty) => "email-missing",
        Err(EmailProblem::TooLong) => "email-too-long",
        Err(EmailProblem::Syntax) => "email-syntax",
    };
    problems.add("email", key, &[]);
    None
}

/// A display name: one line without invisible or turning characters; may be empty.
pub(super) fn read_display(problems: &mut Problems, text: &str) -> Option<String> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let display = text.chars().filter(|c| !hidden(*c)).collect::<String>();
    let display = display.split_whitespace().collect::<Vec<_>>().join(" ");
    if display.chars().count() > DISPLAY_MAX {
        problems.add(
            "display",
            "display-too-long",
            &[("most", DISPLAY_MAX.to_string())],
        );
        return None;
    }
    Some(display)
}

fn check_password(problems: &mut Problems, text: &str, words: &[&str]) {
    let key = match password::check_new(text, words) {
        Ok(()) => return,
        Err(PasswordProblem::TooShort) => "password-too-short",
        Err(PasswordProblem::TooLong) => "password-too-long",
        Err(PasswordProblem::TooCommon) => "password-common",
        Err(PasswordProblem::TooNear) => "password-near",
    };
    problems.add(
        "password",
        key,
        &[
            ("least", password::MIN_CHARS.to_string()),
            ("most", password::MAX_BYTES.to_string()),
        ],
    );
}
