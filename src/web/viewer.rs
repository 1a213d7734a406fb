//! Who is looking: read from the session or token in the same transaction as the page.

use super::call::Credentials;
use crate::app::App;
use crate::db::Tx;
use crate::kit::ids::{PostId, SessionId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::members::{self, Credential};
use crate::notifications;
use crate::policy::{Action, Actor};
use crate::site::Settings;

/// Who is looking, and how they like it shown.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// For every permission.
    pub actor: Actor,
    /// The language of the interface.
    pub lang: String,
    /// The time zone (IANA) in which times are shown.
    pub zone: String,
    /// `light`, `dark` or empty for what the device says.
    pub theme: String,
    /// Single keys do something, where scripts run.
    pub keys: bool,
    /// The session, where there is one.
    pub session: Option<SessionId>,
    /// When the member joined; now, for guests.
    pub joined: At,
    /// Unread notices.
    pub unread: i64,
    /// The posts they tell of.
    pub told_of: Vec<PostId>,
    /// The session's last use is worth noting in the next write.
    pub touch: bool,
    /// The settings in force.
    pub settings: Settings,
}

impl Viewer {
    pub(super) fn recognise(tx: &mut Tx<'_>, credentials: &Credentials, app: &App) -> Result<Self> {
        let settings = app.settings(tx)?;
        let credential = match credentials {
            Credentials::None => None,
            Credentials::Session(token) => Some(Credential::Session(token)),
            Credentials::Bearer(token) => Some(Credential::Bearer(token)),
        };
        let found = match &credential {
            Some(credential) => members::recognise(tx, credential)?,
            None => None,
        };
        let Some(found) = found else {
            let (lang, zone) = (settings.lang.clone(), settings.zone.clone());
            return Ok(Self {
                actor: Actor::Guest,
                lang,
                zone,
                theme: String::new(),
                keys: true,
                session: None,
                joined: tx.now(),
                unread: 0,
                told_of: Vec::new(),
                touch: false,
                settings,
            });
        };
        let by_browser = matches!(credentials, Credentials::Session(_));
        let (unread, told_of) = if by_browser {
            notifications::unread_of(tx, found.person.id)?
        } else {
            (0, Vec::new())
        };
        let zone = if found.zone.is_empty() {
            settings.zone.clone()
        } else {
            found.zone
        };
        let lang = if found.lang.is_empty() {
            settings.lang.clone()
        } else {
            found.lang
        };
        let actor = Actor::Member(Box::new(found.person));
        Ok(Self {
            actor,
            lang,
            zone,
            theme: found.theme,
            keys: found.keys,
            session: found.session,
            joined: found.joined,
            unread,
            told_of,
            touch: found.touch,
            settings,
        })
    }

    /// Notes that the session is in use, at most once an hour; a session that is used does not end.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub(super) fn note_use(&self, tx: &mut Tx<'_>) -> Result<()> {
        match self.session {
            Some(session) if self.touch => members::touch(tx, session),
            _ => Ok(()),
        }
    }

    /// May the viewer do this? For buttons.
    #[must_use]
    pub fn can(&self, action: &Action<'_>) -> bool {
        self.actor.can(action)
    }

    /// May the viewer do this, or will they after a step of their own: confirming the address, reading and
    /// acknowledging the guidelines? For links to forms that lead through that step instead of hiding the way in.
    #[must_use]
    pub fn could(&self, action: &Action<'_>) -> bool {
        match self.actor.may(action) {
            Ok(()) => true,
            Err(Stop::Refused(refusal)) => matches!(
                refusal,
                Refusal::AcknowledgeFirst(_) | Refusal::ConfirmEmailFirst
            ),
            Err(_) => false,
        }
    }
}
