//! A secret that is shown once.

use serde::Serialize;

use crate::web::{Head, Page};

/// A page that shows a secret once: an API token or the link of an invitation.
#[derive(Debug, Clone, Serialize)]
pub struct SecretPage {
    /// `token` or `invitation`.
    kind: &'static str,
    secret: String,
    back: &'static str,
}

impl SecretPage {
    /// A token for the API.
    #[must_use]
    pub const fn token(secret: String) -> Self {
        Self {
            kind: "token",
            secret,
            back: "/my/settings",
        }
    }

    /// The link of an invitation.
    #[must_use]
    pub const fn invitation(secret: String) -> Self {
        Self {
            kind: "invitation",
            secret,
            back: "/admin/invitations",
        }
    }
}

impl Page for SecretPage {
    const TEMPLATE: &'static str = "members/secret";

    fn head(&self) -> Head {
        Head::new("members-secret-title").no_index()
    }

    fn samples() -> Vec<Self> {
        vec![
            Self::token("lgt_abc".to_owned()),
            Self::token("x".repeat(600)),
            Self::invitation("https://commons.example/invite/abc".to_owned()),
        ]
    }
}
