//! What templates may hold: words only by key, nothing inline, nothing from another host, nothing
//! unescaped.

use super::tree::{Finding, Source, Tree};

/// Stands where a handlebars tag stood, so that HTML can be read around it.
const HOLE: char = '\u{1}';

/// Elements whose text is not language.
const NOT_WORDS: &[&str] = &["code", "kbd", "samp"];

/// Attributes that people read or hear.
const SPOKEN: &[&str] = &[
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "aria-description",
    "label",
];

/// Attributes that load or lead somewhere.
const LEADS: &[&str] = &[
    "src",
    "href",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "xlink:href",
    "background",
];

/// Every rule for templates and stylesheets.
pub fn all(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in &tree.files {
        let source = Source { path, text };
        let is_template =
            path.starts_with("templates/") && (path.ends_with(".hbs") || path.ends_with(".html"));
        if is_template {
            let mut reader = Reader {
                source,
                findings: Vec::new(),
            };
            reader.template();
            findings.append(&mut reader.findings);
        }
        if path.starts_with("public/") && path.ends_with(".css") {
            findings.extend(stylesheet(source));
        }
    }
    findings
}

fn stylesheet(source: Source<'_>) -> Vec<Finding> {
    let foreign = [
        "url(http",
        "url(\"http",
        "url('http",
        "url(//",
        "url(\"//",
        "url('//",
        "@import",
    ];
    source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| foreign.iter().any(|what| line.contains(what)))
        .map(|(at, _)| {
            source.finding(
                at + 1,
                "foreign",
                "a stylesheet takes nothing from another host",
            )
        })
        .collect()
}

struct Reader<'t> {
    source: Source<'t>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn find(&mut self, line: usize, rule: &'static str, says: impl Into<String>) {
        self.findings.push(self.source.finding(line, rule, says));
    }

    fn template(&mut self) {
        let text = self.without_handlebars();
        if self.source.path.contains(".txt") {
            self.words(&text, 1);
        } else {
            self.html(&text);
        }
    }

    /// Replaces every handlebars tag by holes (line breaks stay), judging it on the way.
    fn without_handlebars(&mut self) -> String {
        let text: String = self.source.text.to_string();
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut line = 1;
        while let Some(start) = rest.find("{{") {
            out.push_str(&rest[..start]);
            line += rest[..start].matches('\n').count();
            rest = &rest[start..];
            let end = if rest.starts_with("{{!--") {
                rest.find("--}}").map(|at| at + 4)
            } else {
                None
            };
            let end = end.or_else(|| rest.find("}}").map(|at| at + 2));
            let Some(mut end) = end else {
                self.find(line, "parses", "a handlebars tag is not closed");
                return out;
            };
            if rest.starts_with("{{{") && rest[end..].starts_with('}') {
                end += 1;
            }
            let tag = &rest[..end];
            self.handlebars(tag, line);
            out.extend(tag.chars().map(|c| if c == '\n' { '\n' } else { HOLE }));
            line += tag.matches('\n').count();
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }

    fn handlebars(&mut self, tag: &str, line: usize) {
        if tag.starts_with("{{!") {
            return;
        }
        if tag.starts_with("{{{")
            || tag
                .trim_start_matches("{{")
                .trim_start_matches('~')
                .starts_with('&')
        {
            self.find(
                line,
                "unescaped",
                "only helpers write HTML: `{{{` and `{{&` do not escape",
            );
        }
        // Sentences in arguments: "Save it". Keys and class lists are no sentences.
        let mut parts = tag.split('"');
        let mut before = parts.next().unwrap_or_default();
        while let (Some(inside), Some(after)) = (parts.next(), parts.next()) {
            let is_list = ["class=", "rel=", "sizes=", "viewBox="]
                .iter()
                .any(|key| before.ends_with(key));
            let is_sentence = inside.contains(' ') && inside.chars().any(char::is_alphabetic);
            if is_sentence && !is_list {
                let says = format!("“{inside}” belongs in locales/: `{{{{t \"key\"}}}}`");
                self.find(line, "words", says);
            }
            before = after;
        }
    }

    fn html(&mut self, text: &str) {
        let mut rest = text;
        let mut line = 1;
        let mut silent: Option<&str> = None;
        while let Some(start) = rest.find('<') {
            let before = &rest[..start];
            if silent.is_none() {
                self.words(before, line);
            }
            line += before.matches('\n').count();
            rest = &rest[start..];
            let end = tag_end(rest);
            let tag = &rest[..end];
            rest = &rest[end..];
            let name = tag_name(tag);
            if tag.starts_with("</") {
                silent = silent.filter(|open| *open != name);
            } else if !tag.starts_with("<!") {
                self.element(name, tag, rest, line);
                let opens = NOT_WORDS
                    .iter()
                    .chain(&["script", "style"])
                    .find(|n| **n == name);
                silent = silent.or(opens.copied());
            }
            line += tag.matches('\n').count();
        }
        if silent.is_none() {
            self.words(rest, line);
        }
    }

    fn element(&mut self, name: &str, tag: &str, after: &str, line: usize) {
        let attributes = attributes(tag);
        let value = |wanted: &str| {
            attributes
                .iter()
                .find(|a| a.name == wanted)
                .map(|a| a.value.as_str())
        };
        match name {
            "style" => self.find(line, "inline", "styles stand in the stylesheet"),
            "script" => {
                let body = after.split("</script").next().unwrap_or_default();
                let is_written = body.chars().any(|c| c != HOLE && !c.is_whitespace());
                let is_data = value("type") == Some("application/ld+json");
                if is_written || (value("src").is_none() && !is_data) {
                    self.find(line, "inline", "scripts stand in their own files");
                }
            }
            _ => {}
        }
        let leads_out_kindly =
            name == "a" && value("rel").is_some_and(|rel| rel.contains("noopener"));
        for attribute in &attributes {
            let at = line + attribute.lines_before;
            let key = attribute.name.as_str();
            let said = attribute.value.trim();
            if key == "style" {
                self.find(
                    at,
                    "inline",
                    "no `style=`: the policy of the site refuses it",
                );
            }
            if key.starts_with("on") && key.len() > 2 {
                self.find(
                    at,
                    "inline",
                    format!("no `{key}=`: the policy of the site refuses it"),
                );
            }
            if LEADS.contains(&key) && is_foreign(said) && !leads_out_kindly {
                self.find(
                    at,
                    "foreign",
                    format!("`{key}` leads to another host: {said}"),
                );
            }
            let is_button_text =
                key == "value" && matches!(value("type"), Some("submit" | "button" | "reset"));
            let is_description = key == "content" && matches!(value("name"), Some("description"));
            if SPOKEN.contains(&key) || is_button_text || is_description {
                self.words(&attribute.value, at);
            }
        }
    }

    /// Letters outside of handlebars tags and entities are bare words.
    fn words(&mut self, text: &str, line: usize) {
        for (at, row) in text.split('\n').enumerate() {
            let plain = without_entities(row);
            // An address ("/h/…") is no language.
            let mut said = plain
                .split_whitespace()
                .filter(|word| !word.starts_with('/'));
            if said.any(|word| word.chars().any(char::is_alphabetic)) {
                let words = plain.replace(HOLE, " ");
                let says = format!(
                    "“{}” belongs in locales/: `{{{{t \"key\"}}}}`",
                    words.trim()
                );
                self.find(line + at, "words", says);
            }
        }
    }
}

