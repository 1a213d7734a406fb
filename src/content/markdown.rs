//! Markdown to HTML, before cleaning: the tree is put in order first, so that what comrak prints needs no repair.

use std::collections::HashSet;
use std::fmt;

use comrak::html::format_document_with_formatter;
use comrak::nodes::{AstNode, NodeLink, NodeValue};
use comrak::options::Plugins;
use comrak::{Arena, Options, parse_document};

use super::print::{MAX_MARKS, print};
use super::{RenderOptions, mentions};
use crate::kit::names::name_key;

/// Emphasis inside emphasis beyond this depth is dropped, its words stay.
const MAX_INLINE_DEPTH: usize = 12;
/// Quotes and lists inside each other beyond this depth are flattened, their words stay.
const MAX_BLOCK_DEPTH: usize = 24;
/// The longest address that becomes a link, and the longest title that a link keeps, in bytes: what is longer is
/// for no reader, and escaping it would cost the square of its length.
const MAX_ADDRESS: usize = 4_096;
const MAX_TITLE: usize = 512;

/// `above` is the level of the heading that the text stands under.
pub(super) fn to_html(source: &str, opts: &RenderOptions, above: u8) -> String {
    let options = options();
    let arena = Arena::new();
    let root = parse_document(&arena, source, &options);
    Tidy::new(&arena, opts, above).run(root);
    let mut html = String::with_capacity(source.len() + source.len() / 2);
    // Writing into a String cannot fail; should comrak ever refuse, showing the source is better than showing nothing.
    let plugins = Plugins::default();
    match format_document_with_formatter(root, &options, &mut html, &plugins, print, MAX_MARKS) {
        Ok(_) => html,
        Err(fmt::Error) => format!("<p>{}</p>", ammonia::clean_text(source)),
    }
}

/// The names that are called in a text, outside of code, links and quotations.
pub(super) fn called(source: &str) -> Vec<String> {
    let arena = Arena::new();
    let mut todo = vec![parse_document(&arena, source, &options())];
    let mut found: Vec<String> = Vec::new();
    while let Some(node) = todo.pop() {
        match &node.data().value {
            NodeValue::Link(_) | NodeValue::Image(_) | NodeValue::BlockQuote => continue,
            NodeValue::Text(text) => {
                for name in mentions::names(text) {
                    if found.len() < mentions::MOST && !found.iter().any(|other| other == name) {
                        found.push(name.to_owned());
                    }
                }
            }
            _ => {}
        }
        let children: Vec<_> = node.children().collect();
        todo.extend(children.into_iter().rev());
    }
    found
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.ofm_callouts = true;
    options.extension.spoiler = true;
    options.extension.shortcodes = true;
    options.render.hardbreaks = true;
    // Raw HTML never reaches the printer as such (see `Tidy`); this is the second lock on the same door.
    options.render.r#unsafe = false;
    options.render.escape = true;
    options
}

/// One walk over the tree, without recursion: depth is the attacker's to choose.
struct Tidy<'a, 'o> {
    arena: &'a Arena<'a>,
    base_url: &'o str,
    prefix: String,
    footnotes: usize,
    /// The keys of names that are somebody's, and how many more may become links.
    known: HashSet<String>,
    links_left: usize,
    above: u8,
    /// The levels, as written, of the headings that the present place stands under.
    headings: Vec<u8>,
}

/// Where in the tree a node stands.
#[derive(Clone, Copy, Default)]
struct Place {
    inline: usize,
    block: usize,
    in_link: bool,
}

/// What is to be done with a node.
enum Fate {
    Keep,
    /// Its children take its place.
    Unwrap,
    /// The children of its children take its place (a list whose items go, too).
    UnwrapTwice,
}

