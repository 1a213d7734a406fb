//! `/outreach/channels`: how the channels are, and holding them.

use serde::{Deserialize, Serialize};

use super::parts::ChannelCard;
use crate::bridge;
use crate::kit::ids::ChannelId;
use crate::policy::Action;
use crate::site;
use crate::web::{Answer, Call, Head, Page, See, Shown};

/// All channels.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChannelsPage {
    channels: Vec<ChannelCard>,
    stopped: bool,
    can_pause: bool,
    can_manage: bool,
}

impl Page for ChannelsPage {
    const TEMPLATE: &'static str = "bridge/channels";

    fn head(&self) -> Head {
        Head::new("bridge-channels-title")
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        vec![
            Self::default(),
            Self {
                channels: ChannelCard::samples(),
                can_pause: true,
                ..Self::default()
            },
            Self {
                channels: ChannelCard::samples(),
                stopped: true,
                can_pause: true,
                can_manage: true,
            },
        ]
    }
}

#[derive(Debug, Clone, Serialize)]
struct Count {
    state: String,
    count: i64,
}

/// One channel.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChannelPage {
    channel: ChannelCard,
    counts: Vec<Count>,
    can_pause: bool,
    can_manage: bool,
}

impl Page for ChannelPage {
    const TEMPLATE: &'static str = "bridge/channel";

    fn head(&self) -> Head {
        Head::text(&self.channel.name)
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let counts = vec![
            Count {
                state: "sent".to_owned(),
                count: 12_345,
            },
            Count {
                state: "needs_human".to_owned(),
                count: 1,
            },
        ];
        let with = |channel: ChannelCard| Self {
            channel,
            counts: counts.clone(),
            can_pause: true,
            can_manage: true,
        };
        let mut samples: Vec<Self> = ChannelCard::samples().into_iter().map(with).collect();
        samples.push(Self {
            channel: ChannelCard {
                state: "open".to_owned(),
                kind: "page".to_owned(),
                name: "x".to_owned(),
                ..ChannelCard::default()
            },
            ..Self::default()
        });
        samples
    }
}

/// Shows all channels.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let now = tx.now();
        Ok(Shown::from(ChannelsPage {
            channels: bridge::overview(tx, &viewer.actor)?
                .iter()
                .map(|(line, watch)| ChannelCard::watched(line, watch, now))
                .collect(),
            stopped: site::outward_stopped(tx)?,
            can_pause: viewer.can(&Action::PauseChannels),
            can_manage: viewer.can(&Action::ManageChannels),
        }))
    })
    .await
}

/// Shows one channel.
pub async fn show(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let counts = bridge::health(tx, &viewer.actor, id)?;
        let (line, now) = (bridge::channel(tx, id)?, tx.now());
        let watch = bridge::watch(tx, &viewer.actor, id)?;
        Ok(Shown::from(ChannelPage {
            channel: ChannelCard::watched(&line, &watch, now),
            counts: counts
                .into_iter()
                .map(|(state, count)| Count {
                    state: state.to_string(),
                    count,
                })
                .collect(),
            can_pause: viewer.can(&Action::PauseChannels),
            can_manage: viewer.can(&Action::ManageChannels),
        }))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Reason {
    reason: String,
}

/// Holds a channel.
pub async fn pause(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let form: Reason = call.form()?;
    call.act(move |tx, viewer| {
        bridge::pause(tx, &viewer.actor, id, &form.reason)?;
        Ok(See::to(format!("/outreach/channels/{id}")).flash("channel-paused"))
    })
    .await
}

/// Lets a channel go on.
pub async fn resume(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.act(move |tx, viewer| {
        bridge::resume(tx, &viewer.actor, id)?;
        Ok(See::to(format!("/outreach/channels/{id}")).flash("channel-resumed"))
    })
    .await
}

/// Holds everything outward.
pub async fn pause_all(call: Call) -> Answer {
    call.act(|tx, viewer| {
        bridge::pause_all(tx, &viewer.actor)?;
        Ok(See::to("/outreach/channels").flash("outward-stopped"))
    })
    .await
}

/// Lets everything go on.
pub async fn resume_all(call: Call) -> Answer {
    call.act(|tx, viewer| {
        bridge::resume_all(tx, &viewer.actor)?;
        Ok(See::to("/outreach/channels").flash("outward-resumed"))
    })
    .await
}
