//! `/admin/channels`: making channels, their secrets, their pace.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::connect::{ConnectPage, Entered, FieldCard, connectable, connectable_kind, left_alone};
use super::parts::{ChannelCard, dollars};
use crate::bridge::{self, Changes, ChannelState, Health, NewChannel};
use crate::kit::ids::ChannelId;
use crate::kit::{Problems, Stop};
use crate::policy::Action;
use crate::web::dispatch;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What is typed into the form of a channel besides the fields of its kind.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    name: String,
    min_gap_seconds: String,
    daily_cap: String,
    max_lateness_hours: String,
    revision: String,
}

/// All channels, and the kinds that can be connected.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminChannelsPage {
    channels: Vec<ChannelCard>,
    kinds: Vec<&'static str>,
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
                kinds: connectable().collect(),
            },
            Self {
                channels: ChannelCard::samples().into_iter().rev().collect(),
                kinds: vec!["manual"],
            },
        ]
    }
}

/// One channel's settings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminChannelPage {
    channel: ChannelCard,
    fields: Vec<FieldCard>,
    typed: Typed,
    /// What it cost this month and may cost at most, where it charges.
    spent: String,
    cap: String,
    /// How many announcements stand there.
    standing: i64,
    problems: Problems,
}

impl AdminChannelPage {
    fn read(
        tx: &mut crate::db::Tx<'_>,
        viewer: &Viewer,
        id: ChannelId,
    ) -> crate::kit::Result<Self> {
        viewer.actor.may(&Action::ManageChannels)?;
        let line = bridge::channel(tx, id)?;
        let channel = ChannelCard::of(&line);
        let kept = Value::Object(line.settings.clone());
        let typed = Typed {
            name: channel.name.clone(),
            min_gap_seconds: channel.min_gap_seconds.to_string(),
            daily_cap: channel.daily_cap.to_string(),
            max_lateness_hours: (channel.max_lateness_seconds / 3600).to_string(),
            revision: channel.revision.to_string(),
        };
        let (spent, cap) = match bridge::spending(tx, id)? {
            Some(all) => (dollars(all.spent), dollars(all.cap)),
            None => Default::default(),
        };
        Ok(Self {
            fields: FieldCard::all(&line.kind, &kept, true),
            channel,
            typed,
            spent,
            cap,
            standing: bridge::standing(tx, id)?,
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
                fields: FieldCard::all(&channel.kind, &Value::Null, true),
                channel,
                ..Self::default()
            })
            .collect();
        if let Some(last) = samples.last().cloned() {
            samples.push(Self {
                problems: Problems::one("name", "needed"),
                spent: dollars(3_415),
                cap: dollars(20_000),
                standing: 12,
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
    call.page(|tx, viewer| {
        viewer.actor.may(&Action::ManageChannels)?;
        Ok(Shown::from(AdminChannelsPage {
            channels: bridge::channels(tx)?.iter().map(ChannelCard::of).collect(),
            kinds: connectable().collect(),
        }))
    })
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
    F: FnMut(&mut crate::db::Tx<'_>, &Viewer) -> crate::kit::Result<Shown> + Send + 'static,
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
            let shown = verb(tx, &viewer)?;
            if let Some(once) = &once {
                once.keep(tx, "{}")?;
            }
            Ok((viewer, shown))
        })
        .await
}

/// Makes a channel. A secret of our own making is shown in the answer and never again.
pub async fn create(call: Call) -> Answer {
    let word: String = call.segment("kind")?;
    let kind = connectable_kind(&word)?;
    let form: Entered = call.form()?;
    let (typed, entered) = (form.clone(), word.clone());
    let base = call.app().config.base_url.clone();
    let made = shown_once(&call, move |tx, viewer| {
        let fields = form.fields();
        let wanted = NewChannel {
            kind: word.clone(),
            name: form.name(),
            secret: bridge::secret_of(kind.fields(), &fields),
            config: fields,
        };
        let made = bridge::create_channel(tx, &viewer.actor, &wanted)?;
        let line = bridge::channel(tx, made.channel.id)?;
        Ok(match made.secret {
            Some(secret) => Shown::from(SecretPage {
                channel: ChannelCard::of(&line),
                secret,
                rotated: false,
            }),
            None => Shown::see(format!("/admin/channels/{}", line.id)),
        })
    })
    .await;
    match made {
        Err(Stop::Invalid(problems)) => {
            call.submit(
                move |_tx, _viewer| Err(problems.clone().into()),
                move |_tx, viewer, problems| {
                    viewer.actor.may(&Action::ManageChannels)?;
                    let page = ConnectPage::of(&entered, &typed, problems.clone());
                    Ok(Shown::from(page.at(&base)))
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
        Ok(Shown::from(SecretPage {
            channel: ChannelCard::of(&line),
            secret: made.secret.unwrap_or_default(),
            rotated: true,
        }))
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
    let (form, entered): (Typed, Entered) = (call.form()?, call.form()?);
    let (typed, again) = (form.clone(), entered.clone());
    call.submit(
        move |tx, viewer| {
            let mut problems = Problems::default();
            viewer.actor.may(&Action::ManageChannels)?;
            let line = bridge::channel(tx, id)?;
            let fields = bridge::kind(&line.kind).map_or(&[][..], |kind| kind.fields());
            let values = entered.fields();
            let changes = Changes {
                revision: form.revision.parse().unwrap_or(0),
                name: form.name.clone(),
                // What is hidden stays as it is unless it is entered anew.
                config: Some(values.clone()).filter(|_| !left_alone(fields, &values)),
                min_gap_seconds: number(&mut problems, "min_gap_seconds", &form.min_gap_seconds),
                daily_cap: number(&mut problems, "daily_cap", &form.daily_cap),
                max_lateness_seconds: number(
                    &mut problems,
                    "max_lateness_hours",
                    &form.max_lateness_hours,
                )
                .saturating_mul(3600),
            };
            problems.check()?;
            bridge::change_channel(tx, &viewer.actor, id, &changes)?;
            if let Some(secret) = bridge::secret_of(fields, &values) {
                bridge::set_secret(tx, &viewer.actor, id, &secret)?;
            }
            Ok(See::to(format!("/admin/channels/{id}")).flash("channel-changed"))
        },
        move |tx, viewer, problems| {
            let read = AdminChannelPage::read(tx, viewer, id)?;
            Ok(Shown::from(AdminChannelPage {
                fields: FieldCard::all(&read.channel.kind, &again.fields(), true),
                typed: typed.clone(),
                problems: problems.clone(),
                ..read
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
    let actor = call.actor().await?;
    // Its token is told off at the vendor once it is not ours any more; whoever may not remove it is refused below.
    let parting = call.app().bridge.parting(&actor, id).await;
    let answer = call
        .act(move |tx, viewer| {
            bridge::remove_channel(tx, &viewer.actor, id)?;
            Ok(See::to("/admin/channels").flash("channel-removed"))
        })
        .await?;
    if let Ok(Some(parting)) = parting {
        call.app().bridge.revoke(&parting).await;
    }
    Ok(answer)
}
