//! What a thread's page tells search engines, beside what readers see.

use serde_json::{Value, json};

use crate::content;
use crate::forum::{PostView, ThreadView};
use crate::members::Card;

/// A page of a thread in the words of schema.org.
pub(super) fn of(thread: &ThreadView, posts: &[PostView], base: &str) -> Value {
    let person = |card: &Card| {
        if card.erased {
            json!({ "@type": "Person", "name": "" })
        } else {
            let url = format!("{base}/u/{}", card.name);
            json!({ "@type": "Person", "name": card.display, "url": url })
        }
    };
    let visible = |p: &&PostView| !p.gone && !p.html.is_empty();
    let comments: Vec<Value> = posts
        .iter()
        .filter(visible)
        .filter(|post| post.number > 1)
        .map(|post| {
            json!({
                "@type": "Comment",
                "url": format!("{base}{}", post.path),
                "text": content::open_words(&post.html),
                "datePublished": post.created_at.rfc3339(),
                "author": person(&post.author),
            })
        })
        .collect();
    let first = posts.iter().filter(visible).find(|p| p.number == 1);
    let text = first.map_or_else(
        || thread.summary.clone(),
        |post| content::open_words(&post.html),
    );
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "@id": format!("{base}{}", thread.path),
        "url": format!("{base}{}", thread.path),
        "headline": thread.title,
        "text": text,
        "inLanguage": thread.lang,
        "datePublished": thread.created_at.rfc3339(),
        "dateModified": thread.last_at.rfc3339(),
        "author": person(&thread.author),
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/CommentAction",
            "userInteractionCount": (thread.post_count - 1).max(0),
        },
        "comment": comments,
    });
    let answer = posts.iter().filter(visible).find(|p| p.answer);
    if let (Some(post), Value::Object(fields)) = (answer, &mut data) {
        // A question that was answered is both: a talk, and a question with its answer.
        fields.insert(
            "@type".to_owned(),
            json!(["DiscussionForumPosting", "Question"]),
        );
        let accepted = json!({
            "@type": "Answer",
            "url": format!("{base}{}", post.path),
            "text": content::open_words(&post.html),
            "datePublished": post.created_at.rfc3339(),
            "author": person(&post.author),
        });
        fields.insert("acceptedAnswer".to_owned(), accepted);
        fields.insert(
            "answerCount".to_owned(),
            json!((thread.post_count - 1).max(0)),
        );
    }
    data
}
