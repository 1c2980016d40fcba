use super::*;
use crate::Language;

fn chart(points: Vec<(f64, f64)>, is_log: bool) -> String {
    let series = vec![Series::new("<loss>", points)];
    Chart::new("Loss", Axis::Number("step".to_owned()), series)
        .with_view(View { is_log, ..View::default() })
        .draw(Words::of(Language::En))
        .to_string()
}

#[test]
fn chart_says_in_words_what_it_draws() {
    let svg = chart(vec![(0.0, 2.5), (1.0, 1.25), (2.0, 0.5)], false);
    assert!(svg.contains("aria-label=\"Loss · &lt;loss&gt;: latest 0.5, lowest 0.5, highest 2.5\""), "{svg}");
    assert!(svg.contains("<td class=\"number\">1.25</td>"));
}

#[test]
fn odd_values_do_no_harm() {
    assert!(chart(vec![], false).contains("No data yet"));
    assert!(chart(vec![(0.0, 0.0), (1.0, -1.0)], true).contains("No data yet"));
    assert!(chart(vec![(f64::NAN, 1.0), (f64::INFINITY, 2.0)], false).contains("No data yet"));
    assert!(chart(vec![(0.0, 3.0)], false).contains("<circle"));
    for is_log in [false, true] {
        let svg = chart(vec![(0.0, 1e-300), (1.0, 1e300), (2.0, 7.0)], is_log);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[test]
fn values_that_are_not_finite_break_the_line_and_are_marked() {
    let values = vec![(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 1.5), (4.0, f64::INFINITY)];
    let svg = chart(values, false);
    let line =
        svg.split_once("<path class=\"series").and_then(|(_, rest)| rest.split_once("/>")).expect("a line").0;
    assert_eq!(line.matches('M').count(), 2, "{line}");
    assert_eq!(svg.matches("<path class=\"gap").count(), 2);
    assert!(svg.contains("<li>&lt;loss&gt;: one value is NaN (step 2)</li>"), "{svg}");
    assert!(svg.contains("is ∞ (step 4)"), "{svg}");
    // Nothing but marks is a chart as well.
    assert!(chart(vec![(0.0, f64::NAN)], false).contains("<path class=\"gap"));
}

#[test]
fn a_range_shows_a_part() {
    let series = vec![Series::new("loss", (0..100).map(|step| (f64::from(step), f64::from(step))))];
    let view = View { range: Some((20.0, 40.0)), smoothing: 60, ..View::default() };
    let svg = Chart::new("Loss", Axis::Number("step".into()), series)
        .with_view(view)
        .draw(Words::of(Language::En))
        .to_string();
    assert!(svg.contains("lowest 20, highest 40"), "{svg}");
    assert!(svg.contains(" data-from=\"20\" data-to=\"40\"") && svg.contains(" faint\""), "{svg}");
}

#[test]
fn a_long_curve_is_a_short_drawing() {
    let svg = chart((0..100_000).map(|place| (f64::from(place), f64::from(place % 7))).collect(), false);
    let drawing =
        svg.split_once("<svg").and_then(|(_, rest)| rest.split_once("</svg>")).expect("a drawing").0;
    assert!(drawing.len() < 10_000, "{}", drawing.len());
}
