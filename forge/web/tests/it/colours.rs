//! Colours are tokens, and text is legible on its background, in light and in dark.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

const AT_LEAST: f64 = 4.5;

/// Foreground colours and their backgrounds.
const PAIRS: &[(&str, &[&str])] = &[
    (
        "ink",
        &[
            "paper",
            "surface",
            "sunken",
            "ember-wash",
            "good-wash",
            "bad-wash",
            "wait-wash",
            "info-wash",
            "still-wash",
        ],
    ),
    ("muted", &["paper", "surface", "sunken", "still-wash", "info-wash"]),
    ("link", &["paper", "surface", "sunken", "info-wash"]),
    ("on-ember", &["ember"]),
    ("ember-ink", &["paper", "surface", "ember-wash"]),
    ("good", &["paper", "surface", "good-wash"]),
    ("bad", &["paper", "surface", "bad-wash"]),
    ("wait", &["paper", "surface", "wait-wash"]),
    ("done", &["paper", "surface", "done-wash"]),
    ("chip-cpu", &["paper", "surface"]),
    ("chip-gpu", &["paper", "surface"]),
    ("chip-npu", &["paper", "surface"]),
    ("surface", &["bad"]),
    ("code-comment", &["surface", "sunken", "good-wash", "bad-wash"]),
    ("code-keyword", &["surface", "sunken", "good-wash", "bad-wash"]),
    ("code-string", &["surface", "sunken", "good-wash", "bad-wash"]),
    ("code-number", &["surface", "sunken", "good-wash", "bad-wash"]),
    ("code-name", &["surface", "sunken", "good-wash", "bad-wash"]),
    ("code-type", &["surface", "sunken", "good-wash", "bad-wash"]),
];

#[test]
fn text_can_be_read_on_every_ground() {
    let tokens = tokens();
    let mut problems = Vec::new();
    for (text, grounds) in PAIRS {
        for ground in *grounds {
            for (theme, name) in ["light", "dark"].iter().enumerate() {
                let ratio = ratio(tokens[*text][theme], tokens[*ground][theme]);
                if ratio < AT_LEAST {
                    problems.push(format!("{name}: --{text} on --{ground} is {ratio:.2}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn edges_of_fields_can_be_seen() {
    let tokens = tokens();
    for (edge, ground) in [("edge", "surface"), ("edge", "paper"), ("ember", "paper")] {
        for (seen, behind) in tokens[edge].iter().zip(&tokens[ground]) {
            assert!(ratio(*seen, *behind) >= 3.0, "--{edge} on --{ground}");
        }
    }
}

#[test]
fn only_the_tokens_name_colours() {
    let mut sheets = Vec::new();
    collect(&css(), &mut sheets);
    for sheet in sheets.iter().filter(|sheet| !sheet.ends_with("tokens.css")) {
        let source = fs::read_to_string(sheet).expect("UTF-8");
        for (number, line) in source.lines().enumerate() {
            let names_colour =
                line.contains("rgb(") || line.contains("hsl(") || line.contains(": #") || line.contains(" #");
            assert!(!names_colour, "{}:{}: {line}", sheet.display(), number + 1);
        }
    }
}

fn css() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/assets/css")
}

fn collect(folder: &Path, sheets: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { collect(&path, sheets) } else { sheets.push(path) }
    }
}

/// Every `--name: light-dark(#rrggbb, #rrggbb)`.
fn tokens() -> BTreeMap<String, [[f64; 3]; 2]> {
    let source = fs::read_to_string(css().join("tokens.css")).expect("UTF-8");
    let token = |line: &str| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(#")?;
        let (light, dark) = value.trim_end_matches(");").split_once(", #")?;
        Some((name.to_owned(), [rgb(light), rgb(dark)]))
    };
    source.lines().filter_map(token).collect()
}

fn rgb(text: &str) -> [f64; 3] {
    [0, 2, 4]
        .map(|place| f64::from(u8::from_str_radix(&text[place..place + 2], 16).expect("#rrggbb")) / 255.0)
}

/// WCAG 2: the ratio of relative luminances.
fn ratio(left: [f64; 3], right: [f64; 3]) -> f64 {
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear =
        colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}
