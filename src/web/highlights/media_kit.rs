//! What was taken, as files: a media kit (ZIP), a table (CSV), the same for programs (JSON).
//!
//! Long because every form of the same thing stands here, so that none says more than another.

use std::io::{Cursor, Write};

use serde::Serialize;
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::parts::FrameWords;
use crate::bridge;
use crate::highlights::{
    self, Attribution, Batch, Place, Taken, Voice, compose, covered_words, standard_frame,
};
use crate::kit::ids::{HighlightId, PullId};
use crate::kit::slug::slugify;
use crate::kit::{At, Fault, Result, Stop};
use crate::site::Settings;
use crate::web::Call;
use crate::web::i18n::{Arg, Sentences};

/// Most pictures in one kit.
const MOST_PICTURES: usize = 40;

/// A text for one kind of place, ready to be copied.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Text {
    /// The kind of place.
    pub place: &'static str,
    /// The text with its link.
    pub text: String,
    /// Its length in characters, as that kind of place usually counts.
    pub length: usize,
    /// The most that usually fits there; 0 for no limit.
    pub limit: usize,
    /// How many characters it has too many.
    pub over: usize,
}

/// A voice as the frame wants it. The name that was agreed to is the only one that is known here.
fn voices(taken: &Taken) -> Vec<Voice> {
    taken
        .voices
        .iter()
        .map(|voice| Voice {
            excerpt: Some(voice.words.clone()),
            handle: String::new(),
            display: voice.named.clone().unwrap_or_default(),
            attribution: voice.attribution,
            named: voice.named.clone(),
            trimming: voice.trimming,
            affiliated: false,
        })
        .collect()
}

/// The texts for every kind of place that the consents cover, and one for anything else by hand.
pub fn texts(taken: &Taken, words: &FrameWords) -> Vec<Text> {
    let frame = standard_frame(
        &voices(taken),
        &words.nameless,
        &words.said_in,
        &taken.title,
    );
    let mut places = vec![Place::MANUAL];
    places.extend(Place::all().filter(|place| {
        taken.covered.has(*place) && place.takes_copied_text() && *place != Place::MANUAL
    }));
    places
        .into_iter()
        .map(|place| {
            let mut text = compose(&frame, &taken.link, place);
            if place.link_beside() {
                text = format!("{text}\n{}", taken.link);
            }
            let length = bridge::kind(place.as_str()).map_or_else(
                || text.graphemes(true).count(),
                |kind| kind.count_length(&text),
            );
            let limit = place.usual_limit().unwrap_or(0);
            Text {
                place: place.as_str(),
                over: if limit == 0 {
                    0
                } else {
                    length.saturating_sub(limit)
                },
                text,
                length,
                limit,
            }
        })
        .collect()
}

/// The words of files, in the community's language.
pub struct Say<'s> {
    /// Every sentence.
    pub sentences: &'s Sentences,
    /// The community.
    pub settings: &'s Settings,
    /// What frames say.
    pub words: &'s FrameWords,
}

