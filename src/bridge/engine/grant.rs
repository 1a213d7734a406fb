//! Signing in at a channel's vendor: between the two requests of an admin's browser the vendor is asked for tokens.
//! State and proof never rest anywhere as they are: of the state its hash is kept, and the proof is made of the state.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::Engine;
use crate::bridge::adapter::{Destination, Grants, Health};
use crate::bridge::channel::{
    self, Holder, Verified, begin_grant, destination_to_verify, keep_application, keep_grant,
    record_verification, take_grant,
};
use crate::kit::Result;
use crate::kit::ids::ChannelId;
use crate::kit::stop::Refusal;
use crate::policy::Actor;

/// Where vendors send the browser back to: one address, the same for all.
pub const CALLBACK: &str = "/admin/channels/callback";

/// Where an admin goes to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invited {
    /// There.
    To(url::Url),
    /// The vendor could not be asked, or something is missing: a few words.
    Not(String),
}

/// What a browser brought back.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    /// The state that was taken along.
    pub state: String,
    /// The code; empty where the person there said no.
    pub code: String,
    /// Who the vendor says it is (RFC 9207); empty where it does not say.
    pub issuer: String,
    /// Why there is no code, in the vendor's word.
    pub error: String,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Redeemed {
    /// Which channel.
    pub channel: ChannelId,
    /// How it is now; `None` where nobody signed in.
    pub verified: Option<Verified>,
}

/// A channel that is left, as its vendor knows it.
#[derive(Debug, Clone)]
pub struct Parting {
    kind: String,
    to: Destination,
}

/// Do two sealed sets of keys hold the same token?
fn same_token(old: &str, new: &str) -> bool {
    let token = |text: &str| {
        let kept: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        kept["access"].as_str().unwrap_or(text).to_owned()
    };
    token(old) == token(new)
}

impl Engine {
    /// Begins signing in at a channel's vendor.
    ///
    /// # Errors
    /// Refused to everybody but admins, and for channels where nobody signs in.
    pub async fn invite(&self, actor: &Actor, id: ChannelId, holder: Holder) -> Result<Invited> {
        let who = actor.clone();
        let (kind, to) = self
            .db()
            .read(move |tx| destination_to_verify(tx, &who, id))
            .await?;
        let back = self.back();
        let invitation = match self.grants(&kind)?.invite(&to, &back).await {
            Ok(invitation) => invitation,
            Err(words) => return Ok(Invited::Not(channel::short(&words))),
        };
        let (who, keep) = (actor.clone(), invitation.keep.clone());
        let state = self
            .db()
            .write(move |tx| {
                // Only what is new is sealed anew.
                if let Some(secret) = &keep
                    && channel::current_secret(tx, id)?.as_ref() != Some(&secret.0)
                {
                    keep_application(tx, &who, id, &secret.0)?;
                }
                begin_grant(tx, &who, id, &holder)
            })
            .await?;
        let mut url = invitation.url;
        url.query_pairs_mut().append_pair("state", &state);
        if invitation.proves {
            let hash = Sha256::digest(self.proof(&state).as_bytes());
            url.query_pairs_mut()
                .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(hash))
                .append_pair("code_challenge_method", "S256");
        }
        Ok(Invited::To(url))
    }

    /// Takes what a browser brought back, fetches the tokens and asks the channel how it is.
    ///
    /// # Errors
    /// [`Refusal::LinkDead`] where the state is not good for whoever brings it.
    pub async fn redeem(
        &self,
        actor: &Actor,
        holders: Vec<Holder>,
        returned: Returned,
    ) -> Result<Redeemed> {
        let (who, state) = (actor.clone(), returned.state.clone());
        let (kind, to) = self
            .db()
            .write(move |tx| take_grant(tx, &who, &state, &holders))
            .await?;
        let id = to.channel;
        let nobody = Redeemed {
            channel: id,
            verified: None,
        };
        if returned.code.is_empty() {
            tracing::info!(channel = id.0, "nobody signed in at the vendor");
            return Ok(nobody);
        }
        let grants = self.grants(&kind)?;
        if !returned.issuer.is_empty() && !grants.is_issuer(&to, &returned.issuer) {
            // Somebody else's answer: the code goes nowhere.
            return Err(Refusal::LinkDead.into());
        }
        let proof = self.proof(&returned.state);
        let who = actor.clone();
        let health = match grants
            .redeem(&to, &self.back(), &returned.code, &proof)
            .await
        {
            Ok(granted) => {
                let (secret, until) = (granted.secret.0, granted.expires_at);
                // Some servers give the same token again: that one is in use.
                let is_other = !to.secrets.iter().any(|old| same_token(&old.0, &secret));
                self.db()
                    .write(move |tx| keep_grant(tx, &who, id, &secret, until).map(drop))
                    .await?;
                if is_other {
                    self.revoke(&Parting { kind, to }).await;
                }
                return Ok(Redeemed {
                    channel: id,
                    verified: Some(self.verify(actor, id).await?),
                });
            }
            Err(words) => Health::Bad(words),
        };
        let verified = self
            .db()
            .write(move |tx| record_verification(tx, &who, id, &health))
            .await?;
        Ok(Redeemed {
            channel: id,
            verified: Some(verified),
        })
    }

    /// What is needed to take leave of a channel's vendor, read before its secret is erased. `None` where there is nothing to
    /// be said to anybody.
    ///
    /// # Errors
    /// Refused to everybody but admins; gone where it was removed.
    pub async fn parting(&self, actor: &Actor, id: ChannelId) -> Result<Option<Parting>> {
        let who = actor.clone();
        let (kind, to) = self
            .db()
            .read(move |tx| destination_to_verify(tx, &who, id))
            .await?;
        Ok(self.grants(&kind).is_ok().then_some(Parting { kind, to }))
    }

    /// Tells a vendor that a token is not used any more. What does not work is left: the token opens nothing here.
    pub async fn revoke(&self, parting: &Parting) {
        let Ok(grants) = self.grants(&parting.kind) else {
            return;
        };
        if let Err(words) = grants.revoke(&parting.to).await {
            tracing::info!(
                channel = parting.to.channel.0,
                why = channel::short(&words),
                "a token could not be revoked at its vendor"
            );
        }
    }

    fn grants(&self, kind: &str) -> Result<&dyn Grants> {
        self.adapter(kind)
            .and_then(|adapter| adapter.grants())
            .ok_or_else(|| Refusal::WrongState("no-secret").into())
    }

    fn back(&self) -> String {
        format!("{}{CALLBACK}", self.db().house().base_url)
    }

    /// The proof key that belongs to a state (RFC 7636): nobody without the house's secret can make it.
    fn proof(&self, state: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.db().house().secret) else {
            return String::new();
        };
        mac.update(b"channel-proof:");
        mac.update(state.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}
