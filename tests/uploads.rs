//! Stories of pictures: sent, described, shown to whoever may see their post, and gone with it.

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use loggia::content::uploads;
use loggia::forum;
use loggia::kit::clock::DAY;
use loggia::kit::ids::{MediaId, PostId};
use loggia::kit::{At, Event};
use loggia::members;
use serde_json::{Value, json};

use crate::highlights::{Scene, WORDS, words, yes};
use crate::story;
use crate::town::{Browser, Page, Person};

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, y| {
        Rgba([(x % 251) as u8, (y % 241) as u8, 90, 255])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(picture)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("a picture");
    bytes.into_inner()
}

fn form(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in fields {
        let head = match *name {
            "file" => "; filename=\"../../evil.html\"\r\nContent-Type: text/html",
            _ => "",
        };
        body.extend_from_slice(
            format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"{head}\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xyz--\r\n");
    body
}

/// Sends a picture through the page's own form.
pub async fn sends(who: &Person, base: &str, file: &[u8], alt: &str) -> Page {
    let page = who.opens("/my/uploads").await;
    let guard = page.form("Send it");
    let csrf = guard.value("csrf").expect("a guard").to_owned();
    let body = form(&[
        ("csrf", csrf.as_bytes()),
        ("alt", alt.as_bytes()),
        ("file", file),
    ]);
    let sent = who
        .browser
        .send_bytes(
            "POST",
            "/my/uploads",
            body,
            &[
                ("content-type", "multipart/form-data; boundary=xyz"),
                ("origin", base),
                ("sec-fetch-site", "same-origin"),
            ],
        )
        .await;
    match sent.leads_to() {
        Some(next) => who.opens(&next).await,
        None => sent,
    }
}

/// The line for a post and the address in it.
pub fn line(page: &Page) -> (String, String) {
    let line = page
        .attributes("input.mono", "value")
        .first()
        .cloned()
        .expect("a line");
    let path = line
        .split_once("](")
        .and_then(|(_, p)| p.strip_suffix(')'))
        .expect("an address")
        .to_owned();
    (line, path)
}

pub fn id_of(path: &str) -> MediaId {
    path.split('/')
        .nth(2)
        .and_then(|n| n.parse().ok())
        .expect("an id")
}

async fn says(scene: &Scene, who: &Person, text: String) -> PostId {
    let post = scene.post;
    scene
        .as_member(who.id, move |tx, me| {
            let thread = forum::post_facts(tx, post)?.thread.id;
            Ok(forum::reply(tx, me, thread, &words(&text), None)?.post)
        })
        .await
}

async fn fetched(browser: &Browser, path: &str) -> Page {
    browser.send("GET", path, None, &[]).await
}

story! {
    async fn a_picture_stands_in_a_post(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let sent = png(1_200, 800);
        let page = sends(&scene.ada, &base, &sent, "A [heron] at dawn").await;
        page.is(200).sees("Paste the line beside it into your post").sees("1200 × 800");
        let (line, path) = line(&page);
        // Nobody else sees what stands nowhere yet.
        let mine = fetched(&scene.ada.browser, &path).await;
        mine.is(200);
        assert_eq!(mine.header("content-type"), Some("image/jpeg"));
        assert_eq!(mine.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        assert_eq!(mine.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(mine.header("cache-control"), Some("private, no-cache"));
        fetched(&scene.nia.browser, &path).await.is(404);
        fetched(&scene.town.guest(), &path).await.is(404);

        let post = says(&scene, &scene.ada, format!("Look.\n\n{line}")).await;
        let shown = scene.town.guest().open(&format!("/p/{post}")).await;
        assert_eq!(shown.attributes(".post-text img", "src"), std::slice::from_ref(&path));
        assert_eq!(shown.attributes(".post-text img", "alt"), ["A [heron] at dawn"]);
        assert_eq!(shown.attributes(".post-text img", "width"), ["1200"]);
        assert_eq!(shown.attributes(".post-text img", "loading"), ["lazy"]);
        let choices = shown.attributes(".post-text img", "srcset").remove(0);
        let small = choices.split(' ').next().expect("the smallest").to_owned();
        assert!(small.ends_with("-w480.jpg"), "{choices}");
        let public = fetched(&scene.town.guest(), &path).await;
        public.is(200);
        assert_eq!(public.header("cache-control"), Some("public, max-age=60, must-revalidate"));
        fetched(&scene.town.guest(), &small).await.is(200);
        let tag = public.header("etag").expect("a tag").to_owned();
        let again = scene.town.guest().send("GET", &path, None, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status, 304);

        // Whoever may not see the post does not see its pictures, nor does another name lead there.
        scene.as_member(scene.mo.id, move |tx, mo| forum::hide_post(tx, mo, post, None)).await;
        fetched(&scene.town.guest(), &path).await.is(404);
        fetched(&scene.nia.browser, &small).await.is(404);
        fetched(&scene.mo.browser, &path).await.is(200);
        for wrong in [path.replace(".jpg", "x.jpg"), "/media/1/..%2f..%2fsecret.key".to_owned(), "/media/1/%00".to_owned(), format!("/media/999999/{}", path.rsplit('/').next().expect("a name"))] {
            fetched(&scene.mo.browser, &wrong).await.is(404);
        }
    }
}

story! {
    async fn what_is_no_picture_or_not_described_is_refused(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        sends(&scene.ada, &base, b"<svg onload='alert(1)'/>", "A drawing").await.is(422).sees("not a picture that can be read");
        sends(&scene.ada, &base, &png(40, 40), "  ").await.is(422).sees("Say what the picture shows");
        sends(&scene.ada, &base, b"", "Nothing").await.is(422).sees("Choose a picture");
        let mut bomb = png(8, 8);
        bomb[16..24].copy_from_slice(&[0, 0, 0xfa, 0xfa, 0, 0, 0xfa, 0xfa]);
        sends(&scene.ada, &base, &bomb, "A bomb").await.is(422);
        // Too many bytes are not even read.
        let body = form(&[("csrf", b"x"), ("alt", b"x"), ("file", &vec![7; 11 * 1024 * 1024])]);
        let headers = [("content-type", "multipart/form-data; boundary=xyz"), ("origin", base.as_str()), ("sec-fetch-site", "same-origin")];
        scene.ada.browser.send_bytes("POST", "/my/uploads", body, &headers).await.is(413);
        // A form that did not come from our page changes nothing; a page for words takes no files.
        let body = form(&[("csrf", b"forged"), ("alt", b"A heron"), ("file", &png(40, 40))]);
        scene.ada.browser.send_bytes("POST", "/my/uploads", body.clone(), &headers).await.is(403);
        scene.ada.browser.send_bytes("POST", "/my/notices/read", body, &headers).await.is(403);
        scene.ada.opens("/my/uploads").await.sees("No picture yet");
    }
}

story! {
    async fn only_own_pictures_stand_in_a_post(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let page = sends(&scene.ada, &base, &png(300, 200), "A heron").await;
        let (line, path) = line(&page);
        let thread = {
            let post = scene.post;
            scene.town.inside(move |tx| Ok(forum::post_facts(tx, post)?.thread.id)).await
        };
        let nia = scene.nia.api().await;
        let theirs = nia.post(&format!("/threads/{thread}/posts"), json!({ "body": line })).await.is(422);
        assert!(theirs.json.to_string().contains("not yours"), "{}", theirs.json);
        let ada = scene.ada.api().await;
        let bare = line.replace("A heron", "");
        let bare = ada.post(&format!("/threads/{thread}/posts"), json!({ "body": bare })).await.is(422);
        assert!(bare.json.to_string().contains("no description"), "{}", bare.json);
        ada.post(&format!("/threads/{thread}/posts"), json!({ "body": format!("![x]({path}x)") })).await.is(422);
        let first = ada.post(&format!("/threads/{thread}/posts"), json!({ "body": line })).await.is(201).number("/id");
        // It stands in one post; taken out of its words, it is free again.
        ada.post(&format!("/threads/{thread}/posts"), json!({ "body": line })).await.is(422);
        ada.delete(&format!("/uploads/{}", id_of(&path))).await.is(409);
        ada.patch(&format!("/posts/{first}"), json!({ "body": "Without.", "revision": 1 })).await.is(200);
        fetched(&scene.town.guest(), &path).await.is(404);
        ada.delete(&format!("/uploads/{}", id_of(&path))).await.is(204);
        fetched(&scene.ada.browser, &path).await.is(404);
        // The same by form, and nobody lets go what is not theirs.
        let page = sends(&scene.ada, scene.town.base_url(), &png(40, 30), "A bollard").await;
        let drop = page.forms_to("/my/uploads/").remove(0);
        let (_, path) = self::line(&page);
        let nia = scene.nia.opens("/my/settings").await;
        let csrf = nia.attributes("input[name=csrf]", "value").remove(0);
        let theirs = format!("/my/uploads/{}/drop", id_of(&path));
        assert_eq!(scene.nia.browser.post(&theirs, &[("csrf".to_owned(), csrf)]).await.status, 404);
        drop.submit().await.is(200).hides("A bollard");
        fetched(&scene.ada.browser, &path).await.is(404);
        // A picture of another house stays a link.
        let foreign = ada.post(&format!("/threads/{thread}/posts"), json!({ "body": "![x](https://elsewhere.example/x.png)" })).await.is(201);
        assert!(!foreign.text("/html").contains("<img"), "{}", foreign.json);
    }
}

/// Whether the file of a picture is still in the store.
async fn kept(scene: &Scene, path: &str) -> bool {
    let name = path.rsplit('/').next().expect("a name");
    scene.town.node.app.media.get(name).await.is_ok()
}

story! {
    async fn pictures_go_with_their_post_and_their_owner(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let mut sent = Vec::new();
        for alt in ["In a deleted post", "In a post that comes back", "In no post", "Somebody's who leaves"] {
            let who = if alt.starts_with("Somebody") { &scene.nia } else { &scene.ada };
            let page = sends(who, &base, &png(200 + 10 * alt.len() as u32, 100), alt).await;
            sent.push(line(&page));
        }
        let gone = says(&scene, &scene.ada, sent[0].0.clone()).await;
        let back = says(&scene, &scene.ada, sent[1].0.clone()).await;
        says(&scene, &scene.nia, sent[3].0.clone()).await;
        for post in [gone, back] {
            scene.as_member(scene.ada.id, move |tx, ada| forum::delete_post(tx, ada, post, None)).await;
        }
        scene.as_member(scene.mo.id, move |tx, mo| forum::restore_post(tx, mo, back)).await;
        let nia = scene.nia.id;
        scene.town.inside(move |tx| tx.tell(&Event::MemberErased { member: nia })).await;
        scene.town.work().await;
        assert!(!kept(&scene, &sent[3].1).await, "an erased member's pictures are gone at once");
        scene.town.clock.advance(8 * DAY);
        scene.town.inside(uploads::sweep).await;
        scene.town.work().await;
        assert!(!kept(&scene, &sent[2].1).await, "what stands in no post is let go after a week");
        assert!(kept(&scene, &sent[0].1).await, "a deleted post may still come back");
        scene.town.clock.advance(23 * DAY);
        scene.town.inside(uploads::sweep).await;
        scene.town.work().await;
        assert!(!kept(&scene, &sent[0].1).await, "after a month it does not");
        assert!(kept(&scene, &sent[1].1).await);
        fetched(&scene.town.guest(), &sent[1].1).await.is(200);
    }
}

story! {
    async fn a_picture_taken_out_of_an_old_post_has_its_week(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let page = sends(&scene.ada, &base, &png(90, 60), "A heron").await;
        let (line, path) = line(&page);
        let post = says(&scene, &scene.ada, format!("Look.\n\n{line}")).await;
        scene.town.clock.advance(40 * DAY);
        let edits = async |text: String| {
            scene
                .as_member(scene.ada.id, move |tx, ada| {
                    let revision = forum::said(tx, post)?.revision;
                    forum::edit_post(tx, ada, post, &words(&text), revision, "")
                })
                .await
        };
        edits("Look, no picture.".to_owned()).await;
        scene.town.clock.advance(3 * DAY);
        scene.town.inside(uploads::sweep).await;
        scene.town.work().await;
        assert!(kept(&scene, &path).await, "three days after it was taken out");
        // So it can still be put back.
        edits(format!("Look again.\n\n{line}")).await;
        scene.town.clock.advance(30 * DAY);
        scene.town.inside(uploads::sweep).await;
        scene.town.work().await;
        assert!(kept(&scene, &path).await, "it stands in a post");
        edits("Look, none again.".to_owned()).await;
        scene.town.clock.advance(8 * DAY);
        scene.town.inside(uploads::sweep).await;
        scene.town.work().await;
        assert!(!kept(&scene, &path).await, "a week and no longer");
    }
}

story! {
    async fn programs_send_pictures_too(town) {
        let scene = Scene::set(town).await;
        let api = scene.ada.api().await;
        let body = form(&[("alt", b"A heron"), ("file", &png(60, 40))]);
        let made = api.send_bytes("/uploads", body.clone(), "multipart/form-data; boundary=xyz").await.is(201);
        assert!(made.text("/markdown").starts_with("![A heron](/media/"));
        // The same picture once more is the same picture.
        let again = api.send_bytes("/uploads", body, "multipart/form-data; boundary=xyz").await.is(201);
        assert_eq!(again.number("/id"), made.number("/id"));
        assert_eq!(api.get("/uploads").await.is(200).json["items"].as_array().map(Vec::len), Some(1));
        api.send_bytes("/uploads", b"{}".to_vec(), "application/json").await.is(415);
        scene.town.api(None).send_bytes("/uploads", form(&[("alt", b"x"), ("file", &png(9, 9))]), "multipart/form-data; boundary=xyz").await.is(401);
    }
}

story! {
    async fn a_highlight_carries_pictures_where_its_author_agreed(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let (line, path) = line(&sends(&scene.ada, &base, &png(300, 200), "A heron").await);
        scene.edits(&format!("{WORDS} And so on.\n\n{line}")).await;
        let id = scene.nominated().await;
        let page = scene.ada.opens(&format!("/my/consents/{id}")).await;
        page.is(200).sees("May the pictures go along?");
        assert_eq!(page.attributes(".picture img", "alt"), ["A heron"], "they are shown with the question");
        let form = page.form("Yes, as chosen above").choose("attribution", "name").tick("channels", "page");
        assert!(form.value("pictures").is_none(), "nothing is ticked for her");
        form.submit().await.is(200);
        let released = |id: i64| {
            let town = &scene.town;
            async move {
                town.inside(move |tx| loggia::highlights::pictures(tx, loggia::kit::ids::HighlightId(id))).await.len()
            }
        };
        assert_eq!(released(id).await, 0);
        let mut with: Value = yes();
        with["pictures"] = json!(true);
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), with).await.is(200);
        assert_eq!(released(id).await, 1);
        scene.mo.opens(&format!("/desk/highlights/{id}")).await.is(200).sees("Pictures may go alongyes");
        // A picture that comes later was not agreed to.
        let (later, _) = self::line(&sends(&scene.ada, &base, &png(310, 200), "A second heron").await);
        scene.town.clock.advance(DAY);
        scene.edits(&format!("{WORDS} And so on.\n\n{line}\n\n{later}")).await;
        assert_eq!(scene.state(id).await, "consented", "the words are the same");
        assert_eq!(released(id).await, 1);
        let _ = (path, members::total);
    }
}

story! {
    async fn files_and_rows_are_held_against_each_other(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let (_, kept_path) = line(&sends(&scene.ada, &base, &png(1_000, 60), "A heron").await);
        let (_, lost_path) = line(&sends(&scene.ada, &base, &png(90, 60), "A gull").await);
        let app = &scene.town.node.app;
        // A file without a row, as a crash between the two leaves it, with a smaller one beside it.
        for name in ["zzstray-900x60.png", "zzstray-900x60-w480.png"] {
            app.media.put(name, vec![1]).await.expect("a file");
        }
        app.media.drop_file(lost_path.rsplit('/').next().expect("a name")).await.expect("it goes");
        let before = |years: i64| At(jiff::Timestamp::now().as_microsecond() + years * 365 * DAY);
        let young = uploads::tidy(&app.db, &app.media, before(-1)).await.expect("tidied");
        assert!(young.dropped.is_empty(), "what was just written may be waiting for its row: {young:?}");
        let mut found = uploads::tidy(&app.db, &app.media, before(1)).await.expect("tidied");
        found.dropped.sort();
        assert_eq!(found.dropped, ["zzstray-900x60-w480.png", "zzstray-900x60.png"]);
        assert_eq!(found.missing, [id_of(&lost_path)], "a row without its file is named");
        assert!(app.media.get("zzstray-900x60.png").await.is_err());
        assert!(kept(&scene, &kept_path).await, "what a row names stays, its smaller ones too");
        // The job does the same.
        scene.town.inside(uploads::ask_to_tidy).await;
        scene.town.work().await;
        assert!(kept(&scene, &kept_path).await);
    }
}
