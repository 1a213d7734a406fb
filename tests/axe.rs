//! axe-core judges every page: each sample of each page, and the pages of a community in use, in the light on a desk and in
//! the dark on a phone. It is Deque's (MPL-2.0), used here and nowhere else, and installed in a pinned version by npm.

use std::ops::Range;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use loggia::policy::{Role, Trust};
use loggia::web::files::Files;
use loggia::web::routes::Kind;
use loggia::web::templates::{Chrome, Ui};
use serde_json::json;

use crate::highlights::Scene;
use crate::pages::viewers;
use crate::support::browser::{self, Browser, Look};
use crate::town::{PASSWORD, Town};
use crate::web::{address, rows};

const PINNED: &str = "axe-core@4.14.1";

/// The library's source, read once by whichever test comes first.
static SOURCE: LazyLock<String> = LazyLock::new(source);

/// The library; installed beside what else was built where it is not yet.
fn source() -> String {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target"));
    let folder = target.join("counterparts").join(PINNED);
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.is_file() {
        std::fs::create_dir_all(&folder).expect("a folder");
        let installed = Command::new("npm")
            .args([
                "install",
                "--silent",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
            ])
            .arg(&folder)
            .arg(PINNED)
            .status();
        let installed = installed.is_ok_and(|status| status.success());
        assert!(
            installed,
            "{PINNED} could not be installed: is npm here, and its registry?"
        );
    }
    std::fs::read_to_string(file).expect("the library")
}

const JUDGE: &str = r"
const done = arguments[arguments.length - 1];
const ready = () => document.readyState === 'complete' && [...document.querySelectorAll('link[rel=stylesheet]')].every((one) => one.sheet);
const told = ({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`);
const judge = () => {
  if (!ready()) { setTimeout(judge, 5); return; }
  axe.run(document, { resultTypes: ['violations'] })
    .then(({ violations, passes }) => done({ wrong: violations.flatMap(told), passes: passes.length }))
    .catch((error) => done({ wrong: [String(error)], passes: 1 }));
};
judge();
";

/// How a page is looked at: its width, and whether it is dark.
const LOOKS: [(u32, bool); 2] = [(1280, false), (375, true)];

struct Judge {
    window: Browser,
    overlooked: &'static [&'static str],
    judged: usize,
    wrong: Vec<String>,
}

impl Judge {
    async fn open(base: &str, walk: &str) -> Option<Self> {
        let look = Look {
            javascript: true,
            ..Look::default()
        };
        let window = browser::open(base, walk, look).await?;
        Some(Self {
            window,
            overlooked: &[],
            judged: 0,
            wrong: Vec::new(),
        })
    }

    /// Judges what stands in the window.
    async fn judge(&mut self, name: &str, looks: Range<usize>) {
        let asked = self
            .window
            .run("return typeof axe === 'undefined'", Vec::new());
        if asked.await == json!(true) {
            self.window.lend(&SOURCE);
        }
        for (width, dark) in LOOKS[looks].iter().copied() {
            self.window.resize(width, 900);
            self.window.prefer_dark(dark);
            let found = self.window.run_until(JUDGE, Vec::new()).await;
            assert!(
                found["passes"].as_u64() > Some(0),
                "{name}: nothing was judged"
            );
            let night = if dark { "dark" } else { "light" };
            for one in found["wrong"].as_array().into_iter().flatten() {
                let one = one.as_str().unwrap_or_default();
                let rule = one.split(':').next().unwrap_or_default();
                if !self.overlooked.contains(&rule) {
                    self.wrong.push(format!("{name} ({width}, {night}): {one}"));
                }
            }
        }
        self.judged += 1;
    }

    fn sentence(&self) {
        let mut wrong = self.wrong.clone();
        wrong.dedup();
        assert!(
            wrong.is_empty(),
            "{} findings:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }
}

/// Judges every second page, beginning with this one. A sample may have a name that is empty, which no row ever has: what
/// such a heading or link lacks is left to the pages in use.
async fn samples(half: usize) {
    let scene = Scene::set(Town::on_sqlite().await).await;
    let app = &scene.town.node.app;
    let walk = format!("axe-{half}");
    let Some(mut judge) = Judge::open(scene.town.base_url(), &walk).await else {
        return;
    };
    judge.overlooked = &["empty-heading", "link-name"];
    let ui = Ui::of(&Files::default()).expect("templates and sentences are well formed");
    let (hash, _) = app.colours().await.expect("colours");
    let chrome = Chrome {
        base_url: scene.town.base_url().to_owned(),
        path: "/".to_owned(),
        csrf: "guard".to_owned(),
        once: "once".to_owned(),
        colours: format!("/colours/{hash}.css"),
        ..Chrome::default()
    };
    let mut member = viewers().remove(1);
    member.theme = String::new();
    judge.window.goto("/latest").await;
    let pages = loggia::web::pages::all();
    for page in pages.iter().skip(half).step_by(2) {
        let name = page.name.rsplit("::").next().unwrap_or_default();
        for (number, sample) in (page.samples)().into_iter().enumerate() {
            let sample = sample.expect("a page is plain data");
            let html = ui.templates.render(sample.clone(), &chrome, &ui, &member);
            let html = html.unwrap_or_else(|stop| panic!("{name}: {stop}"));
            judge.window.show(&html);
            // The usual one is looked at twice, the others by turns.
            let looks = if number == 1 {
                0..2
            } else {
                number % 2..number % 2 + 1
            };
            judge.judge(&format!("{name} {number}"), looks).await;
        }
    }
    println!(
        "{} samples of {} pages were judged",
        judge.judged,
        pages.len()
    );
    assert!(judge.judged > 150, "only {} were judged", judge.judged);
    judge.sentence();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sample_of_any_page_is_out_of_reach() {
    samples(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sample_of_any_other_page_is_out_of_reach() {
    samples(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_of_a_community_in_use_is_out_of_reach() {
    let scene = Scene::set(Town::on_sqlite().await).await;
    scene.approved().await;
    scene
        .town
        .person("zoe", Role::ALL, Trust::Established)
        .await;
    let Some(mut judge) = Judge::open(scene.town.base_url(), "axe-walk").await else {
        return;
    };
    let w = &judge.window;
    w.goto("/sign-in").await;
    w.fill("Name or e-mail address", "zoe").await;
    w.fill("Password", PASSWORD).await;
    w.follow_in("main form", "Sign in").await;
    // A line of events never ends.
    let ends = |path: &str| !path.ends_with("/events");
    for row in rows(&[Kind::Page], true).filter(|row| ends(row.path)) {
        let path = match row.path {
            "/t/{slug}/{id}" => "/t/x/1".to_owned(),
            "/c/{slug}/{id}" => "/c/x/1".to_owned(),
            "/u/{name}" => "/u/ada".to_owned(),
            _ => address(row),
        };
        judge.window.goto(&path).await;
        let script = "const [way] = performance.getEntriesByType('navigation'); return way?.responseStatus === 200 && document.contentType === 'text/html';";
        if judge.window.run(script, Vec::new()).await == json!(true) {
            judge.judge(&path, 0..2).await;
        }
    }
    println!("{} pages were judged", judge.judged);
    assert!(judge.judged > 60, "only {} were judged", judge.judged);
    judge.sentence();
}
