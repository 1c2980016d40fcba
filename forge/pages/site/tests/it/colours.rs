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
            "run-wash",
        ],
    ),
    ("muted", &["paper", "surface", "sunken", "still-wash", "info-wash"]),
    ("link", &["paper", "surface", "sunken", "info-wash"]),
    ("on-ember", &["ember"]),
    ("ember-ink", &["paper", "surface", "ember-wash"]),
    ("good", &["paper", "surface", "good-wash"]),
    ("bad", &["paper", "surface", "bad-wash"]),
    ("wait", &["paper", "surface", "wait-wash"]),
    ("run", &["paper", "surface", "run-wash"]),
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
fn whatever_colours_a_program_chooses_its_log_can_be_read() {
    let tokens = tokens();
    let hues = ["ink", "muted", "bad", "good", "wait", "link", "done", "chip-cpu"];
    let washes = ["surface", "still-wash", "bad-wash", "good-wash", "wait-wash", "info-wash", "done-wash"];
    for (hue, ground) in hues.iter().flat_map(|hue| washes.map(|ground| (hue, ground))) {
        for (text, behind) in tokens[*hue].iter().zip(&tokens[ground]) {
            assert!(ratio(*text, *behind) >= AT_LEAST, "--{hue} on --{ground}");
        }
    }
}

#[test]
fn edges_of_fields_can_be_seen() {
    let tokens = tokens();
    for (edge, ground) in [
        ("edge", "surface"),
        ("edge", "paper"),
        ("focus", "surface"),
        ("focus", "paper"),
        ("focus", "sunken"),
    ] {
        for (seen, behind) in tokens[edge].iter().zip(&tokens[ground]) {
            assert!(ratio(*seen, *behind) >= 3.0, "--{edge} on --{ground}");
        }
    }
}

/// The brand marks the main action, red marks danger, and what runs has a colour of its own.
#[test]
fn brand_danger_and_running_are_told_apart() {
    let tokens = tokens();
    for (one, other) in [("ember", "bad"), ("ember", "run"), ("bad", "run")] {
        for (theme, name) in ["light", "dark"].iter().enumerate() {
            let apart = difference(tokens[one][theme], tokens[other][theme]);
            assert!(apart >= 0.11, "{name}: --{one} and --{other} are {apart:.3} apart");
        }
    }
}

#[test]
fn lines_of_charts_can_be_seen_and_told_apart() {
    let tokens = tokens();
    let lines: Vec<_> = (1..=8).map(|line| tokens[&format!("line-{line}")]).collect();
    for (place, line) in lines.iter().enumerate() {
        for theme in [0, 1] {
            assert!(ratio(line[theme], tokens["surface"][theme]) >= 3.0, "--line-{}", place + 1);
            for (before, other) in lines[..place].iter().enumerate() {
                let distance = difference(line[theme], other[theme]);
                assert!(distance >= 0.08, "--line-{} and --line-{}: {distance:.3}", before + 1, place + 1);
            }
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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../templates/assets/css")
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

/// The distance in Oklab, where equal distances look equally different (Björn Ottosson, 2020).
fn difference(left: [f64; 3], right: [f64; 3]) -> f64 {
    let (left, right) = (oklab(left), oklab(right));
    left.iter().zip(right).map(|(left, right)| (left - right).powi(2)).sum::<f64>().sqrt()
}

fn oklab(colour: [f64; 3]) -> [f64; 3] {
    let linear = colour.map(linear);
    let weighted =
        |weights: [f64; 3]| weights.iter().zip(linear).map(|(weight, part)| weight * part).sum::<f64>();
    let cones = [
        weighted([0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9]).cbrt(),
        weighted([0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6]).cbrt(),
        weighted([0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5]).cbrt(),
    ];
    let mixed =
        |weights: [f64; 3]| weights.iter().zip(cones).map(|(weight, cone)| weight * cone).sum::<f64>();
    [
        mixed([0.210_454_255_3, 0.793_617_785, -0.004_072_046_8]),
        mixed([1.977_998_495_1, -2.428_592_205, 0.450_593_709_9]),
        mixed([0.025_904_037_1, 0.782_771_766_2, -0.808_675_766]),
    ]
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(linear);
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// One channel of sRGB as light.
fn linear(part: f64) -> f64 {
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}
