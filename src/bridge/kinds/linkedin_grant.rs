//! Signing in at LinkedIn, and renewing what that gave.
//! Source: learn.microsoft.com/linkedin, "Authorization Code Flow", "Programmatic refresh tokens".

use futures_util::future::BoxFuture;

use super::grant::{Keys, NoToken, Renewal, asking, form};
use super::linkedin::LinkedInAdapter;
use crate::bridge::adapter::{Destination, Granted, Grants, Invitation};
use crate::kit::At;
use crate::kit::clock::DAY;

/// Where people and tokens are.
const HOME: &str = "https://www.linkedin.com";
/// What a page's posts need to be written and looked up.
const SCOPES: &str = "w_organization_social r_organization_social";

impl Renewal for LinkedInAdapter {
    /// Sixty days; a week before its end, so that a silent month does not shut anybody out.
    fn margin(&self) -> i64 {
        7 * DAY
    }

    fn renew<'a>(
        &'a self,
        to: &'a Destination,
        keys: &'a Keys,
    ) -> BoxFuture<'a, Result<Keys, NoToken>> {
        Box::pin(async move {
            let app = to.config["app"].as_str().unwrap_or_default();
            let request = form(
                self.0.at("linkedin-home", HOME, &["oauth/v2/accessToken"]),
                &[
                    ("grant_type", "refresh_token"),
                    ("refresh_token", &keys.refresh),
                    ("client_id", app),
                    ("client_secret", &keys.app_secret),
                ],
            );
            let said = self.0.tokens(request).await?;
            keys.with(&said, self.0.now())
                .ok_or_else(|| NoToken::Refused("no token came back".to_owned()))
        })
    }
}

impl Grants for LinkedInAdapter {
    fn invite<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
    ) -> BoxFuture<'a, Result<Invitation, String>> {
        Box::pin(async move {
            let app = to.config["app"].as_str();
            let app = app.filter(|_| !Keys::of(to).app_secret.is_empty());
            let app = app.ok_or("the application's id or secret is missing")?;
            let asked = [
                ("response_type", "code"),
                ("client_id", app),
                ("redirect_uri", back),
                ("scope", SCOPES),
            ];
            let url = self
                .0
                .at("linkedin-home", HOME, &["oauth/v2/authorization"]);
            Ok(Invitation {
                url: asking(url, &asked).ok_or("the address cannot be written")?,
                // Only programs on people's own machines may use proof keys there.
                proves: false,
                keep: None,
            })
        })
    }

    fn redeem<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
        code: &'a str,
        _proof: &'a str,
    ) -> BoxFuture<'a, Result<Granted, String>> {
        Box::pin(async move {
            let keys = Keys::of(to);
            let request = form(
                self.0.at("linkedin-home", HOME, &["oauth/v2/accessToken"]),
                &[
                    ("grant_type", "authorization_code"),
                    ("code", code),
                    ("client_id", to.config["app"].as_str().unwrap_or_default()),
                    ("client_secret", &keys.app_secret),
                    ("redirect_uri", back),
                ],
            );
            let said = self.0.tokens(request).await.map_err(NoToken::words)?;
            let keys = keys.with(&said, self.0.now()).ok_or("no token came back")?;
            let until = keys.ends_at.map(At);
            Ok(keys.granted(until))
        })
    }
}
