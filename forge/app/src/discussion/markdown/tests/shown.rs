//! What people put into a README besides words: formulas, diagrams, emoji, boxes, pictures.

use super::*;

fn in_readme(text: &str) -> String {
    render(text, &readme(), &rules())
}

#[test]
fn formulas_are_drawn_in_every_notation() {
    for text in ["an $x^2$ is", "an $`x^2`$ is", "$$x^2$$", "$$\nx^2\n$$", "```math\nx^2\n```"] {
        assert!(drawn(text).contains("<msup><mi>x</mi><mn>2</mn></msup>"), "{text}: {}", drawn(text));
    }
    assert!(drawn("$x$").contains("<p><math alttext=\"x\""), "{}", drawn("$x$"));
    assert!(drawn("$$x$$").contains("<span class=\"formula\"><math alttext=\"x\" display=\"block\">"));
    assert!(drawn("公式$x$是").contains("<math"));
}

#[test]
fn amounts_variables_and_code_are_no_formulas() {
    for text in [
        "$5 and $10",
        "set $HOME/$USER",
        "US$5 or 6$",
        "`$x$`",
        "\\$x\\$",
        "    $x$",
        "costs $5/$10",
        "a $ b $ c",
    ] {
        assert!(!drawn(text).contains("<math"), "{text}: {}", drawn(text));
    }
    assert!(drawn("set $HOME/$USER").contains("$HOME/$USER"));
    let html = drawn("> costs $5 and $10, set `$HOME`, or *US$6*; but $x$");
    assert!(html.contains("and $10, set <code>$HOME</code>, or <em>US$6</em>; but <math"), "{html}");
    assert!(drawn("$10 or `$$`, `$$ x`").contains("$10 or <code>$$</code>, <code>$$ x</code>"));
}

#[test]
fn a_formula_that_cannot_be_drawn_shows_its_source() {
    let html = drawn("a $\\nope<b>$ b");
    assert!(
        html.contains(
            "<code class=\"formula-source\">\\nope&lt;b&gt;</code><small class=\"formula-note\"></small>"
        ),
        "{html}"
    );
}

#[test]
fn mathml_of_users_is_not_let_through() {
    for text in [
        "<math><mi>x</mi></math>",
        "<math href=\"javascript:alert(1)\">x</math>",
        "<span class=\"ours-0\"></span> $x$",
        "<math><annotation-xml encoding=\"text/html\"><img src=x onerror=alert(1)></annotation-xml></math>",
        "<small class=\"formula-note\"></small>",
        "<img class=\"diagram-drawing\" src=\"x\">",
    ] {
        let html = drawn(text);
        assert!(html.matches("<math").count() <= usize::from(text.contains('$')), "{html}");
        assert!(
            !html.contains("onerror") && !html.contains("ours-") && !html.contains("class=\"formula-note\""),
            "{html}"
        );
        assert!(!html.contains("diagram-drawing"), "{html}");
    }
}

#[test]
fn a_mark_copied_into_an_attribute_puts_nothing_there() {
    let html = drawn("<div title='\n\n$x$\n\n'>\n\n![$y$](x.png \"$z$\")");
    assert!(html.matches("<math").count() <= 1, "{html}");
    assert!(!html.contains("title=\"<"), "{html}");
}

#[test]
fn emoji_are_called_by_name_outside_code() {
    assert!(drawn("done :tada:").contains("done 🎉"));
    assert!(drawn("`:tada:` at 12:30:45 :nobody:").contains(":tada:</code> at 12:30:45 :nobody:"));
    let heading = drawn("## :rocket: Start `x`");
    assert!(heading.contains("id=\"user-content-rocket-start-x\"") && heading.contains("🚀"), "{heading}");
}

#[test]
fn headings_have_a_named_link_to_themselves() {
    let html = drawn("## A \"b\"\n\n## A \"b\"");
    assert!(html.contains("<h2 id=\"user-content-a-b\">A \"b\"<a class=\"anchor\" href=\"#user-content-a-b\" aria-label=\"A &quot;b&quot;\""), "{html}");
    assert!(html.contains("id=\"user-content-a-b-1\""), "{html}");
}

