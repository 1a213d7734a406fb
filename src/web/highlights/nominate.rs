//! `/p/{id}/nominate`: choosing words of one or several posts, by sentence, and saying why they are worth telling.
//!
//! Several quotes travel in the form itself: another post is added by its address, and nothing is kept until the whole
//! is handed in.

use serde::{Deserialize, Serialize};

use super::parts::{Heard, Who, handles};
use crate::content;
use crate::db::Tx;
use crate::forum;
use crate::highlights::{self, QuoteWish, Run, Wish};
use crate::kit::ids::{PostId, ThreadId};
use crate::kit::{Problems, Result, Stop};
use crate::members::{self, Card};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Most posts in one form.
const MOST: usize = 5;

/// The form's fields; `post`, `from`, `to` and `excerpt` come once per quote.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    #[serde(skip_serializing)]
    post: Vec<i64>,
    #[serde(skip_serializing)]
    from: Vec<usize>,
    #[serde(skip_serializing)]
    to: Vec<usize>,
    #[serde(skip_serializing)]
    excerpt: Vec<String>,
    title: String,
    reason: String,
    audience: String,
    named: String,
    another: String,
    #[serde(skip_serializing)]
    act: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Sentence {
    number: usize,
    text: String,
    from: bool,
    to: bool,
}

/// One post whose words are chosen.
#[derive(Debug, Clone, Default, Serialize)]
struct QuoteBox {
    number: usize,
    /// The end of its fields' ids: empty for the first.
    mark: String,
    post: i64,
    path: String,
    thread: String,
    author: Who,
    own: bool,
    heard: Heard,
    sentences: Vec<Sentence>,
    excerpt: String,
    field: String,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NominatePage {
    post: i64,
    path: String,
    thread_path: String,
    quotes: Vec<QuoteBox>,
    several: bool,
    room: bool,
    form: Form,
    problems: Problems,
}

impl Page for NominatePage {
    const TEMPLATE: &'static str = "highlights/nominate";

    fn head(&self) -> Head {
        Head::new("highlights-nominate-title").outward().form()
    }

    fn samples() -> Vec<Self> {
        let sentence = |number, text: &str| Sentence {
            number,
            text: text.into(),
            from: number == 1,
            to: number == 2,
        };
        let quote = QuoteBox {
            number: 1,
            post: 2,
            path: "/t/kingfisher/12/2".into(),
            thread: "A kingfisher in the courtyard".into(),
            author: Who::sample(),
            own: true,
            heard: Heard { author: 0, post: 0 },
            sentences: vec![sentence(1, "This morning."), sentence(2, "It sat there.")],
            field: "excerpt".into(),
            ..QuoteBox::default()
        };
        let other = QuoteBox {
            number: 2,
            mark: "-2".into(),
            own: false,
            author: Who::default(),
            heard: Heard {
                author: 12,
                post: 2,
            },
            sentences: vec![sentence(1, "م".repeat(255).as_str())],
            excerpt: "م".repeat(255),
            field: "excerpt-2".into(),
            ..quote.clone()
        };
        let usual = Self {
            post: 2,
            path: "/t/kingfisher/12/2".into(),
            thread_path: "/nominate/threads/12".into(),
            quotes: vec![quote.clone()],
            room: true,
            ..Self::default()
        };
        let wrong = Self {
            quotes: vec![quote, other],
            several: true,
            problems: Problems::one("excerpt", "excerpt-not-there"),
            ..usual.clone()
        };
        vec![Self::default(), usual, wrong]
    }
}

fn quote_box(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    form: &Form,
    place: usize,
    post: PostId,
) -> Result<QuoteBox> {
    let facts = forum::post_facts(tx, post)?;
    viewer.actor.may(&Action::Nominate(&facts))?;
    let said = forum::said(tx, post)?;
    let author = match said.author {
        Some(author) => members::cards(tx, &[author])?.remove(&author),
        None => None,
    };
    let author = author.unwrap_or_else(Card::nobody);
    let chosen = |list: &[usize]| list.get(place).copied().filter(|n| *n > 0);
    let from = chosen(&form.from).unwrap_or(1);
    let to = chosen(&form.to).unwrap_or(from).max(from);
    let sentences = content::sentences(&said.text)
        .into_iter()
        .zip(1..)
        .map(|(range, number)| Sentence {
            number,
            text: said.text.get(range).unwrap_or_default().to_owned(),
            from: number == from,
            to: number == to,
        })
        .collect();
    let mark = match place {
        0 => String::new(),
        n => format!("-{}", n + 1),
    };
    Ok(QuoteBox {
        number: place + 1,
        field: format!("excerpt{mark}"),
        mark,
        post: post.0,
        path: forum::post_path(&said.slug, said.thread, said.number),
        thread: said.title,
        own: viewer.actor.id().is_some() && viewer.actor.id() == said.author,
        heard: Heard::of(tx, &author, Some(post))?,
        author: Who::of(&author),
        sentences,
        excerpt: form.excerpt.get(place).cloned().unwrap_or_default(),
    })
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    post: PostId,
    form: Form,
    problems: Problems,
) -> Result<NominatePage> {
    let posts = chosen_posts(&form, post);
    let mut quotes = Vec::new();
    for (place, id) in posts.iter().enumerate() {
        quotes.push(quote_box(tx, viewer, &form, place, *id)?);
    }
    let first = quotes.first().cloned().unwrap_or_default();
    let thread = forum::post_facts(tx, post)?.thread.id;
    Ok(NominatePage {
        post: post.0,
        path: first.path,
        thread_path: format!("/nominate/threads/{thread}"),
        several: quotes.len() > 1,
        room: quotes.len() < MOST,
        quotes,
        form,
        problems,
    })
}

/// The posts of the form; at first only the one of the address.
fn chosen_posts(form: &Form, post: PostId) -> Vec<PostId> {
    if form.post.is_empty() {
        return vec![post];
    }
    form.post.iter().take(MOST).map(|id| PostId(*id)).collect()
}

/// Shows the form.
pub async fn form(call: Call) -> Answer {
    let post: PostId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let begun = made(tx, viewer, post, Form::default(), Problems::default())?;
        Ok(Shown::from(begun))
    })
    .await
}

