//! What scripts add to reading and writing, pressed in a real browser: keys, the next page in place, news, quoting by
//! selection, completion, preview, marks, pictures, drafts. Everything here works by plain forms, too; other stories hold
//! that.

use base64::Engine;
use loggia::kit::clock::MINUTE;
use loggia::kit::ids::ThreadId;
use loggia::members;
use serde_json::{Value, json};

use crate::support::browser::{self, Browser, Look};
use crate::town::talk::{category, reply, started};
use crate::town::{Api, PASSWORD, Person, Town};

const TITLE: &str = "The kingfisher of berth four";

/// A thread of two pages by Ruth, and Tomas who reads it.
async fn room() -> (Town, Person, Person, ThreadId) {
    let town = Town::on_sqlite().await;
    let field = category(&town, "Field notes", vec![]).await;
    let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
    town.clock.advance(MINUTE);
    let first = "It sat on the bronze heron.\n\nThen the gulls came.";
    let (thread, _) = started(&town, &ruth, field, (TITLE, "birds"), first).await;
    for n in 2..=25 {
        reply(&town, &ruth, thread, &format!("Words number {n}.")).await;
    }
    started(&town, &ruth, field, ("Rust on the crane", ""), "Again.").await;
    (town, ruth, tomas, thread)
}

async fn comes_in(town: &Town, walk: &str) -> Option<Browser> {
    let look = Look {
        javascript: true,
        ..Look::default()
    };
    let w = browser::open(town.base_url(), walk, look).await?;
    w.goto("/sign-in").await;
    w.fill("Name or e-mail address", "tomas").await;
    w.fill("Password", PASSWORD).await;
    w.follow_in("main form", "Sign in").await;
    w.see("Tomas").await;
    Some(w)
}

/// What has the focus.
async fn focus(w: &Browser) -> String {
    let id = w.run("return document.activeElement.id", Vec::new()).await;
    id.as_str().unwrap_or_default().to_owned()
}

async fn number(w: &Browser, script: &str) -> i64 {
    let script = format!("return Math.round({script})");
    w.run(&script, Vec::new()).await.as_i64().expect("a number")
}

