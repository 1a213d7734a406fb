//! `/admin/channels`: making channels, their secrets, their pace.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::parts::ChannelCard;
use crate::bridge::{self, Changes, ChannelState, Health, NewChannel};
use crate::kit::ids::ChannelId;
use crate::kit::{Problems, Stop};
use crate::policy::Action;
use crate::web::dispatch;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What is typed into the forms.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    name: String,
    url: String,
    min_gap_seconds: String,
    daily_cap: String,
    max_lateness_hours: String,
    revision: String,
}

/// All channels, and a form for a new webhook.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminChannelsPage {
    channels: Vec<ChannelCard>,
    typed: Typed,
    problems: Problems,
}

impl AdminChannelsPage {
    fn read(tx: &mut crate::db::Tx<'_>, viewer: &Viewer) -> crate::kit::Result<Self> {
        viewer.actor.may(&Action::ManageChannels)?;
        Ok(Self {
            channels: bridge::channels(tx)?.iter().map(ChannelCard::of).collect(),
            ..Self::default()
        })
    }
}

impl Page for AdminChannelsPage {
    const TEMPLATE: &'static str = "bridge/admin-channels";

    fn head(&self) -> Head {
        Head::new("bridge-admin-title").nav("admin").form()
    }

    fn samples() -> Vec<Self> {
        vec![
            Self::default(),
            Self {
                channels: ChannelCard::samples(),
                ..Self::default()
            },
            Self {
                channels: ChannelCard::samples(),
                typed: Typed {
                    name: super::parts::longest(),
                    url: "ftp://nowhere".to_owned(),
                    ..Typed::default()
                },
                problems: Problems::one("url", "no-address"),
            },
        ]
    }
}

/// One channel's settings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminChannelPage {
    channel: ChannelCard,
    typed: Typed,
    problems: Problems,
}

impl AdminChannelPage {
    fn read(
        tx: &mut crate::db::Tx<'_>,
        viewer: &Viewer,
        id: ChannelId,
    ) -> crate::kit::Result<Self> {
        viewer.actor.may(&Action::ManageChannels)?;
        let channel = ChannelCard::of(&bridge::channel(tx, id)?);
        let typed = Typed {
            name: channel.name.clone(),
            // The address may hold a token: it is entered anew, never shown.
            url: String::new(),
            min_gap_seconds: channel.min_gap_seconds.to_string(),
            daily_cap: channel.daily_cap.to_string(),
            max_lateness_hours: (channel.max_lateness_seconds / 3600).to_string(),
            revision: channel.revision.to_string(),
        };
        Ok(Self {
            channel,
            typed,
            problems: Problems::default(),
        })
    }
}

impl Page for AdminChannelPage {
    const TEMPLATE: &'static str = "bridge/admin-channel";

    fn head(&self) -> Head {
        Head::text(&self.channel.name).nav("admin").form()
    }

    fn samples() -> Vec<Self> {
        let mut samples: Vec<Self> = ChannelCard::samples()
            .into_iter()
            .map(|channel| Self {
                channel,
                ..Self::default()
            })
            .collect();
        if let Some(last) = samples.last().cloned() {
            samples.push(Self {
                problems: Problems::one("name", "needed"),
                ..last
            });
        }
        samples
    }
}

/// A secret, shown once.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SecretPage {
    channel: ChannelCard,
    secret: String,
    rotated: bool,
}

impl Page for SecretPage {
    const TEMPLATE: &'static str = "bridge/secret";

    fn head(&self) -> Head {
        Head::new("bridge-secret-title").nav("admin").form()
    }

    fn samples() -> Vec<Self> {
        ChannelCard::samples()
            .into_iter()
            .zip([false, true])
            .chain([(ChannelCard::default(), false)])
            .map(|(channel, rotated)| Self {
                channel,
                secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
                rotated,
            })
            .collect()
    }
}

/// Shows all channels.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| Ok(Shown::from(AdminChannelsPage::read(tx, viewer)?)))
        .await
}

/// Shows one channel's settings.
pub async fn show(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.page(move |tx, viewer| Ok(Shown::from(AdminChannelPage::read(tx, viewer, id)?)))
        .await
}

