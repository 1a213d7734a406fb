//! `/admin/channels/{id}/keys`: the keys that sign a bulletin's letters, and the records to publish.

use serde::Serialize;

use super::parts::ChannelCard;
use crate::bridge::{self, Key};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::ChannelId;
use crate::mail;
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct KeyCard {
    id: i64,
    host: String,
    record: String,
    made_at: i64,
    in_use_at: Option<i64>,
    signs: bool,
}

impl KeyCard {
    fn of(key: Key, domain: &str) -> Self {
        Self {
            id: key.id,
            host: format!("{}._domainkey.{domain}", key.selector),
            record: key.record,
            made_at: key.made_at.0,
            in_use_at: key.in_use_at.map(|at| at.0),
            signs: key.signs,
        }
    }
}

/// The keys.
#[derive(Debug, Clone, Default, Serialize)]
pub struct KeysPage {
    channel: ChannelCard,
    keys: Vec<KeyCard>,
}

impl Page for KeysPage {
    const TEMPLATE: &'static str = "bridge/keys";

    fn head(&self) -> Head {
        Head::new("bulletin-keys-title").nav("admin").form()
    }

    fn samples() -> Vec<Self> {
        let key = KeyCard {
            id: 1,
            host: "loggia1-1._domainkey.commons.example".to_owned(),
            record: format!("v=DKIM1; k=rsa; p={}", "A".repeat(392)),
            made_at: 1_700_000_000_000_000,
            ..KeyCard::default()
        };
        ChannelCard::samples()
            .into_iter()
            .chain([ChannelCard::default()])
            .zip([
                Vec::new(),
                vec![key.clone()],
                vec![
                    key.clone(),
                    KeyCard {
                        in_use_at: Some(1),
                        signs: true,
                        ..key.clone()
                    },
                    KeyCard {
                        in_use_at: Some(0),
                        ..key
                    },
                ],
            ])
            .map(|(channel, keys)| Self { channel, keys })
            .collect()
    }
}

/// The domain that signs: that of the sender's address.
pub(in crate::web) fn domain(line: &bridge::ChannelLine, house: &str) -> String {
    let own = line.settings.get("from").and_then(|from| from.as_str());
    let address = own.unwrap_or(house);
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.trim_end_matches('>').to_owned()
}

fn read(tx: &mut Tx<'_>, viewer: &Viewer, id: ChannelId, house: &str) -> Result<KeysPage> {
    viewer.actor.may(&Action::ManageChannels)?;
    let keys = bridge::keys(tx, &viewer.actor, id)?;
    let line = bridge::channel(tx, id)?;
    let domain = domain(&line, house);
    Ok(KeysPage {
        channel: ChannelCard::of(&line),
        keys: keys
            .into_iter()
            .map(|key| KeyCard::of(key, &domain))
            .collect(),
    })
}

/// Shows the keys.
pub async fn list(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let house = call.app().office.address();
    call.page(move |tx, viewer| read(tx, viewer, id, &house).map(Shown::from))
        .await
}

/// Makes a key. It signs nothing until it is put in use.
pub async fn make(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    // Whoever may not have it must not make us work for it.
    call.actor().await?.may(&Action::ManageChannels)?;
    let pair = std::sync::Arc::new(call.compute(mail::new_key_pair).await??);
    call.act(move |tx, viewer| {
        bridge::keep_key(tx, &viewer.actor, id, &pair)?;
        Ok(See::to(format!("/admin/channels/{id}/keys")).flash("bulletin-key-made"))
    })
    .await
}

/// From now on this key signs.
pub async fn put_in_use(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let key: i64 = call.segment("key")?;
    call.act(move |tx, viewer| {
        bridge::use_key(tx, &viewer.actor, id, key)?;
        Ok(See::to(format!("/admin/channels/{id}/keys")).flash("bulletin-key-used"))
    })
    .await
}
