//! A scripted browser: Chromium by WebDriver, driven as a person would, by what can be seen.
//!
//! It follows only links and buttons that are visible, finds fields by their labels, and leaves a
//! picture of the whole page per step in `target/walk/`. It is started with JavaScript switched
//! off unless a test asks for it. Like the PostgreSQL cluster it hangs on a pipe, so that neither
//! driver nor browser stays behind.

use std::cell::{Cell, RefCell};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How the browser is set up.
#[derive(Clone, Debug)]
pub struct Look {
    /// Whether pages may run scripts.
    pub javascript: bool,
    /// Viewport, in CSS pixels.
    pub width: u32,
    pub height: u32,
    /// Whether the person prefers dark pages.
    pub dark: bool,
}

impl Default for Look {
    fn default() -> Self {
        Look {
            javascript: false,
            width: 1280,
            height: 900,
            dark: false,
        }
    }
}

/// One window of one person, with cookies of its own.
pub struct Browser {
    client: Client,
    session: String,
    port: u16,
    base: String,
    walk: String,
    shots: u32,
    /// Addresses that were typed in instead of being followed.
    typed: RefCell<Vec<String>>,
    /// What was clicked: every one of them was visible, and on top at its place.
    clicked: Cell<usize>,
    keeper: Child,
}

/// Opens a browser for the site at `base` (`http://127.0.0.1:…`). Pictures are named
/// `target/walk/{walk}-NN-name.png`.
///
/// `None` only when `LOGGIA_TEST_BROWSER=skip` asks for it, which is printed; a missing browser is
/// a failure that says what to install.
pub async fn open(base: &str, walk: &str, look: Look) -> Option<Browser> {
    if std::env::var("LOGGIA_TEST_BROWSER").is_ok_and(|wish| wish == "skip") {
        eprintln!("skipped in the browser: LOGGIA_TEST_BROWSER=skip");
        return None;
    }
    Some(Browser::start(base, walk, look).await)
}

