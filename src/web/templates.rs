//! Handlebars in strict mode, and the chrome around every page.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use handlebars::{Context, Handlebars};
use serde::Serialize;
use serde_json::{Value, json};

use super::assets::Assets;
use super::call::Call;
use super::cookies;
use super::files::{Files, Folder};
use super::head::{FeedLink, Head, Words};
use super::helpers;
use super::i18n::{self, Arg, Sentences};
use super::page::Filled;
use super::settle::Settler;
use super::viewer::Viewer;
use crate::kit::{Fault, Result, Stop};
use crate::policy::{Action, Role};

/// Everything that makes HTML: sentences, templates, assets.
pub struct Ui {
    /// Every sentence.
    pub sentences: Arc<Sentences>,
    /// Every template.
    pub templates: Templates,
    /// Every asset.
    pub assets: Arc<Assets>,
    /// When a file last changed, as far as they are read from a folder.
    pub changed: Option<SystemTime>,
}

/// What was read from inside the binary: that never changes, and several houses in one process (tests) share it.
static BUILT_IN: OnceLock<Arc<Ui>> = OnceLock::new();

impl Ui {
    /// All three folders, read as seldom as can be: those inside the binary once.
    ///
    /// # Errors
    /// A sentence naming what cannot be understood.
    pub fn of(files: &Files) -> std::result::Result<Arc<Self>, String> {
        if files.folder.is_some() {
            return Self::read(files).map(Arc::new);
        }
        if let Some(read) = BUILT_IN.get() {
            return Ok(read.clone());
        }
        let read = Arc::new(Self::read(files)?);
        Ok(BUILT_IN.get_or_init(|| read).clone())
    }

    /// Reads all three folders.
    ///
    /// # Errors
    /// A sentence naming what cannot be understood.
    fn read(files: &Files) -> std::result::Result<Self, String> {
        let changed = files.changed();
        let sentences = Arc::new(Sentences::read(files)?);
        let assets = Arc::new(Assets::read(files));
        let templates = Templates::read(files, &sentences, &assets)?;
        Ok(Self {
            sentences,
            templates,
            assets,
            changed,
        })
    }
}

/// Every template, compiled once for each language.
///
/// A page's template stands in `{{#> layout}}…{{/layout}}`. That is taken off here, the page is rendered by itself, and
/// the layout around what came out: a partial gets a copy of everything it sees, and a copy of a whole page for every
/// header and footer costs more than the page.
pub struct Templates {
    /// By language.
    registries: BTreeMap<String, Handlebars<'static>>,
    /// The pages that stand in the layout.
    framed: HashSet<String>,
}

/// The layout's name.
const LAYOUT: &str = "layout";

/// What stands inside the layout's block, where a template is such a block as a whole.
fn inside_layout(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("{{#> layout}}")?;
    let inner = inner.trim_end().strip_suffix("{{/layout}}")?;
    (!inner.contains("{{#> layout}}")).then(|| inner.trim_start_matches('\n'))
}

impl Templates {
    fn read(
        files: &Files,
        sentences: &Arc<Sentences>,
        assets: &Arc<Assets>,
    ) -> std::result::Result<Self, String> {
        let settler = Settler::new()?;
        let mut framed = HashSet::new();
        let mut texts = BTreeMap::new();
        for name in files.names(Folder::Templates) {
            let Some(short) = name.strip_suffix(".hbs") else {
                continue;
            };
            if short.starts_with("mail/") {
                continue;
            }
            let text = files
                .text(Folder::Templates, &name)
                .ok_or_else(|| format!("{name}: not UTF-8"))?;
            let text = if short == LAYOUT {
                text.replace("{{> @partial-block}}", "{{{content}}}")
            } else if let Some(inner) = inside_layout(&text) {
                framed.insert(short.to_owned());
                inner.to_owned()
            } else {
                text
            };
            texts.insert(short.to_owned(), text);
        }
        let mut registries = BTreeMap::new();
        for lang in sentences.languages() {
            let mut registry = Handlebars::new();
            registry.set_strict_mode(true);
            helpers::register(&mut registry, sentences, assets);
            for (name, text) in &texts {
                let text = settler.put_in(text, &texts);
                let text = settler.settle(&text, lang, sentences, assets);
                registry
                    .register_template_string(name, text)
                    .map_err(|e| format!("{name}.hbs: {e}"))?;
            }
            registries.insert(lang.to_owned(), registry);
        }
        Ok(Self { registries, framed })
    }

    /// The page in its chrome.
    ///
    /// # Errors
    /// A fault where the template asks for something the page does not have.
    pub fn render(
        &self,
        page: Filled,
        chrome: &Chrome,
        ui: &Ui,
        viewer: &Viewer,
    ) -> Result<String> {
        let mut fields = page.fields;
        let registry = self
            .registries
            .get(&viewer.lang)
            .or_else(|| self.registries.get(i18n::FALLBACK))
            .ok_or_else(|| Stop::fault("no templates in any language".to_owned()))?;
        let chrome = chrome.json(&page.head, ui, viewer)?;
        match &mut fields {
            Value::Object(map) => {
                map.insert("chrome".to_owned(), chrome);
            }
            _ => {
                return Err(Stop::fault(format!(
                    "the page for {} is no object",
                    page.template
                )));
            }
        }
        let render = |name: &str, context: &Context| {
            registry.render_with_context(name, context).map_err(|e| {
                Stop::Fault(Fault::from_error(format!("rendering {}", page.template), e))
            })
        };
        let mut context = Context::from(fields);
        let content = render(page.template, &context)?;
        if !self.framed.contains(page.template) {
            return Ok(content);
        }
        let chrome = context.data_mut()["chrome"].take();
        let around = json!({ "chrome": chrome, "content": content });
        render(LAYOUT, &Context::from(around))
    }