impl<'a, 'o> Tidy<'a, 'o> {
    fn new(arena: &'a Arena<'a>, opts: &'o RenderOptions, above: u8) -> Self {
        let prefix: String = opts
            .post_prefix
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(40)
            .collect();
        Tidy {
            arena,
            base_url: opts.base_url.trim_end_matches('/'),
            prefix: if prefix.is_empty() {
                "p".to_owned()
            } else {
                prefix
            },
            footnotes: 0,
            known: opts.known.iter().map(|name| name_key(name)).collect(),
            links_left: mentions::MOST,
            above,
            headings: Vec::new(),
        }
    }

    fn run(&mut self, root: &'a AstNode<'a>) {
        let mut todo = vec![(root, Place::default())];
        while let Some((node, place)) = todo.pop() {
            let mut inner = place;
            let fate = self.change(node, &mut inner);
            let children: Vec<_> = match fate {
                Fate::Keep => node.children().collect(),
                Fate::Unwrap => unwrap(node),
                Fate::UnwrapTwice => {
                    inner = place;
                    unwrap(node).into_iter().flat_map(unwrap).collect()
                }
            };
            if matches!(fate, Fate::Unwrap) {
                inner = place;
            }
            todo.extend(children.into_iter().rev().map(|child| (child, inner)));
        }
    }

    #[expect(clippy::too_many_lines, reason = "one list, read from top to bottom")]
    fn change(&mut self, node: &'a AstNode<'a>, place: &mut Place) -> Fate {
        let mut data = node.data_mut();
        let raw_block = match &mut data.value {
            NodeValue::HtmlBlock(block) => Some(std::mem::take(&mut block.literal)),
            _ => None,
        };
        if let Some(raw) = raw_block {
            data.value = NodeValue::Paragraph;
            drop(data);
            self.fill_with_lines(node, &raw);
            return Fate::Keep;
        }
        match &mut data.value {
            NodeValue::Text(text) => {
                if place.in_link || self.known.is_empty() || !text.contains('@') {
                    return Fate::Keep;
                }
                let typed = text.to_string();
                drop(data);
                self.link_names(node, &typed);
                Fate::Keep
            }
            NodeValue::HtmlInline(raw) => {
                let raw = std::mem::take(raw);
                data.value = NodeValue::Text(raw.into());
                Fate::Keep
            }
            NodeValue::Heading(heading) => {
                // Whatever was written, the outline has no gaps: people begin with ## and jump to ####.
                let written = heading.level;
                self.headings.retain(|level| *level < written);
                self.headings.push(written);
                let depth = u8::try_from(self.headings.len()).unwrap_or(u8::MAX);
                heading.level = self.above.saturating_add(depth).min(6);
                Fate::Keep
            }
            NodeValue::Emph
            | NodeValue::Strong
            | NodeValue::Strikethrough
            | NodeValue::SpoileredText => {
                place.inline += 1;
                if place.inline > MAX_INLINE_DEPTH {
                    Fate::Unwrap
                } else {
                    Fate::Keep
                }
            }
            NodeValue::BlockQuote | NodeValue::Callout(_) => {
                place.block += 1;
                if place.block > MAX_BLOCK_DEPTH {
                    Fate::Unwrap
                } else {
                    Fate::Keep
                }
            }
            NodeValue::List(_) => {
                place.block += 1;
                if place.block > MAX_BLOCK_DEPTH {
                    Fate::UnwrapTwice
                } else {
                    Fate::Keep
                }
            }
            NodeValue::Link(link) => {
                if place.in_link || !may_link_to(&link.url) {
                    return Fate::Unwrap;
                }
                place.in_link = true;
                if link.title.len() > MAX_TITLE {
                    link.title.clear();
                }
                Fate::Keep
            }
            NodeValue::Image(image) => {
                if image.title.len() > MAX_TITLE {
                    image.title.clear();
                }
                if let Some(path) = own_media(&image.url, self.base_url) {
                    image.url = path.to_owned();
                    return Fate::Keep;
                }
                if place.in_link || !may_link_to(&image.url) {
                    return Fate::Unwrap;
                }
                let link = NodeLink {
                    url: std::mem::take(&mut image.url),
                    title: std::mem::take(&mut image.title),
                };
                let address = link.url.clone();
                data.value = NodeValue::Link(Box::new(link));
                drop(data);
                if node.first_child().is_none() {
                    node.append(self.leaf(NodeValue::Text(address.into())));
                }
                place.in_link = true;
                Fate::Keep
            }
            NodeValue::FootnoteReference(reference) => {
                reference.name = format!("{}-{}", self.prefix, reference.ix);
                Fate::Keep
            }
            NodeValue::FootnoteDefinition(definition) => {
                // comrak puts the definitions in the order of their numbers.
                self.footnotes += 1;
                definition.name = format!("{}-{}", self.prefix, self.footnotes);
                Fate::Keep
            }
            _ => Fate::Keep,
        }
    }

