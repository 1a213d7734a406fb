//! `/outreach/deliveries`: what became of everything, and a person's say where nobody else knows.
//!
//! Long because a page that has to explain every doubt has a sample of every doubt beside it.

use serde::{Deserialize, Serialize};

use super::parts::{AttemptCard, DeliveryCard, Pager, is_link, longest, pager};
use super::whys::WHYS;
use crate::bridge::{
    self, AttemptKind, DeliveryDetail, Operation, Resolution, Role, State, Wanted,
};
use crate::db::Tx;
use crate::highlights;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AnnouncementId, ChannelId, DeliveryId};
use crate::kit::{Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Deliveries on a page.
const ON_A_PAGE: usize = 30;

#[derive(Debug, Clone, Serialize)]
struct Choice {
    word: String,
    count: Option<i64>,
    chosen: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Place {
    id: i64,
    name: String,
    chosen: bool,
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeliveriesPage {
    deliveries: Vec<DeliveryCard>,
    /// What was changed or removed outside, for somebody to look at.
    differing: Vec<DeliveryCard>,
    /// How many wait for a person to say what became of them.
    needs_human: i64,
    states: Vec<Choice>,
    channels: Vec<Place>,
    filtered: bool,
    pager: Option<Pager>,
}

impl Page for DeliveriesPage {
    const TEMPLATE: &'static str = "bridge/deliveries";

    fn head(&self) -> Head {
        Head::new("bridge-deliveries-title")
            .nav("outreach")
            .outward()
    }

    fn samples() -> Vec<Self> {
        let states = |chosen: Option<State>| {
            let choice = |state: &State| Choice {
                word: state.to_string(),
                count: Some(3),
                chosen: chosen == Some(*state),
            };
            State::ALL.iter().map(choice).collect::<Vec<_>>()
        };
        vec![
            Self::default(),
            Self {
                deliveries: DeliveryCard::samples(),
                states: states(None),
                ..Self::default()
            },
            Self {
                deliveries: State::ALL
                    .iter()
                    .flat_map(|state| {
                        DeliveryCard::samples()
                            .into_iter()
                            .map(|card| DeliveryCard {
                                state: state.to_string(),
                                ..card
                            })
                    })
                    .collect(),
                differing: DeliveryCard::samples().split_off(1),
                needs_human: 12,
                states: states(Some(State::Dead)),
                channels: vec![Place {
                    id: 1,
                    name: super::parts::longest(),
                    chosen: true,
                }],
                filtered: true,
                pager: pager(Some("/outreach/deliveries?after=AQ".to_owned())),
            },
        ]
    }
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    channel: String,
    after: String,
}

/// Shows the list.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    let state = State::parse(&asked.state);
    let channel = asked.channel.parse::<ChannelId>().ok();
    let before = Cursor::decode(&asked.after)
        .and_then(|cursor| cursor.as_one())
        .map(DeliveryId);
    call.page(move |tx, viewer| {
        let wanted = Wanted {
            state,
            channel,
            origin: None,
            before,
            most: i64::try_from(ON_A_PAGE + 1).unwrap_or(31),
        };
        let mut lines = bridge::deliveries(tx, &viewer.actor, &wanted)?;
        let more = lines.len() > ON_A_PAGE;
        lines.truncate(ON_A_PAGE);
        let filter = |name: &str, value: Option<String>| {
            value.map(|v| format!("{name}={v}&")).unwrap_or_default()
        };
        let filters = filter("state", state.map(|s| s.to_string()))
            + &filter("channel", channel.map(|c| c.to_string()));
        let next = lines.last().filter(|_| more).map(|last| {
            format!(
                "/outreach/deliveries?{filters}after={}",
                Cursor::one(last.id.0).encode()
            )
        });
        let counts = bridge::counts(tx, &viewer.actor)?;
        let choice = |word: &State| Choice {
            word: word.to_string(),
            count: counts
                .iter()
                .find(|(s, _)| s == word)
                .map(|(_, count)| *count),
            chosen: state == Some(*word),
        };
        let place = |line: &bridge::ChannelLine| Place {
            id: line.id.0,
            name: line.name.clone(),
            chosen: channel == Some(line.id),
        };
        let filtered = state.is_some() || channel.is_some() || before.is_some();
        let differing = match filtered {
            true => Vec::new(),
            false => bridge::differences(tx, &viewer.actor)?,
        };
        let stuck = counts.iter().find(|(s, _)| *s == State::NeedsHuman);
        Ok(Shown::from(DeliveriesPage {
            deliveries: DeliveryCard::all(tx, &viewer.actor, &lines)?,
            differing: DeliveryCard::all(tx, &viewer.actor, &differing)?,
            needs_human: stuck.filter(|_| !filtered).map_or(0, |(_, count)| *count),
            states: State::ALL.iter().map(choice).collect(),
            channels: bridge::channels(tx)?.iter().map(place).collect(),
            filtered: state.is_some() || channel.is_some(),
            pager: pager(next),
        }))
    })
    .await
}

/// A picture that goes along when a person carries something by hand.
#[derive(Debug, Clone, Default, Serialize)]
struct KitPicture {
    path: String,
    alt: String,
}

/// Everything that somebody needs who has this page in front of them and nothing else.
#[derive(Debug, Clone, Default, Serialize)]
struct Guide {
    /// Nobody knows what became of it.
    uncertain: bool,
    /// No program can do it: a person is to do it now.
    by_hand: bool,
    /// What is to be done by hand is about letters that have left.
    mail: bool,
    /// How the sentences about what is to be done by hand begin.
    title: &'static str,
    text: &'static str,
    /// It arrived, and nobody knows where it stands.
    unlinked: bool,
    /// The channel is being asked; a person may be quicker.
    looking: bool,
    /// When the last try began, and when its end was known.
    sent_from: Option<i64>,
    sent_until: Option<i64>,
    /// What the channel's account is called, and where it is.
    account: String,
    account_url: Option<String>,
    /// Where the channel leads, in a few words.
    destination: String,
    /// What stands in the post and nowhere else: to search for.
    link: String,
    /// Where the announcement stands that is to be corrected or taken back.
    stands_at: Option<String>,
    /// The first words, for those whose network hides links from the search.
    begins: String,
    pictures: Vec<KitPicture>,
}

impl Guide {
    fn of(tx: &mut Tx<'_>, detail: &DeliveryDetail, viewer: &Viewer) -> Result<Self> {
        let line = &detail.line;
        let channel = bridge::channel(tx, line.channel)?;
        let open = matches!(
            line.state,
            State::Unknown | State::Reconciling | State::NeedsHuman
        );
        let refused = ["rejected", "gone", "tries", "payload-changed"];
        let by_hand = line.state == State::NeedsHuman
            && (line.state_reason == "by-hand"
                || (line.operation == Operation::Withdraw
                    && refused.contains(&line.state_reason.as_str())));
        let sends = |kind: AttemptKind| kind == AttemptKind::Send;
        let last = detail.attempts.iter().rev().find(|try_| sends(try_.kind));
        let pictures = match by_hand && line.operation != Operation::Withdraw {
            true => pictures(tx, viewer, line)?,
            false => Vec::new(),
        };
        let role = bridge::kind(&line.channel_kind).map(|kind| kind.manner().role);
        let mail = by_hand && role == Some(Role::Letters);
        let (title, text) = hand_sentences(mail);
        Ok(Self {
            uncertain: open && !by_hand,
            by_hand,
            mail,
            title,
            text,
            unlinked: line.state == State::Sent && line.state_reason == "unlinked",
            looking: line.state == State::Reconciling,
            sent_from: last.map(|try_| try_.started_at.0),
            sent_until: last.and_then(|try_| try_.finished_at).map(|at| at.0),
            account: channel.account.clone().unwrap_or_default(),
            account_url: channel.account_url.clone().filter(|url| is_link(url)),
            destination: channel.destination.clone(),
            link: match line.code.as_str() {
                "" => String::new(),
                code => tx.link(&format!("/h/{code}")),
            },
            stands_at: detail.stands_at.clone().filter(|url| is_link(url)),
            begins: begins(&detail.words),
            pictures,
        })
    }
}

/// How the keys of the sentences for what is to be done by hand begin.
const fn hand_sentences(mail: bool) -> (&'static str, &'static str) {
    if mail {
        ("bridge-hand-title-mail-", "bridge-hand-text-mail-")
    } else {
        ("bridge-hand-title-", "bridge-hand-text-")
    }
}

/// The first line of the words, as far as a search takes it.
fn begins(words: &str) -> String {
    let line = words.lines().find(|line| !line.trim().is_empty());
    line.unwrap_or_default().trim().chars().take(60).collect()
}

/// The pictures that may go along.
fn pictures(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    line: &bridge::DeliveryLine,
) -> Result<Vec<KitPicture>> {
    if line.origin_kind != "announcement" {
        return Ok(Vec::new());
    }
    let id = AnnouncementId(line.origin_id);
    let (_, highlight) = highlights::announcement(tx, &viewer.actor, id)?;
    let pictures = highlights::pictures(tx, highlight.id)?;
    Ok(pictures
        .iter()
        .map(|picture| KitPicture {
            path: picture.path(),
            alt: picture.alt.clone(),
        })
        .collect())
}

/// One delivery.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeliveryPage {
    delivery: DeliveryCard,
    guide: Guide,
    attempts: Vec<AttemptCard>,
    words: String,
    payload: String,
    hash: String,
    key: String,
    expires_at: Option<i64>,
    can_resolve_present: bool,
    can_resolve_absent: bool,
    can_requeue: bool,
    can_cancel: bool,
    can_look: bool,
    can_note: bool,
    url: String,
    problems: Problems,
}

impl DeliveryPage {
    fn of(tx: &mut Tx<'_>, detail: &DeliveryDetail, viewer: &Viewer) -> Result<Self> {
        let line = &detail.line;
        let cards = DeliveryCard::all(tx, &viewer.actor, std::slice::from_ref(line))?;
        let delivery = cards.into_iter().next().unwrap_or_default();
        let guide = Guide::of(tx, detail, viewer)?;
        let resolves = viewer.can(&Action::ResolveDelivery);
        let open = matches!(
            line.state,
            State::Unknown | State::Reconciling | State::NeedsHuman
        );
        let over = matches!(line.state, State::Dead | State::Expired);
        let announced = line.operation == Operation::Announce && line.state == State::Sent;
        Ok(Self {
            attempts: AttemptCard::all(tx, detail)?,
            words: detail.words.clone(),
            payload: detail.payload.clone(),
            hash: detail.payload_hash.clone(),
            key: detail.key.clone(),
            expires_at: detail.expires_at.map(|at| at.0),
            can_resolve_present: resolves && (open || over || guide.unlinked),
            // What only a person can do is done, or not yet: there is nothing to send again.
            can_resolve_absent: resolves && open && line.state_reason != "by-hand",
            can_requeue: resolves && over && !line.recalled,
            can_cancel: viewer.can(&Action::WithdrawAnnouncement)
                && line.operation != Operation::Withdraw
                && (line.state.is_waiting() || over),
            can_look: resolves && announced && !line.recalled,
            can_note: viewer.can(&Action::WithdrawAnnouncement)
                && !delivery.differs.is_empty()
                && !delivery.differs_noted,
            url: String::new(),
            problems: Problems::default(),
            delivery,
            guide,
        })
    }

    /// One sample per operation and doubt.
    fn doubts() -> Vec<Self> {
        let guide = |kind: &str| Guide {
            uncertain: kind == "uncertain",
            by_hand: matches!(kind, "by-hand" | "mail"),
            mail: kind == "mail",
            title: hand_sentences(kind == "mail").0,
            text: hand_sentences(kind == "mail").1,
            unlinked: kind == "unlinked",
            looking: true,
            sent_from: Some(1_700_000_000_000_000),
            sent_until: Some(1_700_000_030_000_000),
            account: "@museum@social.example".to_owned(),
            account_url: Some("https://social.example/@museum".to_owned()),
            destination: "social.example".to_owned(),
            link: "https://commons.example/h/k7mwq2xp".to_owned(),
            stands_at: Some("https://social.example/@museum/7".to_owned()),
            begins: "Three pairs this spring".to_owned(),
            pictures: vec![KitPicture {
                path: "/media/7/abc.webp".to_owned(),
                alt: "A kingfisher on a post".to_owned(),
            }],
        };
        let card = |operation: Operation, recalled: bool, why: &str| DeliveryCard {
            operation: operation.to_string(),
            state: "needs_human".to_owned(),
            reason: why.to_owned(),
            reason_known: true,
            recalled,
            waits: true,
            url: None,
            ..DeliveryCard::samples().remove(0)
        };
        let mut samples = Vec::new();
        for operation in Operation::ALL {
            for kind in ["uncertain", "by-hand", "mail", "unlinked"] {
                if kind == "mail" && *operation == Operation::Announce {
                    continue;
                }
                for recalled in [false, true] {
                    samples.push(Self {
                        delivery: card(*operation, recalled, "unknown"),
                        guide: guide(kind),
                        words: "Three pairs this spring, said Ines.".to_owned(),
                        can_resolve_present: true,
                        can_resolve_absent: kind == "uncertain",
                        ..Self::default()
                    });
                }
            }
        }
        samples.extend(WHYS.iter().map(|why| Self {
            delivery: card(Operation::Announce, false, why),
            guide: guide("uncertain"),
            ..Self::default()
        }));
        samples
    }
}

impl Page for DeliveryPage {
    const TEMPLATE: &'static str = "bridge/delivery";

    fn head(&self) -> Head {
        let id = self.delivery.id.to_string();
        let head = match self.delivery.title.as_str() {
            "" => Head::filled("bridge-delivery-title", &[("id", id.as_str())]),
            title => Head::text(title),
        };
        head.nav("outreach").outward().form()
    }

    fn samples() -> Vec<Self> {
        let card = |index: usize| {
            DeliveryCard::samples()
                .into_iter()
                .nth(index)
                .unwrap_or_default()
        };
        let mut samples = vec![
            Self {
                delivery: card(0),
                ..Self::default()
            },
            Self {
                delivery: DeliveryCard {
                    differs: "gone".to_owned(),
                    ..card(0)
                },
                attempts: AttemptCard::samples(),
                words: "Three pairs this spring".to_owned(),
                payload: "{\"type\":\"highlight.published\"}".to_owned(),
                hash: "ab".repeat(32),
                key: "msg_x".to_owned(),
                expires_at: Some(1_700_000_000_000_000),
                can_look: true,
                can_note: true,
                ..Self::default()
            },
            Self {
                delivery: DeliveryCard {
                    reason: "a word of another version".to_owned(),
                    reason_known: false,
                    ..card(1)
                },
                guide: Guide {
                    uncertain: true,
                    ..Guide::default()
                },
                attempts: AttemptCard::samples(),
                words: longest(),
                payload: longest().repeat(20),
                can_resolve_present: true,
                can_resolve_absent: true,
                can_requeue: true,
                can_cancel: true,
                url: "nonsense".to_owned(),
                problems: Problems::one("url", "no-address"),
                ..Self::default()
            },
        ];
        samples.extend(Self::doubts());
        samples
    }
}

/// Shows one delivery.
pub async fn show(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let detail = bridge::delivery(tx, &viewer.actor, id)?;
        Ok(Shown::from(DeliveryPage::of(tx, &detail, viewer)?))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Finding {
    outcome: String,
    url: String,
}

/// Writes what a person found.
pub async fn resolve(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let form: Finding = call.form()?;
    let typed = form.url.clone();
    call.submit(
        move |tx, viewer| {
            let resolution = match form.outcome.as_str() {
                "present" => Resolution::Present {
                    url: Some(form.url.clone()),
                },
                "absent" => Resolution::Absent,
                _ => return Err(Problems::one("outcome", "needed").into()),
            };
            bridge::resolve(tx, &viewer.actor, id, &resolution)?;
            Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-resolved"))
        },
        move |tx, viewer, problems| {
            let detail = bridge::delivery(tx, &viewer.actor, id)?;
            Ok(Shown::from(DeliveryPage {
                url: typed.clone(),
                problems: problems.clone(),
                ..DeliveryPage::of(tx, &detail, viewer)?
            }))
        },
    )
    .await
}

/// Tries again what was given up.
pub async fn requeue(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.act(move |tx, viewer| {
        bridge::requeue(tx, &viewer.actor, id)?;
        Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-requeued"))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Why {
    reason: String,
}

/// Drops what has not left.
pub async fn cancel(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let form: Why = call.form()?;
    call.act(move |tx, viewer| {
        bridge::cancel(tx, &viewer.actor, id, &form.reason)?;
        Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-cancelled"))
    })
    .await
}

/// Asks the channel whether it still stands as it was sent. Nothing is posted.
pub async fn look(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let actor = call.actor().await?;
    actor.may(&Action::ResolveDelivery)?;
    call.app().bridge.look(id).await?;
    call.act(move |_tx, _viewer| {
        Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-looked"))
    })
    .await
}

/// Somebody has seen that it was changed or removed outside.
pub async fn note(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.act(move |tx, viewer| {
        bridge::note_difference(tx, &viewer.actor, id)?;
        Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-noted"))
    })
    .await
}
