//! Reading `demo/`: members, categories, threads and highlights as they were written.

use rust_embed::RustEmbed;
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "demo/"]
struct Files;

/// A person.
#[derive(Debug, Clone, Deserialize)]
pub struct Member {
    pub name: String,
    pub display: String,
    pub bio: String,
    pub joined_days_ago: i64,
    pub hue: i64,
    pub roles: Vec<String>,
    pub trust: String,
    pub lang: String,
}

/// A place to talk.
#[derive(Debug, Clone, Deserialize)]
pub struct Category {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub colour: String,
    pub parent: String,
    pub see: String,
    pub start: String,
    pub nominable: bool,
}

/// A named set of people.
#[derive(Debug, Clone, Deserialize)]
pub struct Group {
    pub name: String,
    pub description: String,
    pub members: Vec<String>,
}

/// A conversation.
#[derive(Debug, Clone)]
pub struct Thread {
    pub file: String,
    pub title: String,
    pub category: String,
    pub tags: Vec<String>,
    pub pinned: bool,
    pub locked: bool,
    pub posts: Vec<Post>,
}

/// One thing somebody said; `at` in minutes from the beginning of the demo's day, mostly negative.
#[derive(Debug, Clone)]
pub struct Post {
    pub author: String,
    pub at: i64,
    pub reply_to: Option<usize>,
    pub body: String,
}

/// A run of somebody's words.
#[derive(Debug, Clone, Deserialize)]
pub struct Quote {
    pub thread: String,
    pub post: usize,
    pub excerpt: String,
}

/// Something on its way outward.
#[derive(Debug, Clone, Deserialize)]
pub struct Highlight {
    pub title: String,
    pub reason: String,
    pub quotes: Vec<Quote>,
    pub stage: String,
    pub by: String,
    #[serde(default)]
    pub attribution: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub announcement: String,
    #[serde(default)]
    pub label: Label,
    #[serde(default)]
    pub pulls: Vec<Pull>,
    /// Where and when it is planned, where it is.
    #[serde(default)]
    pub plans: Vec<Plan>,
}

/// One plan: a channel, and when.
#[derive(Debug, Clone, Deserialize)]
pub struct Plan {
    /// `page` or `website`.
    pub channel: String,
    /// `slot`, or a day and time such as `+3d 09:30`.
    pub at: String,
}

/// An hour of the week of the announcements page.
#[derive(Debug, Clone, Deserialize)]
pub struct Slot {
    pub weekday: i64,
    pub time: String,
}

/// A text that somebody is still writing.
#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    pub title: String,
    pub by: String,
    pub master: String,
    pub hashtags: String,
    pub website: String,
}

/// A publisher's request for voices.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    pub title: String,
    pub wish: String,
    pub voices: i64,
    pub category: String,
    pub by: String,
    pub asked: String,
    pub due: String,
    #[serde(default)]
    pub answer: Vec<Answer>,
}

/// What a community manager said to it.
#[derive(Debug, Clone, Deserialize)]
pub struct Answer {
    pub by: String,
    pub answer: String,
    pub note: String,
    pub sentence: String,
    #[serde(default)]
    pub offers: Vec<String>,
}

/// The publishers' week.
#[derive(Debug, Clone, Deserialize)]
pub struct Outreach {
    #[serde(rename = "slot")]
    pub slots: Vec<Slot>,
    #[serde(rename = "text")]
    pub texts: Vec<Text>,
    #[serde(rename = "request")]
    pub requests: Vec<Request>,
}

/// A post that members saved.
#[derive(Debug, Clone, Deserialize)]
pub struct Saved {
    pub thread: String,
    pub post: usize,
    pub by: Vec<String>,
}

/// A reply that answered its thread.
#[derive(Debug, Clone, Deserialize)]
pub struct Answered {
    pub thread: String,
    pub post: usize,
}

/// What stands on its label in the library.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Label {
    pub audience: String,
    pub topics: String,
    pub evergreen: bool,
    pub ends_in_days: i64,
    pub embargo_days: i64,
    pub collections: Vec<String>,
}

/// Something a publisher has taken out.
#[derive(Debug, Clone, Deserialize)]
pub struct Pull {
    pub how: String,
    pub purpose: String,
    #[serde(default)]
    pub recipient: String,
}

/// Something the moderators have to look at.
#[derive(Debug, Clone, Deserialize)]
pub struct Report {
    pub thread: String,
    pub post: usize,
    pub by: String,
    pub reason: String,
    pub message: String,
}

/// Everything.
pub struct Script {
    pub members: Vec<Member>,
    pub categories: Vec<Category>,
    pub groups: Vec<Group>,
    pub threads: Vec<Thread>,
    pub highlights: Vec<Highlight>,
    pub reports: Vec<Report>,
    pub outreach: Outreach,
    pub saved: Vec<Saved>,
    pub answers: Vec<Answered>,
}

#[derive(Deserialize)]
struct Lists {
    #[serde(default)]
    member: Vec<Member>,
    #[serde(default)]
    category: Vec<Category>,
    #[serde(default)]
    group: Vec<Group>,
    #[serde(default)]
    highlight: Vec<Highlight>,
    #[serde(default)]
    report: Vec<Report>,
    #[serde(default)]
    saved: Vec<Saved>,
    #[serde(default)]
    answer: Vec<Answered>,
}