impl Say<'_> {
    fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.sentences.say(&self.settings.lang, key, args)
    }

    fn named(&self, name: Option<&str>) -> String {
        name.map_or_else(|| self.words.nameless.clone(), str::to_owned)
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Stop {
    Stop::Fault(Fault::from_error("writing a media kit", error))
}

/// A picture that may go along.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The highlight it belongs to.
    pub highlight: HighlightId,
    /// Its file's name; the ending says what it is.
    pub name: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The pictures that the consents of a pull cover, read from the store. Which ones leave is written down.
///
/// # Errors
/// Refused to whoever may not pull; a fault where a picture cannot be read.
pub async fn pictures(call: &Call, id: PullId) -> Result<Vec<Picture>> {
    let actor = call.actor().await?;
    let named = call
        .app()
        .db
        .write(move |tx| highlights::hand_out(tx, &actor, id, MOST_PICTURES))
        .await?;
    let mut pictures = Vec::with_capacity(named.len());
    for (highlight, upload) in named {
        let bytes = call.app().media.get(&upload.name).await?;
        pictures.push(Picture {
            highlight,
            name: upload.name,
            alt: upload.alt,
            bytes,
        });
    }
    Ok(pictures)
}

/// The media kit: for each highlight a folder with its texts, its pictures with what they show, the attribution, the
/// consents and the way back. A picture whose highlight fell in the meantime is left out with it.
///
/// # Errors
/// A fault where the archive cannot be written.
pub fn kit(batch: &Batch, pictures: &[Picture], say: &Say<'_>) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut file = |name: String, bytes: &[u8]| -> Result<()> {
        zip.start_file(name, options).map_err(failed)?;
        zip.write_all(bytes).map_err(failed)
    };
    for (folder, taken) in folders(batch) {
        let own = pictures.iter().filter(|p| p.highlight == taken.highlight);
        let mut shown = String::new();
        for (number, picture) in (1..).zip(own) {
            let ending = picture.name.rsplit('.').next().unwrap_or("jpg");
            let name = format!("{number:02}.{ending}");
            shown.push_str(&format!("{name}: {}\n", picture.alt));
            file(format!("{folder}/pictures/{name}"), &picture.bytes)?;
        }
        if !shown.is_empty() {
            file(format!("{folder}/pictures/alt.txt"), shown.as_bytes())?;
        }
    }
    let mut put = |name: String, text: &str| file(name, text.as_bytes());
    put("README.txt".to_owned(), &readme(batch, say))?;
    for (folder, taken) in folders(batch) {
        for text in texts(taken, say.words) {
            put(
                format!("{folder}/texts/{}.txt", text.place),
                &(text.text + "\n"),
            )?;
        }
        let lines: Vec<String> = taken
            .voices
            .iter()
            .map(|voice| {
                let named = say.named(voice.named.as_deref());
                format!("\u{201c}{}\u{201d}\n\u{2014} {named}\n", voice.words)
            })
            .collect();
        put(format!("{folder}/quotes.txt"), &lines.join("\n"))?;
        put(
            format!("{folder}/attribution.txt"),
            &(attribution(taken, say) + "\n"),
        )?;
        put(format!("{folder}/source.txt"), &format!("{}\n", taken.link))?;
        let record = serde_json::to_string_pretty(&consent_record(taken))?;
        put(format!("{folder}/consent.json"), &(record + "\n"))?;
    }
    let bytes = zip.finish().map_err(failed)?;
    Ok(bytes.into_inner())
}

/// Each highlight with its folder.
fn folders(batch: &Batch) -> impl Iterator<Item = (String, &Taken)> {
    (1..)
        .zip(&batch.taken)
        .map(|(number, taken): (usize, &Taken)| {
            (format!("{number:02}-{}", slugify(&taken.title)), taken)
        })
}

fn attribution(taken: &Taken, say: &Say<'_>) -> String {
    let mut names: Vec<String> = Vec::new();
    for voice in &taken.voices {
        let named = say.named(voice.named.as_deref());
        if !names.contains(&named) {
            names.push(named);
        }
    }
    let names = names.join(", ");
    let line = if names.is_empty() {
        say.words.said_in.clone()
    } else {
        format!("{names}. {}", say.words.said_in)
    };
    format!("{line} {}", taken.link)
}

fn readme(batch: &Batch, say: &Say<'_>) -> String {
    let site = &say.settings.name;
    let mut lines = vec![
        say.say("highlights-kit-title", &[("site", Arg::Text(site))]),
        String::new(),
        say.say(
            "highlights-kit-for",
            &[("purpose", Arg::Text(&batch.purpose))],
        ),
        say.say(
            "highlights-kit-when",
            &[("at", Arg::Text(&batch.at.rfc3339()))],
        ),
        String::new(),
        say.say("highlights-kit-words", &[]),
        say.say("highlights-kit-names", &[]),
        say.say("highlights-kit-recall", &[]),
        String::new(),
    ];
    for (number, taken) in batch.taken.iter().enumerate() {
        lines.push(format!("{:02}  {}", number + 1, taken.title));
        lines.push(format!("    {}", attribution(taken, say)));
        if let Some(end) = taken.expires_at {
            let end = end.rfc3339();
            let until = say.say("highlights-kit-until", &[("at", Arg::Text(&end))]);
            lines.push(format!("    {until}"));
        }
    }
    lines.push(String::new());
    lines.push(say.say("highlights-kit-files", &[]));
    lines.join("\r\n") + "\r\n"
}

