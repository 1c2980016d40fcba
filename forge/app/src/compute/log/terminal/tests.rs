use proptest::prelude::*;

use super::{row::LONGEST_ROW, *};

fn terminal(pieces: &[&[u8]]) -> Terminal {
    let mut terminal = Terminal::new(1);
    for piece in pieces {
        terminal.feed(piece);
    }
    terminal
}

/// Each row with its number.
fn seen(bytes: &str) -> Vec<(u64, String)> {
    terminal(&[bytes.as_bytes()]).rows().iter().map(|row| (row.number, row.text())).collect()
}

fn texts(bytes: &str) -> Vec<String> {
    seen(bytes).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn a_progress_bar_is_shown_as_it_stands() {
    assert_eq!(texts(" 10%|#   |\r 50%|##  |\r100%|####|\r\ndone\n"), ["100%|####|", "done"]);
    assert_eq!(texts("step 10\rstep 9"), ["step 90"], "as on a terminal, what is not written over stays");
    assert_eq!(texts("step 10\rstep 9\x1b[K"), ["step 9"]);
    assert_eq!(texts("\x1b[2K\rnew"), ["new"]);
    assert_eq!(texts("1/9\x08\x08\x082/9"), ["2/9"]);
    assert_eq!(texts("训练  5%\r训练 10%"), ["训练 10%"]);
}

/// An erased row costs as much as its length, and takes four bytes to ask for: a log of some megabytes took minutes.
#[test]
fn sequences_that_change_long_rows_are_heeded_only_so_often() {
    let erase = |times: usize| {
        let log = format!("{}{}", "x".repeat(LONGEST_ROW), "\rx\x1b[16384G\x1b[1K".repeat(times));
        texts(&log).concat()
    };
    assert_eq!(erase(60), "");
    assert_eq!(erase(80), "x");
    let short = format!("{}\x1b[1K", "bar\x1b[1K\r".repeat(100_000));
    assert_eq!(texts(&short).concat(), "", "rows as people write them may be erased again and again");
}

#[test]
fn nested_bars_are_drawn_over_and_the_lines_after_them_keep_their_numbers() {
    let draw = |outer: u32, inner: u32| format!("\router {outer}\n\rinner {inner}\x1b[A\r");
    let log = format!("start\n{}{}{}\n\nend\n", draw(1, 1), draw(2, 2), draw(3, 3));
    let rows = seen(&log);
    let rows: Vec<_> = rows.iter().map(|(number, text)| (*number, text.as_str())).collect();
    assert_eq!(rows, [(1, "start"), (2, "outer 3"), (3, "inner 3"), (7, "end")]);
}

#[test]
fn a_live_table_is_drawn_over() {
    let frame = |step: u32| format!("a {step}\nb {step}\nc {step}");
    let back = "\r\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K";
    let log = format!("{}{back}{}{back}{}\n", frame(1), frame(2), frame(3));
    assert_eq!(texts(&log), ["a 3", "b 3", "c 3"]);
}

#[test]
fn colours_belong_to_the_text_and_last_until_they_are_taken_back() {
    let rows = terminal(&[b"\x1b[1;31mno\x1b[0m yes\x1b[32m\nstill green"]).rows();
    let red = Style { hue: Some(Hue::Red), emphasis: Emphasis::BOLD, ..Style::default() };
    let green = Style { hue: Some(Hue::Green), ..Style::default() };
    let span = |style, text: &str| Span { style, text: text.into() };
    assert_eq!(rows[0].spans, [span(red, "no"), span(Style::default(), " yes")]);
    assert_eq!(rows[1].spans, [span(green, "still green")]);
}

#[test]
fn nothing_clears_what_was_logged() {
    assert_eq!(texts("kept\n\x1b[2J\x1b[Hnext\x1bc\n"), ["kept", "next"]);
    assert_eq!(texts("a\nb\x1b[99A\x1b[Jc"), ["ac", ""]);
}

#[test]
fn a_row_is_cut_and_says_how_much_is_missing() {
    let rows = terminal(&["x".repeat(LONGEST_ROW + 5).as_bytes()]).rows();
    assert_eq!((rows[0].text().len(), rows[0].left_out), (LONGEST_ROW, 5));
    let rows = terminal(&["\x1b[60000Cx\n".repeat(100).as_bytes()]).rows();
    assert!(rows.iter().all(|row| row.text().len() < 2_000), "a move costs no memory");
}

fn changed(terminal: &mut Terminal) -> Vec<u64> {
    let first = terminal.take_changed();
    terminal.rows()[first..].iter().map(|row| row.number).collect()
}

#[test]
fn only_rows_that_changed_are_told_again() {
    let mut terminal = terminal(&[b"one\ntwo\n"]);
    assert_eq!(changed(&mut terminal), [1, 2]);
    assert_eq!(changed(&mut terminal), [0; 0]);
    terminal.feed(b"10%");
    assert_eq!(changed(&mut terminal), [3]);
    terminal.feed(b"\r20%\x1b[Aabove");
    assert_eq!(changed(&mut terminal), [2, 3]);
    assert!(terminal.is_drawing_over());
    assert_eq!(terminal.forget_above(0), 1);
    terminal.feed(b"\n\nlast");
    assert_eq!(changed(&mut terminal), [2, 3, 5]);
}

/// Bytes of which many mean something to a terminal.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            "\x1b[",
            "\x1b]0;",
            "\x1b[A",
            "\x1b[99A",
            "\x1b[K",
            "\x1b[J",
            "\x1b[31m",
            "\x1b[38;5;",
            "\r",
            "\n",
            "\x08",
            "训",
            "é",
            "<b>",
            "&",
            "\t",
            "\x1b[500C",
            "\x1b[3P",
            "\x1b[1K",
            "\x1b[5E"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_pieces_in_which_bytes_come_do_not_matter(bytes in soup(), places in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut cuts: Vec<usize> = places.iter().map(|place| place.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
        prop_assert_eq!(terminal(&pieces).rows(), terminal(&[&bytes]).rows());
    }

    #[test]
    fn whatever_is_written_is_text_of_bounded_length(bytes in soup()) {
        let rows = terminal(&[&bytes]).rows();
        let lines = bytes.split(|byte| *byte == b'\n').count() - 1;
        prop_assert!(rows.len() <= lines + 1);
        prop_assert!(rows.is_sorted_by(|left, right| left.number < right.number));
        for row in rows {
            let text = row.text();
            prop_assert!(text.chars().all(|letter| letter == '\t' || !letter.is_control()));
            prop_assert!(text.chars().count() <= LONGEST_ROW);
        }
    }

    #[test]
    fn what_was_told_before_and_what_changed_are_all_there_is(bytes in soup(), place in any::<prop::sample::Index>()) {
        let cut = place.index(bytes.len() + 1);
        let mut live = Terminal::new(1);
        let mut seen = std::collections::BTreeMap::new();
        for piece in [&bytes[..cut], &bytes[cut..]] {
            live.feed(piece);
            let first = live.take_changed();
            seen.extend(live.rows().split_off(first).into_iter().map(|row| (row.number, row)));
        }
        let seen: Vec<LogRow> = seen.into_values().collect();
        prop_assert_eq!(seen, terminal(&[&bytes]).rows());
    }
}