/// Runs a verb whose answer is shown at once instead of after a redirect: a secret must not be kept anywhere. A double
/// click finds the number of the form used and only looks at the list.
async fn shown_once<F>(call: &Call, mut verb: F) -> crate::kit::Result<(Viewer, Shown)>
where
    F: FnMut(&mut crate::db::Tx<'_>, &Viewer) -> crate::kit::Result<SecretPage> + Send + 'static,
{
    let once = call.form_once();
    let (app, credentials) = (call.app().clone(), call.credentials().clone());
    call.app()
        .db
        .write(move |tx| {
            let viewer = Viewer::recognise(tx, &credentials, &app)?;
            if let Some(once) = &once
                && once.seek(tx)?.is_some()
            {
                return Ok((viewer, Shown::see("/admin/channels")));
            }
            let page = verb(tx, &viewer)?;
            if let Some(once) = &once {
                once.keep(tx, "{}")?;
            }
            Ok((viewer, Shown::from(page)))
        })
        .await
}

/// Makes a webhook and shows its secret.
pub async fn create(call: Call) -> Answer {
    let form: Typed = call.form()?;
    let typed = form.clone();
    let made = shown_once(&call, move |tx, viewer| {
        let wanted = NewChannel {
            kind: "webhook".to_owned(),
            name: form.name.clone(),
            config: json!({ "url": form.url }),
            secret: None,
        };
        let made = bridge::create_channel(tx, &viewer.actor, &wanted)?;
        let line = bridge::channel(tx, made.channel.id)?;
        Ok(SecretPage {
            channel: ChannelCard::of(&line),
            secret: made.secret.unwrap_or_default(),
            rotated: false,
        })
    })
    .await;
    match made {
        Err(Stop::Invalid(problems)) => {
            call.submit(
                move |_tx, _viewer| Err(problems.clone().into()),
                move |tx, viewer, problems| {
                    Ok(Shown::from(AdminChannelsPage {
                        typed: typed.clone(),
                        problems: problems.clone(),
                        ..AdminChannelsPage::read(tx, viewer)?
                    }))
                },
            )
            .await
        }
        other => {
            let (viewer, shown) = other?;
            dispatch::show(&call, &viewer, shown)
        }
    }
}

/// Makes a new secret and shows it.
pub async fn rotate(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let (viewer, shown) = shown_once(&call, move |tx, viewer| {
        let made = bridge::rotate_secret(tx, &viewer.actor, id)?;
        let line = bridge::channel(tx, id)?;
        Ok(SecretPage {
            channel: ChannelCard::of(&line),
            secret: made.secret.unwrap_or_default(),
            rotated: true,
        })
    })
    .await?;
    dispatch::show(&call, &viewer, shown)
}

fn number(problems: &mut Problems, field: &str, text: &str) -> i64 {
    text.trim().parse().unwrap_or_else(|_| {
        problems.add(field, "no-number", &[]);
        0
    })
}

/// Puts changed settings in force.
pub async fn change(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let form: Typed = call.form()?;
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            let mut problems = Problems::default();
            let changes = Changes {
                revision: form.revision.parse().unwrap_or(0),
                name: form.name.clone(),
                config: Some(form.url.trim())
                    .filter(|url| !url.is_empty())
                    .map(|url| json!({ "url": url })),
                min_gap_seconds: number(&mut problems, "min_gap_seconds", &form.min_gap_seconds),
                daily_cap: number(&mut problems, "daily_cap", &form.daily_cap),
                max_lateness_seconds: number(
                    &mut problems,
                    "max_lateness_hours",
                    &form.max_lateness_hours,
                )
                .saturating_mul(3600),
            };
            viewer.actor.may(&Action::ManageChannels)?;
            problems.check()?;
            bridge::change_channel(tx, &viewer.actor, id, &changes)?;
            Ok(See::to(format!("/admin/channels/{id}")).flash("channel-changed"))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(AdminChannelPage {
                typed: typed.clone(),
                problems: problems.clone(),
                ..AdminChannelPage::read(tx, viewer, id)?
            }))
        },
    )
    .await
}

/// Asks a channel how it is.
pub async fn verify(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let actor = call.actor().await?;
    let verified = call.app().bridge.verify(&actor, id).await?;
    let good = matches!(verified.health, Health::Good(_))
        && verified.channel.state != ChannelState::Removed;
    let flash = if good {
        "channel-answers"
    } else {
        "channel-silent"
    };
    call.act(move |_tx, _viewer| Ok(See::to(format!("/admin/channels/{id}")).flash(flash)))
        .await
}

/// Takes a channel out of use.
pub async fn remove(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.act(move |tx, viewer| {
        bridge::remove_channel(tx, &viewer.actor, id)?;
        Ok(See::to("/admin/channels").flash("channel-removed"))
    })
    .await
}
