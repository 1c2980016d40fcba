use super::*;

fn drawn(source: &str) -> Option<String> {
    let formula = Formula { source: source.into(), is_block: false };
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, || all(&[formula]));
        started.unwrap().join().unwrap().remove(0)
    })
}

#[test]
fn formulas_become_mathml() {
    let html = drawn(r"\sum_{i=1}^n \frac{x_i}{2} < 1").unwrap();
    assert!(html.starts_with("<math alttext=\"\\sum_{i=1}^n") && html.contains("<msubsup>"), "{html}");
    assert!(html.contains("<mfrac>") && html.contains("&lt;"), "{html}");
    assert!(
        drawn(r"\begin{pmatrix}1&2\\3&4\end{pmatrix}").unwrap().contains("<mtable class=\"menv-arraylike\">")
    );
    assert!(
        drawn(r"\begin{cases} 1 & x>0\\ 0 & \text{否则}\end{cases}").unwrap().contains("<mtext>否则</mtext>")
    );
    assert!(drawn(r"\mathcal{L}(\theta)=\mathbb{E}_{x\sim p}[\log q_\theta(x)]").unwrap().contains("𝔼"));
}

#[test]
fn what_cannot_be_understood_is_not_drawn() {
    for source in
        [r"\nope x", "{x", "", r"\def\a{\a\a}\a", r"\newcommand{\a}{b}\a", r"\let\a=b", &"x".repeat(5_000)]
    {
        assert_eq!(drawn(source), None, "{source}");
    }
}

#[test]
fn nothing_of_a_formula_runs() {
    for source in [
        r"\text{<script>alert(1)</script>}",
        r"\text{</mtext></math><img src=x onerror=alert(1)>}",
        r"\mathrm{<style>}",
        "x\"><script>alert(1)</script>",
        r"\color{red}x",
        r"\text{\href{javascript:alert(1)}{x}}",
        r"\href{javascript:alert(1)}{x}",
        "\u{0}<svg onload=alert(1)>",
    ] {
        let Some(html) = drawn(source) else { continue };
        for bad in ["<script", "<img", "<style", "<svg", "<a ", " style=", "onerror=alert(1)>"] {
            let outside: String = html.split('"').step_by(2).collect();
            assert!(!outside.contains(bad), "{source} gave {html}");
        }
    }
}

/// Each of these exhausted a stack of two megabytes, or could grow without end.
#[test]
fn formulas_made_to_hurt_end_in_time() {
    let pieces = [
        "{",
        "}",
        "\\sqrt",
        "\\frac",
        "^",
        "_",
        "x^",
        "x_{",
        "\\left(",
        "\\hat",
        "\\over",
        "\\sum_",
        "'",
        "\\mathbf",
        "\\mathrm{",
        "&",
        "\\\\",
        "\\not",
        "\\big",
        "\\sqrt[",
        "\\phantom",
        "\\substack{",
        "\\binom",
        "\\stackrel",
        "{}",
        "\\middle|",
        "\\right)",
        "%",
        "~",
        "\\begin{matrix}",
        "\\begin{aligned}",
        "\\begin{array}{c}",
        "\\text{",
        "\\color{red}",
    ];
    for piece in pieces {
        let half = MOST_SOURCE_BYTES / piece.len() / 2;
        for source in
            [piece.repeat(half * 2), format!("{}x{}", piece.repeat(half / 2), "}x".repeat(half / 2))]
        {
            let html = drawn(&source).unwrap_or_default();
            assert!(depth(&html) <= DEEPEST, "{piece}");
        }
    }
}
