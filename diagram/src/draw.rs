use layout::{
    backends::svg::SVGWriter,
    gv::{DotParser, GraphBuilder},
};

use crate::{MOST_DRAWING_BYTES, Notation, inert};

/// Draws a diagram in this process, however long it takes and however much memory it needs.
pub(crate) fn draw(notation: Notation, source: &str) -> Option<String> {
    let svg = match notation {
        Notation::Mermaid => mermaid(source)?,
        Notation::Graphviz => graphviz(source)?,
    };
    inert::inert(&svg).filter(|svg| svg.len() <= MOST_DRAWING_BYTES)
}

fn mermaid(source: &str) -> Option<String> {
    let theme = mermaid_svg::Theme { responsive: false, ..mermaid_svg::Theme::default_theme() };
    mermaid_svg::render_with(source, &theme).ok()
}

fn graphviz(source: &str) -> Option<String> {
    let graph = DotParser::new(source).process().ok()?;
    let mut builder = GraphBuilder::new();
    builder.visit_graph(&graph);
    let mut writer = SVGWriter::new();
    builder.get().do_it(false, false, false, &mut writer);
    Some(writer.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_are_drawn() {
        let flow = draw(Notation::Mermaid, "flowchart LR\n  A[推送] -->|ok| B{检查}").unwrap();
        assert!(flow.starts_with("<svg") && flow.contains("推送") && flow.contains("viewBox"), "{flow}");
        let graph = draw(Notation::Graphviz, "digraph { a -> b [label=\"训练\"] }").unwrap();
        assert!(graph.starts_with("<svg") && graph.contains("训练"), "{graph}");
    }

    #[test]
    fn what_cannot_be_understood_is_not_drawn() {
        assert_eq!(draw(Notation::Mermaid, "nonsense"), None);
        assert_eq!(draw(Notation::Graphviz, "digraph {"), None);
    }

    #[test]
    fn nothing_in_a_drawing_runs() {
        for (notation, source) in [
            (Notation::Mermaid, "flowchart LR\n A-->B\n click A \"javascript:alert(1)\" \"x\""),
            (Notation::Mermaid, "flowchart LR\n A-->B\n click A call alert(1)"),
            (
                Notation::Mermaid,
                "flowchart LR\n A[\"<script>alert(1)</script><img src=x onerror=alert(1)>\"]-->B",
            ),
            (Notation::Mermaid, "flowchart LR\n A-->B\n style A fill:url(https://evil.example/x)"),
            (Notation::Graphviz, "digraph { a [label=\"</text><script>alert(1)</script>\"] }"),
            (
                Notation::Graphviz,
                "digraph { a [URL=\"javascript:alert(1)\", color=\"red\\\" onload=\\\"alert(1)\"] }",
            ),
        ] {
            let svg = draw(notation, source).unwrap_or_default().to_ascii_lowercase();
            for bad in
                ["<script", "<img", "<a ", " onclick", " onload", " onerror=", "javascript:", "url(http"]
            {
                let tags: String = svg.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect();
                assert!(
                    !tags.contains(bad.trim_start_matches('<')) || !svg.contains(bad),
                    "{source} gave {svg}"
                );
            }
        }
    }
}
