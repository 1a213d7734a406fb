//! A letter in words: subject, text and HTML, and the headers around them.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use handlebars::{
    Context, Handlebars, Helper, HelperResult, JsonRender, Output, RenderContext, RenderError,
    RenderErrorReason, no_escape,
};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use rust_embed::RustEmbed;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::clean;
use super::letter::Waiting;
use super::mailing::Mailing;
use super::office::{Say, Sender};
use crate::kit::{Fault, Result, Stop, hex};

#[derive(RustEmbed)]
#[folder = "templates/mail/"]
struct Files;

/// A letter in words.
#[derive(Debug)]
pub struct Composed {
    /// The one address it goes to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Where its button leads, if it has one.
    pub link: Option<String>,
    /// What is handed to the mail server.
    pub message: Message,
}

/// Templates and sentences. Text and HTML differ in what is escaped.
pub(super) struct Templates {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
    say: Arc<Say>,
}

impl Templates {
    pub(super) fn read(say: Say) -> Result<Self, Fault> {
        let say = Arc::new(say);
        let mut read = Self {
            text: registry(&say),
            html: registry(&say),
            say,
        };
        read.text.register_escape_fn(no_escape);
        for name in Files::iter() {
            let Some(file) = Files::get(&name) else {
                continue;
            };
            let text = std::str::from_utf8(&file.data)
                .map_err(|e| Fault::from_error(name.to_string(), e))?;
            let (of, short) = match (
                name.strip_suffix(".txt.hbs"),
                name.strip_suffix(".html.hbs"),
            ) {
                (Some(short), _) => (&mut read.text, short),
                (_, Some(short)) => (&mut read.html, short),
                _ => {
                    return Err(Fault::new(format!(
                        "templates/mail/{name} is neither .txt.hbs nor .html.hbs"
                    )));
                }
            };
            of.register_template_string(short, text)
                .map_err(|e| Fault::from_error(name.to_string(), e))?;
        }
        Ok(read)
    }
}

fn registry(say: &Arc<Say>) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    let say = say.clone();
    registry.register_helper(
        "t",
        Box::new(
            move |h: &Helper<'_>,
                  r: &Handlebars<'_>,
                  ctx: &Context,
                  _: &mut RenderContext<'_, '_>,
                  out: &mut dyn Output|
                  -> HelperResult {
                let key = h.param(0).map(|p| p.value().render()).unwrap_or_default();
                let lang = ctx
                    .data()
                    .get("lang")
                    .and_then(Value::as_str)
                    .unwrap_or("en");
                let args = h
                    .hash()
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), harmless(name, value.value())));
                let sentence = say(lang, &key, &args.collect()).ok_or_else(|| {
                    RenderError::from(RenderErrorReason::Other(format!("no sentence {key}")))
                })?;
                out.write(&r.get_escape_fn()(&sentence))?;
                Ok(())
            },
        ),
    );
    registry
}

/// What people wrote is put into sentences as one harmless line; the site's name is its admin's.
fn harmless(name: &str, value: &Value) -> Value {
    match value {
        Value::String(text) if name == "site" => Value::String(clean::plain(text)),
        Value::String(text) => Value::String(clean::line(text)),
        other => other.clone(),
    }
}

/// Puts a letter into words.
pub(super) fn compose(
    templates: &Templates,
    sender: &Sender,
    letter: &Waiting,
    mailing: Option<&Mailing>,
) -> Result<Composed> {
    let failed =
        |e: RenderError| Stop::Fault(Fault::from_error(format!("letter {}", letter.kind), e));
    let site = said(letter, "site").filter(|name| !name.trim().is_empty());
    let site = clean::plain(site.unwrap_or(&sender.host));
    let subject = subject(templates, letter, &site)?;
    let context = json!({
        "lang": letter.lang,
        "site": site,
        "subject": subject,
        "data": letter.data,
        "sentence": sentence(templates, letter),
        "home": format!("{}/", sender.base_url),
        "settings": format!("{}/my/settings", sender.base_url),
        "note": clean::lines(said(letter, "note").unwrap_or_default()),
        "words": words(letter),
    });
    let text = templates
        .text
        .render(&letter.kind, &context)
        .map_err(failed)?;
    let html = templates
        .html
        .render(&letter.kind, &context)
        .map_err(failed)?;
    let bad = |what: &str| Stop::fault(format!("letter {}: {what}", letter.kind));
    let to: lettre::Address = letter.to.parse().map_err(|_| bad("the address is none"))?;
    let from = match mailing {
        Some(mailing) => mailing.mailbox(sender, &site)?,
        None => Mailbox::new(
            Some(site),
            sender
                .from
                .parse::<Mailbox>()
                .map_err(|_| bad("the sender is none"))?
                .email,
        ),
    };
    let id = letter
        .message_id
        .clone()
        .unwrap_or_else(|| made_id(letter, &sender.host));
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject.clone())
        .message_id(Some(clean_header(&id)))
        .date(UNIX_EPOCH + Duration::from_micros(u64::try_from(letter.at.0).unwrap_or(0)))
        .header(AutoSubmitted);
    if let Some(thread) = &letter.references {
        let thread = clean_header(thread);
        message = message.references(thread.clone()).in_reply_to(thread);
    }
    if let Some(address) = &letter.unsubscribe {
        message = message
            .header(ListUnsubscribe(clean_header(address)))
            .header(ListUnsubscribePost);
    }
    if mailing.is_none() && letter.unsubscribe.is_some() {
        let list = format!("{}.{}", letter.kind, sender.host);
        message = message.header(ListId(format!("<{}>", clean_header(&list))));
    }
    if let Some(mailing) = mailing {
        message = message.header(ListId(mailing.list_id())).header(Bulk);
    }
    let mut message = message
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|e| Stop::Fault(Fault::from_error(format!("letter {}", letter.kind), e)))?;
    if let Some(mailing) = mailing {
        mailing.sign(&mut message, &from)?;
    }
    Ok(Composed {
        to: letter.to.clone(),
        subject,
        link: said(letter, "link").map(str::to_owned),
        message,
    })
}