    /// Makes links of the names in a run of text that are somebody's.
    fn link_names(&mut self, node: &'a AstNode<'a>, typed: &str) {
        let mut pieces = mentions::pieces(typed, &self.known, &mut self.links_left).into_iter();
        let Some(first) = pieces.next() else {
            return;
        };
        node.data_mut().value = NodeValue::Text(first.text.to_owned().into());
        let mut after = node;
        for piece in pieces {
            let words = self.leaf(NodeValue::Text(piece.text.to_owned().into()));
            let next = match piece.name {
                None => words,
                Some(name) => {
                    let link = self.leaf(NodeValue::Link(Box::new(NodeLink {
                        url: format!("/u/{name}"),
                        title: String::new(),
                    })));
                    link.append(words);
                    link
                }
            };
            after.insert_after(next);
            after = next;
        }
    }

    /// Shows raw text line by line, as it was typed.
    fn fill_with_lines(&self, paragraph: &'a AstNode<'a>, raw: &str) {
        for (index, line) in raw.trim_end().lines().enumerate() {
            if index > 0 {
                paragraph.append(self.leaf(NodeValue::LineBreak));
            }
            paragraph.append(self.leaf(NodeValue::Text(line.to_owned().into())));
        }
    }

    fn leaf(&self, value: NodeValue) -> &'a AstNode<'a> {
        self.arena.alloc(value.into())
    }
}

fn unwrap<'a>(node: &'a AstNode<'a>) -> Vec<&'a AstNode<'a>> {
    let children: Vec<_> = node.children().collect();
    for child in &children {
        node.insert_before(child);
    }
    node.detach();
    children
}

/// Whether a link may lead there: web, mail, or a place without a scheme (our own pages, footnotes).
fn may_link_to(url: &str) -> bool {
    if url.len() > MAX_ADDRESS {
        return false;
    }
    // Browsers drop these characters while reading an address, so they must not hide a scheme.
    let seen: String = url
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .take(64)
        .collect();
    let head = seen.split(['/', '?', '#']).next().unwrap_or_default();
    match head.split_once(':') {
        None => !seen.is_empty(),
        Some((scheme, _)) => ["http", "https", "mailto"]
            .iter()
            .any(|allowed| scheme.eq_ignore_ascii_case(allowed)),
    }
}

/// The path of one of our own uploads (`/media/{id}/{random}`), also when given with our own address.
pub(super) fn own_media<'u>(url: &'u str, base_url: &str) -> Option<&'u str> {
    let path = match url.strip_prefix(base_url) {
        Some(rest) if !base_url.is_empty() && rest.starts_with('/') => rest,
        _ => url,
    };
    let (id, file) = path.strip_prefix("/media/")?.split_once('/')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let good = !id.is_empty()
        && id.len() <= 20
        && id.chars().all(|c| c.is_ascii_digit())
        && !file.is_empty()
        && file.len() <= 120
        && !file.starts_with('.')
        && file.chars().all(plain);
    good.then_some(path)
}