/// The text of a file of `demo/`.
pub fn text(name: &str) -> Result<String, String> {
    let file = Files::get(name).ok_or_else(|| format!("demo/{name} is missing"))?;
    String::from_utf8(file.data.into_owned()).map_err(|e| format!("demo/{name}: {e}"))
}

fn lists(name: &str) -> Result<Lists, String> {
    toml::from_str(&text(name)?).map_err(|e| format!("demo/{name}: {e}"))
}

/// Reads everything.
pub fn read() -> Result<Script, String> {
    let mut threads = Vec::new();
    let mut names: Vec<String> = Files::iter()
        .map(|n| n.into_owned())
        .filter(|n| n.starts_with("threads/"))
        .collect();
    names.sort();
    for name in names {
        threads.push(thread(&name, &text(&name)?).map_err(|why| format!("demo/{name}: {why}"))?);
    }
    let marks = lists("marks.toml")?;
    Ok(Script {
        saved: marks.saved,
        answers: marks.answer,
        members: lists("members.toml")?.member,
        categories: lists("categories.toml")?.category,
        groups: lists("groups.toml")?.group,
        highlights: lists("highlights.toml")?.highlight,
        reports: lists("reports.toml")?.report,
        threads,
        outreach: toml::from_str(&text("outreach.toml")?)
            .map_err(|e| format!("demo/outreach.toml: {e}"))?,
    })
}

fn thread(name: &str, text: &str) -> Result<Thread, String> {
    let file = name
        .trim_start_matches("threads/")
        .trim_end_matches(".md")
        .to_owned();
    let (top, rest) = text.split_once("\n--- ").ok_or("no post")?;
    let of = |key: &str| {
        let found = top
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(k, _)| *k == key));
        found
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let mut at = started(&of("started"))?;
    let mut posts = Vec::new();
    for (index, part) in rest.split("\n--- ").enumerate() {
        let (line, body) = part.split_once('\n').ok_or("a post without words")?;
        let mut words = line.split_whitespace();
        let author = words.next().ok_or("a post without an author")?.to_owned();
        let mut reply_to = None;
        for word in words {
            if let Some(number) = word.strip_prefix("re:") {
                reply_to = Some(
                    number
                        .parse::<usize>()
                        .map_err(|e| format!("{word}: {e}"))?,
                );
            } else if let Some(pause) = word.strip_prefix('+') {
                at += minutes(pause)?;
            } else {
                return Err(format!("post {}: {word:?}", index + 1));
            }
        }
        posts.push(Post {
            author,
            at,
            reply_to,
            body: body.trim().to_owned(),
        });
    }
    let tags = of("tags")
        .split(',')
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
        .collect();
    let yes = |key: &str| of(key) == "yes";
    Ok(Thread {
        file,
        title: of("title"),
        category: of("category"),
        tags,
        pinned: yes("pinned"),
        locked: yes("locked"),
        posts,
    })
}

/// `12d 08:12`: so many days ago at that time of the day, in minutes from the beginning of today.
fn started(text: &str) -> Result<i64, String> {
    let bad = || format!("started: {text:?}");
    let (days, clock) = text.split_once("d ").ok_or_else(bad)?;
    let (hours, minutes) = clock.trim().split_once(':').ok_or_else(bad)?;
    let number = |t: &str| t.trim().parse::<i64>().map_err(|_| bad());
    Ok(-number(days)? * 1440 + number(hours)? * 60 + number(minutes)?)
}

/// `2d3h5m` in minutes.
fn minutes(text: &str) -> Result<i64, String> {
    let (mut total, mut number) = (0, String::new());
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        let unit = match letter {
            'm' => 1,
            'h' => 60,
            'd' => 1440,
            _ => return Err(format!("pause {text:?}")),
        };
        total += unit
            * number
                .parse::<i64>()
                .map_err(|e| format!("pause {text:?}: {e}"))?;
        number.clear();
    }
    if number.is_empty() {
        Ok(total)
    } else {
        Err(format!("pause {text:?} has no unit"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_as_large_as_it_promises() {
        let script = read().unwrap_or_else(|why| panic!("{why}"));
        let posts: usize = script.threads.iter().map(|t| t.posts.len()).sum();
        assert_eq!((script.members.len(), script.categories.len()), (30, 8));
        assert!(
            script.threads.len() >= 60 && posts >= 400,
            "{} threads, {posts} posts",
            script.threads.len()
        );
        let handles: Vec<&str> = script.members.iter().map(|m| m.name.as_str()).collect();
        for thread in &script.threads {
            for post in &thread.posts {
                assert!(
                    handles.contains(&post.author.as_str()),
                    "{}: {}",
                    thread.file,
                    post.author
                );
                assert!(post.at < 1440, "{}: in the future", thread.file);
                assert!(!post.body.is_empty(), "{}: empty", thread.file);
            }
        }
        for stage in [
            "consent_pending",
            "consented",
            "approved",
            "returned",
            "declined",
            "announced",
            "withdrawn",
            "scheduled",
            "stale",
            "recalled",
            "retired",
        ] {
            assert!(
                script.highlights.iter().any(|h| h.stage == stage),
                "no highlight is {stage}"
            );
        }
    }
}
