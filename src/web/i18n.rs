//! Every sentence, by key, in the reader's language. English is shipped; a missing sentence falls back to it.

use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::files::{Files, Folder};
use crate::bridge;

/// The language every sentence exists in.
pub const FALLBACK: &str = "en";

/// All sentences of all languages.
pub struct Sentences {
    bundles: BTreeMap<String, FluentBundle<FluentResource>>,
}

impl Sentences {
    /// Reads every `locales/{lang}/*.ftl`.
    ///
    /// # Errors
    /// A sentence naming the file that cannot be understood or that defines a key again.
    pub fn read(files: &Files) -> Result<Self, String> {
        let mut bundles: BTreeMap<String, FluentBundle<FluentResource>> = BTreeMap::new();
        for name in files.names(Folder::Locales) {
            let Some((lang, _)) = name.split_once('/').filter(|_| name.ends_with(".ftl")) else {
                continue;
            };
            let text = files
                .text(Folder::Locales, &name)
                .ok_or_else(|| format!("{name}: not UTF-8"))?;
            let resource = FluentResource::try_new(text)
                .map_err(|(_, errors)| format!("{name}: {errors:?}"))?;
            let identifier: LanguageIdentifier =
                lang.parse().map_err(|e| format!("{name}: {e}"))?;
            let bundle = bundles.entry(lang.to_owned()).or_insert_with(|| {
                let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
                // Names are isolated by <bdi> in templates; invisible marks would end up in copied text.
                bundle.set_use_isolating(false);
                bundle
            });
            bundle
                .add_resource(resource)
                .map_err(|errors| format!("{name}: {errors:?}"))?;
        }
        let Some(english) = bundles.get_mut(FALLBACK) else {
            return Err("no English sentences".to_owned());
        };
        // A kind of channel brings its English sentences along; every other language says them in `locales/`.
        for kind in bridge::kinds() {
            let word = kind.word();
            let resource = FluentResource::try_new(kind.sentences().to_owned())
                .map_err(|(_, errors)| format!("the channel {word}: {errors:?}"))?;
            english
                .add_resource(resource)
                .map_err(|errors| format!("the channel {word}: {errors:?}"))?;
        }
        Ok(Self { bundles })
    }

    /// The languages there are.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.bundles.keys().map(String::as_str)
    }

    /// Is the key known in English?
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.bundles
            .get(FALLBACK)
            .is_some_and(|b| b.has_message(key))
    }

    /// The sentence of a key, filled with `args` (numbers as numbers, so that plurals work); `None` if there is none.
    #[must_use]
    pub fn seek(&self, lang: &str, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let mut filled = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => {
                    filled.set((*name).to_owned(), FluentValue::from((*text).to_owned()))
                }
                Arg::Number(number) => filled.set((*name).to_owned(), FluentValue::from(*number)),
            }
        }
        self.format(lang, key, Some(&filled)).map(|(said, _)| said)
    }

    /// The sentence of a key that nothing fills; `None` where there is none, or where it waits for something.
    #[must_use]
    pub fn unfilled(&self, lang: &str, key: &str) -> Option<String> {
        let (said, whole) = self.format(lang, key, None)?;
        whole.then_some(said)
    }

    /// A sentence, and whether everything that it asks for was there.
    fn format(
        &self,
        lang: &str,
        key: &str,
        args: Option<&FluentArgs<'_>>,
    ) -> Option<(String, bool)> {
        let bundle = self
            .bundles
            .get(lang)
            .filter(|b| b.has_message(key))
            .or_else(|| self.bundles.get(FALLBACK))?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, args, &mut errors);
        Some((said.into_owned(), errors.is_empty()))
    }

    /// The sentence of a key, or the key itself where there is none (a test finds those).
    #[must_use]
    pub fn say(&self, lang: &str, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.seek(lang, key, args).unwrap_or_else(|| key.to_owned())
    }
}

/// What fills a sentence.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// Words.
    Text(&'a str),
    /// A number, which may choose a plural.
    Number(i64),
}

/// Scripts that run from right to left.
const RIGHT_TO_LEFT: [&str; 6] = ["ar", "he", "fa", "ur", "yi", "dv"];

/// `rtl` or `ltr`, for a language tag.
#[must_use]
pub fn direction(lang: &str) -> &'static str {
    let base = lang.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.contains(&base) {
        "rtl"
    } else {
        "ltr"
    }
}