async fn body(w: &Browser) -> String {
    let value = w.run("return document.getElementById('body').value", Vec::new());
    value.await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_goes_by_single_keys_and_nothing_moves_by_itself() {
    let (town, ruth, tomas, thread) = room().await;
    let Some(mut w) = comes_in(&town, "room-reading").await else {
        return;
    };
    let path = format!("/t/the-kingfisher-of-berth-four/{thread}");
    w.goto(&path).await;
    walks(&w, &mut |id| assert!(id.starts_with("post-"))).await;

    // The next page comes below the last post; the window stays where it is, the address goes along.
    w.goto(&path).await;
    w.run(
        "document.querySelector('.pager [rel=next]').scrollIntoView({ behavior: 'instant' })",
        Vec::new(),
    )
    .await;
    // What stands below the pager is at the upper edge: it does not take the window along.
    w.run("scrollBy({ top: 30, behavior: 'instant' })", Vec::new())
        .await;
    let before = number(&w, "scrollY").await;
    assert_eq!(
        number(&w, "document.querySelectorAll('article.post').length").await,
        20
    );
    w.run(
        "document.querySelector('.pager [rel=next]').click()",
        Vec::new(),
    )
    .await;
    w.wait_until("return document.querySelectorAll('article.post').length === 25")
        .await;
    w.wait_until("return location.search === '?page=2'").await;
    assert_eq!(number(&w, "scrollY").await, before, "nothing has moved");
    assert_eq!(focus(&w).await, "post-21");
    w.shot("the-next-page-in-place");

    // News are told, and move nothing.
    let before = number(
        &w,
        "document.getElementById('post-21').getBoundingClientRect().y",
    )
    .await;
    reply(&town, &ruth, thread, "Late words.").await;
    w.wait_for("One new reply").await;
    let after = number(
        &w,
        "document.getElementById('post-21').getBoundingClientRect().y",
    )
    .await;
    assert_eq!(after, before, "nothing has moved");
    w.miss("Late words.").await;
    w.shot("one-new-reply");
    w.follow("One new reply").await;
    w.wait_for("Late words.").await;

    // Keys do nothing more for whoever switched them off, on any of their devices.
    let settings = tomas.opens("/my/settings").await;
    settings
        .form("Save preferences")
        .untick("keys")
        .submit()
        .await
        .is(200);
    w.goto(&path).await;
    w.key("j").await;
    w.key("?").await;
    w.key("g").await;
    w.key("n").await;
    assert_eq!(focus(&w).await, "", "the focus stays");
    assert_eq!(
        number(&w, "document.querySelectorAll('dialog').length").await,
        0
    );
    assert!(w.path().await.starts_with("/t/"));
    assert!(w.source().await.contains("data-keys=\"off\""));
}

/// Steps into the posts; again where a busy machine lost the first step.
async fn steps_in(w: &Browser) -> String {
    for _ in 0..3 {
        w.key("j").await;
        for _ in 0..30 {
            let at = focus(w).await;
            if at.starts_with("post-") {
                return at;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
    focus(w).await
}

async fn walks(w: &Browser, is_post: &mut dyn FnMut(&str)) {
    is_post(&steps_in(w).await);
    w.key("j").await;
    w.key("j").await;
    assert_eq!(focus(w).await, "post-3");
    w.key("k").await;
    assert_eq!(focus(w).await, "post-2");
    w.key("l").await;
    w.wait_until(
        "return document.querySelector('#post-2 .reactions [aria-pressed=true]') !== null",
    )
    .await;
    w.key_onward("b").await;
    w.wait_for("Saved. You find it").await;
    w.wait_until("return document.querySelector('#post-2 form[action$=unbookmark]') !== null")
        .await;

    // Back to the second post; its words are quoted, then it is answered.
    let at = steps_in(w).await;
    is_post(&at);
    let quoted = at.trim_start_matches("post-").to_owned();
    // What stands in the box already stays, and so does the page.
    let typed = "const box = document.getElementById('body'); box.value = 'Mine first. ';";
    w.run(typed, Vec::new()).await;
    w.key("q").await;
    w.wait_until("return document.getElementById('body').value.includes('> ')")
        .await;
    let written = body(w).await;
    assert!(
        written.contains(&format!("Words number {quoted}.")),
        "{written}"
    );
    assert!(written.contains("Mine first."), "{written}");
    assert!(!w.path().await.contains("quote="), "{}", w.path().await);
    let leave = "document.activeElement.blur(); scrollTo(0, 0); return true";
    w.run(leave, Vec::new()).await;
    w.key("j").await;
    w.key_onward("r").await;
    w.wait_until("return document.querySelector('[name=reply_to]') !== null")
        .await;
    w.key_onward("u").await;
    assert!(
        w.path().await.starts_with("/c/field-notes/"),
        "{}",
        w.path().await
    );

    // In a list: down, and in.
    w.key("j").await;
    w.key("j").await;
    w.key("k").await;
    let title = w
        .run("return document.activeElement.textContent", Vec::new())
        .await;
    w.key_onward("o").await;
    w.see(title.as_str().expect("a title")).await;
    w.key("/").await;
    assert_eq!(focus(w).await, "find");
    w.run("document.activeElement.blur()", Vec::new()).await;
    for (key, place) in [
        ("n", "/new"),
        ("l", "/latest"),
        ("c", "/categories"),
        ("i", "/my/notices"),
        ("b", "/my/bookmarks"),
        ("d", "/my/drafts"),
        ("m", "/members"),
        ("h", "/"),
    ] {
        w.key("g").await;
        w.key_onward(key).await;
        assert_eq!(w.path().await, place);
    }
    // All of them on one sheet, with a switch for this browser.
    w.key("?").await;
    w.wait_for("Show these keys").await;
    w.run("document.getElementById('keys-on').click()", Vec::new())
        .await;
    w.key("Escape").await;
    w.wait_until("return document.querySelector('dialog') === null")
        .await;
    w.key("/").await;
    assert_eq!(focus(w).await, "", "switched off in this browser");
    w.key("?").await;
    w.tick("Use single keys").await;
    w.key("Escape").await;
    w.wait_until("return document.querySelector('dialog') === null")
        .await;
}

/// A small picture, as a script gets hold of one.
fn picture() -> Value {
    json!(base64::engine::general_purpose::STANDARD.encode(crate::uploads::png(60, 40)))
}

/// Brings a picture to the text as a hand does: pasted or dropped.
const BRING: &str = r"
const [data, how] = arguments;
const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
const held = new DataTransfer();
held.items.add(new File([bytes], 'a.png', { type: 'image/png' }));
const event = how === 'paste'
  ? new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true })
  : new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true });
