//! `/outreach/highlights/{id}/compose`: one master text, a variant for each channel, what the rules say of each, how it
//! will look there, when it is said. Kept by the server; one form, which works without scripts.
//!
//! Long because the page, its one form and what the form asks for belong together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::compose_beside::{
    PictureChoice, SuggestionCard, Theirs, picture_choices, suggestion_cards,
};
use super::compose_card::{Card, CardWords, card};
use super::parts::{ConsentCard, QuoteCard, SaidCard, Who, frame_words};
use crate::bridge::{self, ChannelLine, ChannelState};
use crate::db::Tx;
use crate::highlights::{
    self, Composition, Hour, Kept, PictureWish, Place, Plan, View, Wanted, WantedText,
};
use crate::kit::ids::{ChannelId, HighlightId, MediaId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::members;
use crate::policy::Action;
use crate::web::templates::Ui;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form's fields, as they came: their names hold the channel's number.
#[derive(Debug, Clone, Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn of(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> i64 {
        self.of(name).parse().unwrap_or_default()
    }

    fn channels(&self) -> Vec<ChannelId> {
        let mut ids: Vec<i64> = Vec::new();
        for (_, value) in self.0.iter().filter(|(key, _)| key == "channel") {
            ids.extend(value.parse::<i64>().ok().filter(|id| !ids.contains(id)));
        }
        ids.into_iter().map(ChannelId).collect()
    }

    fn text(&self, channel: ChannelId) -> WantedText {
        let field = |name: &str| self.of(&format!("{name}-{channel}")).to_owned();
        let reason = format!("reason-{channel}-");
        let reasons: BTreeMap<String, String> = self
            .0
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(&reason)?.to_owned(), value.clone())))
            .collect();
        let remade = self.number("remake") == channel.0;
        // The page says what it had made from the master: a field that still holds that follows on.
        let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        let (text, made) = (plain(&field("text")), plain(&field("made")));
        let own = !remade && !text.is_empty() && text != made;
        WantedText {
            channel,
            text: Some(text).filter(|_| own),
            plan: Plan::parse(&field("plan")).unwrap_or(Plan::Now),
            wall: field("wall"),
            hour: Hour::parse(&field("hour")),
            reasons,
        }
    }

    /// The picture that is chosen, with what stands in its own field for a description.
    fn picture(&self) -> Option<PictureWish> {
        let id = MediaId(self.number("picture"));
        let alt = self.of(&format!("alt-{id}")).to_owned();
        (id.0 > 0).then_some(PictureWish { id, alt: Some(alt) })
    }

    fn suggestion(&self) -> Option<i64> {
        Some(self.number("suggestion")).filter(|id| *id > 0)
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            revision: self.number("revision"),
            master: self.of("master").to_owned(),
            lang: self.of("lang").to_owned(),
            hashtags: self.of("hashtags").to_owned(),
            picture: self.picture(),
            suggestion: self.suggestion(),
            texts: self.channels().into_iter().map(|c| self.text(c)).collect(),
        }
    }
}

#[derive(Debug, Clone, Default, Serialize)]
struct Choice {
    id: i64,
    name: String,
    kind: String,
    limit: Option<usize>,
    covered: bool,
    open: bool,
    chosen: bool,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ComposePage {
    id: i64,
    title: String,
    quotes: Vec<QuoteCard>,
    consents: Vec<ConsentCard>,
    zone: String,
    second_eyes: bool,
    approved: bool,
    can_reword: bool,
    revision: i64,
    master: String,
    lang: String,
    hashtags: String,
    pictures: Vec<PictureChoice>,
    no_picture: bool,
    suggestions: Vec<SuggestionCard>,
    begun_with: Option<SuggestionCard>,
    saved_by: Who,
    saved_at: Option<i64>,
    channels: Vec<Choice>,
    cards: Vec<Card>,
    several: bool,
    said: Vec<SaidCard>,
    /// What a colleague kept while this was written.
    theirs: Option<Theirs>,
    problems: Problems,
}

impl Page for ComposePage {
    const TEMPLATE: &'static str = "highlights/compose";

    fn head(&self) -> Head {
        Head::filled(
            "highlights-announce-title",
            &[("title", self.title.as_str())],
        )
        .nav("outreach")
        .outward()
        .form()
    }

