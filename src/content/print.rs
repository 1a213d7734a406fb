//! What comrak does not print as we want it: task items, our own pictures, spoilers, callouts and marked code.

use std::fmt::{self, Write};

use comrak::html::{ChildRendering, Context, format_node_default};
use comrak::nodes::{AstNode, CalloutFold, NodeCallout, NodeCodeBlock, NodeValue};

use super::markdown::own_media;
use super::{code, uploads};

/// Marks in the code of one text; what stands behind them is shown without.
pub(super) const MAX_MARKS: usize = 6_000;
/// Callouts that look like themselves; any other looks like a note.
pub(super) const CALLOUTS: &[&str] = &["note", "tip", "important", "warning", "caution", "spoiler"];

/// Task items become words instead of form controls: a box without a label says nothing to a screen reader, and
/// the mark belongs to what can be quoted.
pub(super) fn print<'a>(
    context: &mut Context<usize>,
    node: &'a AstNode<'a>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    let done = match node.data().value {
        NodeValue::TaskItem(ref item) => item.symbol.is_some(),
        NodeValue::Image(ref image) => {
            return match picture(&image.url) {
                Some(begun) if entering => {
                    context.write_str(&begun)?;
                    Ok(ChildRendering::Plain)
                }
                Some(_) => {
                    context.write_str("\" />")?;
                    Ok(ChildRendering::Plain)
                }
                None => format_node_default(context, node, entering),
            };
        }
        NodeValue::SpoileredText => {
            context.write_str(if entering { SPOILER } else { "</span>" })?;
            return Ok(ChildRendering::HTML);
        }
        NodeValue::Callout(ref callout) => return print_callout(context, node, entering, callout),
        NodeValue::CalloutTitle => return print_title(context, node, entering),
        NodeValue::CodeBlock(ref block) if entering => return print_code(context, node, block),
        _ => return format_node_default(context, node, entering),
    };
    if entering {
        context.cr()?;
        context.write_str("<li class=\"task-list-item\">")?;
        context.write_str(if done { "☑ " } else { "☐ " })?;
    } else {
        context.write_str("</li>")?;
        context.lf()?;
    }
    Ok(ChildRendering::HTML)
}

/// Words that one chooses to see: by pointing at them, or by coming to them with the keyboard.
const SPOILER: &str = "<span class=\"spoiler\" tabindex=\"0\">";

/// Whether a callout is opened by whoever reads it.
fn folds(callout: &NodeCallout) -> bool {
    callout.fold != CalloutFold::None || callout.callout_type.eq_ignore_ascii_case("spoiler")
}

/// A block that is told apart: a note, a warning; one that folds is a `<details>`, which needs no script.
fn print_callout<'a>(
    context: &mut Context<usize>,
    node: &'a AstNode<'a>,
    entering: bool,
    callout: &NodeCallout,
) -> Result<ChildRendering, fmt::Error> {
    context.cr()?;
    let element = if folds(callout) { "details" } else { "div" };
    if !entering {
        write!(context, "</{element}>")?;
        context.lf()?;
        return Ok(ChildRendering::HTML);
    }
    let word = callout.callout_type.to_ascii_lowercase();
    let look = CALLOUTS.iter().find(|known| **known == word);
    let open = if callout.fold == CalloutFold::Expanded {
        " open"
    } else {
        ""
    };
    let look = look.unwrap_or(&"note");
    write!(
        context,
        "<{element} class=\"callout callout-{look}\"{open}>"
    )?;
    context.lf()?;
    let titled = node
        .first_child()
        .is_some_and(|child| matches!(child.data().value, NodeValue::CalloutTitle));
    if !titled {
        // What was typed between the brackets is its title, as everywhere.
        let title: String = callout.default_title().chars().take(40).collect();
        let (begun, ended) = title_tags(folds(callout));
        context.write_str(begun)?;
        context.escape(&title)?;
        context.write_str(ended)?;
        context.lf()?;
    }
    Ok(ChildRendering::HTML)
}

const fn title_tags(folds: bool) -> (&'static str, &'static str) {
    if folds {
        ("<summary>", "</summary>")
    } else {
        ("<p class=\"callout-title\">", "</p>")
    }
}

fn print_title<'a>(
    context: &mut Context<usize>,
    node: &'a AstNode<'a>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    let folds = node.parent().is_some_and(
        |parent| matches!(&parent.data().value, NodeValue::Callout(callout) if folds(callout)),
    );
    let (begun, ended) = title_tags(folds);
    if entering {
        context.cr()?;
        context.write_str(begun)?;
    } else {
        context.write_str(ended)?;
        context.lf()?;
    }
    Ok(ChildRendering::HTML)
}

/// Code in a language that is known here, with its parts marked, as long as marks are left.
fn print_code<'a>(
    context: &mut Context<usize>,
    node: &'a AstNode<'a>,
    block: &NodeCodeBlock,
) -> Result<ChildRendering, fmt::Error> {
    let name = block.info.split_whitespace().next().unwrap_or_default();
    let Some(runs) = code::runs(name, &block.literal) else {
        return format_node_default(context, node, true);
    };
    context.cr()?;
    context.write_str("<pre><code class=\"language-")?;
    context.escape(name)?;
    context.write_str("\">")?;
    for (told, mark) in runs {
        match mark.filter(|_| context.user > 0) {
            Some(mark) => {
                context.user -= 1;
                write!(context, "<span class=\"{}\">", mark.class())?;
                context.escape(told)?;
                context.write_str("</span>")?;
            }
            None => context.escape(told)?,
        }
    }
    context.write_str("</code></pre>")?;
    context.lf()?;
    Ok(ChildRendering::HTML)
}

/// How wide a picture in a text is shown at most; browsers choose by it.
pub(super) const SIZES: &str = "(max-width: 44em) 100vw, 42rem";

/// The beginning of one of our own pictures whose name says how large it is, up to its description: place is kept for it
/// before it arrives, and small screens take a smaller one.
fn picture(url: &str) -> Option<String> {
    let path = own_media(url, "")?;
    let (folder, name) = path.rsplit_once('/')?;
    let sizes = uploads::sizes(name)?;
    let mut begun = format!(
        "<img src=\"{path}\" width=\"{}\" height=\"{}\"",
        sizes.width, sizes.height
    );
    if !sizes.smaller.is_empty() {
        let all = sizes
            .smaller
            .iter()
            .map(|(w, name)| format!("{folder}/{name} {w}w"));
        let all: Vec<String> = all.chain([format!("{path} {}w", sizes.width)]).collect();
        begun.push_str(&format!(" srcset=\"{}\" sizes=\"{SIZES}\"", all.join(", ")));
    }
    begun.push_str(" alt=\"");
    Some(begun)
}
