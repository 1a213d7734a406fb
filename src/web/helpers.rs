//! The words templates have beyond Handlebars' own. Two of them write unescaped: `html` (sanitised bodies) and
//! `json_ld` (structured data whose brackets are already escaped).
//!
//! Long because it is the list of all helpers that templates have.

use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson,
};
use serde_json::Value;

use super::assets::Assets;
use super::i18n::{Arg, Sentences};
use crate::kit::At;

/// The file that holds every drawn sign.
pub(super) const SYMBOLS: &str = "img/symbols.svg";

pub(super) fn register(
    registry: &mut Handlebars<'static>,
    sentences: &Arc<Sentences>,
    assets: &Arc<Assets>,
) {
    registry.register_helper("t", Box::new(Translate(sentences.clone())));
    registry.register_helper("problem", Box::new(ProblemOf(sentences.clone())));
    registry.register_helper("problem_list", Box::new(ProblemList(sentences.clone())));
    registry.register_helper("asset", Box::new(AssetHref(assets.clone())));
    registry.register_helper("symbol", Box::new(Symbol(assets.href(SYMBOLS))));
    registry.register_helper("number", Box::new(Number));
    registry.register_helper("concat", Box::new(Concat));
    registry.register_helper("query", Box::new(Query));
    registry.register_helper("time", Box::new(time));
    registry.register_helper("date", Box::new(date));
    registry.register_helper("html", Box::new(html));
    registry.register_helper("json_ld", Box::new(html));
    registry.register_helper("csrf", Box::new(csrf));
    registry.register_helper("avatar", Box::new(avatar));
}

fn lang_of(ctx: &Context) -> &str {
    ctx.data()
        .pointer("/chrome/ui_lang")
        .and_then(Value::as_str)
        .unwrap_or("en")
}

fn zone_of(ctx: &Context) -> jiff::tz::TimeZone {
    let name = ctx
        .data()
        .pointer("/chrome/zone")
        .and_then(Value::as_str)
        .unwrap_or("UTC");
    jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC)
}

fn missing(helper: &'static str) -> RenderError {
    RenderErrorReason::ParamNotFoundForIndex(helper, 0).into()
}

/// Values as words or numbers, kept alive beside the arguments that point at them.
fn filling(values: &[(String, Value)]) -> Vec<(String, Filling)> {
    values
        .iter()
        .map(|(name, value)| {
            let filling = match value {
                Value::Number(n) if n.is_i64() || n.is_u64() => {
                    Filling::Number(n.as_i64().unwrap_or(i64::MAX))
                }
                Value::String(s) => Filling::Text(s.clone()),
                Value::Null => Filling::Text(String::new()),
                other => Filling::Text(other.to_string()),
            };
            (name.clone(), filling)
        })
        .collect()
}

enum Filling {
    Text(String),
    Number(i64),
}

