use std::time::{Duration, Instant};

use hearth_core::{
    RepositoryKind, TaskId, TaskState, ThreadKind,
    urls::{RepositoryUrls, Revision},
};

use super::*;
use crate::Signer;

mod shown;

const ROOT: &str = "http://hearth.test";

fn foreign(number: i64) -> ForeignThread {
    ForeignThread { kind: RepositoryKind::Code, owner: "lin".to_owned(), name: "digits".to_owned(), number }
}

fn comment() -> Links {
    Links {
        repository: Some(RepositoryUrls::new(RepositoryKind::Code, "mei", "llm")),
        known: Known {
            people: [("bob".to_owned(), "Bob".parse().unwrap())].into(),
            threads: [(
                12,
                KnownThread { kind: ThreadKind::Issue, title: "Loss \"explodes\"".to_owned(), is_open: true },
            )]
            .into(),
            teams: [TeamMention { organization: "lab".to_owned(), team: "core".to_owned() }].into(),
            tasks: [(TaskId(7), KnownTask { name: "digits".to_owned(), state: TaskState::Failed })].into(),
            foreign: [(
                foreign(4),
                KnownThread { kind: ThreadKind::Issue, title: "Old".to_owned(), is_open: false },
            )]
            .into(),
            commits: [("1234abc".to_owned(), "1234abc".repeat(6)[..40].to_owned())].into(),
            ..Known::default()
        },
        root: ROOT.to_owned(),
        ..Links::default()
    }
}

fn readme() -> Links {
    Links {
        base: Some(Base { revision: Revision::Branch("main".into()), folder: "docs/en".into() }),
        is_file: true,
        ..comment()
    }
}

fn drawn(text: &str) -> String {
    render(text, &comment(), &rules())
}

fn rules() -> Rules {
    Rules {
        most_bytes: 1 << 20,
        root: "https://hearth.test".into(),
        pictures: Some(Signer::new(&[7; 32])),
        diagrams: Some(Signer::new(&[7; 32])),
    }
}

#[test]
fn github_markdown_is_drawn() {
    assert!(drawn("a | b\n--|:-:\n1 | 2").contains("<td align=\"center\">2</td>"));
    assert!(drawn("~~old~~").contains("<del>old</del>"));
    assert!(drawn("https://example.org/x").contains("href=\"https://example.org/x\""));
    assert!(drawn("a[^1]\n\n[^1]: note").contains("class=\"footnotes\""));
    let tasks = drawn("- [x] done\n- [ ] open");
    assert_eq!(tasks.matches("type=\"checkbox\"").count(), 2, "{tasks}");
    assert_eq!(tasks.matches("checked").count(), 1, "{tasks}");
    assert!(drawn("> [!NOTE]\n> hello").contains("markdown-alert-note"));
    assert!(drawn("**加粗。**后面").contains("<strong>加粗。</strong>"));
}

#[test]
fn people_issues_and_commits_that_exist_are_linked() {
    assert!(drawn("hi @bob, see").contains("<a class=\"mention\" href=\"/Bob\""));
    assert!(drawn("fixes #12.").contains("<a class=\"reference is-open\" href=\"/mei/llm/issues/12\""));
    let html = drawn("in 1234abc now");
    assert!(html.contains(&format!("href=\"/mei/llm/commit/{}\"", &"1234abc".repeat(6)[..40])), "{html}");
    assert!(html.ends_with(" now</p>\n") && html.starts_with("<p>in "), "{html}");
    let both = drawn("@bob @bob 和 @bob");
    assert_eq!(both.matches("mention").count(), 3, "{both}");
}

#[test]
fn links_show_the_state_of_what_they_lead_to() {
    let html = drawn("!12, Lin/Digits#4 and task#7");
    assert!(html.contains("title=\"Loss &quot;explodes&quot; (open)\""), "{html}");
    assert!(
        html.contains(
            "<a class=\"reference is-closed\" href=\"/lin/digits/issues/4\" title=\"Old (closed)\""
        ),
        "{html}"
    );
    assert!(
        html.contains("<a class=\"reference is-bad\" href=\"/tasks/7\" title=\"digits (Failed)\""),
        "{html}"
    );
    let chinese = render("#12", &Links { language: ReaderLanguage::ZhCn, ..comment() }, &rules());
    assert!(chinese.contains("（开启）"), "{chinese}");
}