fn is_foreign(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["http:", "https:", "//", "javascript:", "data:", "ftp:"]
        .iter()
        .any(|start| value.starts_with(start))
        || value.split(',').any(|part| part.trim().starts_with("http"))
}

fn without_entities(row: &str) -> String {
    let mut out = String::new();
    let mut rest = row;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let name = tail.split(';').next().unwrap_or_default();
        let is_entity = tail.len() > name.len()
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
        rest = if is_entity {
            &tail[name.len() + 1..]
        } else {
            tail
        };
    }
    out.push_str(rest);
    out
}

/// Where a tag ends: behind the first `>` that is not inside quotes.
fn tag_end(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |at| at + 3);
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return at + 1,
            None => {}
        }
    }
    text.len()
}

fn tag_name(tag: &str) -> &str {
    let inside = tag.trim_start_matches('<').trim_start_matches('/');
    let end = inside
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .unwrap_or(inside.len());
    &inside[..end]
}

struct Attribute {
    name: String,
    value: String,
    lines_before: usize,
}

fn attributes(tag: &str) -> Vec<Attribute> {
    let inside = tag
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/');
    let mut chars = inside.char_indices().skip(tag_name(tag).len()).peekable();
    let mut found = Vec::new();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() || c == HOLE || c == '=' {
            continue;
        }
        let mut name = String::from(c);
        while let Some((_, c)) =
            chars.next_if(|(_, c)| !c.is_whitespace() && *c != '=' && *c != HOLE)
        {
            name.push(c);
        }
        let mut value = String::new();
        if chars.next_if(|(_, c)| *c == '=').is_some() {
            match chars.next() {
                Some((_, quote @ ('"' | '\''))) => {
                    while let Some((_, c)) = chars.next_if(|(_, c)| *c != quote) {
                        value.push(c);
                    }
                    chars.next();
                }
                Some((_, first)) => {
                    value.push(first);
                    while let Some((_, c)) = chars.next_if(|(_, c)| !c.is_whitespace()) {
                        value.push(c);
                    }
                }
                None => {}
            }
        }
        let lines_before = inside[..at].matches('\n').count();
        found.push(Attribute {
            name: name.to_ascii_lowercase(),
            value,
            lines_before,
        });
    }
    found
}
