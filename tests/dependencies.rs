//! What the house is built from: licences and version floors, read offline from `cargo metadata`.
//! The lockfile decides; nothing is fetched. `cargo deny check` (see deny.toml) adds the
//! advisories on machines with network.

use std::collections::BTreeSet;

use cargo_metadata::semver::Version;
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, PackageId};

/// Licences that may come into the binary and its tests.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Packages whose licence is not on the list and is fine all the same: name, licence, why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "pq-src",
        "PostgreSQL",
        "libpq itself: a permissive licence in the manner of MIT",
    ),
    (
        "webpki-root-certs",
        "CDLA-Permissive-2.0",
        "a list of root certificates: data, free to share and change",
    ),
    (
        "webpki-roots",
        "CDLA-Permissive-2.0",
        "a list of root certificates: data, free to share and change",
    ),
];

/// Versions below which a known fault was open: name, floor, what was wrong.
const FLOORS: &[(&str, &str, &str)] = &[
    ("ammonia", "4.1.4", "mutation XSS through svg and math"),
    (
        "jsonwebtoken",
        "10.3.0",
        "claims of the wrong JSON type were skipped",
    ),
    (
        "diesel",
        "2.3.10",
        "undefined behaviour when reading text on SQLite",
    ),
    (
        "lettre",
        "0.11.22",
        "host names of TLS servers were not checked",
    ),
    ("actix-http", "3.12.1", "request smuggling"),
    (
        "actix-web",
        "4.15.0",
        "idle connections outlived a shutdown",
    ),
    (
        "actix-multipart",
        "0.8.0",
        "an unbounded buffer, and a panic on a boundary",
    ),
    (
        "libsqlite3-sys",
        "0.37.0",
        "SQLite before 3.51.3 could corrupt a WAL",
    ),
];

/// Packages that must not come in at all: name, why.
const REFUSED: &[(&str, &str)] = &[
    (
        "openssl-sys",
        "the ordinary build needs only Rust and a C compiler",
    ),
    ("native-tls", "TLS is rustls"),
    ("aws-lc-sys", "needs cmake; the provider is ring"),
    ("cmake", "the build needs only Rust and a C compiler"),
    ("bindgen", "needs libclang"),
    ("actix-governor", "GPL-3.0-or-later"),
];

/// Everything that an ordinary build or its tests compile; a lockfile also names what only
/// optional features and other systems would need.
fn used() -> Metadata {
    let ask = || {
        MetadataCommand::new()
            .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .features(CargoOpt::SomeFeatures(Vec::new()))
            .other_options(["--offline".to_owned(), "--locked".to_owned()])
            .exec()
    };
    // The lockfile names what other systems need too, and a build here has not fetched that yet.
    let mut metadata = ask()
        .or_else(|_missing| {
            let fetched = std::process::Command::new("cargo")
                .args(["fetch", "--locked"])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .status();
            assert!(fetched.is_ok_and(|status| status.success()), "cargo fetch");
            ask()
        })
        .expect("cargo metadata, offline and by the lockfile");
    let reached: BTreeSet<PackageId> = {
        let resolve = metadata.resolve.as_ref().expect("a resolved graph");
        resolve.nodes.iter().map(|node| node.id.clone()).collect()
    };
    metadata
        .packages
        .retain(|package| reached.contains(&package.id));
    assert!(metadata.packages.len() > 50, "the graph is not whole");
    metadata
}

/// Whether a licence expression leaves a choice that is allowed throughout. Reads SPDX (`OR`,
/// `AND`, `WITH`, brackets) and the old `A/B`.
fn is_allowed(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Expression {
        words: &words,
        at: 0,
        allowed,
    };
    let answer = reader.either();
    answer && reader.at == words.len()
}

struct Expression<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Expression<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is);
        is
    }

    fn either(&mut self) -> bool {
        let mut answer = self.both();
        while self.next_is("OR") {
            answer |= self.both();
        }
        answer
    }

    fn both(&mut self) -> bool {
        let mut answer = self.one();
        while self.next_is("AND") {
            answer &= self.one();
        }
        answer
    }

    fn one(&mut self) -> bool {
        if self.next_is("(") {
            let answer = self.either();
            return self.next_is(")") && answer;
        }
        let mut name = self
            .words
            .get(self.at)
            .copied()
            .unwrap_or_default()
            .to_owned();
        self.at += 1;
        if self.next_is("WITH") {
            let with = self.words.get(self.at).copied().unwrap_or_default();
            name = format!("{name} WITH {with}");
            self.at += 1;
        }
        (self.allowed)(&name)
    }
}

#[test]
fn every_licence_may_come_in() {
    let mut wrong = Vec::new();
    let mut needed = BTreeSet::new();
    for package in used()
        .packages
        .iter()
        .filter(|package| package.source.is_some())
    {
        let excepted = EXCEPTIONS
            .iter()
            .find(|(name, ..)| *name == package.name.as_str());
        let allowed = |name: &str| {
            ALLOWED.contains(&name) || excepted.is_some_and(|(_, licence, _)| *licence == name)
        };
        let stated = package.license.clone().unwrap_or_default();
        if is_allowed(&stated, &|name| ALLOWED.contains(&name)) {
            continue;
        }
        if is_allowed(&stated, &allowed) {
            needed.insert(package.name.to_string());
            continue;
        }
        wrong.push(format!("{} {}: {stated:?}", package.name, package.version));
    }
    assert!(
        wrong.is_empty(),
        "licences that may not come in: {wrong:#?}"
    );
    let idle: Vec<_> = EXCEPTIONS
        .iter()
        .filter(|(name, ..)| !needed.contains(*name))
        .collect();
    assert!(
        idle.is_empty(),
        "exceptions that nothing needs any more: {idle:?}"
    );
}

#[test]
fn no_version_is_below_its_floor() {
    let metadata = used();
    let mut seen = 0;
    for (name, floor, why) in FLOORS {
        let floor = Version::parse(floor).expect("a version");
        for package in metadata
            .packages
            .iter()
            .filter(|package| package.name.as_str() == *name)
        {
            seen += 1;
            assert!(
                package.version >= floor,
                "{name} {} is below {floor}: {why}",
                package.version
            );
        }
    }
    assert!(
        seen >= 6,
        "the floors name packages that are not used: {seen} found"
    );
}

#[test]
fn nothing_refused_has_come_in() {
    let metadata = used();
    for (name, why) in REFUSED {
        let found = metadata
            .packages
            .iter()
            .any(|package| package.name.as_str() == *name);
        assert!(!found, "{name} has come in: {why}");
    }
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed = |name: &str| {
        matches!(
            name,
            "MIT" | "Apache-2.0" | "Apache-2.0 WITH LLVM-exception" | "ISC"
        )
    };
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0-only OR MIT",
        "(MIT OR GPL-2.0-only) AND ISC",
        "Apache-2.0 WITH LLVM-exception",
        "MIT AND (ISC OR GPL-2.0-only)",
    ] {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "(MIT OR ISC) AND GPL-2.0-only",
        "GPL-3.0-only WITH LLVM-exception",
        "MIT OR",
        "MIT ISC",
        "(MIT",
    ] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}
