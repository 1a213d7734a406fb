//! A bucket of S3-compatible storage behind the small door of the store.
//!
//! The library signs and retries; every request leaves through the house's own guarded client (promises S35 to S37), so
//! there is one TLS, one resolver and one list of what may be called. The server is the operator's own setting and
//! nobody else's word: it may be private and on any port, but it is the only address that this client calls, and
//! members cannot reach it by a link preview, because their requests go by another client.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpService,
};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};
use reqwest::StatusCode;
use url::Url;

use crate::config::Bucket;
use crate::kit::http::{Outbound, Request, SendError, Trouble};

/// Most bytes of one answer: the largest picture as it is kept, with room to spare.
const MOST: usize = 64 << 20;
/// Time for one request.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it is tried again, and how often.
const RETRIES: RetryConfig = RetryConfig {
    backoff: BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(2),
        base: 2.,
    },
    max_retries: 3,
    retry_timeout: Duration::from_secs(25),
};

/// Opens a bucket; nothing is asked of the server yet.
///
/// # Errors
/// A sentence for the person who runs the server.
pub fn open(bucket: &Bucket, proxy: Option<&str>) -> Result<Arc<dyn ObjectStore>, String> {
    let says = |error: &dyn std::fmt::Display| format!("media_store {bucket}: {error}");
    let server = Url::parse(&bucket.server()).map_err(|e| says(&e))?;
    let agent = concat!("Loggia/", env!("CARGO_PKG_VERSION"));
    let proxy = proxy.filter(|_| !bucket.is_beside());
    let outbound = Outbound::only(&server, agent, proxy).map_err(|e| says(&e))?;
    // The bucket stands in the path: that is what every server understands, and there is one host to name.
    let store = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_endpoint(server.as_str().trim_end_matches('/'))
        .with_allow_http(server.scheme() == "http")
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(&bucket.secret)
        // One file is dropped at a time, and not every server knows how to drop many.
        .with_disable_bulk_delete(true)
        .with_retry(RETRIES)
        .with_http_connector(Guarded(outbound))
        .build()
        .map_err(|e| says(&e))?;
    Ok(if bucket.prefix.is_empty() {
        Arc::new(store)
    } else {
        Arc::new(PrefixStore::new(store, Path::from(bucket.prefix.as_str())))
    })
}

/// The guarded client as the library wants to be handed one.
#[derive(Debug, Clone)]
struct Guarded(Outbound);

impl HttpConnector for Guarded {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for Guarded {
    // The library's trait is written with `async_trait`; this is what that makes of `async fn call`.
    fn call<'me, 'done>(
        &'me self,
        asked: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'done>>
    where
        'me: 'done,
        Self: 'done,
    {
        Box::pin(async move {
            let request = outgoing(asked).await?;
            let answer = self.0.send(request).await.map_err(not_answered)?;
            let status = StatusCode::from_u16(answer.status)
                .map_err(|e| HttpError::new(HttpErrorKind::Decode, e))?;
            let mut response = HttpResponse::new(answer.body.into());
            *response.status_mut() = status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        })
    }
}

async fn outgoing(asked: HttpRequest) -> Result<Request, HttpError> {
    let (head, body) = asked.into_parts();
    let url =
        Url::parse(&head.uri.to_string()).map_err(|e| HttpError::new(HttpErrorKind::Unknown, e))?;
    let mut request = Request::new(head.method, url).within(PATIENCE);
    request.headers = head.headers;
    request.max_body = MOST;
    request.tls_required = false;
    request.body = body.collect().await?.to_bytes().to_vec();
    Ok(request)
}

fn not_answered(error: SendError) -> HttpError {
    let kind = match error {
        SendError::NotSent(Trouble::Barred(_) | Trouble::Malformed) => HttpErrorKind::Unknown,
        SendError::NotSent(_) => HttpErrorKind::Connect,
        SendError::Unknown {
            trouble: Trouble::Timeout,
            ..
        } => HttpErrorKind::Timeout,
        SendError::Unknown { .. } => HttpErrorKind::Interrupted,
    };
    HttpError::new(kind, error)
}