#[test]
fn a_team_is_linked_as_a_whole_and_an_unknown_one_as_the_person() {
    assert!(drawn("hi @Lab/Core!").contains("href=\"/lab/-/teams/core\""));
    let html = drawn("hi @bob/other");
    assert!(html.contains(">@bob</a>/other"), "{html}");
}

#[test]
fn the_bare_address_of_a_thread_is_shown_as_a_reference() {
    let html =
        drawn("see http://hearth.test/lin/digits/issues/4, [there](http://hearth.test/lin/digits/issues/4)");
    assert_eq!(html.matches(">lin/digits#4</a>").count(), 1, "{html}");
    assert_eq!(html.matches(">there</a>").count(), 1, "{html}");
    for text in
        ["http://hearth.test/lin/digits/issues/5", "http://hearth.test/lin/digits/issues/4#issuecomment-1"]
    {
        assert!(drawn(text).contains(&format!(">{text}</a>")), "{}", drawn(text));
    }
}

#[test]
fn what_does_not_exist_stays_text() {
    for text in ["@nobody", "#13", "abcdef1", "x@bob", "#12a", "&#12;", "a#12", "/@bob", "`@bob`", "    @bob"]
    {
        assert!(!drawn(text).contains("<a"), "{text}: {}", drawn(text));
    }
    assert!(!drawn("```\n@bob #12\n```").contains("<a"));
    assert_eq!(drawn("[@bob](https://example.org)").matches("<a").count(), 1);
}

