//! Sending a Standard Webhook and reading its answer. Only a 2xx is success; redirects are not followed.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::sign::sign;
use super::tools::{Tools, retry_after};
use super::webhook::address;
use serde_json::Value;

use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Observed, Outcome, Remote, Seen,
};
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::db::House;
use crate::kit::At;
use crate::kit::http::{Outbound, Request, Response, SendError};

/// The adapter of the kind `webhook`.
struct WebhookAdapter {
    outbound: Outbound,
    house: Arc<House>,
}

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(WebhookAdapter {
        outbound: tools.outbound.clone(),
        house: tools.house.clone(),
    })
}

impl WebhookAdapter {
    async fn post(&self, job: &Job) -> Observed {
        let not_sent = |note: &str| Observed::new(Outcome::NotSent, None, note);
        let Some(url) = address(&job.to.config) else {
            return Observed::new(Outcome::Rejected, None, "the channel has no address");
        };
        let body = job.payload.clone().into_bytes();
        // The time of this try, not of the plan: receivers refuse old signatures.
        let now = self.house.clock.now();
        let secrets = job.to.secrets.iter().map(|secret| secret.0.as_str());
        let signature = sign(secrets, &job.key, now.unix_seconds(), &body);
        if signature.is_empty() {
            return Observed::new(Outcome::Unauthorised, None, "the channel has no secret");
        }
        let timestamp = now.unix_seconds().to_string();
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", job.key.as_str()),
            ("webhook-timestamp", timestamp.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        let request = headers
            .iter()
            .try_fold(Request::post(url, body), |request, (name, value)| {
                request.header(name, value)
            });
        let Some(mut request) = request else {
            return Observed::new(Outcome::Rejected, None, "the request cannot be written");
        };
        // Nothing is read from the answer but its status; a chatty endpoint is no fault.
        request.max_body = 256 * 1024;
        if !job.in_time(self.house.clock.as_ref()) {
            return not_sent("the lease was over");
        }
        match self.outbound.send(request).await {
            Ok(response) => read(&response, self.house.clock.now()),
            Err(SendError::NotSent(trouble)) => not_sent(&trouble.to_string()),
            // A status that came before the connection broke says as much as a whole answer.
            Err(SendError::Unknown { trouble, status }) => match status {
                Some(status @ 200..=299) => {
                    Observed::new(Outcome::Sent(Remote::default()), Some(status), "")
                }
                status => Observed::new(Outcome::Unknown(None), status, trouble.to_string()),
            },
        }
    }
}

/// What an answer means.
fn read(response: &Response, now: At) -> Observed {
    let wait = retry_after(response, now);
    let outcome = match response.status {
        200..=299 => Outcome::Sent(Remote::default()),
        410 => Outcome::Gone,
        429 => Outcome::Throttled(wait),
        401 => Outcome::Unauthorised,
        408 | 500..=599 => Outcome::Unknown(wait),
        _ => Outcome::Rejected,
    };
    let note = match response.status {
        300..=399 => "redirects are not followed",
        _ => "",
    };
    Observed::new(outcome, Some(response.status), note)
}

impl Adapter for WebhookAdapter {
    fn contract(&self, _operation: Operation, _config: &Value) -> Contract {
        Contract {
            // The receiver knows a repetition by its webhook-id.
            class: Class::A,
            reads_back: false,
            key_lifetime: i64::MAX,
            retry: Retry::Webhook,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.post(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.post(job))
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.post(job))
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async { Seen::CannotTell("a webhook cannot be asked".to_owned()) })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let Some(url) = address(&to.config) else {
                return Health::Bad("the channel has no address".to_owned());
            };
            let mut request = Request::get(url);
            request.max_body = 256 * 1024;
            match self.outbound.send(request).await {
                Ok(response) => match response.status {
                    410 => Health::Gone("410".to_owned()),
                    // Most endpoints take POST only and say so; that they answer at all is what we ask.
                    status @ 500..=599 => Health::Bad(status.to_string()),
                    status => Health::Good(status.to_string().into()),
                },
                Err(error) => Health::Bad(error.trouble().to_string()),
            }
        })
    }
}