#[test]
fn tasks_may_be_inside_each_other_and_their_boxes_have_names() {
    let html = drawn("- [x] one **two**\n  - [ ] three\n    - [ ] four\n- [ ] five\n\n  more");
    assert_eq!(html.matches("type=\"checkbox\"").count(), 4, "{html}");
    for name in ["one two", "three", "four", "five"] {
        assert!(html.contains(&format!("aria-label=\"{name}\"")), "{name}: {html}");
    }
    assert_eq!(html.matches("checked").count(), 1, "{html}");
}

#[test]
fn details_may_be_opened() {
    let html = drawn("<details><summary>More</summary>\n\n**x**\n\n</details>");
    assert!(
        html.contains("<details><summary>More</summary>") && html.contains("<strong>x</strong>"),
        "{html}"
    );
}

#[test]
fn diagrams_are_pictures_with_their_source_beneath() {
    let html = drawn("```mermaid\nflowchart LR\n  A --> B\n```");
    assert!(html.contains("<img class=\"diagram-drawing\" src=\"/-/diagram/mermaid/"), "{html}");
    assert!(html.contains("alt=\"flowchart LR\n  A --&gt; B\""), "{html}");
    assert!(
        html.contains("<details><summary class=\"diagram-source\"></summary><pre class=\"code\">"),
        "{html}"
    );
    assert!(drawn("```dot\ndigraph { a -> b }\n```").contains("src=\"/-/diagram/graphviz/"));
    let edges = (0..4_000).map(|number| format!("  A{number} --> B{}\n", number * 7_919 % 4_001));
    let html = drawn(&format!("```mermaid\n{}```", edges.collect::<Vec<_>>().concat()));
    assert!(html.contains("<small class=\"diagram-note\"></small>") && !html.contains("<img"), "{html}");
    let undrawn = render("```mermaid\nx\n```", &comment(), &Rules { diagrams: None, ..rules() });
    assert!(undrawn.starts_with("<pre class=\"code\">"), "{undrawn}");
}

#[test]
fn pictures_of_other_hosts_come_through_this_site() {
    for text in [
        "![x](https://example.org/a.png)",
        "<img src=http://example.org/a.png>",
        "![x](//example.org/a.png)",
        "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"https://example.org/b.png\"><img src=\"https://example.org/a.png\"></picture>",
    ] {
        let html = drawn(text);
        assert!(html.contains("src=\"/-/picture/") && !html.contains("example.org"), "{html}");
    }
    for text in
        ["![x](ftp://example.org/a)", "![x](https://)", "![x](http://[::1)", "![x](data:image/png;base64,AA)"]
    {
        assert!(!drawn(text).contains("src="), "{text}: {}", drawn(text));
    }
    let long = format!("![x](https://example.org/{})", "a".repeat(3_000));
    assert!(!drawn(&long).contains("src="));
}

#[test]
fn pictures_of_other_hosts_become_links_where_they_are_not_passed_on() {
    let rules = Rules { pictures: None, ..rules() };
    let html = render(
        "![a **b**](https://example.org/a.png) <img src=\"https://example.org/b.png\">",
        &comment(),
        &rules,
    );
    assert!(!html.contains("<img"), "{html}");
    assert!(
        html.contains("<a href=\"https://example.org/a.png\" rel=\"nofollow noopener noreferrer\">a b</a>"),
        "{html}"
    );
    assert!(html.contains(">https://example.org/b.png</a>"), "{html}");
    let html = render("[![build](https://example.org/a.png)](https://example.org)", &comment(), &rules);
    assert!(html.contains("rel=\"nofollow noopener noreferrer\">build</a>"), "{html}");
}

#[test]
fn pictures_of_this_site_are_asked_for_as_they_are() {
    assert!(
        drawn("![x](https://hearth.test/mei/llm/attachments/1)").contains("src=\"/mei/llm/attachments/1\"")
    );
    assert!(drawn("![x](https://hearth.test.evil.example/1)").contains("src=\"/-/picture/"));
    assert!(
        in_readme("![x](logo.svg?raw=true)").contains("src=\"/mei/llm/media/branch/main/docs/en/logo.svg\"")
    );
    assert!(
        in_readme("<img src=\"/logo.svg\" width=\"120\">")
            .contains("src=\"/mei/llm/media/branch/main/logo.svg\" width=\"120\"")
    );
}
