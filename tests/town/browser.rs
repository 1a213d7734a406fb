//! A browser without scripts: it keeps cookies, follows redirects and fills forms as they were rendered.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use scraper::{ElementRef, Html, Selector};

/// A browser with its cookies. Cloning shares them.
#[derive(Clone)]
pub struct Browser {
    addr: SocketAddr,
    base: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    client: reqwest::Client,
}

/// A page as it arrived.
#[derive(Clone)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Path and query it was found under, after redirects.
    pub path: String,
    /// Response headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub html: String,
    browser: Browser,
}

/// A form of a page, being filled.
#[derive(Clone)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Its fields as they will be sent.
    pub fields: Vec<(String, String)>,
    labels: Vec<(String, String)>,
    choices: Vec<(String, String)>,
    browser: Browser,
    from: String,
}

pub fn client() -> reqwest::Client {
    // The ring provider is installed once for the process; plain http needs none, but the builder asks for one. So it
    // does for roots to trust, and reading a machine's takes longer than a story of two pages: it gets none.
    let _already = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

fn select(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

fn words(element: &ElementRef<'_>) -> String {
    element
        .text()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

impl Browser {
    pub(super) fn new(addr: SocketAddr, base: &str) -> Self {
        Self {
            addr,
            base: base.to_owned(),
            cookies: Arc::default(),
            client: client(),
        }
    }

    /// The same person at another node of the community.
    pub fn at(&self, addr: SocketAddr) -> Self {
        Self {
            addr,
            ..self.clone()
        }
    }

    /// The cookies as they would be sent.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().expect("cookies");
        cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// Sends bytes, as a form with a file does, and does not follow where it leads.
    pub async fn send_bytes(
        &self,
        method: &str,
        path: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Page {
        self.send_any(method, path, Some(body), headers).await
    }

    /// Sends one request and does not follow where it leads.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Page {
        self.send_any(method, path, body.map(String::into_bytes), headers)
            .await
    }

    async fn send_any(
        &self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> Page {
        let url = format!("http://{}{path}", self.addr);
        let host = self.base.split("://").nth(1).unwrap_or_default();
        let mut request = self
            .client
            .request(method.parse().expect("a method"), url)
            .header("host", host)
            .header("accept", "text/html");
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(k, v)| {
                (
                    k.as_str().to_owned(),
                    String::from_utf8_lossy(v.as_bytes()).into_owned(),
                )
            })
            .collect();
        for (_, value) in headers.iter().filter(|(k, _)| k == "set-cookie") {
            self.keep(value);
        }
        let html = String::from_utf8_lossy(&response.bytes().await.expect("a body")).into_owned();
        Page {
            status,
            path: path.to_owned(),
            headers,
            html,
            browser: self.clone(),
        }
    }

    fn keep(&self, header: &str) {
        let pair = header.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        let mut cookies = self.cookies.lock().expect("cookies");
        if value.is_empty() || header.to_lowercase().contains("max-age=0") {
            cookies.remove(name.trim());
        } else {
            cookies.insert(name.trim().to_owned(), value.to_owned());
        }
    }

    /// Opens a page and follows redirects.
    pub async fn open(&self, path: &str) -> Page {
        let mut page = self.send("GET", path, None, &[]).await;
        for _ in 0..8 {
            let Some(next) = page.leads_to() else {
                return page;
            };
            page = self.send("GET", &next, None, &[]).await;
        }
        panic!("{path}: too many redirects, last {}", page.path);
    }

    /// Sends a form's fields as a browser does, and follows redirects.
    pub async fn post(&self, path: &str, fields: &[(String, String)]) -> Page {
        let page = self.post_once(path, fields).await;
        match page.leads_to() {
            Some(next) => self.open(&next).await,
            None => page,
        }
    }

    /// Sends a form's fields and does not follow.
    pub async fn post_once(&self, path: &str, fields: &[(String, String)]) -> Page {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", self.base.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, Some(body), &headers).await
    }
}

impl Page {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_str())
    }

    /// The own path a redirect leads to.
    pub fn leads_to(&self) -> Option<String> {
        if !(300..400).contains(&self.status) || self.status == 304 {
            return None;
        }
        let to = self.header("location")?;
        Some(to.strip_prefix(&self.browser.base).unwrap_or(to).to_owned())
    }

    fn dom(&self) -> Html {
        Html::parse_document(&self.html)
    }

    /// All words a reader sees.
    pub fn words(&self) -> String {
        let dom = self.dom();
        dom.select(&select("body"))
            .next()
            .map(|body| words(&body))
            .unwrap_or_default()
    }

    /// The words of the first element a selector finds.
    pub fn words_of(&self, css: &str) -> Option<String> {
        self.dom().select(&select(css)).next().map(|e| words(&e))
    }

    /// The words of every element a selector finds.
    pub fn all(&self, css: &str) -> Vec<String> {
        self.dom().select(&select(css)).map(|e| words(&e)).collect()
    }

    /// Every value of an attribute of what a selector finds.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.dom()
            .select(&select(css))
            .filter_map(|e| e.value().attr(name).map(str::to_owned))
            .collect()
    }

    /// Is this to be read on the page?
    pub fn has(&self, text: &str) -> bool {
        self.words().contains(text)
    }

    /// This is to be read on the page.
    #[track_caller]
    pub fn sees(&self, text: &str) -> &Self {
        assert!(
            self.has(text),
            "{} ({}) does not say {text:?}:\n{}",
            self.path,
            self.status,
            self.words()
        );
        self
    }

    /// This is not to be found anywhere in the page's source.
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(
            !self.html.contains(text),
            "{} ({}) shows {text:?}",
            self.path,
            self.status
        );
        self
    }

    /// It was answered with this status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.words());
        self
    }

    /// Follows the first link with these words.
    #[track_caller]
    pub fn link(&self, text: &str) -> String {
        let dom = self.dom();
        let found = dom
            .select(&select("a[href]"))
            .find(|a| words(a).contains(text));
        match found.and_then(|a| a.value().attr("href")) {
            Some(href) => href
                .strip_prefix(&self.browser.base)
                .unwrap_or(href)
                .to_owned(),
            None => panic!("{} has no link {text:?}:\n{}", self.path, self.words()),
        }
    }

    /// Follows the first link with these words.
    pub async fn follow(&self, text: &str) -> Page {
        self.browser.open(&self.link(text)).await
    }

    /// Is there a button with these words?
    pub fn has_button(&self, text: &str) -> bool {
        self.dom()
            .select(&select("form button"))
            .any(|b| words(&b).contains(text))
    }

    /// The form whose button has these words, with that button pressed.
    #[track_caller]
    pub fn form(&self, button: &str) -> Form {
        let dom = self.dom();
        for element in dom.select(&select("form")) {
            let Some(pressed) = element
                .select(&select("button, input[type=submit]"))
                .find(|b| words(b).contains(button))
            else {
                continue;
            };
            return self.take_form(&dom, element, pressed);
        }
        panic!(
            "{} ({}) has no form with the button {button:?}:\n{}",
            self.path,
            self.status,
            self.words()
        );
    }

    /// The forms that are sent to an address, with their first button pressed.
    pub fn forms_to(&self, action: &str) -> Vec<Form> {
        let dom = self.dom();
        let sent_there = format!("form[action^='{action}']");
        dom.select(&select(&sent_there))
            .filter_map(|element| {
                let pressed = element.select(&select("button")).next()?;
                Some(self.take_form(&dom, element, pressed))
            })
            .collect()
    }

    fn take_form(&self, dom: &Html, element: ElementRef<'_>, pressed: ElementRef<'_>) -> Form {
        let mut fields = Vec::new();
        let mut labels = Vec::new();
        let mut choices = Vec::new();
        for input in element.select(&select("input[name], textarea[name], select[name]")) {
            let value = input.value();
            let (name, kind) = (
                value.attr("name").unwrap_or_default(),
                value.attr("type").unwrap_or("text"),
            );
            if let Some(id) = value.attr("id") {
                let label = dom
                    .select(&select("label[for]"))
                    .find(|l| l.value().attr("for") == Some(id));
                if let Some(label) = label {
                    labels.push((words(&label), name.to_owned()));
                }
            }
            match (value.name(), kind) {
                ("textarea", _) => {
                    let text: String = input.text().collect();
                    fields.push((
                        name.to_owned(),
                        text.strip_prefix('\n').unwrap_or(&text).to_owned(),
                    ));
                }
                ("select", _) => {
                    let options: Vec<ElementRef<'_>> = input.select(&select("option")).collect();
                    let of = |o: &ElementRef<'_>| {
                        o.value()
                            .attr("value")
                            .map_or_else(|| words(o), str::to_owned)
                    };
                    choices.extend(options.iter().map(|o| (name.to_owned(), of(o))));
                    let chosen = options
                        .iter()
                        .find(|o| o.value().attr("selected").is_some())
                        .or(options.first());
                    fields.extend(chosen.map(|o| (name.to_owned(), of(o))));
                }
                (_, "checkbox" | "radio") => {
                    let text = value.attr("value").unwrap_or("on").to_owned();
                    choices.push((name.to_owned(), text.clone()));
                    if value.attr("checked").is_some() {
                        fields.push((name.to_owned(), text));
                    }
                }
                (_, "submit" | "button" | "image" | "file") => {}
                _ => fields.push((
                    name.to_owned(),
                    value.attr("value").unwrap_or_default().to_owned(),
                )),
            }
        }
        if let Some(name) = pressed.value().attr("name") {
            fields.push((
                name.to_owned(),
                pressed.value().attr("value").unwrap_or_default().to_owned(),
            ));
        }
        let own = pressed
            .value()
            .attr("formaction")
            .or(element.value().attr("action"));
        Form {
            action: own.unwrap_or(&self.path).to_owned(),
            method: element
                .value()
                .attr("method")
                .unwrap_or("get")
                .to_lowercase(),
            fields,
            labels,
            choices,
            browser: self.browser.clone(),
            from: self.path.clone(),
        }
    }
}

