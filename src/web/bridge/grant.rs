//! Signing in at a channel's vendor: the page that sends an admin there, and the one address that vendors send them back to.

use serde::{Deserialize, Serialize};

use super::parts::ChannelCard;
use crate::bridge::{self, CALLBACK, Health, Invited, Returned};
use crate::kit::Refusal;
use crate::kit::ids::ChannelId;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer, dispatch};

/// The way to the vendor. A link and no redirect: forms of this house lead nowhere else.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GrantPage {
    channel: ChannelCard,
    /// Where to go; empty where the vendor could not be asked.
    url: String,
    /// Whose page that is.
    host: String,
    /// Where the vendor sends the browser back to; it has to be entered there.
    back: String,
    /// Why there is no way there.
    trouble: String,
}

impl Page for GrantPage {
    const TEMPLATE: &'static str = "bridge/grant";

    fn head(&self) -> Head {
        Head::text(&self.channel.name).nav("admin").form()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            channel: ChannelCard::samples().pop().unwrap_or_default(),
            url: "https://social.example/oauth/authorize?response_type=code&state=abc".to_owned(),
            host: "social.example".to_owned(),
            back: format!("https://commons.example{CALLBACK}"),
            trouble: String::new(),
        };
        let worst = Self {
            url: String::new(),
            trouble: super::parts::longest(),
            ..usual.clone()
        };
        vec![Self::default(), usual, worst]
    }
}

/// Makes ready to sign in there, and shows the way.
pub async fn begin(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let actor = call.actor().await?;
    let session = call.session_token().ok_or(Refusal::SignInFirst)?;
    let holder = bridge::holder_of_session(session);
    let invited = call.app().bridge.invite(&actor, id, holder).await?;
    let back = format!("{}{CALLBACK}", call.app().config.base_url);
    let (app, credentials) = (call.app().clone(), call.credentials().clone());
    let (viewer, page) = call
        .app()
        .db
        .read(move |tx| {
            let viewer = Viewer::recognise(tx, &credentials, &app)?;
            let (url, host, trouble) = match &invited {
                Invited::To(url) => (
                    url.to_string(),
                    url.host_str().unwrap_or_default().to_owned(),
                    String::new(),
                ),
                Invited::Not(words) => (String::new(), String::new(), words.clone()),
            };
            let page = GrantPage {
                channel: ChannelCard::of(&bridge::channel(tx, id)?),
                url,
                host,
                back: back.clone(),
                trouble,
            };
            Ok((viewer, page))
        })
        .await?;
    dispatch::show(&call, &viewer, Shown::from(page))
}

/// What vendors put into the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Brought {
    state: String,
    code: String,
    iss: String,
    error: String,
}

/// Where vendors send the browser back to. What it brings counts for the one who began it, once, within ten minutes; from
/// the vendor nothing is taken but the code, and no word of an answer stands on a page.
pub async fn back(call: Call) -> Answer {
    let brought: Brought = call.query()?;
    let actor = call.actor().await?;
    let session = call.session_token().ok_or(Refusal::SignInFirst)?;
    let holders = [
        Some(bridge::holder_of_session(session)),
        bridge::holder_of_member(&actor),
    ];
    let returned = Returned {
        state: brought.state,
        code: brought.code,
        issuer: brought.iss,
        error: brought.error,
    };
    let holders = holders.into_iter().flatten().collect();
    let redeemed = call.app().bridge.redeem(&actor, holders, returned).await?;
    let flash = match &redeemed.verified {
        Some(verified) if matches!(verified.health, Health::Good(_)) => "channel-signed-in",
        Some(_) => "channel-silent",
        None => "channel-not-signed-in",
    };
    let way = See::to(format!("/admin/channels/{}", redeemed.channel)).flash(flash);
    dispatch::see(&call, way)
}