/// One thing that a letter tells, if it is a text.
fn said<'l>(letter: &'l Waiting, name: &str) -> Option<&'l str> {
    letter.data.get(name).and_then(Value::as_str)
}

/// Everything a letter tells, harmless, by name; what a notice tells stands beside the rest.
fn args(letter: &Waiting) -> Map<String, Value> {
    let told = [Some(&letter.data), letter.data.get("told")];
    let maps = told.into_iter().flatten().filter_map(Value::as_object);
    maps.flatten()
        .map(|(key, value)| (key.clone(), harmless(key, value)))
        .collect()
}

/// The words that a notice is about, harmless.
fn words(letter: &Waiting) -> Vec<String> {
    let told = letter.data.get("told").and_then(|told| told.get("words"));
    let words = told.and_then(Value::as_array).into_iter().flatten();
    words
        .filter_map(Value::as_str)
        .flat_map(clean::lines)
        .filter(|line| !line.is_empty())
        .collect()
}

/// What a notice says; nothing for other letters.
fn sentence(templates: &Templates, letter: &Waiting) -> Option<String> {
    let kind = letter.data.get("notice").and_then(Value::as_str)?;
    (templates.say)(&letter.lang, &format!("notice-{kind}"), &args(letter))
}

/// A notice has a subject of its own where the locale has one; every other letter must have one.
fn subject(templates: &Templates, letter: &Waiting, site: &str) -> Result<String> {
    let mut args = args(letter);
    args.insert("site".to_owned(), Value::from(site));
    let of = |kind: &str| (templates.say)(&letter.lang, &format!("mail-{kind}-subject"), &args);
    let own = letter
        .data
        .get("notice")
        .and_then(Value::as_str)
        .and_then(of);
    let subject = own
        .or_else(|| of(&letter.kind))
        .ok_or_else(|| Stop::fault(format!("letter {} has no subject", letter.kind)))?;
    Ok(clean::plain(&subject).chars().take(160).collect())
}

/// The same for every try of one letter, different for every letter.
fn made_id(letter: &Waiting, host: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(letter.at.0.to_be_bytes());
    for part in [
        letter.to.as_str(),
        letter.kind.as_str(),
        &letter.data.to_string(),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let short = hex(hash.finalize().iter().take(16));
    format!("<{short}@{host}>")
}

/// Ids and addresses are made by us; should a line break have come in all the same, it ends here.
pub(super) fn clean_header(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_graphic())
        .take(900)
        .collect()
}

macro_rules! headers {
    ($($name:ident = $header:literal, $value:expr;)+) => {$(
        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($header)
            }
            fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("only written, never read".into())
            }
            fn display(&self) -> HeaderValue {
                let value: fn(&Self) -> String = $value;
                HeaderValue::new(Self::name(), value(self))
            }
        }
    )+};
}

/// A machine wrote it: no out-of-office answers, please.
#[derive(Clone)]
struct AutoSubmitted;
/// Where to leave the mailing.
#[derive(Clone)]
struct ListUnsubscribe(String);
/// One click is enough (RFC 8058).
#[derive(Clone)]
struct ListUnsubscribePost;
/// Which mailing it is (RFC 2919).
#[derive(Clone)]
struct ListId(String);
/// Many get it: nobody on holiday should answer.
#[derive(Clone)]
struct Bulk;

headers! {
    AutoSubmitted = "Auto-Submitted", |_| "auto-generated".to_owned();
    ListUnsubscribe = "List-Unsubscribe", |header| format!("<{}>", header.0);
    ListId = "List-Id", |header| header.0.clone();
    Bulk = "Precedence", |_| "bulk".to_owned();
    ListUnsubscribePost = "List-Unsubscribe-Post", |_| "List-Unsubscribe=One-Click".to_owned();
}