    fn samples() -> Vec<Self> {
        let channel = Choice {
            id: 1,
            name: "Announcements page".into(),
            kind: "page".into(),
            limit: Some(500),
            covered: true,
            open: true,
            chosen: true,
        };
        let closed = Choice {
            id: 2,
            name: "م".repeat(255),
            kind: "webhook".into(),
            ..Choice::default()
        };
        let usual = Self {
            id: 7,
            title: "A kingfisher".into(),
            quotes: QuoteCard::samples(),
            consents: ConsentCard::samples(),
            zone: "Europe/Berlin".into(),
            second_eyes: true,
            approved: true,
            can_reword: true,
            revision: 3,
            master: "“B” C".into(),
            lang: "en".into(),
            hashtags: "#Birds".into(),
            pictures: PictureChoice::samples(),
            no_picture: false,
            suggestions: SuggestionCard::samples(),
            begun_with: SuggestionCard::samples().pop(),
            saved_by: Who::sample(),
            saved_at: Some(super::parts::SAMPLE.0),
            channels: vec![channel, closed],
            cards: Card::samples(),
            several: true,
            said: SaidCard::samples(),
            theirs: None,
            problems: Problems::default(),
        };
        let wrong = Self {
            master: "م".repeat(255),
            saved_by: Who::default(),
            theirs: Some(Theirs::sample()),
            problems: Problems::one("text-1", "check-link-home"),
            ..usual.clone()
        };
        vec![Self::default(), usual, wrong]
    }
}

/// Channels a fresh page begins with: open, and agreed to by everybody quoted.
fn begin_with(lines: &[ChannelLine], view: &View) -> Vec<WantedText> {
    let covered = |kind: &str| Place::parse(kind).is_some_and(|p| view.covered.has(p));
    lines
        .iter()
        .filter(|line| line.state == ChannelState::Open && covered(&line.kind))
        .take(6)
        .map(|line| WantedText::following(line.id))
        .collect()
}

fn shown(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    ui: &Ui,
    id: HighlightId,
    (fields, begin, problems): (Option<&Fields>, Option<i64>, Problems),
) -> Result<ComposePage> {
    let view = highlights::view(tx, &viewer.actor, id)?;
    viewer.actor.may(&Action::Announce(&view.facts))?;
    let words = frame_words(ui, &viewer.settings);
    let lines = bridge::channels(tx)?;
    let mut all = match fields {
        Some(fields) => highlights::drafted(tx, &viewer.actor, id, &fields.wanted())?,
        None => highlights::composition(tx, &viewer.actor, id, &words.nameless, &words.said_in)?,
    };
    let untouched = view.announcements.is_empty() && all.revision == 0 && fields.is_none();
    if untouched {
        let wanted = Wanted {
            revision: 0,
            master: all.master.clone(),
            lang: all.lang.clone(),
            hashtags: String::new(),
            picture: None,
            suggestion: None,
            texts: begin_with(&lines, &view),
        };
        all = highlights::drafted(tx, &viewer.actor, id, &wanted)?;
    }
    if let Some(begin) = begin {
        all = begun(tx, viewer, all, begin)?;
    }
    let mut theirs = None;
    if problems.of("master").is_some_and(|p| p.key == Theirs::KEY) {
        let kept = highlights::composition(tx, &viewer.actor, id, &words.nameless, &words.said_in)?;
        // The next press of the button counts as having been told.
        all.revision = kept.revision;
        theirs = Some(Theirs::of(tx, &lines, &kept)?);
    }
    let mut page = page(tx, viewer, &words.nameless, (&view, &lines, &all), problems)?;
    page.theirs = theirs;
    Ok(page)
}

/// The master text is the suggested one, for whoever looks at it now; nothing is kept before they keep it.
fn begun(tx: &mut Tx<'_>, viewer: &Viewer, all: Composition, begin: i64) -> Result<Composition> {
    let one = highlights::suggestion(tx, &viewer.actor, all.highlight, begin)?;
    let follow = |text: Kept| WantedText {
        channel: text.channel,
        text: Some(text.text).filter(|_| text.own),
        plan: text.plan,
        wall: text.wall,
        hour: text.hour,
        reasons: text.reasons,
    };
    let wanted = Wanted {
        revision: all.revision,
        master: one.words,
        lang: all.lang,
        hashtags: all.hashtags,
        picture: all.picture,
        suggestion: Some(one.id),
        texts: all.texts.into_iter().map(follow).collect(),
    };
    highlights::drafted(tx, &viewer.actor, all.highlight, &wanted)
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    nameless: &str,
    (view, lines, all): (&View, &[ChannelLine], &Composition),
    problems: Problems,
) -> Result<ComposePage> {
    let mut cards = Vec::new();
    for text in &all.texts {
        let words = CardWords {
            nameless,
            site: &viewer.settings.name,
            lang: &all.lang,
            hashtags: &all.hashtags,
            picture: all.picture.as_ref(),
        };
        cards.push(card(tx, viewer, view.highlight.id, text, &words)?);
    }
    let saved_by = match all.saved_by {
        Some(id) => members::cards(tx, &[id])?.get(&id).map(Who::of),
        None => None,
    };
    let suggestions = suggestion_cards(tx, viewer, view.highlight.id)?;
    let begun_with = all
        .suggestion
        .and_then(|id| suggestions.iter().find(|one| one.is(id)));
    let chosen = |id: ChannelId| all.texts.iter().any(|t: &Kept| t.channel == id);
    Ok(ComposePage {
        id: view.highlight.id.0,
        title: view.highlight.title.clone(),
        quotes: view.quotes.iter().map(QuoteCard::of).collect(),
        consents: view.consents.iter().map(ConsentCard::of).collect(),
        zone: viewer.settings.zone.clone(),
        second_eyes: viewer.settings.second_eyes_on_texts,
        approved: view.highlight.state == highlights::State::Approved,
        can_reword: !view.quotes.is_empty() && !view.announcements.iter().any(|a| a.state.is_out()),
        revision: all.revision,
        master: all.master.clone(),
        lang: all.lang.clone(),
        hashtags: all.hashtags.clone(),
        pictures: picture_choices(tx, view.highlight.id, all.picture.as_ref())?,
        no_picture: all.picture.is_none(),
        begun_with: begun_with.cloned(),
        suggestions,
        saved_by: saved_by.unwrap_or_default(),
        saved_at: all.saved_at.map(|at| at.0),
        channels: lines
            .iter()
            .map(|line| Choice {
                id: line.id.0,
                name: line.name.clone(),
                kind: line.kind.clone(),
                limit: line.limit,
                covered: Place::parse(&line.kind).is_some_and(|place| view.covered.has(place)),
                open: line.state == ChannelState::Open,
                chosen: chosen(line.id),
            })
            .collect(),
        several: cards.len() > 1,
        cards,
        said: view.announcements.iter().map(SaidCard::of).collect(),
        theirs: None,
        problems,
    })
}

/// The old address of this page.
pub async fn moved(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let view = highlights::view(tx, &viewer.actor, id)?;
        viewer.actor.may(&Action::Announce(&view.facts))?;
        Ok(Shown::see(format!("/outreach/highlights/{id}/compose")))
    })
    .await
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Begin with this suggestion.
    suggestion: Option<i64>,
}