/// What was agreed to, with no name but the one agreed to.
fn consent_record(taken: &Taken) -> serde_json::Value {
    let consents: Vec<_> = taken
        .agreed
        .iter()
        .map(|one| {
            json!({
                "attribution": one.attribution,
                "attributed_as": one.named,
                "trimming": one.trimming,
                "by_hand": one.by_hand,
                "channels": one.places,
                "given_at": one.at.map(At::rfc3339),
                "wording": one.wording,
                "words_sha256": one.words_hash,
            })
        })
        .collect();
    json!({
        "highlight": taken.highlight,
        "approved_at": taken.approved_at.map(At::rfc3339),
        "taken_at": taken.at.rfc3339(),
        "source": taken.source,
        "consents": consents,
    })
}

/// One highlight for programs.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    id: i64,
    title: String,
    lang: String,
    audience: String,
    category: String,
    topics: Vec<String>,
    quotes: Vec<ItemQuote>,
    channels: Vec<&'static str>,
    by_hand: bool,
    texts: Vec<Text>,
    link: String,
    source: String,
    consents: serde_json::Value,
    approved_at: Option<String>,
    expires_at: Option<String>,
    taken_at: String,
}

#[derive(Debug, Clone, Serialize)]
struct ItemQuote {
    excerpt: String,
    attribution: Attribution,
    attributed_as: Option<String>,
}

/// What was taken, for programs.
pub fn items(batch: &Batch, words: &FrameWords) -> Vec<Item> {
    batch
        .taken
        .iter()
        .map(|taken| Item {
            id: taken.highlight.0,
            title: taken.title.clone(),
            lang: taken.lang.clone(),
            audience: taken.audience.clone(),
            category: taken.category.clone(),
            topics: taken.topics.clone(),
            quotes: taken
                .voices
                .iter()
                .map(|voice| ItemQuote {
                    excerpt: voice.words.clone(),
                    attribution: voice.attribution,
                    attributed_as: voice.named.clone(),
                })
                .collect(),
            channels: covered_words(&taken.covered),
            by_hand: taken.covered.by_hand,
            texts: texts(taken, words),
            link: taken.link.clone(),
            source: taken.source.clone(),
            consents: consent_record(taken)["consents"].clone(),
            approved_at: taken.approved_at.map(At::rfc3339),
            expires_at: taken.expires_at.map(At::rfc3339),
            taken_at: taken.at.rfc3339(),
        })
        .collect()
}

/// The heads of the table.
const COLUMNS: &[&str] = &[
    "id",
    "title",
    "quote",
    "named_as",
    "language",
    "category",
    "topics",
    "audience",
    "channels",
    "by_hand",
    "link",
    "source",
    "approved_at",
    "expires_at",
    "taken_at",
];

/// The table: a row for each voice (RFC 4180, UTF-8 with a mark, so that spreadsheets read it).
pub fn table(batch: &Batch, words: &FrameWords) -> String {
    let mut out = String::from("\u{feff}");
    row(&mut out, COLUMNS.iter().map(|column| (*column).to_owned()));
    for taken in &batch.taken {
        let moment = |at: Option<At>| at.map(At::rfc3339).unwrap_or_default();
        let around = |quote: &str, named: &str| {
            [
                taken.highlight.to_string(),
                taken.title.clone(),
                quote.to_owned(),
                named.to_owned(),
                taken.lang.clone(),
                taken.category.clone(),
                taken.topics.join(", "),
                taken.audience.clone(),
                covered_words(&taken.covered).join(", "),
                taken.covered.by_hand.to_string(),
                taken.link.clone(),
                taken.source.clone(),
                moment(taken.approved_at),
                moment(taken.expires_at),
                taken.at.rfc3339(),
            ]
        };
        if taken.voices.is_empty() {
            row(&mut out, around("", "").into_iter());
        }
        for voice in &taken.voices {
            let named = voice.named.as_deref().unwrap_or(&words.nameless);
            row(&mut out, around(&voice.words, named).into_iter());
        }
    }
    out
}

