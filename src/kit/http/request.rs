//! One request, one answer, and how far it got.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Method};
use url::Url;

use super::resolve::BarredByGuard;
use super::{Barred, SendError, Trouble};

/// A request to somewhere outside. Prints neither its address nor its content: secrets stand in both.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers besides those of the client. Marked sensitive by [`Request::header`].
    pub headers: HeaderMap,
    /// The content, exactly as signed.
    pub body: Vec<u8>,
    /// Time for everything: name, connection, all redirects, the last byte of the answer.
    pub timeout: Duration,
    /// Most bytes of the answer's content.
    pub max_body: usize,
    /// Whether a target that is not on the allow-list must be https.
    pub tls_required: bool,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({}, {} bytes)", self.method, self.body.len())
    }
}

impl Request {
    /// A request with 30 seconds, 1 MiB and TLS required.
    pub fn new(method: Method, url: Url) -> Self {
        Request {
            method,
            url,
            headers: HeaderMap::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(30),
            max_body: 1 << 20,
            tls_required: true,
        }
    }

    /// A GET request.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST request with its content.
    pub fn post(url: Url, body: Vec<u8>) -> Self {
        Request {
            body,
            ..Self::new(Method::POST, url)
        }
    }

    /// Adds a header; its value is kept out of every log. `None` if name or value cannot stand in a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Option<Self> {
        let name: HeaderName = name.parse().ok()?;
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        self.headers.append(name, value);
        Some(self)
    }

    /// Sets the time for everything.
    #[must_use]
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends this once and reads the answer; the second value is where it redirects to, if it does.
    pub(super) async fn pass(
        &self,
        client: &Client,
        stage: &Stage,
    ) -> Result<(Response, Option<HeaderValue>), SendError> {
        let sending = client
            .request(self.method.clone(), self.url.clone())
            .headers(self.headers.clone())
            .header(ACCEPT_ENCODING, "identity")
            .body(self.body.clone())
            .build()
            .map_err(|error| stage.interrupted(trouble_of(&error)))?;
        // From here on only a failure to connect proves that nothing left.
        let before = stage.leave();
        let mut answer = client.execute(sending).await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                stage.come_back(before);
            }
            stage.interrupted(trouble_of(&error))
        })?;
        let status = answer.status();
        stage.answered(status.as_u16());
        let headers = answer.headers().clone();
        let location = headers
            .get(LOCATION)
            .filter(|_| status.is_redirection())
            .cloned();
        let mut body = Vec::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| stage.interrupted(trouble_of(&error)))?
        {
            if body.len() + chunk.len() > self.max_body {
                return Err(stage.interrupted(Trouble::TooLong));
            }
            body.extend_from_slice(&chunk);
        }
        let response = Response {
            status: status.as_u16(),
            headers,
            body,
            url: self.url.clone(),
        };
        Ok((response, location))
    }

    /// Points a GET or HEAD to where it was redirected. Another origin gets none of our headers but `Accept`.
    pub(super) fn turn_to(&mut self, location: &HeaderValue) -> Result<(), Barred> {
        let next = location
            .to_str()
            .ok()
            .and_then(|location| self.url.join(location).ok())
            .ok_or(Barred::Location)?;
        if next.origin() != self.url.origin() {
            let accept = self.headers.remove(ACCEPT);
            self.headers.clear();
            if let Some(accept) = accept {
                self.headers.insert(ACCEPT, accept);
            }
        }
        self.url = next;
        Ok(())
    }
}

/// A whole answer.
#[derive(Clone)]
pub struct Response {
    /// The status; any, also 3xx, 4xx and 5xx.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The content as it came: compressed, if the other side insisted.
    pub body: Vec<u8>,
    /// The address that answered in the end.
    pub url: Url,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

impl Response {
    /// A header as text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// How far a request got; shared with the clock that may interrupt it.
#[derive(Debug, Default)]
pub(super) struct Stage {
    left: AtomicBool,
    status: AtomicU16,
}

impl Stage {
    fn leave(&self) -> bool {
        self.left.swap(true, Ordering::Relaxed)
    }

    fn come_back(&self, before: bool) {
        self.left.store(before, Ordering::Relaxed);
    }

    fn answered(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// The error for a failure at this point.
    pub(super) fn interrupted(&self, trouble: Trouble) -> SendError {
        if !self.left.load(Ordering::Relaxed) {
            return SendError::NotSent(trouble);
        }
        let status = Some(self.status.load(Ordering::Relaxed)).filter(|status| *status != 0);
        SendError::Unknown { trouble, status }
    }
}

/// What an error of the client means, by what lies underneath it.
pub(super) fn trouble_of(error: &reqwest::Error) -> Trouble {
    let mut below: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut trouble = if error.is_builder() {
        Trouble::Malformed
    } else if error.is_timeout() {
        Trouble::Timeout
    } else if error.is_dns() {
        Trouble::Name
    } else if error.is_connect() {
        Trouble::Connect
    } else {
        Trouble::Broken
    };
    while let Some(cause) = below {
        if let Some(BarredByGuard(barred)) = cause.downcast_ref() {
            return Trouble::Barred(*barred);
        }
        let inner = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        if cause.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            trouble = Trouble::Tls;
        }
        below = cause.source();
    }
    trouble
}
