//! Signing in at a server of the Mastodon API: the application is made there by ourselves, once per server.
//! Source: docs.joinmastodon.org, "apps", "oauth", "OAuth Scopes"; proof keys and the metadata address from 4.3 on.

use futures_util::future::BoxFuture;
use serde_json::json;
use url::Url;

use super::grant::{Keys, NoToken, asking, form};
use super::mastodon::{MastodonAdapter, note, site};
use super::tools::{bare, below, body, json as written};
use crate::bridge::adapter::{Destination, Granted, Grants, Invitation, Secret};
use crate::kit::http::Method;

/// What an application of ours may do there, and no more.
const SCOPES: &str = "read:accounts read:statuses write:statuses write:media";

impl MastodonAdapter {
    /// An application of our own at this server, made once.
    async fn application(&self, to: &Destination, back: &str) -> Result<Keys, String> {
        let home = site(&to.config).ok_or("the channel has no server")?;
        let made_for = format!("{home} {back}");
        let kept = Keys::of(to);
        if kept.made_for == made_for && !kept.app.is_empty() {
            return Ok(kept);
        }
        let content = json!({
            "client_name": "Loggia",
            "redirect_uris": [back],
            "scopes": SCOPES,
            "website": self.0.house.base_url,
        });
        let url = below(home, &["api/v1/apps"]);
        let response = self.0.ask(written(Method::POST, url, &content)).await?;
        let said = body(&response);
        let (Some(app), Some(app_secret)) =
            (said["client_id"].as_str(), said["client_secret"].as_str())
        else {
            return Err(format!("{} {}", response.status, note(&response)));
        };
        Ok(Keys {
            made_for,
            app: app.to_owned(),
            app_secret: app_secret.to_owned(),
            ..kept
        })
    }

    /// Does the server take a proof key? From version 4.3 on it says so itself.
    async fn takes_proof(&self, home: Url) -> bool {
        let url = below(home, &[".well-known/oauth-authorization-server"]);
        let Ok(response) = self.0.ask(bare(Method::GET, url)).await else {
            return false;
        };
        let said = body(&response);
        let methods = said["code_challenge_methods_supported"].as_array();
        response.status == 200
            && methods.is_some_and(|methods| methods.iter().any(|method| method == "S256"))
    }
}

impl Grants for MastodonAdapter {
    fn invite<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
    ) -> BoxFuture<'a, Result<Invitation, String>> {
        Box::pin(async move {
            let keys = self.application(to, back).await?;
            let home = site(&to.config).ok_or("the channel has no server")?;
            let asked = [
                ("response_type", "code"),
                ("client_id", keys.app.as_str()),
                ("redirect_uri", back),
                ("scope", SCOPES),
            ];
            Ok(Invitation {
                url: asking(below(home.clone(), &["oauth/authorize"]), &asked)
                    .ok_or("the channel has no server")?,
                proves: self.takes_proof(home).await,
                keep: Some(Secret(keys.sealed())),
            })
        })
    }

    fn redeem<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
        code: &'a str,
        proof: &'a str,
    ) -> BoxFuture<'a, Result<Granted, String>> {
        Box::pin(async move {
            let keys = Keys::of(to);
            let home = site(&to.config).ok_or("the channel has no server")?;
            let request = form(
                below(home, &["oauth/token"]),
                &[
                    ("grant_type", "authorization_code"),
                    ("client_id", &keys.app),
                    ("client_secret", &keys.app_secret),
                    ("redirect_uri", back),
                    ("code", code),
                    ("code_verifier", proof),
                    ("scope", SCOPES),
                ],
            );
            let said = self.0.tokens(request).await.map_err(NoToken::words)?;
            // They do not end here.
            let keys = keys.with(&said, self.0.now()).ok_or("no token came back")?;
            Ok(keys.granted(None))
        })
    }

    fn revoke<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let keys = Keys::of(to);
            // A token that was made by hand belongs to an application whose secret we do not have.
            if keys.app.is_empty() || keys.access.is_empty() {
                return Ok(());
            }
            let home = site(&to.config).ok_or("the channel has no server")?;
            let request = form(
                below(home, &["oauth/revoke"]),
                &[
                    ("client_id", &keys.app),
                    ("client_secret", &keys.app_secret),
                    ("token", &keys.access),
                ],
            );
            let response = self.0.ask(request).await?;
            match response.status {
                200..=299 => Ok(()),
                status => Err(format!("{status} {}", note(&response))),
            }
        })
    }

    fn is_issuer(&self, to: &Destination, issuer: &str) -> bool {
        let host = |url: &Url| url.host_str().map(str::to_owned);
        let theirs = Url::parse(issuer).ok().as_ref().and_then(host);
        theirs.is_some() && theirs == site(&to.config).as_ref().and_then(host)
    }
}