fn say(sentences: &Sentences, lang: &str, key: &str, values: &[(String, Value)]) -> Option<String> {
    let values = filling(values);
    let args: Vec<(&str, Arg<'_>)> = values
        .iter()
        .map(|(name, value)| {
            let arg = match value {
                Filling::Text(text) => Arg::Text(text),
                Filling::Number(number) => Arg::Number(*number),
            };
            (name.as_str(), arg)
        })
        .collect();
    sentences.seek(lang, key, &args)
}

/// `{{t "key" name=value}}`: a sentence in the reader's language; escaped like any value. What stands in the object
/// `with` fills it too.
struct Translate(Arc<Sentences>);

impl HelperDef for Translate {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let key = h
            .param(0)
            .and_then(|p| p.value().as_str())
            .ok_or_else(|| missing("t"))?;
        let mut values: Vec<(String, Value)> = Vec::new();
        if let Some(all) = h.hash_get("with").and_then(|with| with.value().as_object()) {
            values.extend(
                all.iter()
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
        }
        let own = h.hash().iter().filter(|(name, _)| **name != "with");
        values.extend(own.map(|(name, value)| ((*name).to_owned(), value.value().clone())));
        match say(&self.0, lang_of(ctx), key, &values) {
            Some(text) => Ok(Value::String(text).into()),
            // Tests and developers must see it; a reader is better served by the key than by an error page.
            None if cfg!(debug_assertions) => {
                Err(RenderErrorReason::Other(format!("no sentence {key:?}")).into())
            }
            None => Ok(Value::String(key.to_owned()).into()),
        }
    }
}

fn problem_text(sentences: &Sentences, lang: &str, problem: &Value) -> String {
    let key = problem
        .get("key")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let values: Vec<(String, Value)> = problem
        .get("args")
        .and_then(Value::as_object)
        .map(|args| {
            args.iter()
                .map(|(name, value)| {
                    let number = value
                        .as_str()
                        .and_then(|s| s.parse::<i64>().ok())
                        .map(Value::from);
                    (name.clone(), number.unwrap_or_else(|| value.clone()))
                })
                .collect()
        })
        .unwrap_or_default();
    let sentence =
        say(sentences, lang, &format!("problem-{key}"), &values).unwrap_or_else(|| key.to_owned());
    // What is wrong with a file is wrong on a line of it.
    let Some((_, line)) = values.iter().find(|(name, _)| name == "on_line") else {
        return sentence;
    };
    let placed = [
        ("on_line".to_owned(), line.clone()),
        ("sentence".to_owned(), Value::String(sentence.clone())),
    ];
    say(sentences, lang, "problem-on-line", &placed).unwrap_or(sentence)
}

fn problems_in(value: Option<&Value>) -> Vec<&Value> {
    value
        .and_then(Value::as_array)
        .map(|list| list.iter().collect())
        .unwrap_or_default()
}

/// `{{problem problems "field"}}`: what is wrong with a field, or nothing.
struct ProblemOf(Arc<Sentences>);

impl HelperDef for ProblemOf {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let field = h
            .param(1)
            .and_then(|p| p.value().as_str())
            .ok_or_else(|| missing("problem"))?;
        let all = problems_in(h.param(0).map(handlebars::PathAndJson::value));
        let found = all
            .into_iter()
            .find(|p| p.get("field").and_then(Value::as_str) == Some(field));
        let text = found
            .map(|p| problem_text(&self.0, lang_of(ctx), p))
            .unwrap_or_default();
        Ok(Value::String(text).into())
    }
}

/// `(problem_list problems)`: all of them as `{field, text}`, for the summary at the top of a form.
struct ProblemList(Arc<Sentences>);

impl HelperDef for ProblemList {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let all = problems_in(h.param(0).map(handlebars::PathAndJson::value));
        let lines = all.into_iter().map(|p| {
            serde_json::json!({
                "field": p.get("field").and_then(Value::as_str).unwrap_or_default(),
                "text": problem_text(&self.0, lang_of(ctx), p),
            })
        });
        Ok(Value::Array(lines.collect()).into())
    }
}

/// `{{asset "img/x.svg"}}`: the hashed address of a file of `public/`.
struct AssetHref(Arc<Assets>);

impl HelperDef for AssetHref {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let name = h
            .param(0)
            .and_then(|p| p.value().as_str())
            .ok_or_else(|| missing("asset"))?;
        Ok(Value::String(self.0.href(name)).into())
    }
}

/// `{{symbol "name"}}`: a drawn sign; decoration, so hidden from screen readers.
struct Symbol(String);

impl HelperDef for Symbol {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = h
            .param(0)
            .and_then(|p| p.value().as_str())
            .unwrap_or_default();
        let name: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        Ok(out.write(&symbol(&self.0, &name))?)
    }
}

/// The sign of that name out of the file at that address.
pub(super) fn symbol(file: &str, name: &str) -> String {
    format!(
        "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{file}#{name}\"/></svg>"
    )
}

/// `{{number n}}`: with thin spaces between groups of three digits.
struct Number;

impl HelperDef for Number {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let number = h
            .param(0)
            .and_then(|p| p.value().as_i64())
            .ok_or_else(|| missing("number"))?;
        let digits = number.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + 4);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                text.push('\u{202f}');
            }
            text.push(digit);
        }
        if number < 0 {
            text.insert(0, '\u{2212}');
        }
        Ok(Value::String(text).into())
    }
}

