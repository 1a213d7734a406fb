//! What the demo's members save, answer, show and reach.

use super::fill::{Filling, wrong};
use super::pictures;
use super::script::Script;
use crate::content::uploads::{self, Picture};
use crate::forum;
use crate::highlights::{self, MilestoneKind, Wish};
use crate::kit::Result;
use crate::kit::clock::{DAY, HOUR, MINUTE};
use crate::kit::ids::{MemberId, PostId};
use crate::members;

impl Filling<'_> {
    fn post(&self, thread: &str, number: usize) -> Result<(PostId, crate::kit::At)> {
        self.posts
            .get(&(thread.to_owned(), number))
            .copied()
            .ok_or_else(|| wrong(format!("marks: no post {number} in {thread}")))
    }

    /// Saved posts and answers, each some hours after it was written.
    pub(super) async fn marks(&self, script: &Script) -> Result<()> {
        for answer in &script.answers {
            let (post, at) = self.post(&answer.thread, answer.post)?;
            self.set(at.plus(3 * HOUR));
            let starter = script
                .threads
                .iter()
                .find(|t| t.file == answer.thread)
                .and_then(|t| t.posts.first())
                .ok_or_else(|| wrong(format!("marks: no thread {}", answer.thread)))?;
            let author = self.member(&starter.author)?;
            self.write(move |tx| {
                let actor = members::actor(tx, author)?;
                forum::mark_answer(tx, &actor, post)
            })
            .await?;
        }
        for saved in &script.saved {
            let (post, at) = self.post(&saved.thread, saved.post)?;
            let mut at = at.plus(HOUR);
            for name in &saved.by {
                at = at.plus(17 * MINUTE);
                self.set(at);
                let member = self.member(name)?;
                self.write(move |tx| {
                    let actor = members::actor(tx, member)?;
                    forum::bookmark(tx, &actor, post)
                })
                .await?;
            }
        }
        Ok(())
    }

    /// Sends the pictures that a text names as `![…](demo:name)` and puts their addresses in.
    pub(super) async fn with_pictures(&self, author: MemberId, body: &str) -> Result<String> {
        let mut text = body.to_owned();
        while let Some(at) = text.find("](demo:") {
            let (before, rest) = (text.get(..at), text.get(at + "](demo:".len()..));
            let (Some(before), Some((name, after))) =
                (before, rest.and_then(|r| r.split_once(')')))
            else {
                break;
            };
            let begun = before
                .rfind("![")
                .ok_or_else(|| wrong("a picture without description"))?;
            let alt = before.get(begun + 2..).unwrap_or_default().to_owned();
            let sent =
                pictures::picture(name).ok_or_else(|| wrong(format!("no picture {name}")))?;
            let picture =
                Picture::read(&sent).map_err(|p| wrong(format!("{name}: {}", p.key())))?;
            for (file, bytes) in picture.files.clone() {
                self.app.media.put(&file, bytes).await?;
            }
            let upload = self
                .write(move |tx| {
                    let actor = members::actor(tx, author)?;
                    Ok(uploads::keep(tx, &actor, &picture, &alt)?.upload)
                })
                .await?;
            text = format!(
                "{}{}{after}",
                before.get(..begun).unwrap_or_default(),
                upload.markdown()
            );
        }
        Ok(text)
    }

    /// What the community reached; the fiftieth thread waits on the desk, somebody's posts wait for their consent.
    pub(super) async fn milestones(&self) -> Result<()> {
        self.clock.release();
        self.write(highlights::keep_milestones).await?;
        let now = crate::kit::Clock::now(self.clock);
        self.set(now.plus(-DAY));
        let carl = self.member("carl")?;
        let mine = self.member("mia")?;
        self.write(move |tx| {
            let actor = members::actor(tx, carl)?;
            let (reached, _) = highlights::milestones(tx, &actor, None)?;
            let threads = reached
                .iter()
                .find(|m| m.milestone.kind == MilestoneKind::Threads && m.milestone.number == 50);
            if let Some(fifty) = threads {
                let wish = Wish {
                    title: "Our 50th thread".to_owned(),
                    reason: "Fifty conversations, and it took a tide table to get there. For everybody who asks whether this is a place or a channel.".to_owned(),
                    audience: "People who have never been here".to_owned(),
                    milestone: Some(fifty.milestone.id),
                    ..Wish::default()
                };
                highlights::nominate(tx, &actor, &wish, None)?;
            }
            let own = reached
                .iter()
                .find(|m| m.milestone.member == Some(mine) && m.free);
            if let Some(own) = own {
                let wish = Wish {
                    title: format!("Mia: {} posts", own.milestone.number),
                    reason: "A painter who answers everybody. For people who think they know nothing about ships.".to_owned(),
                    milestone: Some(own.milestone.id),
                    ..Wish::default()
                };
                highlights::nominate(tx, &actor, &wish, None)?;
            }
            Ok(())
        })
        .await
    }
}