/// Where an address of a post leads: `/t/…/12/3`, `/p/88`, or a bare number in the thread one is in.
fn addressed(tx: &mut Tx<'_>, typed: &str, base: &str, here: ThreadId) -> Result<Option<PostId>> {
    let typed = typed.trim();
    let path = typed.strip_prefix(base).unwrap_or(typed);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let number = |text: &str| text.parse::<i64>().ok();
    match steps.as_slice() {
        ["p", id] => Ok(number(id).map(PostId)),
        ["t", _, thread] => match typed
            .rsplit_once("#post-")
            .and_then(|(_, n)| number(n))
            .or(Some(1))
            .zip(number(thread))
        {
            Some((n, thread)) => forum::seek_post(tx, ThreadId(thread), n),
            None => Ok(None),
        },
        ["t", _, thread, n] => match number(thread).zip(number(n)) {
            Some((thread, n)) => forum::seek_post(tx, ThreadId(thread), n),
            None => Ok(None),
        },
        _ => match number(typed.trim_start_matches('#')) {
            Some(n) => forum::seek_post(tx, here, n),
            None => Ok(None),
        },
    }
}

/// Adds another post to the form, or drops one; nothing is kept.
fn changed(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    post: PostId,
    mut form: Form,
    base: &str,
) -> Result<NominatePage> {
    let posts = chosen_posts(&form, post);
    form.post = posts.iter().map(|id| id.0).collect();
    if let Some(place) = form
        .act
        .strip_prefix("drop-")
        .and_then(|n| n.parse::<usize>().ok())
    {
        if posts.len() > 1 && place < posts.len() {
            form.post.remove(place);
            // Fields that were not sent stay as short as they are.
            for list in [&mut form.from, &mut form.to] {
                if place < list.len() {
                    list.remove(place);
                }
            }
            if place < form.excerpt.len() {
                form.excerpt.remove(place);
            }
        }
        return made(tx, viewer, post, form, Problems::default());
    }
    let here = forum::post_facts(tx, post)?.thread.id;
    let problem = match addressed(tx, &form.another, base, here)? {
        None => Some("another-unknown"),
        Some(id) if posts.contains(&id) => Some("another-twice"),
        Some(_) if posts.len() >= MOST => Some("another-full"),
        Some(id) => match open(tx, viewer, id) {
            Ok(()) => {
                form.post.push(id.0);
                form.another = String::new();
                None
            }
            Err(Stop::Refused(_)) => Some("another-not-open"),
            Err(stop) => return Err(stop),
        },
    };
    let problems = problem.map_or_else(Problems::default, |key| Problems::one("another", key));
    made(tx, viewer, post, form, problems)
}

fn open(tx: &mut Tx<'_>, viewer: &Viewer, post: PostId) -> Result<()> {
    let facts = forum::post_facts(tx, post)?;
    viewer.actor.may(&Action::Nominate(&facts))
}

/// Nominates, or changes which posts are in the form.
pub async fn nominate(call: Call) -> Answer {
    let post: PostId = call.segment("id")?;
    let form: Form = call.form()?;
    if !form.act.is_empty() {
        let base = call.app().config.base_url.clone();
        return call
            .page(move |tx, viewer| {
                let page = changed(tx, viewer, post, form.clone(), &base)?;
                Ok(Shown::from(page))
            })
            .await;
    }
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let posts = chosen_posts(&form, post);
            let quotes = posts
                .iter()
                .enumerate()
                .map(|(place, id)| QuoteWish {
                    post: *id,
                    run: run(&form, place),
                })
                .collect();
            let wish = Wish {
                title: form.title.clone(),
                reason: form.reason.clone(),
                audience: form.audience.clone(),
                quotes,
                named: handles(tx, &form.named)?,
                ..Wish::default()
            };
            let id = highlights::nominate(tx, &viewer.actor, &wish, None)?;
            let mut own = false;
            for post in posts {
                own |= forum::said(tx, post)?.author == viewer.actor.id();
            }
            // Own words are asked about like anybody's, only sooner.
            let path = if own {
                format!("/my/consents/{id}")
            } else {
                format!("/highlights/{id}")
            };
            Ok(See::to(path).flash("highlight-nominated"))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                post,
                again.clone(),
                problems.clone(),
            )?))
        },
    )
    .await
}

fn run(form: &Form, place: usize) -> Run {
    match form
        .excerpt
        .get(place)
        .filter(|words| !words.trim().is_empty())
    {
        Some(words) => Run::Words(words.clone()),
        None => {
            let of = |list: &[usize]| list.get(place).copied().unwrap_or(1).saturating_sub(1);
            Run::Sentences {
                first: of(&form.from),
                last: of(&form.to),
            }
        }
    }
}