fn row(out: &mut String, cells: impl Iterator<Item = String>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            out.push(',');
        }
        // A spreadsheet takes these for formulas.
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let cell = if formula { format!("'{cell}") } else { cell };
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        use crate::highlights::{Agreed, Covered, How, Places, Voiced};
        use crate::kit::ids::{HighlightId, PullId};
        let voice = Voiced {
            words: "This morning a kingfisher.".into(),
            named: None,
            attribution: Attribution::Member,
            trimming: false,
        };
        let agreed = Agreed {
            named: None,
            attribution: Attribution::Member,
            trimming: false,
            by_hand: true,
            places: vec!["page", "x"],
            at: Some(At(1_700_000_000_000_000)),
            wording: "2026-11".into(),
            words_hash: "00ff".into(),
        };
        let taken = Taken {
            pull: PullId(3),
            highlight: HighlightId(7),
            title: "A kingfisher / in the court".into(),
            lang: "en".into(),
            audience: String::new(),
            topics: vec!["birds".into()],
            category: "Field notes".into(),
            voices: vec![voice],
            covered: Covered {
                places: Places::parse(["page", "x"]),
                by_hand: true,
            },
            agreed: vec![agreed],
            link: "https://x.example/h/23456789".into(),
            source: "https://x.example/t/x/1".into(),
            approved_at: Some(At(1_700_000_000_000_000)),
            at: At(1_700_000_000_000_000),
            expires_at: Some(At(1_800_000_000_000_000)),
        };
        Batch {
            id: PullId(3),
            how: How::Kit,
            purpose: "A poster".into(),
            recipient: String::new(),
            member: None,
            at: At(1_700_000_000_000_000),
            taken: vec![taken],
            fallen: 0,
        }
    }

    #[test]
    fn a_kit_holds_everything_and_nothing_more() {
        use std::io::Read;
        let sentences = Sentences::read(&crate::web::files::Files::default()).unwrap();
        let settings = Settings {
            name: "The Commons".into(),
            ..Settings::default()
        };
        let words = FrameWords {
            nameless: "a member".into(),
            said_in: "Said in The Commons.".into(),
        };
        let say = Say {
            sentences: &sentences,
            settings: &settings,
            words: &words,
        };
        let picture = Picture {
            highlight: crate::kit::ids::HighlightId(7),
            name: "k3j-1600x1200.jpg".into(),
            alt: "A bird on a bronze heron".into(),
            bytes: b"not really a picture".to_vec(),
        };
        let bytes = kit(&batch(), &[picture], &say).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut files = std::collections::BTreeMap::new();
        for number in 0..zip.len() {
            let mut file = zip.by_index(number).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            files.insert(file.name().unwrap().into_owned(), text);
        }
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "01-a-kingfisher-in-the-court/attribution.txt",
                "01-a-kingfisher-in-the-court/consent.json",
                "01-a-kingfisher-in-the-court/pictures/01.jpg",
                "01-a-kingfisher-in-the-court/pictures/alt.txt",
                "01-a-kingfisher-in-the-court/quotes.txt",
                "01-a-kingfisher-in-the-court/source.txt",
                "01-a-kingfisher-in-the-court/texts/manual.txt",
                "01-a-kingfisher-in-the-court/texts/page.txt",
                "01-a-kingfisher-in-the-court/texts/x.txt",
                "README.txt",
            ]
        );
        assert!(files["README.txt"].contains("A poster"));
        let alt = &files["01-a-kingfisher-in-the-court/pictures/alt.txt"];
        assert_eq!(alt, "01.jpg: A bird on a bronze heron\n");
        let quotes = &files["01-a-kingfisher-in-the-court/quotes.txt"];
        assert!(quotes.contains("a kingfisher.") && quotes.contains("a member"));
    }

    #[test]
    fn the_table_has_a_row_for_each_voice() {
        let words = FrameWords {
            nameless: "a member".into(),
            said_in: String::new(),
        };
        let table = table(&batch(), &words);
        assert_eq!(table.lines().count(), 2, "{table}");
        assert!(table.contains("\"a member\""), "{table}");
    }

    #[test]
    fn a_cell_is_no_formula_and_keeps_its_quotation_marks() {
        let mut out = String::new();
        let cells = ["=1+1", "She said \"no\"", "a\nb", "-", ""];
        row(&mut out, cells.iter().map(|c| (*c).to_owned()));
        assert_eq!(
            out,
            "\"'=1+1\",\"She said \"\"no\"\"\",\"a\nb\",\"'-\",\"\"\r\n"
        );
    }
}