#[test]
fn references_are_found_before_they_are_known() {
    let found = References::of(ROOT, "@Mei-Lin. @a_b, (#3) #4 deadbee 12345678 é#5 数@x");
    assert_eq!(found.people.into_iter().collect::<Vec<_>>(), ["a_b", "mei-lin", "x"]);
    assert_eq!(found.threads.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(found.commits.into_iter().collect::<Vec<_>>(), ["12345678", "deadbee"]);
    let many: String = (0..1000).map(|n| format!("#{n} @u{n} ")).collect::<Vec<_>>().concat();
    assert!(References::of(ROOT, &many).threads.len() <= 100);
}

#[test]
fn every_order_of_signs_and_letters_of_any_size_is_scanned() {
    let pieces = ["#", "@", "1", "a", "12", "bob", "1234abc", "。", "数", "é", "🙂", " ", "/", "&", "_"];
    for one in pieces {
        for two in pieces {
            for three in pieces {
                for four in ["", "。", "#", "🙂b"] {
                    let text = format!("{one}{two}{three}{four}");
                    References::of(ROOT, &text);
                    assert!(!drawn(&format!("x {text}")).is_empty());
                }
            }
        }
    }
    let html = drawn("见 #12。@bob，1234abc；");
    assert_eq!(html.matches("<a ").count(), 3, "{html}");
}

#[test]
fn links_of_a_file_lead_to_its_revision() {
    let html = |text: &str| render(text, &readme(), &rules());
    assert!(html("[a](a.md#x)").contains("href=\"/mei/llm/src/branch/main/docs/en/a.md#x\""));
    assert!(html("[a](../b%20c.md)").contains("href=\"/mei/llm/src/branch/main/docs/b%20c.md\""));
    assert!(html("[a](/LICENSE)").contains("href=\"/mei/llm/src/branch/main/LICENSE\""));
    assert!(
        html("![a](img/数.png)").contains("src=\"/mei/llm/media/branch/main/docs/en/img/%E6%95%B0.png\"")
    );
    assert!(
        html("<img src=\"x.png\" width=\"50%\">")
            .contains("src=\"/mei/llm/media/branch/main/docs/en/x.png\"")
    );
    assert!(!html("[a](../../../etc/passwd)").contains("href"));
    assert!(!html("[a](//evil.example/x)").contains("href"));
    assert!(html("---\nlicense: mit\n---\n# T").starts_with("<h1"));
}

#[test]
fn headings_have_ids_of_their_own_space() {
    let html = drawn("# Hello World\n\n[up](#hello-world)");
    assert!(html.contains("id=\"user-content-hello-world\""), "{html}");
    assert!(html.contains("href=\"#user-content-hello-world\""), "{html}");
    assert!(drawn("<p id=main>x</p>").contains("id=\"user-content-main\""));
}

#[test]
fn an_address_ends_at_a_chinese_full_stop() {
    let html = drawn("见 https://example.org/x。然后");
    assert!(html.contains("href=\"https://example.org/x\"") && html.contains("。然后"), "{html}");
}

#[test]
fn code_is_coloured() {
    let html = drawn("```rust title=x\nfn main() {}\n```");
    assert!(html.contains("<pre class=\"code\"><code><span class=\"hl-keyword\">fn </span>"), "{html}");
    assert!(drawn("```nope\n<b>\n```").contains("&lt;b&gt;"));
}

#[test]
fn nothing_that_runs_gets_through() {
    let corpus = [
        "<script>alert(1)</script>",
        "<ScRiPt src=//evil.example></sCrIpT>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><g/onload=alert(2)//<p>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" javascript:alert(1)\">x</a>",
        "<a href=\"java\nscript:alert(1)\">x</a>",
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<a href=\"vbscript:x\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<iframe src=https://evil.example></iframe>",
        "<object data=x></object><embed src=x>",
        "<form action=//evil.example><input name=password><button>ok</button></form>",
        "<style>*{display:none}</style>",
        "<p style=\"position:fixed;inset:0\">x</p>",
        "<div class=\"flash overlay\">x</div>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0;//evil.example>",
        "<link rel=stylesheet href=//evil.example>",
        "<video src=x onerror=alert(1)>",
        "<details open ontoggle=alert(1)>",
        "<a href=x target=_blank onclick=alert(1)>x</a>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<textarea></textarea><select><option>",
        "```html\"><script>alert(1)</script>\nx\n```",
        "[a]: javascript:alert(1)\n\n[a]",
        "# <img src=x onerror=alert(1)>",
        "|a|\n|-|\n|<script>x</script>|",
        "@bob<script>alert(1)</script>#12",
    ];
    let forbidden = [
        "<script",
        "onerror",
        "onload",
        "ontoggle",
        "onclick",
        "href=\"javascript",
        "href=\" javascript",
        "href=\"java",
        "vbscript:",
        "href=\"data:",
        "<iframe",
        "<object",
        "<embed",
        "<form",
        "<button",
        "<style",
        "style=",
        "overlay",
        "<base",
        "<meta",
        "<link",
        "<video",
        "<svg",
        "<math",
        "<textarea",
        "<select",
        "target=",
    ];
    for links in [comment(), readme()] {
        for text in corpus {
            let html = render(text, &links, &rules());
            let tags: String = html
                .split('<')
                .skip(1)
                .filter_map(|tag| tag.split_once('>'))
                .fold(String::new(), |all, (tag, _)| all + "<" + tag + ">");
            for bad in forbidden {
                assert!(!tags.to_ascii_lowercase().contains(bad), "{text} gave {html}");
            }
        }
    }
}

#[test]
fn inputs_are_boxes_that_nobody_can_change() {
    let html = drawn("<input type=text name=password value=x>");
    assert!(html.contains("type=\"checkbox\"") && html.contains("disabled"), "{html}");
    assert!(!html.contains("name") && !html.contains("value"), "{html}");
}

#[test]
fn links_of_people_are_not_followed_by_machines() {
    assert!(drawn("[x](https://example.org)").contains("rel=\"nofollow noopener noreferrer\""));
}

#[test]
fn texts_made_to_hurt_end_in_time() {
    let bold: String = (0..5_000).map(|n| format!("<b id={n}>")).collect::<Vec<_>>().concat();
    let corpus = [
        ">".repeat(50_000),
        "> ".repeat(50_000) + "a\n\nb",
        "* ".repeat(50_000),
        "[".repeat(100_000),
        "![".repeat(50_000),
        "*a **a ".repeat(20_000),
        "`".repeat(100_000),
        "`a".repeat(50_000),
        "<div>".repeat(50_000),
        format!("{bold}\n\n{}", "x\n\n".repeat(100_000)),
        format!("a|{}\n-|{}\n", "|".repeat(2_000), "-|".repeat(2_000)) + &"a\n".repeat(20_000),
        "[^a]".repeat(20_000) + "\n\n[^a]: x",
        "a\n\n".repeat(300_000),
        "&".repeat(500_000),
        "@".repeat(500_000),
        "#1 ".repeat(200_000),
        "- x\n ".repeat(50_000),
        "<!--".repeat(50_000),
        "https://".repeat(50_000),
        "_".repeat(100_000) + "a",
        "```rust\n".to_owned() + &"\"".repeat(500_000),
        "$x^2$ ".repeat(15_000),
        "```math\n\\frac12\n```\n".repeat(5_000),
        "```mermaid\ngraph LR\n```\n".repeat(5_000),
        format!("$${}$$", "\\sqrt".repeat(800)),
        format!("{} {}", "$`a ".repeat(20_000), "a".repeat(800_000)),
        ":smile:".repeat(10_000),
        "![x](https://a.test/x) ".repeat(5_000),
        "- [ ] a\n".repeat(10_000),
        "<details>".repeat(5_000),
        repeated("", 800),
        repeated("</i>", 1_500),
        repeated("<!--></b>-->", 1_500),
    ];
    for text in corpus {
        let started = Instant::now();
        let drawn = drawn(&text);
        let beginning: String = text.chars().take(20).collect();
        assert!(started.elapsed() < Duration::from_secs(30), "{beginning}: {:?}", started.elapsed());
        assert!(drawn.len() < 64 << 20, "{beginning}: {} bytes", drawn.len());
    }
}

/// Elements that are open, with what seems to close each of them, and as many paragraphs in which they are repeated:
/// a few kilobytes of text, and a gigabyte of elements.
fn repeated(closed: &str, count: usize) -> String {
    let open = (0..count).map(|number| format!("<b id={number}>{closed}")).collect::<Vec<_>>().concat();
    format!("<p>{open}</p>{}", "<p>x</p>".repeat(count))
}

#[test]
fn html_made_to_hurt_ends_in_time_and_is_shown_as_text() {
    for html in ["<div>".repeat(50_000), repeated("", 800), repeated("</i>", 1_500)] {
        let shown = sanitise(&html, &comment(), &rules());
        assert_eq!(plainness(&shown), Some(Plain::TooComplex), "{}", &html[..20]);
    }
    let large = sanitise(&"a".repeat((1 << 20) + 1), &comment(), &rules());
    assert_eq!(plainness(&large), Some(Plain::TooLarge));
    assert_eq!(sanitise("<b onclick=x>a</b>", &comment(), &rules()), "<b>a</b>");
}

#[test]
fn large_and_deep_texts_are_shown_as_they_are() {
    assert!(drawn(&"a".repeat((1 << 20) + 1)).starts_with("<pre class=\"plain large\">"));
    assert!(drawn(&format!("{}<b>", "> ".repeat(500))).contains("&lt;b&gt;</pre>"));
}

/// Half a megabyte each of inputs that create many nodes from few bytes.
fn bombs() -> Vec<String> {
    let fill = |piece: &str| piece.repeat(500_000 / piece.len());
    let mut bombs: Vec<String> = [
        "[",
        "]",
        "![",
        "[a](",
        "[a][b]",
        "*",
        "*a ",
        "**a *b",
        "_a_",
        "~~a~~",
        "`",
        "`a`",
        "``a`",
        "\\a",
        "&amp;",
        "&",
        "<",
        "<b>",
        "</b>",
        "<!-- ",
        "<a href=x>",
        "<div>\n",
        "w",
        "www.a.b ",
        "http://a ",
        "a@b.c ",
        "x:",
        "\"",
        "$",
        "$a$ ",
        "$$a$$ ",
        "$`a`$ ",
        ":smile:",
        ":",
        "!",
        "> ",
        ">",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "1) ",
        "> - 1. ",
        "#1 ",
        "@bob ",
        "1234abc ",
        "\n",
        "a\n",
        "a  \n",
        "# a\n",
        "- a\n",
        "1. a\n",
        "> a\n",
        "    a\n",
        "---\n",
        "a\n===\n",
        "```\n",
        "[a]: /x\n",
        "[^a]",
        "[^1]: a\n",
        "|",
        "a|b\n",
        "| a |\n",
        "a | b\n--|--\n",
        "- [ ] a\n",
        "> [!NOTE]\n",
        "\r",
        "\t",
        "\u{301}",
        "**加粗。**",
    ]
    .iter()
    .map(|piece| fill(piece))
    .collect();
    bombs.push(format!("[x]: <{}>\n\n{}", "u".repeat(90_000), "[x] ".repeat(20_000)));
    bombs.push(format!("{}{}", fill("["), "]".repeat(500_000)));
    bombs.push((0..900).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect::<Vec<_>>().concat());
    bombs.push((0..50_000).map(|number| format!("[a{number}]: /x\n")).collect::<Vec<_>>().concat());
    bombs.push(format!("{}\n{}\n{}", "a|".repeat(300), "-|".repeat(300), "b\n".repeat(300)));
    bombs
}

/// Memory use follows the number of nodes, so that is bounded before the parser creates them.
#[test]
fn texts_made_to_hurt_make_no_more_nodes_than_a_large_text_has() {
    for bomb in bombs() {
        let disabled = cost::disabled_features(&bomb);
        if disabled.everything {
            continue;
        }
        let arena = Arena::new();
        let mut options = options(&comment());
        disabled.apply(&mut options);
        let root = parse_document(&arena, &bomb, &options);
        let nodes = root.descendants().count();
        let bytes: usize =
            root.descendants().map(|node| node.data.borrow().value.text().map_or(0, str::len)).sum();
        let start: String = bomb.chars().take(20).collect();
        assert!(nodes <= 250_000, "{nodes} nodes: {start:?}");
        assert!(bytes <= 4 << 20, "{bytes} bytes of text: {start:?}");
        math::draw(root, &mut Insertions::into_text(&bomb));
        reference::link(&arena, root, &comment());
        assert!(root.descendants().count() <= nodes + 8_000, "links: {start:?}");
    }
}

/// A text of 40 KB of nothing but the site's address took seconds to look through, whenever its page was shown.
#[test]
fn addresses_one_after_the_other_are_not_read_to_the_end_of_the_text() {
    let text = format!("{ROOT}/").repeat(20_000);
    let read: usize = reference::addresses(ROOT, &text).map(|(_, address)| address.len()).sum();
    assert!(read <= text.len(), "{read} bytes are read of {}", text.len());
    let found =
        References::of(ROOT, &format!("{text} {ROOT}/lin/digits/issues/4, {ROOT}/lin/digits/issues/5"));
    assert_eq!(found.foreign.iter().map(|thread| thread.number).collect::<Vec<_>>(), [4, 5]);
}

#[test]
fn what_is_named_again_and_again_is_linked_so_many_times() {
    let html = drawn(&"#12 ".repeat(10_000));
    assert_eq!(html.matches("class=\"reference is-open\"").count(), 2_000);
    let mut page = References::default();
    for text in 0..330 {
        page.add(&References::of(
            ROOT,
            &(0..100)
                .map(|number| format!("@u{text}x{number} #{text}{number:03} "))
                .collect::<Vec<_>>()
                .concat(),
        ));
    }
    assert_eq!((page.people.len(), page.threads.len()), (2_000, 2_000));
}

#[test]
fn a_text_that_is_not_drawn_can_be_told() {
    assert!(plainness(&drawn(&"[".repeat(500_000))) == Some(Plain::TooComplex));
    assert_eq!(plainness(&drawn(&"a".repeat((1 << 20) + 1))), Some(Plain::TooLarge));
    for text in ["<pre class=\"plain\">x</pre>", "<pre class=\"plain large\">x</pre>", "[x](y)"] {
        assert_eq!(plainness(&drawn(text)), None, "{text}");
    }
}

#[test]
fn an_excerpt_is_one_line_of_words() {
    assert_eq!(excerpt("# Hi\n\nsome **bold** `code`\n- a <b>x</b>", 50), "Hi some bold code a x");
    assert_eq!(excerpt("一二三四五", 3), "一二三…");
}

#[tokio::test]
async fn a_text_is_drawn_once() {
    let hearth = crate::testing::TestHearth::new().await;
    let app = &hearth.app;
    let first = draw(app, "**x**".into(), comment()).await;
    assert_eq!(&*first, "<p><strong>x</strong></p>\n");
    assert!(Arc::ptr_eq(&first, &draw(app, "**x**".into(), comment()).await));
    assert!(!Arc::ptr_eq(&first, &draw(app, "**x**".into(), readme()).await));
}