/// `(concat "a" b "c")`: one text of several.
struct Concat;

impl HelperDef for Concat {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let parts = h.params().iter().map(|p| match p.value() {
            Value::String(s) => s.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        });
        Ok(Value::String(parts.collect()).into())
    }
}

/// `{{query text}}`: as it may stand in the query of an address.
struct Query;

impl HelperDef for Query {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let text = h
            .param(0)
            .and_then(|p| p.value().as_str())
            .ok_or_else(|| missing("query"))?;
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        Ok(Value::String(text).into())
    }
}

fn moment(h: &Helper<'_>, ctx: &Context) -> Option<(At, jiff::Zoned)> {
    let at = At(h.param(0)?.value().as_i64()?);
    Some((at, at.timestamp().to_zoned(zone_of(ctx))))
}

/// `mark` is for scripts: what wears `data-abs` is not turned into "2 hours ago".
fn element(out: &mut dyn Output, at: At, mark: &str, shown: &str, full: &str) -> HelperResult {
    write!(
        out_adapter(out),
        "<time datetime=\"{}\"{mark} title=\"{full}\">{shown}</time>",
        at.rfc3339()
    )
    .map_err(|_| RenderErrorReason::Other("writing".to_owned()).into())
}

/// `{{time at}}`: day and time in the reader's zone; nothing for what never happened.
fn time(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    ctx: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let Some((at, zoned)) = moment(h, ctx) else {
        return Ok(());
    };
    let shown = zoned.strftime("%-d %b %Y, %H:%M").to_string();
    element(
        out,
        at,
        "",
        &shown,
        &zoned.strftime("%A, %-d %B %Y, %H:%M %Z").to_string(),
    )
}

/// `{{date at}}`: the day alone.
fn date(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    ctx: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let Some((at, zoned)) = moment(h, ctx) else {
        return Ok(());
    };
    let shown = zoned.strftime("%-d %b %Y").to_string();
    element(
        out,
        at,
        " data-abs",
        &shown,
        &zoned.strftime("%A, %-d %B %Y").to_string(),
    )
}

/// `{{html body}}`: a sanitised body as it is.
fn html(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let body = h
        .param(0)
        .and_then(|p| p.value().as_str())
        .unwrap_or_default();
    Ok(out.write(body)?)
}

/// `{{csrf}}`: the form guard and the number that makes a double click one act.
fn csrf(
    _: &Helper<'_>,
    _: &Handlebars<'_>,
    ctx: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let of = |pointer: &str| {
        ctx.data()
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    write!(
        out_adapter(out),
        "<input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"once\" value=\"{}\">",
        of("/chrome/csrf"),
        of("/chrome/once"),
    )
    .map_err(|_| RenderErrorReason::Other("writing".to_owned()).into())
}

/// `{{avatar person 44}}`: a drawn portrait; its person is named beside it, so it is decoration.
fn avatar(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let name = h
        .param(0)
        .and_then(|p| p.value().get("name"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let size = h.param(1).and_then(|p| p.value().as_i64()).unwrap_or(44);
    let class = match size {
        ..40 => "avatar s",
        90.. => "avatar l",
        _ => "avatar",
    };
    let path = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    let src = if name.is_empty() {
        "/u/-/avatar.svg".to_owned()
    } else {
        format!("/u/{path}/avatar.svg")
    };
    write!(out_adapter(out), "<img class=\"{class}\" src=\"{src}\" width=\"{size}\" height=\"{size}\" alt=\"\" loading=\"lazy\">")
        .map_err(|_| RenderErrorReason::Other("writing".to_owned()).into())
}

/// Lets `write!` write to Handlebars' output.
struct Adapter<'a>(&'a mut dyn Output);

fn out_adapter(out: &mut dyn Output) -> Adapter<'_> {
    Adapter(out)
}

impl Adapter<'_> {
    fn write_fmt(&mut self, args: std::fmt::Arguments<'_>) -> std::io::Result<()> {
        self.0.write_fmt(args)
    }
}