impl Browser {
    async fn start(base: &str, walk: &str, look: Look) -> Browser {
        let (driver, chromium) = programs();
        let profile = tempfile::Builder::new()
            .prefix("loggia-browser-")
            .tempdir()
            .expect("a folder for the profile")
            .keep();
        let port = free_port();
        let mut keeper = Command::new("/bin/sh");
        keeper.arg("-c").arg(KEEPER).arg("keeper");
        keeper.arg(&driver).arg(port.to_string()).arg(&profile);
        keeper.env("HOME", &profile).process_group(0);
        keeper.stdin(Stdio::piped());
        keeper.stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = keeper.spawn().expect("a shell runs");
        wait_until_open(port);

        let scripts = if look.javascript { 1 } else { 2 };
        let wishes = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "binary": chromium,
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
                    "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--disable-extensions", "--hide-scrollbars",
                    "--lang=en-GB", format!("--user-data-dir={}", profile.join("data").display()),
                ],
                "prefs": {
                    "profile.managed_default_content_settings.javascript": scripts,
                    "profile.default_content_setting_values.javascript": scripts,
                },
            },
        });
        let wishes = wishes.as_object().expect("an object").clone();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("chromedriver opens a session");
        let session = client.session_id().await.expect("a session");
        let browser = Browser {
            client,
            session: session.expect("a session has a name"),
            port,
            base: base.trim_end_matches('/').to_owned(),
            walk: walk.to_owned(),
            shots: 0,
            typed: RefCell::default(),
            clicked: Cell::new(0),
            keeper,
        };
        browser.resize(look.width, look.height);
        browser.prefer_dark(look.dark);
        browser
    }

    /// Sets the viewport, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Says what colours the person prefers.
    pub fn prefer_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        // Nothing glides: what was scrolled to is there at once, and pictures come out the same each time.
        let features = json!([
            { "name": "prefers-color-scheme", "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
    }

    /// Opens an address of the site. A walk begins so; then it follows what it sees.
    pub async fn goto(&self, path: &str) {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        };
        self.typed.borrow_mut().push(url.clone());
        self.client.goto(&url).await.expect("the page opens");
    }

    /// The addresses that were typed in so far.
    pub fn typed(&self) -> Vec<String> {
        self.typed.borrow().clone()
    }

    /// How many visible links, buttons, boxes and options were clicked so far.
    pub fn clicked(&self) -> usize {
        self.clicked.get()
    }

    /// Clicks something that a person can see and hit, and nothing else.
    async fn click(&self, element: &Element, named: &str) {
        let at = self.path().await;
        let shown = element.is_displayed().await.unwrap_or(false);
        assert!(shown, "“{named}” is not visible at {at}");
        let enabled = element.is_enabled().await.unwrap_or(false);
        assert!(enabled, "“{named}” is switched off at {at}");
        let (_, _, width, height) = element.rectangle().await.expect("a place on the page");
        let big = width >= 8.0 && height >= 8.0;
        assert!(big, "“{named}” is {width} × {height} at {at}");
        // The driver scrolls there and refuses to click through something that lies above.
        let leads_on = matches!(
            element.tag_name().await.as_deref(),
            Ok("a" | "button" | "A" | "BUTTON")
        );
        let page = self.client.find(Locator::Css("html")).await;
        let clicked = element.click().await;
        clicked.unwrap_or_else(|error| panic!("“{named}” cannot be clicked at {at}: {error}"));
        self.clicked.set(self.clicked.get() + 1);
        if let (true, Ok(page)) = (leads_on, page) {
            self.wait_for_the_next(&page).await;
        }
    }

    /// Waits until another page stands in the window; a click may answer before that.
    async fn wait_for_the_next(&self, page: &Element) {
        let until = Instant::now() + PATIENCE;
        while page.tag_name().await.is_ok() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Keys and scripts have an effect once the page's own scripts have run.
        let state = json!({ "expression": "document.readyState", "returnByValue": true });
        while Instant::now() < until {
            let answer = self.ask("Runtime.evaluate", &state).unwrap_or_default();
            match answer["result"]["value"].as_str() {
                Some("loading" | "interactive") => {}
                Some(_) => return,
                None if self.client.find(Locator::Css("body")).await.is_ok() => return,
                None => {}
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The path and query of the page in the window.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("a page is open");
        let query = url.query().map(|query| format!("?{query}"));
        format!("{}{}", url.path(), query.unwrap_or_default())
    }

    /// The visible text of the page, white space folded.
    pub async fn text(&self) -> String {
        // While a page gives way to the next, its elements go stale; the next has a text, too.
        let until = Instant::now() + PATIENCE;
        loop {
            if let Ok(body) = self.client.find(Locator::Css("body")).await
                && let Ok(text) = body.text().await
            {
                return folded(&text);
            }
            assert!(Instant::now() < until, "no page has a text");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Demands that a text can be seen.
    pub async fn see(&self, wanted: &str) {
        let text = self.text().await;
        let at = self.path().await;
        assert!(
            text.contains(&folded(wanted)),
            "“{wanted}” cannot be seen at {at}:\n{text}"
        );
    }

    /// Demands that a text cannot be seen.
    pub async fn miss(&self, unwanted: &str) {
        let text = self.text().await;
        let at = self.path().await;
        assert!(
            !text.contains(&folded(unwanted)),
            "“{unwanted}” can be seen at {at}:\n{text}"
        );
    }

    /// Clicks the first visible link or button with this text or accessible name.
    pub async fn follow(&self, text: &str) {
        self.follow_in("body", text).await;
    }

    /// Clicks the first visible link or button with this text inside the first visible `scope` (a
    /// CSS selector) that has one.
    pub async fn follow_in(&self, scope: &str, text: &str) {
        self.follow_where(scope, text, |name| name == folded(text))
            .await;
    }

    /// As [`Browser::follow_in`], where the text is only how the name begins: a line of a queue.
    pub async fn follow_start(&self, scope: &str, text: &str) {
        self.follow_where(scope, text, |name| name.starts_with(&folded(text)))
            .await;
    }

    async fn follow_where(&self, scope: &str, text: &str, meant: impl Fn(&str) -> bool) {
        let mut offered = Vec::new();
        for part in self.all(scope).await {
            for element in self.all_in(&part, CLICKABLE).await {
                let Some(name) = name_of(&element).await else {
                    continue;
                };
                if meant(&name) {
                    self.click(&element, text).await;
                    return;
                }
                offered.push(name);
            }
        }
        let at = self.path().await;
        panic!("nothing to click named “{text}” at {at}; there is: {offered:?}");
    }

    /// Whether a visible link or button has this text.
    pub async fn offers(&self, text: &str) -> bool {
        for element in self.all(CLICKABLE).await {
            if name_of(&element).await == Some(folded(text)) {
                return true;
            }
        }
        false
    }

    /// Writes into the field with this label, in place of what stood there.
    pub async fn fill(&self, label: &str, value: &str) {
        let field = self.field(label).await;
        field.clear().await.expect("a field that can be emptied");
        field
            .send_keys(value)
            .await
            .expect("a field that can be written into");
    }

    /// Chooses an option of the list with this label.
    pub async fn choose(&self, label: &str, option: &str) {
        let field = self.field(label).await;
        let options = self.all_in(&field, "option").await;
        for element in options {
            if folded(&element.text().await.unwrap_or_default()) == folded(option) {
                element.click().await.expect("an option that can be chosen");
                self.clicked.set(self.clicked.get() + 1);
                return;
            }
        }
        panic!("the list “{label}” has no option “{option}”");
    }

    /// Ticks the box (or picks the radio button) with this label.
    pub async fn tick(&self, label: &str) {
        let field = self.field(label).await;
        if !field.is_selected().await.expect("a box") {
            self.click(&field, label).await;
        }
    }

    /// Whether the box with this label is ticked.
    pub async fn is_ticked(&self, label: &str) -> bool {
        let field = self.field(label).await;
        field.is_selected().await.expect("a box")
    }

    /// Waits for what a script is to show without anything being clicked.
    pub async fn wait_for(&self, wanted: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.text().await.contains(&folded(wanted)) {
            assert!(Instant::now() < until, "“{wanted}” does not come up");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What stands in the field with this label.
    pub async fn value(&self, label: &str) -> String {
        let value = self.field(label).await.prop("value").await;
        value.expect("a field").unwrap_or_default()
    }

    /// Presses keys where the focus is put: on the first visible thing of this kind.
    pub async fn press(&self, css: &str, keys: &str) {
        let element = self.client.find(Locator::Css(css)).await;
        let element = element.unwrap_or_else(|_| panic!("there is no {css}"));
        element.send_keys(keys).await.expect("it takes keys");
    }

    /// Presses a key as a keyboard does, wherever the focus is; `Shift+Tab` goes back, `Ctrl+b` writes nothing.
    pub async fn key(&self, key: &str) {
        let (control, key) = key.strip_prefix("Ctrl+").map_or((0, key), |key| (2, key));
        let (shift, key) = key.strip_prefix("Shift+").map_or((0, key), |key| (8, key));
        let modifiers = control + shift;
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            " " => (32, " "),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            letter => (i64::from(letter.as_bytes()[0].to_ascii_uppercase()), letter),
        };
        let text = if control > 0 { "" } else { text };
        let mut event = json!({ "type": if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers });
        if !text.is_empty() {
            event["text"] = json!(text);
        }
        self.devtools("Input.dispatchKeyEvent", event);
        let up = json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers });
        self.devtools("Input.dispatchKeyEvent", up);
    }

    /// Presses a key that leads to another page, and waits for it.
    pub async fn key_onward(&self, key: &str) {
        let page = self.client.find(Locator::Css("html")).await;
        self.key(key).await;
        if let Ok(page) = page {
            self.wait_for_the_next(&page).await;
        }
    }

    /// Writes where the focus is.
    pub fn write(&self, words: &str) {
        self.devtools("Input.insertText", json!({ "text": words }));
    }

    /// Goes on with Tab until the focus is on what is named so: `#id`, or the text or label a person goes by. What has the
    /// focus has to be seen.
    pub async fn tab_to(&self, wanted: &str) {
        let mut met = Vec::new();
        for _ in 0..200 {
            self.key("Tab").await;
            let Ok(element) = self.client.active_element().await else {
                continue;
            };
            let id = element.attr("id").await.ok().flatten().unwrap_or_default();
            let name = match wanted.starts_with('#') {
                true => format!("#{id}"),
                false => self.spoken(&element, &id).await,
            };
            if name == folded(wanted) {
                let shown = element.is_displayed().await.unwrap_or(false);
                assert!(shown, "“{wanted}” has the focus and is not visible");
                return;
            }
            met.push(name);
        }
        let at = self.path().await;
        panic!("no Tab leads to “{wanted}” at {at}; on the way: {met:?}");
    }

    /// What a person would call what has the focus.
    async fn spoken(&self, element: &Element, id: &str) -> String {
        if !id.is_empty()
            && let Ok(label) = self
                .client
                .find(Locator::Css(&format!("label[for=\"{id}\"]")))
                .await
        {
            return folded(&label.text().await.unwrap_or_default());
        }
        name_of(element).await.unwrap_or_default()
    }

    /// Drags one thing onto another with the mouse, as a hand does: press, move, let go.
    pub async fn drag(&self, from: &str, to: &str) {
        let from_at = self.middle_of(from).await;
        let (to_x, to_y) = self.middle_of(to).await;
        self.mouse("mousePressed", from_at);
        for part in 1..=8 {
            let way = f64::from(part) / 8.0;
            let between = (
                from_at.0 + (to_x - from_at.0) * way,
                from_at.1 + (to_y - from_at.1) * way,
            );
            self.mouse("mouseMoved", between);
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        self.mouse("mouseReleased", (to_x, to_y));
    }

    fn mouse(&self, kind: &str, (x, y): (f64, f64)) {
        let held = if kind == "mouseReleased" { 0 } else { 1 };
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": held, "clickCount": 1 });
        self.devtools("Input.dispatchMouseEvent", event);
    }

    /// The middle of something, scrolled into view, in the window.
    async fn middle_of(&self, css: &str) -> (f64, f64) {
        let script = "const it = document.querySelector(arguments[0]); const box = it.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];";
        let at = self.client.execute(script, vec![json!(css)]).await;
        let at = at.unwrap_or_else(|error| panic!("{css}: {error}"));
        let number = |n: usize| at[n].as_f64().expect("a place");
        (number(0), number(1))
    }

    /// Runs a script in the page, as the page's own would run, and gives what it returns.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.client.execute(script, arguments).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script until it calls its last argument, and gives what it called it with.
    pub async fn run_until(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.client.execute_async(script, arguments).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a script's answer is true.
    pub async fn wait_until(&self, script: &str) {
        let until = Instant::now() + PATIENCE;
        // While one page gives way to the next there is none to ask.
        while self.client.execute(script, Vec::new()).await.ok() != Some(json!(true)) {
            assert!(Instant::now() < until, "never true: {script}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Gives a library to the page in the window; no policy of the page stands against it.
    pub fn lend(&self, source: &str) {
        let answer = self.devtools("Runtime.evaluate", json!({ "expression": source }));
        let wrong = &answer["exceptionDetails"];
        assert!(wrong.is_null(), "{wrong}");
    }

    /// Puts another document into the window, under the address that stands there.
    pub fn show(&self, html: &str) {
        let tree = self.devtools("Page.getFrameTree", json!({}));
        let frame = tree["frameTree"]["frame"]["id"].clone();
        let document = json!({ "frameId": frame, "html": html });
        self.devtools("Page.setDocumentContent", document);
    }

    /// Takes the network away, or gives it back.
    pub fn offline(&self, offline: bool) {
        let none = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.enable", json!({}));
        self.devtools("Network.emulateNetworkConditions", none);
    }

    /// Takes a picture of the whole page: `target/walk/{walk}-NN-{name}.png`.
    pub fn shot(&mut self, name: &str) -> PathBuf {
        self.shots += 1;
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        // A page that gives way to the next at this moment cannot be taken; the next one can.
        let answer = (0..5)
            .find_map(|_| {
                let taken = self.ask("Page.captureScreenshot", &whole);
                if taken.is_err() {
                    std::thread::sleep(Duration::from_millis(500));
                }
                taken.ok()
            })
            .unwrap_or_else(|| self.devtools("Page.captureScreenshot", whole));
        let data = answer["data"].as_str().expect("a picture");
        let picture = base64::engine::general_purpose::STANDARD.decode(data);
        let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target =
            target.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target"));
        let folder = target.join("walk");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        let path = folder.join(format!("{}-{:02}-{name}.png", self.walk, self.shots));
        fs::write(&path, picture.expect("base64")).expect("a picture can be kept");
        path
    }

    /// The page's source as the browser sees it.
    pub async fn source(&self) -> String {
        self.client.source().await.expect("the page's source")
    }

    /// The control that a label names: by `for`, by standing inside it, or by `aria-label`.
    async fn field(&self, label: &str) -> Element {
        let wanted = folded(label);
        let mut offered = Vec::new();
        for element in self.all("label").await {
            let text = folded(&element.text().await.unwrap_or_default());
            if text != wanted && !text.starts_with(&format!("{wanted} ")) {
                offered.push(text);
                continue;
            }
            if let Ok(Some(id)) = element.attr("for").await {
                let by_id = self.client.find(Locator::Id(&id)).await;
                return by_id.unwrap_or_else(|_| panic!("the label “{label}” points nowhere"));
            }
            if let Some(inside) = self.all_in(&element, FIELDS).await.into_iter().next() {
                return inside;
            }
        }
        for element in self.all(FIELDS).await {
            let spoken = element.attr("aria-label").await.ok().flatten();
            if spoken.is_some_and(|spoken| folded(&spoken) == wanted) {
                return element;
            }
        }
        let at = self.path().await;
        panic!("no field is labelled “{label}” at {at}; there is: {offered:?}");
    }

    async fn all(&self, css: &str) -> Vec<Element> {
        self.client
            .find_all(Locator::Css(css))
            .await
            .expect("a page is open")
    }

    async fn all_in(&self, element: &Element, css: &str) -> Vec<Element> {
        element
            .find_all(Locator::Css(css))
            .await
            .unwrap_or_default()
    }

    /// A command of Chromium's own protocol; WebDriver knows no viewport and no colour scheme.
    fn devtools(&self, command: &str, params: Value) -> Value {
        let answer = self.ask(command, &params);
        answer.unwrap_or_else(|value| panic!("{command}: {value}"))
    }

    /// The same where the answer may be that it could not be done.
    fn ask(&self, command: &str, params: &Value) -> Result<Value, Value> {
        let body = json!({ "cmd": command, "params": params }).to_string();
        let path = format!("/session/{}/goog/cdp/execute", self.session);
        let mut stream =
            TcpStream::connect(("127.0.0.1", self.port)).expect("chromedriver listens");
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream
            .write_all(head.as_bytes())
            .expect("chromedriver reads");
        stream
            .write_all(body.as_bytes())
            .expect("chromedriver reads");
        let json = body_of(&mut stream);
        let mut answer: Value = serde_json::from_slice(&json).expect("JSON");
        let value = answer["value"].take();
        if value.get("error").is_some() {
            return Err(value);
        }
        Ok(value)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let ended = self.keeper.wait();
        debug_assert!(ended.is_ok());
    }
}

/// How long a page may take to give way to the next.
const PATIENCE: Duration = Duration::from_secs(10);

const CLICKABLE: &str = "a[href], button, summary, input[type=submit]";
const FIELDS: &str = "input:not([type=hidden]), textarea, select";

/// Runs the driver until the pipe ends, then ends everything that uses this profile.
const KEEPER: &str = r#"
driver=$1 port=$2 profile=$3
exec 3<&0
cat <&3 >/dev/null &
pipe=$!
exec 3<&- </dev/null
"$driver" --port="$port" >"$profile/log" 2>&1 &
driving=$!
wait "$pipe"
kill "$driving"
for process in /proc/[0-9]*; do
    if grep -qsF -- "$profile/data" "$process/cmdline"; then kill -KILL "${process#/proc/}"; fi
done
wait "$driving"
rm -rf "$profile"
"#;

/// The body of an HTTP answer; chromedriver keeps the connection open behind it.
fn body_of(stream: &mut TcpStream) -> Vec<u8> {
    let patience = Some(Duration::from_secs(30));
    stream.set_read_timeout(patience).expect("a timeout");
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("chromedriver answers");
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(said) = line.strip_prefix("content-length:") {
            length = said.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the whole answer");
    body
}

/// What a person would call it: its visible text, or what is read out.
async fn name_of(element: &Element) -> Option<String> {
    let text = folded(&element.text().await.ok()?);
    if !text.is_empty() {
        return Some(text);
    }
    if !element.is_displayed().await.unwrap_or(false) {
        return None;
    }
    for attribute in ["aria-label", "value", "title"] {
        if let Ok(Some(spoken)) = element.attr(attribute).await
            && !spoken.trim().is_empty()
        {
            return Some(folded(&spoken));
        }
    }
    None
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn programs() -> (PathBuf, PathBuf) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let find = |names: &[&str]| {
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let mut all = names
            .iter()
            .flat_map(|name| folders.iter().map(move |f| f.join(name)));
        all.find(|file| file.is_file())
    };
    let driver = find(&["chromedriver"]);
    let chromium = find(&["chromium", "chromium-browser", "google-chrome"]);
    match (driver, chromium) {
        (Some(driver), Some(chromium)) => (driver, chromium),
        _ => panic!(
            "Chromium and its driver are needed for the browser walk: install them (Debian: \
             apt-get install chromium chromium-driver), or set LOGGIA_TEST_BROWSER=skip to leave \
             the walk out"
        ),
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn wait_until_open(port: u16) {
    let until = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "chromedriver does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><title>t</title>
        <p id=state>without scripts</p>
        <a href=/next style='display:none'>Hidden</a> <a href=/next>Go on</a>
        <form action=/next><label for=n>Your name</label><input id=n name=n>
        <label>Colour <select name=c><option>Red<option>Blue</select></label>
        <label><input type=checkbox name=b> Agreed</label><button>Send</button></form>
        <script>document.getElementById('state').textContent = 'with scripts'</script>";

    /// Answers every request with the same page, and tells what was asked for.
    fn site() -> (String, std::sync::mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (told, asked) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let told = told.clone();
                std::thread::spawn(move || {
                    let mut buffer = [0; 4096];
                    let read = stream.read(&mut buffer).unwrap_or(0);
                    let head = String::from_utf8_lossy(&buffer[..read]).into_owned();
                    let path = head.split(' ').nth(1).unwrap_or_default();
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\
                         Connection: close\r\n\r\n{PAGE}",
                        PAGE.len()
                    );
                    if !path.is_empty() && path != "/favicon.ico" {
                        let _ = told.send(path.to_owned());
                    }
                    let _ = stream.write_all(answer.as_bytes());
                });
            }
        });
        (base, asked)
    }

    #[tokio::test]
    async fn the_browser_runs_scripts_only_when_asked_and_finds_what_people_see() {
        let (base, asked) = site();
        let Some(mut browser) = open(&base, "browser", Look::default()).await else {
            return;
        };
        browser.goto("/").await;
        browser.see("without scripts").await;
        assert!(
            !browser.offers("Hidden").await,
            "hidden links are not offered"
        );
        browser.fill("Your name", "Ada").await;
        browser.choose("Colour", "Blue").await;
        browser.tick("Agreed").await;
        assert!(browser.is_ticked("Agreed").await);
        browser.miss("with scripts").await;
        assert!(browser.source().await.contains("<label"));
        assert!(browser.shot("form").is_file());
        browser.follow("Send").await;
        assert_eq!(browser.path().await, "/next?n=Ada&c=Blue&b=on");
        browser.follow("Go on").await;
        assert_eq!(browser.path().await, "/next");
        let asked: Vec<String> = asked.try_iter().collect();
        assert_eq!(asked, ["/", "/next?n=Ada&c=Blue&b=on", "/next"]);
        drop(browser);

        let scripted = Look {
            javascript: true,
            ..Look::default()
        };
        let Some(browser) = open(&base, "browser", scripted).await else {
            return;
        };
        browser.goto("/").await;
        browser.see("with scripts").await;
    }
}