impl Form {
    fn field_of(&self, name_or_label: &str) -> String {
        let known = self.fields.iter().any(|(n, _)| n == name_or_label)
            || self.choices.iter().any(|(n, _)| n == name_or_label);
        if known {
            return name_or_label.to_owned();
        }
        match self
            .labels
            .iter()
            .find(|(label, _)| label.contains(name_or_label))
        {
            Some((_, name)) => name.clone(),
            None => panic!(
                "{}: the form for {} has no field {name_or_label:?}: {:?}",
                self.from, self.action, self.fields
            ),
        }
    }

    /// Writes into a field, by its name or its label.
    #[track_caller]
    #[must_use]
    pub fn fill(mut self, field: &str, text: &str) -> Self {
        let name = self.field_of(field);
        self.fields.retain(|(n, _)| *n != name);
        self.fields.push((name, text.to_owned()));
        self
    }

    /// Ticks a box (or one of several of the same name).
    #[track_caller]
    #[must_use]
    pub fn tick(mut self, name: &str, value: &str) -> Self {
        let offered = self.choices.iter().any(|(n, v)| n == name && v == value);
        assert!(
            offered,
            "{}: {name}={value} is not offered: {:?}",
            self.from, self.choices
        );
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes the tick out of a box.
    #[track_caller]
    #[must_use]
    pub fn untick(mut self, name: &str) -> Self {
        let before = self.fields.len();
        self.fields.retain(|(n, _)| n != name);
        assert!(self.fields.len() < before, "{name} is not ticked");
        self
    }

    /// Chooses one of several.
    #[track_caller]
    #[must_use]
    pub fn choose(mut self, name: &str, value: &str) -> Self {
        let offered = self.choices.iter().any(|(n, v)| n == name && v == value);
        assert!(
            offered,
            "{}: {name}={value} is not offered: {:?}",
            self.from, self.choices
        );
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What a field holds now.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Sends it and follows where it leads.
    pub async fn submit(self) -> Page {
        if self.method == "post" {
            return self.browser.post(&self.action, &self.fields).await;
        }
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish();
        self.browser.open(&format!("{}?{query}", self.action)).await
    }
}
