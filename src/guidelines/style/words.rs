//! The built-in lists of English words. A house adds its own by rules, and lets words pass by `allow`.

/// What nobody can know beforehand.
pub(super) const PROMISES: &[&str] = &[
    "guarantee",
    "guaranteed",
    "guarantees",
    "we promise",
    "risk-free",
    "without any risk",
    "never fails",
    "always works",
    "you will love",
    "you won't regret",
    "you will not regret",
];

/// What sells.
pub(super) const PRICES: &[&str] = &[
    "discount",
    "half price",
    "half-price",
    "special offer",
    "free of charge",
    "for free",
    "save money",
    "bargain",
    "buy now",
];

/// What is more than anybody can check.
pub(super) const SUPERLATIVES: &[&str] = &[
    "the best",
    "best ever",
    "the greatest",
    "the finest",
    "the biggest",
    "the most beautiful",
    "the most amazing",
    "the most exciting",
    "the most important",
    "world-class",
    "world class",
    "second to none",
    "unrivalled",
    "unbeatable",
    "number one",
    "once in a lifetime",
    "one of a kind",
    "not to be missed",
    "unmissable",
];

/// What those who answer for safety say first.
pub(super) const INCIDENTS: &[&str] = &[
    "data breach",
    "data leak",
    "security incident",
    "hacked",
    "hackers",
    "ransomware",
    "vulnerability",
    "phishing",
    "stolen passwords",
    "leaked passwords",
];

/// Words of offices and campaigns, and what people say.
pub(super) const JARGON: &[(&str, &str)] = &[
    ("actionable", "useful"),
    ("at this point in time", "now"),
    ("best-in-class", "good"),
    ("best practice", "what works"),
    ("content creators", "the people who wrote it"),
    ("deep dive", "a closer look"),
    ("drive engagement", "bring people together"),
    ("going forward", "from now on"),
    ("impactful", "what it did"),
    ("in order to", "to"),
    ("key stakeholders", "those it concerns"),
    ("leverage", "use"),
    ("low-hanging fruit", "what is easy"),
    ("prior to", "before"),
    ("reach out to", "write to"),
    ("stakeholders", "those it concerns"),
    ("synergies", "what both gain"),
    ("synergy", "what both gain"),
    ("touch base", "talk"),
    ("user-generated content", "what members wrote"),
    ("utilise", "use"),
    ("utilize", "use"),
];

/// Links that do not say where they lead.
pub(super) const HERE: &[&str] = &[
    "click here",
    "tap here",
    "click the link",
    "follow this link",
    "link in bio",
    "read more here",
    "find out more here",
];

/// Abbreviations that everybody knows.
pub(super) const ABBREVIATIONS: &[&str] = &[
    "AD", "AM", "BC", "BBC", "CD", "DIY", "DNA", "DVD", "EU", "GPS", "ID", "II", "III", "IV", "IX",
    "NATO", "OK", "PDF", "PM", "RSS", "SOS", "TV", "UK", "UN", "UNESCO", "US", "USA", "VI", "VII",
    "VIII", "XI", "XII", "XX",
];
