//! The only way out by HTTP, and its guard.
//!
//! Members and admins name addresses (webhooks, link previews, servers to post to), and a server that calls
//! whatever it is told can be made to call its own house. So:
//! * https and http only, ports 443 and 80 only, no user names in addresses;
//! * an address that stands in the URL is judged before anything else, because HTTP clients do not ask a resolver
//!   about those; a name is resolved here, **all** its answers are judged, and only these are connected to;
//! * redirects are followed for GET and HEAD only, at most three, each judged like the first address;
//! * no proxy from the environment, no connection kept for later (but to a server of our own), no cookies, no
//!   decompression;
//! * what the person who runs the server has put on the [`AllowList`] may be private, plain http, on any port.
//!
//! A failure says whether anything can have arrived: [`SendError::NotSent`] or [`SendError::Unknown`]. Its message
//! never holds an address, a header or a body, since secrets stand in all of these.
//!
//! With a proxy the proxy resolves names once more, out of our sight; names are then judged by what this machine
//! resolves. Networks that reach IPv4 by NAT64 need `64:ff9b::/96` on the list.

mod address;
mod allow;
mod request;
mod resolve;

#[cfg(test)]
mod canary;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Proxy};
use url::Url;

pub use address::is_public;
pub use allow::{AllowList, AllowProblem};
pub use request::{Request, Response};
pub use reqwest::Method;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use request::Stage;
use resolve::{Directory, Guard, Rule, System};

/// How long looking up, connecting and shaking hands may take together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections that wait for the next request to one named server, and how long.
const KEPT: usize = 8;
const KEPT_FOR: Duration = Duration::from_secs(20);
/// How many redirects a GET follows.
const MAX_HOPS: usize = 3;

/// Why the guard did not let a request out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// Neither https nor http.
    #[error("only https and http addresses are called")]
    Scheme,
    /// Plain http where TLS is required.
    #[error("only https addresses are called here")]
    PlainHttp,
    /// A port other than 80 and 443.
    #[error("only the ports 80 and 443 are called")]
    Port,
    /// A user name or password in the address.
    #[error("addresses with a user name are not called")]
    UserInfo,
    /// An address that is not on the public internet.
    #[error("this address is not on the public internet")]
    Address,
    /// More than three redirects.
    #[error("too many redirects")]
    Hops,
    /// A redirect to something that is no address.
    #[error("redirected to something that is no address")]
    Location,
}

/// What went wrong on the way; never more than a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Refused by our own guard.
    #[error("{0}")]
    Barred(Barred),
    /// The request could not be built.
    #[error("the request is malformed")]
    Malformed,
    /// The name has no address.
    #[error("the name was not found")]
    Name,
    /// No connection.
    #[error("no connection could be made")]
    Connect,
    /// No trust: certificate or handshake.
    #[error("the TLS handshake failed")]
    Tls,
    /// Out of time.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke.
    #[error("the connection broke")]
    Broken,
    /// The answer is longer than asked for.
    #[error("the answer is too long")]
    TooLong,
}

/// A request that brought no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not a byte of the request left: safe to try again.
    #[error("not sent: {0}")]
    NotSent(Trouble),
    /// The request may have arrived and may have been acted upon.
    #[error("outcome unknown: {trouble}")]
    Unknown {
        /// What went wrong.
        trouble: Trouble,
        /// The status, if the answer broke off behind it.
        status: Option<u16>,
    },
}

impl SendError {
    /// What went wrong, whether or not something was sent.
    pub fn trouble(&self) -> Trouble {
        match self {
            SendError::NotSent(trouble) | SendError::Unknown { trouble, .. } => *trouble,
        }
    }
}

/// The client could not be built: no TLS, or a proxy address that is none.
#[derive(Debug, thiserror::Error)]
#[error("the outbound client could not be built: {0}")]
pub struct OutboundFault(String);

