//! What a channel's connect page asks for, as data, so that one form serves every kind.

use serde_json::{Map, Value};

use crate::kit::stop::Problems;

/// How a field is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A line of text.
    Text,
    /// An https address (http is for what the allow-list names).
    Address,
    /// An address that may hold a token: a setting, but entered and never shown again.
    Hidden,
    /// A part of the secret: entered, never shown again.
    Secret,
    /// A whole number.
    Number,
    /// Dollars, with up to three places behind the point.
    Money,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// One field. Its label is `bridge-{kind}-{name}`, its hint `bridge-{kind}-{name}-hint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in the settings.
    pub name: &'static str,
    /// How it is entered.
    pub sort: Sort,
    /// Must it be given?
    pub needed: bool,
}

impl Field {
    /// A field that must be given.
    #[must_use]
    pub const fn needed(name: &'static str, sort: Sort) -> Self {
        Self {
            name,
            sort,
            needed: true,
        }
    }

    /// A field that may stay empty.
    #[must_use]
    pub const fn optional(name: &'static str, sort: Sort) -> Self {
        Self {
            name,
            sort,
            needed: false,
        }
    }
}

/// The most characters of a value.
const MOST: usize = 2000;

/// Reads the fields of a kind out of what was entered: trimmed, the needed ones there, addresses and numbers what they
/// claim to be. Anything else that was sent is dropped; secrets have their own place.
///
/// # Errors
/// Everything that is wrong, by field.
pub(super) fn read(fields: &[Field], entered: &Value) -> Result<Map<String, Value>, Problems> {
    let (mut kept, mut problems) = (Map::new(), Problems::default());
    for field in fields.iter().filter(|field| field.sort != Sort::Secret) {
        let value = match entered.get(field.name) {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        if value.is_empty() {
            match field.sort {
                Sort::Choice([first, ..]) => {
                    kept.insert(field.name.to_owned(), Value::from(*first));
                }
                _ if field.needed => problems.add(field.name, "needed", &[]),
                _ => {}
            }
            continue;
        }
        if value.chars().count() > MOST {
            problems.add(field.name, "too-long", &[("most", MOST.to_string())]);
            continue;
        }
        match field.sort {
            Sort::Address | Sort::Hidden => match address(&value) {
                Some(url) => {
                    kept.insert(field.name.to_owned(), Value::from(url));
                }
                None => problems.add(field.name, "no-address", &[]),
            },
            Sort::Number => match value.parse::<i64>() {
                Ok(number) => {
                    kept.insert(field.name.to_owned(), Value::from(number));
                }
                Err(_) => problems.add(field.name, "no-number", &[]),
            },
            Sort::Money if mills(&value).is_none() => {
                problems.add(field.name, "no-sum", &[]);
            }
            Sort::Choice(words) if !words.contains(&value.as_str()) => {
                problems.add(field.name, "no-choice", &[]);
            }
            Sort::Choice(_) | Sort::Text | Sort::Secret | Sort::Money => {
                kept.insert(field.name.to_owned(), Value::from(value));
            }
        }
    }
    if problems.0.is_empty() {
        Ok(kept)
    } else {
        Err(problems)
    }
}

/// A sum of dollars in thousandths; `None` where it is none.
pub(super) fn mills(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('$').replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() > 6 || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    Some(whole * 1000 + part)
}

/// An address without user name, query or fragment; `None` where it is none. A bare host name is taken as https.
fn address(text: &str) -> Option<String> {
    let text = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let mut url = url::Url::parse(&text).ok()?;
    let good = matches!(url.scheme(), "https" | "http")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none();
    url.set_query(None);
    url.set_fragment(None);
    good.then(|| url.to_string().trim_end_matches('/').to_owned())
}

/// The secret that a form's secret fields make: the value itself where there is one field, else a JSON object of all.
#[must_use]
pub fn secret_of(fields: &[Field], entered: &Value) -> Option<String> {
    let secrets: Vec<(&str, &str)> = fields
        .iter()
        .filter(|field| field.sort == Sort::Secret)
        .filter_map(|field| {
            let value = entered.get(field.name)?.as_str()?.trim();
            (!value.is_empty()).then_some((field.name, value))
        })
        .collect();
    let parts = fields.iter().filter(|f| f.sort == Sort::Secret).count();
    match (parts, secrets.as_slice()) {
        (_, []) => None,
        (1, [(_, value)]) => Some((*value).to_owned()),
        _ => {
            let map: Map<String, Value> = secrets
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
                .collect();
            Some(Value::Object(map).to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FIELDS: [Field; 4] = [
        Field::needed("site", Sort::Address),
        Field::needed("chat", Sort::Text),
        Field::optional("mode", Sort::Choice(&["draft", "publish"])),
        Field::needed("token", Sort::Secret),
    ];

    #[test]
    fn what_is_entered_is_trimmed_and_checked_and_nothing_else_is_kept() {
        let entered = json!({ "site": " blog.example/ ", "chat": " @museum ", "token": "s3cret", "admin": true });
        assert_eq!(
            read(&FIELDS, &entered).map(Value::Object),
            Ok(json!({ "site": "https://blog.example", "chat": "@museum", "mode": "draft" }))
        );
        assert_eq!(secret_of(&FIELDS, &entered).as_deref(), Some("s3cret"));
        let problems = read(&FIELDS, &json!({ "site": "ftp://x", "mode": "shout" })).unwrap_err();
        let named: Vec<&str> = problems.0.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(named, ["site", "chat", "mode"]);
    }

    #[test]
    fn sums_are_read_in_thousandths() {
        for (text, sum) in [
            ("0.2", 200),
            ("$0.015", 15),
            ("20", 20_000),
            (".5", 500),
            ("1,25", 1250),
        ] {
            assert_eq!(mills(text), Some(sum), "{text}");
        }
        for text in ["", ".", "-1", "1.2345", "x", "1e3", "12345678"] {
            assert_eq!(mills(text), None, "{text}");
        }
    }

    #[test]
    fn several_secrets_are_kept_together() {
        let fields = [
            Field::needed("id", Sort::Secret),
            Field::needed("key", Sort::Secret),
        ];
        let made = secret_of(&fields, &json!({ "id": "a", "key": "b" })).expect("a secret");
        assert_eq!(
            serde_json::from_str::<Value>(&made).ok(),
            Some(json!({ "id": "a", "key": "b" }))
        );
        assert_eq!(secret_of(&fields, &json!({})), None);
    }
}