    /// The names of all templates but letters, for the test that every one has a page.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        let english = self.registries.get(i18n::FALLBACK);
        english
            .into_iter()
            .flat_map(|registry| registry.get_templates().keys())
    }
}

/// What stands around every page.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    /// Scheme, host and port.
    pub base_url: String,
    /// The path asked for.
    pub path: String,
    /// Path and query, percent-encoded, for the way back after signing in.
    pub next: String,
    /// The form guard; empty where no form can be sent.
    pub csrf: String,
    /// The number that makes a double click one act.
    pub once: String,
    /// A word about what was just done.
    pub flash: Option<String>,
    /// A guest's theme.
    pub theme: String,
    /// How large the letters are to be on this device.
    pub size: &'static str,
    /// The address of the generated stylesheet.
    pub colours: String,
}

#[derive(Serialize)]
struct Me<'a> {
    id: i64,
    name: &'a str,
    display: &'a str,
    avatar: String,
    unread: i64,
    unread_label: String,
    can_desk: bool,
    can_approve: bool,
    can_choose: bool,
    can_outreach: bool,
    can_admin: bool,
    can_insights: bool,
    /// Speaks for the house outside, and is told not to promote in threads.
    publishes: bool,
}

impl Chrome {
    pub(super) fn of(call: &Call, viewer: &Viewer, _head: &Head, _ui: &Ui) -> Self {
        let secure = call.app().config.is_secure_context();
        let theme = match viewer.theme.as_str() {
            "" => cookies::read(call.req(), cookies::THEME, secure).unwrap_or_default(),
            theme => theme.to_owned(),
        };
        let flash = cookies::read(call.req(), cookies::FLASH, secure).filter(|key| {
            key.len() <= 64
                && key
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        });
        Self {
            base_url: call.app().config.base_url.clone(),
            path: call.path().to_owned(),
            next: percent_encoding::utf8_percent_encode(
                &call.path_and_query(),
                percent_encoding::NON_ALPHANUMERIC,
            )
            .to_string(),
            csrf: String::new(),
            once: String::new(),
            flash,
            theme,
            size: super::system::known_size(
                &cookies::read(call.req(), cookies::SIZE, secure).unwrap_or_default(),
            ),
            colours: call.app().colours_href(),
        }
    }

    fn json(&self, head: &Head, ui: &Ui, viewer: &Viewer) -> Result<Value> {
        let lang = viewer.lang.as_str();
        let theme = match self.theme.as_str() {
            theme @ ("light" | "dark") => theme,
            _ => "",
        };
        let title = match &head.title {
            Words::Text(text) => text.clone(),
            Words::Key(key, args) => {
                let args: Vec<(&str, Arg<'_>)> = args
                    .iter()
                    .map(|(k, v)| (k.as_str(), Arg::Text(v)))
                    .collect();
                ui.sentences.say(lang, key, &args)
            }
        };
        let flash = self.flash.as_deref().and_then(|key| {
            let text = ui.sentences.seek(lang, &format!("flash-{key}"), &[])?;
            let kind = if key.starts_with("warn") {
                "warn"
            } else {
                "good"
            };
            Some(json!({ "key": key, "kind": kind, "text": text }))
        });
        let settings = &viewer.settings;
        let robots = if head.index { "" } else { "noindex" };
        let canonical = head
            .canonical
            .as_deref()
            .map(|p| format!("{}{p}", self.base_url))
            .unwrap_or_default();
        let feeds: &[FeedLink] = &head.feeds;
        Ok(json!({
            "site": {
                "name": settings.name, "tagline": settings.tagline,
                "base_url": self.base_url, "logo_text": settings.name,
            },
            "lang": head.lang.as_deref().unwrap_or(lang),
            "dir": i18n::direction(lang),
            "ui_lang": lang,
            "zone": viewer.zone,
            "theme": theme,
            "keys": viewer.keys,
            "size": self.size,
            "viewer": me(viewer)?,
            "csrf": self.csrf,
            "once": self.once,
            "path": self.path,
            "next": self.next,
            "flash": flash,
            "canonical": canonical,
            "title": title,
            "description": head.description.as_deref().unwrap_or_default(),
            "robots": robots,
            "og": { "type": head.og_type, "image": "" },
            "feeds": feeds,
            "json_ld": head.json_ld.as_ref().map(script_safe).unwrap_or_default(),
            "css": ui.assets.href("css/loggia.css"),
            "colours": self.colours,
            "js": ui.assets.href("js/main.js"),
            "nav": head.nav,
            "outward": head.outward,
        }))
    }
}

fn me(viewer: &Viewer) -> Result<Value> {
    let Some(person) = viewer.actor.person() else {
        return Ok(Value::Null);
    };
    let me = Me {
        id: person.id.0,
        name: &person.name,
        display: &person.display,
        avatar: format!("/u/{}/avatar.svg", person.name),
        unread: viewer.unread,
        unread_label: if viewer.unread > 99 {
            "99+".to_owned()
        } else {
            viewer.unread.to_string()
        },
        can_desk: viewer.can(&Action::Review),
        can_approve: viewer.can(&Action::SeeApprovals),
        can_choose: viewer.can(&Action::SeeCandidates),
        can_outreach: viewer.can(&Action::SeeOutreach),
        can_admin: viewer.actor.has(Role::Admin),
        can_insights: false,
        publishes: person.roles.has(Role::Publisher),
    };
    Ok(serde_json::to_value(me)?)
}

/// JSON that cannot end the script element it stands in.
fn script_safe(data: &Value) -> String {
    data.to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}