/// Shows what is being written.
pub async fn form(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let asked: Asked = call.query()?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let asked = (None, asked.suggestion, Problems::default());
        let made = shown(tx, viewer, &ui, id, asked)?;
        Ok(Shown::from(made))
    })
    .await
}

/// Keeps it, schedules one text or all of them, or only looks (scripts ask that while somebody types).
pub async fn compose(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let fields = Fields(call.form()?);
    let ui = call.app().ui()?;
    let begin = Some(fields.number("begin")).filter(|id| *id > 0);
    if begin.is_some() || fields.of("go") == "look" {
        return call
            .page(move |tx, viewer| {
                let asked = (Some(&fields), begin, Problems::default());
                Ok(Shown::from(shown(tx, viewer, &ui, id, asked)?))
            })
            .await;
    }
    let (again, words_ui) = (fields.clone(), ui.clone());
    call.submit(
        move |tx, viewer| done(tx, viewer, &words_ui, id, &fields),
        move |tx, viewer, problems| {
            let asked = (Some(&again), None, problems.clone());
            Ok(Shown::from(shown(tx, viewer, &ui, id, asked)?))
        },
    )
    .await
}

fn done(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    ui: &Ui,
    id: HighlightId,
    fields: &Fields,
) -> Result<See> {
    let wanted = fields.wanted();
    let kept = highlights::save(tx, &viewer.actor, id, &wanted).map_err(|stop| match stop {
        Stop::Refused(Refusal::Stale) => Stop::invalid("master", Theirs::KEY),
        other => other,
    })?;
    let desk = format!("/outreach/highlights/{id}/compose");
    let one = fields.number("schedule");
    let go: Vec<ChannelId> = match (one, fields.of("go")) {
        (0, "all") => kept.texts.iter().map(|text| text.channel).collect(),
        (0, _) => Vec::new(),
        (one, _) => vec![ChannelId(one)],
    };
    if go.is_empty() {
        if fields.of("go") == "all" || kept.texts.is_empty() {
            return Err(Stop::invalid("channels", "channel-needed"));
        }
        return Ok(See::to(desk).flash("texts-kept"));
    }
    let nameless = frame_words(ui, &viewer.settings).nameless;
    let mut last = None;
    for channel in &go {
        let made = highlights::schedule_text(tx, &viewer.actor, id, *channel, &nameless)
            .map_err(|stop| of_card(stop, *channel))?;
        last = Some(made);
    }
    let flash = if viewer.settings.second_eyes_on_texts {
        "announcement-waiting"
    } else {
        "announcement-scheduled"
    };
    let way = match last {
        Some(made) if kept.texts.len() == go.len() => format!("/outreach/announcements/{made}"),
        _ => desk,
    };
    Ok(See::to(way).flash(flash))
}

/// What is wrong with one channel's text, said at that text.
fn of_card(stop: Stop, channel: ChannelId) -> Stop {
    let Stop::Invalid(mut problems) = stop else {
        return stop;
    };
    for problem in &mut problems.0 {
        let field = match problem.field.as_str() {
            "when" => "wall",
            "lang" => continue,
            _ => "text",
        };
        problem.field = format!("{field}-{channel}");
    }
    Stop::Invalid(problems)
}