document.getElementById('body').dispatchEvent(event);
return event.defaultPrevented;
";

const SEND: &str = "document.querySelector('[data-pictures] button').click()";

/// Looks at the drafts on the server until they are as they should be; scripts save them two seconds after the last key.
async fn until(api: &Api, meant: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    for _ in 0..80 {
        let kept = api.get("/drafts").await.is(200);
        let items = kept.json["items"].as_array().expect("a list").clone();
        if meant(&items) {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the server never has the draft")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_is_helped_and_nothing_is_lost() {
    let (town, _ruth, tomas, thread) = room().await;
    let Some(mut w) = comes_in(&town, "room-writing").await else {
        return;
    };
    let path = format!("/t/the-kingfisher-of-berth-four/{thread}");
    w.goto(&path).await;
    quotes_names_and_marks(&mut w).await;

    // A picture, pasted or dropped, waits for its description; then its line stands in the text.
    for (how, alt) in [("paste", "A heron"), ("drop", "A gull")] {
        assert_eq!(
            w.run(BRING, vec![picture(), json!(how)]).await,
            json!(true),
            "{how}"
        );
        assert_eq!(focus(&w).await, "picture-alt", "{how}");
        w.run(SEND, Vec::new()).await;
        w.wait_for("Say what the picture shows").await;
        w.fill("What it shows", alt).await;
        w.run(SEND, Vec::new()).await;
        w.wait_until(&format!(
            "return document.getElementById('body').value.includes('![{alt}](/media/')"
        ))
        .await;
    }
    w.wait_until(
        "return document.querySelector('section.panel .post-text img[alt=\"A gull\"]') !== null",
    )
    .await;
    w.shot("pictures-in-the-preview");

    // What the network loses stays in this browser; once it is back, the server has it.
    w.run("const text = document.getElementById('body'); text.value = ''; text.dispatchEvent(new Event('input', { bubbles: true }))", Vec::new()).await;
    let api = tomas.api().await;
    until(&api, |items| items.is_empty()).await;
    w.offline(true);
    w.press("#body", "Written in a tunnel.").await;
    w.wait_until("return Object.keys(localStorage).some((key) => (localStorage[key] ?? '').includes('tunnel'))").await;
    w.offline(false);
    w.goto(&path).await;
    w.wait_for("We kept what you had begun to write.").await;
    assert_eq!(body(&w).await, "Written in a tunnel.");
    w.press("#body", " And out of it.").await;
    let whole = "Written in a tunnel. And out of it.";
    let kept = until(&api, |items| items.iter().any(|one| one["body"] == whole)).await;
    // The other device goes on with it; this one says so and overwrites nothing.
    let newer = json!({ "thread_id": thread.0, "body": "From the other device.", "revision": kept[0]["revision"] });
    api.post("/drafts", newer).await.is(200);
    w.press("#body", " More.").await;
    w.wait_for("There is a newer draft from your other device.")
        .await;
    let kept = api.get("/drafts").await.is(200);
    assert_eq!(kept.text("/items/0/body"), "From the other device.");
    w.shot("a-newer-draft");

    // Ctrl and Enter send it.
    let page = w.path().await;
    w.key_onward("Ctrl+Enter").await;
    w.wait_for("Written in a tunnel. And out of it. More.")
        .await;
    assert_ne!(w.path().await, page);

    // A new thread: what has been talked about already is shown while the title is typed.
    w.goto("/new-thread").await;
    w.press("#title", "A kingfisher at berth four").await;
    w.wait_for("Perhaps this has been talked about").await;
    w.see(TITLE).await;
    w.shot("similar-threads");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_while_one_writes_loses_nothing() {
    let (town, _ruth, tomas, thread) = room().await;
    let Some(mut w) = comes_in(&town, "room-session-over").await else {
        return;
    };
    let path = format!("/t/the-kingfisher-of-berth-four/{thread}");
    w.goto(&path).await;
    let actor = tomas.actor(&town).await;
    town.inside(move |tx| members::end_other_sessions(tx, &actor, None).map(drop))
        .await;
    let typed = "Written while the door fell shut.";
    w.press("#body", typed).await;
    // What leads to the door has saved nothing, and says so.
    w.wait_for("You are not signed in any more").await;
    w.follow_in(".reply form", "Send the reply").await;
    w.wait_for("What you wrote").await;
    w.shot("words-on-the-page-of-an-error");
    let key = format!("loggia-draft:{}:t{thread}-reply", tomas.id);
    let kept = format!("return (localStorage['{key}'] ?? '').includes('fell shut')");
    let here = w.run(&kept, Vec::new()).await;
    assert_eq!(
        here,
        json!(true),
        "in this browser, under the writer's number"
    );

    w.goto("/sign-in").await;
    w.fill("Name or e-mail address", "tomas").await;
    w.fill("Password", PASSWORD).await;
    w.follow_in("main form", "Sign in").await;
    w.goto(&path).await;
    w.wait_for("We kept what you had begun to write.").await;
    assert_eq!(body(&w).await, typed);
    // Another page proves nothing; a reply that stands there does.
    w.goto("/latest").await;
    assert_eq!(w.run(&kept, Vec::new()).await, json!(true));
    w.goto(&path).await;
    w.wait_for("We kept what you had begun to write.").await;
    w.follow_in(".reply form", "Send the reply").await;
    w.wait_for("Your reply stands here now").await;
    w.wait_until(&format!("return localStorage['{key}'] === undefined"))
        .await;
}

/// Selecting quotes; names and emoji are completed; marks are put around words; the preview follows.
async fn quotes_names_and_marks(w: &mut Browser) {
    // A mouse that selects words takes the cursor out of the box first.
    let select = "document.activeElement?.blur(); const it = document.querySelector('#post-1 .post-text p'); getSelection().selectAllChildren(it); it.scrollIntoView({ block: 'center' });";
    // What is selected before the script is there to see it is not noticed.
    w.wait_until("return document.querySelector('.quote-this') !== null")
        .await;
    w.run(select, Vec::new()).await;
    w.wait_until("return document.querySelector('.quote-this')?.hidden === false")
        .await;
    w.run("document.querySelector('.quote-this').dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }))", Vec::new()).await;
    let quoted = body(w).await;
    assert!(
        quoted.starts_with("> [Ruth #1](/t/the-kingfisher-of-berth-four/"),
        "{quoted}"
    );
    assert!(quoted.contains("> It sat on the bronze heron."), "{quoted}");
    w.run(&select.replace("post-1", "post-2"), Vec::new()).await;
    w.wait_until("return document.querySelector('.quote-this')?.hidden === false")
        .await;
    w.run("document.querySelector('.quote-this').dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }))", Vec::new()).await;
    assert!(
        body(w).await.contains("> [Ruth #2]("),
        "several quotes: {}",
        body(w).await
    );

    w.press("#body", "Thanks @rut").await;
    w.wait_until("return !document.querySelector('.complete').hidden")
        .await;
    w.key("Tab").await;
    w.press("#body", ":tad").await;
    w.wait_until(
        "return document.querySelector('.complete li')?.textContent.includes('tada') === true",
    )
    .await;
    w.key("ArrowDown").await;
    w.key("ArrowUp").await;
    w.key("Enter").await;
    let typed = body(w).await;
    assert!(typed.contains("Thanks @ruth "), "{typed}");
    assert!(!typed.ends_with(":tad"), "{typed}");

    w.press("#body", "splendid").await;
    let last = "const text = document.getElementById('body'); text.setSelectionRange(text.value.length - 8, text.value.length); text.focus();";
    w.run(last, Vec::new()).await;
    w.key("Ctrl+b").await;
    assert!(body(w).await.ends_with("**splendid**"), "{}", body(w).await);
    w.run(
        "document.querySelector('.tools [data-key=b]').click()",
        Vec::new(),
    )
    .await;
    assert!(
        body(w).await.ends_with(" splendid"),
        "the same mark again takes it off"
    );
    w.run(
        "document.querySelector('.tools [data-key=i]').click()",
        Vec::new(),
    )
    .await;
    assert!(body(w).await.ends_with("*splendid*"));
    w.wait_until(
        "return document.querySelector('section.panel .post-text em')?.textContent === 'splendid'",
    )
    .await;
    w.wait_until("return [...document.querySelectorAll('section.panel .post-text a')].some((a) => a.pathname === '/u/ruth')")
        .await;
    w.shot("quoted-completed-marked-previewed");
}