/// The guarded client. Cheap to clone, made once at start.
#[derive(Clone)]
pub struct Outbound {
    allow: Arc<AllowList>,
    directory: Arc<dyn Directory>,
    usual_ports: Arc<[u16]>,
    behind_proxy: bool,
    /// Requests answered, not sent, and with an unknown outcome, since the start.
    counted: Arc<[AtomicU64; 3]>,
    /// One client per [`Rule`], because the rule lives in the client's resolver.
    public_or_named: Client,
    named_range: Client,
    anything: Client,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outbound")
    }
}

impl Outbound {
    /// A client with the machine's own resolver. `proxy` is an `http://` address through which everything goes.
    pub fn new(
        allow: AllowList,
        user_agent: &str,
        proxy: Option<&str>,
    ) -> Result<Self, OutboundFault> {
        Self::with(allow, user_agent, proxy, Arc::new(System), &[80, 443], 0)
    }

    /// A client that calls one address and nothing else, whatever it redirects to: a server that the person who runs
    /// the house has named, and that may therefore be private. It keeps a few connections.
    pub fn only(url: &Url, user_agent: &str, proxy: Option<&str>) -> Result<Self, OutboundFault> {
        let allow = AllowList::only(url).map_err(|_no_host| fault("the address names no host"))?;
        Self::with(allow, user_agent, proxy, Arc::new(System), &[], KEPT)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the guarded client that everybody else asks for"
    )]
    fn with(
        allow: AllowList,
        user_agent: &str,
        proxy: Option<&str>,
        directory: Arc<dyn Directory>,
        usual_ports: &[u16],
        kept: usize,
    ) -> Result<Self, OutboundFault> {
        let allow = Arc::new(allow);
        let tls = tls()?;
        let client = |rule: Rule| {
            // A proxy is named by the person who runs the server: its own address is not judged.
            let rule = if proxy.is_some() {
                Rule::Anything
            } else {
                rule
            };
            let guard = Guard {
                directory: Arc::clone(&directory),
                allow: Arc::clone(&allow),
                rule,
            };
            let mut builder = Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .user_agent(user_agent)
                .dns_resolver(guard)
                .redirect(Policy::none())
                .referer(false)
                .no_proxy()
                .retry(reqwest::retry::never())
                .pool_max_idle_per_host(kept)
                .pool_idle_timeout(KEPT_FOR)
                .connect_timeout(CONNECT_TIMEOUT);
            if let Some(proxy) = proxy {
                builder = builder.proxy(
                    Proxy::all(proxy)
                        .map_err(|_not_an_address| fault("the proxy has no valid address"))?,
                );
            }
            builder
                .build()
                .map_err(|_no_client| fault("the HTTP client refused its settings"))
        };
        Ok(Outbound {
            public_or_named: client(Rule::PublicOrNamed)?,
            named_range: client(Rule::NamedRange)?,
            anything: client(Rule::Anything)?,
            usual_ports: usual_ports.into(),
            behind_proxy: proxy.is_some(),
            counted: Arc::default(),
            allow,
            directory,
        })
    }

    /// Sends a request and reads the whole answer, within the request's time and size.
    ///
    /// A redirect of anything but GET and HEAD is an answer like any other: what was said to one address is not
    /// repeated to another.
    pub async fn send(&self, request: Request) -> Result<Response, SendError> {
        let stage = Stage::default();
        let time = request.timeout;
        let outcome = match tokio::time::timeout(time, self.follow(request, &stage)).await {
            Ok(outcome) => outcome,
            Err(_elapsed) => Err(stage.interrupted(Trouble::Timeout)),
        };
        let [answered, not_sent, unknown] = &*self.counted;
        let counter = match outcome {
            Ok(_) => answered,
            Err(SendError::NotSent(_)) => not_sent,
            Err(SendError::Unknown { .. }) => unknown,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        outcome
    }

    /// How many requests were answered (whatever the status), not sent, and left without a known outcome.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, u64); 3] {
        let [answered, not_sent, unknown] = &*self.counted;
        [
            ("answered", answered.load(Ordering::Relaxed)),
            ("not_sent", not_sent.load(Ordering::Relaxed)),
            ("unknown", unknown.load(Ordering::Relaxed)),
        ]
    }

    /// Whether an address may be called at all, as far as it can be told without looking up its name: for forms.
    /// `tls` demands https of every target that is not on the allow-list.
    pub fn check_url(&self, url: &Url, tls: bool) -> Result<(), Barred> {
        self.rule_for(url, tls).map(|_| ())
    }

    async fn follow(&self, mut request: Request, stage: &Stage) -> Result<Response, SendError> {
        let may_follow = request.method == Method::GET || request.method == Method::HEAD;
        for _ in 0..=MAX_HOPS {
            let client = self
                .admit(&request)
                .await
                .map_err(|trouble| stage.interrupted(trouble))?;
            let (response, next) = request.pass(client, stage).await?;
            match next {
                Some(location) if may_follow => request
                    .turn_to(&location)
                    .map_err(|barred| stage.interrupted(Trouble::Barred(barred)))?,
                _ => return Ok(response),
            }
        }
        Err(stage.interrupted(Trouble::Barred(Barred::Hops)))
    }

    /// Judges one address and picks the client whose resolver holds the rest of it.
    async fn admit(&self, request: &Request) -> Result<&Client, Trouble> {
        let rule = self
            .rule_for(&request.url, request.tls_required)
            .map_err(Trouble::Barred)?;
        if self.behind_proxy
            && let Some(url::Host::Domain(name)) = request.url.host()
        {
            let found = self
                .directory
                .lookup(name)
                .await
                .map_err(|_no_such_name| Trouble::Name)?;
            rule.judge(&self.allow, &found).map_err(Trouble::Barred)?;
        }
        Ok(match rule {
            Rule::PublicOrNamed => &self.public_or_named,
            Rule::NamedRange => &self.named_range,
            Rule::Anything => &self.anything,
        })
    }

    fn rule_for(&self, url: &Url, tls: bool) -> Result<Rule, Barred> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Barred::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Barred::UserInfo);
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Barred::Address);
        };
        if self.allow.names(&host, port) {
            return Ok(Rule::Anything);
        }
        let plain = tls && url.scheme() != "https";
        let unusual = !self.usual_ports.contains(&port);
        let literal = match host {
            url::Host::Domain(_) => None,
            url::Host::Ipv4(ip) => Some(ip.into()),
            url::Host::Ipv6(ip) => Some(ip.into()),
        };
        match literal {
            // A name may still lead into a named range, where ports and schemes are free.
            None if plain || unusual => {
                if self.allow.has_ranges() {
                    Ok(Rule::NamedRange)
                } else {
                    Err(if plain {
                        Barred::PlainHttp
                    } else {
                        Barred::Port
                    })
                }
            }
            None => Ok(Rule::PublicOrNamed),
            Some(ip) if !is_public(ip) => Err(Barred::Address),
            Some(_) if plain => Err(Barred::PlainHttp),
            Some(_) if unusual => Err(Barred::Port),
            Some(_) => Ok(Rule::PublicOrNamed),
        }
    }
}

fn fault(what: &str) -> OutboundFault {
    OutboundFault(what.to_owned())
}

/// TLS by rustls with ring, trusting what the machine trusts, or Mozilla's list where the machine has none.
fn tls() -> Result<rustls::ClientConfig, OutboundFault> {
    // Read once per process: a machine has some 140 of them, and who renews them starts its services again.
    static ROOTS: LazyLock<Arc<rustls::RootCertStore>> = LazyLock::new(|| {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        Arc::new(roots)
    });
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_no_protocol| fault("TLS could not be set up"))?
        .with_root_certificates(ROOTS.clone())
        .with_no_client_auth())
}
