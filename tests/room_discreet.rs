//! Stories of what the room keeps to itself: whose words were taken away, what a spoiler veils, whom one ignores.

use loggia::forum;

use crate::story;
use crate::town::talk::{HOUSE, category, reply, reply_to, started};

story! {
    async fn an_answer_does_not_tell_whose_words_were_taken_away(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let (id, _) = started(&town, &tomas, field, ("A ring", ""), "It was silver").await;
        let said = reply(&town, &ruth, id, "What somebody regrets").await;
        reply(&town, &tomas, id, "A word between").await;
        reply_to(&town, &tomas, id, "An answer to it", Some(said)).await;
        let here = format!("/t/a-ring/{id}");
        let before = town.guest().open(&here).await;
        before.sees("What somebody regrets");
        assert!(before.html.contains("/u/ruth"), "whose they are is told while they stand");
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, said, None)).await;
        let after = town.guest().open(&here).await;
        after.is(200).sees("An answer to it").hides("What somebody regrets");
        assert!(!after.html.contains("/u/ruth"), "nor in what machines read");
    }
}

story! {
    async fn a_quotation_and_what_machines_read_leave_spoilers_out(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let told = "The gardener found it, and ||the butler hid it||.";
        let (id, _) = started(&town, &ruth, field, ("A ring", ""), told).await;
        let here = format!("/t/a-ring/{id}");
        let guest = town.guest().open(&here).await;
        guest.sees("The gardener found it");
        let machines = guest.all("script[type='application/ld+json']").concat();
        assert!(machines.contains("gardener") && !machines.contains("butler"), "{machines}");
        let page = tomas.opens(&here).await.follow("Quote").await;
        let form = page.form("Send the reply");
        let body = form.value("body").unwrap_or_default();
        assert!(body.contains("gardener") && !body.contains("butler"), "{body}");
    }
}

story! {
    async fn whoever_is_ignored_does_not_hold_up_a_reply(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let nia = town.member("nia").await;
        let (id, _) = started(&town, &ruth, field, ("A ring", ""), "It was silver").await;
        let (me, them) = (ruth.actor(&town).await, tomas.id);
        town.inside(move |tx| loggia::members::ignore(tx, &me, them)).await;
        let here = format!("/t/a-ring/{id}");
        let form = ruth.opens(&here).await.form("Send the reply").fill("body", "I look again");
        reply(&town, &tomas, id, "Something loud").await;
        form.submit().await.is(200).sees("Your reply stands here now");
        // Whoever is not ignored is shown first, and alone.
        let form = ruth.opens(&here).await.form("Send the reply").fill("body", "And again");
        reply(&town, &tomas, id, "Something louder").await;
        reply(&town, &nia, id, "Something quiet").await;
        let page = form.submit().await;
        page.is(422);
        let newer = page.words_of("#newer").unwrap_or_default();
        assert!(newer.contains("Something quiet") && !newer.contains("louder"), "{newer}");
    }
}
