//! Jupyter notebooks (format 4): cells with their sources and outputs.

mod raw;

use data_encoding::BASE64;

use self::raw::{RawCell, RawData, RawNotebook, RawOutput, RawText};
use super::cut;

/// Cells that are shown.
pub const MOST_CELLS: usize = 400;
/// Outputs of one cell that are shown.
const MOST_OUTPUTS: usize = 50;
const MOST_SOURCE_BYTES: usize = 128 << 10;
const MOST_TEXT_BYTES: usize = 32 << 10;
const MOST_HTML_BYTES: usize = 256 << 10;
/// All sources and outputs of one notebook that are shown.
const MOST_BYTES: usize = 1 << 20;
const MOST_PICTURE_BYTES: usize = 8 << 20;

/// A notebook as a page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notebook {
    /// The language of its code: `python`.
    pub language: String,
    pub cells: Vec<Cell>,
    /// Cells that are not shown.
    pub left_out: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub kind: CellKind,
    pub source: Shown,
    /// The number in the brackets: `In [3]`.
    pub count: Option<u64>,
    pub outputs: Vec<Output>,
    /// Outputs that are not shown.
    pub left_out: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    Markdown,
    Code,
    Raw,
}

/// A text, whole or its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    pub is_whole: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// What the program printed.
    Text(Shown),
    /// What it printed as errors, or the traceback of an exception.
    Error(Shown),
    /// HTML, not sanitised.
    Html(String),
    Markdown(Shown),
    /// A picture, which [`picture`] gives, by its number among the outputs of the cell.
    Picture(usize),
    /// Something that only a program could show: its types.
    Unknown(Vec<String>),
}

/// A picture among the outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg` or `image/svg+xml`.
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

/// Why a text is no notebook that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotJson,
    /// A version of the format before 4.
    OldFormat,
}

/// Parses a notebook.
pub fn parse(text: &str) -> Result<Notebook, Problem> {
    let raw = read(text)?;
    let metadata = raw.metadata;
    let language = metadata.language_info.name.or(metadata.kernelspec.language);
    let (mut cells, total) = (Vec::new(), raw.cells.total);
    let mut left_bytes = MOST_BYTES;
    for cell in raw.cells.first {
        if left_bytes == 0 {
            break;
        }
        cells.push(shown_cell(cell, &mut left_bytes));
    }
    let language = language.unwrap_or_else(|| "python".to_owned());
    Ok(Notebook { language, left_out: total - cells.len(), cells })
}

fn read(text: &str) -> Result<RawNotebook, Problem> {
    let raw: RawNotebook = serde_json::from_str(text).map_err(|_| Problem::NotJson)?;
    if raw.nbformat < 4 { Err(Problem::OldFormat) } else { Ok(raw) }
}

fn shown_cell(cell: RawCell, left_bytes: &mut usize) -> Cell {
    let kind = match cell.cell_type.as_str() {
        "markdown" => CellKind::Markdown,
        "code" => CellKind::Code,
        _ => CellKind::Raw,
    };
    let source = taken(&cell.source.0, MOST_SOURCE_BYTES, left_bytes);
    let total = cell.outputs.total;
    let mut outputs = Vec::new();
    for (number, output) in cell.outputs.first.into_iter().enumerate() {
        if *left_bytes == 0 {
            break;
        }
        outputs.push(shown_output(number, output, left_bytes));
    }
    Cell { kind, source, count: cell.execution_count, left_out: total - outputs.len(), outputs }
}

fn shown_output(number: usize, output: RawOutput, left_bytes: &mut usize) -> Output {
    match output.output_type.as_str() {
        "stream" => {
            let text = taken(&plain(&output.text.0), MOST_TEXT_BYTES, left_bytes);
            if output.name == "stderr" { Output::Error(text) } else { Output::Text(text) }
        }
        "error" => {
            let trace = plain(&output.traceback.0);
            let told = if trace.is_empty() { format!("{}: {}", output.ename, output.evalue) } else { trace };
            Output::Error(taken(&told, MOST_TEXT_BYTES, left_bytes))
        }
        _ => shown_data(number, output.data, left_bytes),
    }
}

fn shown_data(number: usize, data: RawData, left_bytes: &mut usize) -> Output {
    if data.has_picture() {
        return Output::Picture(number);
    }
    // Half a table is no table, so HTML is shown whole or not at all.
    if let Some(RawText(html)) = data.html.filter(|html| html.0.len() <= MOST_HTML_BYTES.min(*left_bytes)) {
        *left_bytes -= html.len();
        return Output::Html(html);
    }
    if let Some(RawText(text)) = data.markdown {
        return Output::Markdown(taken(&text, MOST_TEXT_BYTES, left_bytes));
    }
    match data.plain {
        Some(RawText(text)) => Output::Text(taken(&plain(&text), MOST_TEXT_BYTES, left_bytes)),
        None => Output::Unknown(data.others),
    }
}

fn taken(text: &str, most_bytes: usize, left_bytes: &mut usize) -> Shown {
    let (text, is_whole) = cut(text, most_bytes.min(*left_bytes));
    *left_bytes -= text.len();
    Shown { text: text.to_owned(), is_whole }
}

/// The text without the sequences that control terminals; of a progress bar, its last state.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let line = line.strip_suffix('\r').unwrap_or(line);
        let last = line.rsplit_once('\r').map_or(line, |(_, last)| last);
        without_sequences(last, &mut shown);
        shown.push_str(end);
    }
    shown
}

fn without_sequences(text: &str, shown: &mut String) {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' if letters.as_str().starts_with('[') => {
                letters.find(|letter| matches!(letter, '\u{40}'..='\u{7e}') && *letter != '[');
            }
            '\t' => shown.push('\t'),
            letter if letter.is_control() => {}
            letter => shown.push(letter),
        }
    }
}

/// A picture by the number of its cell and its output; none if there is none.
pub fn picture(text: &str, cell: usize, output: usize) -> Option<Picture> {
    let raw = read(text).ok()?;
    let data = raw.cells.first.into_iter().nth(cell)?.outputs.first.into_iter().nth(output)?.data;
    if let Some(RawText(svg)) = data.svg.filter(|svg| svg.0.len() <= MOST_PICTURE_BYTES) {
        return Some(Picture { kind: "image/svg+xml", bytes: svg.into_bytes() });
    }
    let (kind, begins, text) = match (data.png, data.jpeg) {
        (Some(text), _) => ("image/png", &b"\x89PNG\r\n\x1a\n"[..], text.0),
        (None, text) => ("image/jpeg", &b"\xff\xd8\xff"[..], text?.0),
    };
    if text.len() > MOST_PICTURE_BYTES {
        return None;
    }
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = BASE64.decode(&packed).ok()?;
    bytes.starts_with(begins).then_some(Picture { kind, bytes })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTEBOOK: &str = r##"{"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}, "cells": [
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        {"cell_type": "code", "execution_count": 3, "source": "print(1)", "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["10%\r", "100%\n"]},
            {"output_type": "execute_result", "data": {"text/plain": "x", "text/html": "<table></table>"}},
            {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=\n", "text/plain": "Figure"}},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\u001b[0;31mE\u001b[0m: v"]},
            {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": {"data": [1, {"a": 2}]}}}
        ]}]}"##;

    fn shown(text: &str) -> Shown {
        Shown { text: text.to_owned(), is_whole: true }
    }

    #[test]
    fn cells_and_outputs_are_read() {
        let notebook = parse(NOTEBOOK).expect("a notebook");
        assert_eq!((notebook.language.as_str(), notebook.cells.len(), notebook.left_out), ("python", 2, 0));
        assert_eq!(notebook.cells[0].source, shown("# Title\ntext"));
        assert_eq!(
            notebook.cells[1].outputs,
            [
                Output::Text(shown("100%\n")),
                Output::Html("<table></table>".to_owned()),
                Output::Picture(2),
                Output::Error(shown("E: v")),
                Output::Unknown(vec!["application/vnd.plotly.v1+json".to_owned()]),
            ]
        );
        let picture = picture(NOTEBOOK, 1, 2).expect("a picture");
        assert_eq!((picture.kind, picture.bytes.len()), ("image/png", 8));
    }

    #[test]
    fn what_only_says_that_it_is_a_picture_is_none() {
        let text = NOTEBOOK.replace("iVBORw0KGgo=", "PHNjcmlwdD4=");
        assert_eq!(picture(&text, 1, 2), None);
        assert_eq!(picture(NOTEBOOK, 1, 0), None);
        assert_eq!(picture(NOTEBOOK, 9, 9), None);
    }

    #[test]
    fn broken_notebooks_are_no_notebooks() {
        for end in 0..NOTEBOOK.len() {
            assert_eq!(parse(&NOTEBOOK[..NOTEBOOK.floor_char_boundary(end)]), Err(Problem::NotJson), "{end}");
        }
        assert_eq!(parse(&NOTEBOOK.replace("\"nbformat\": 4", "\"nbformat\": 3")), Err(Problem::OldFormat));
        assert_eq!(parse(&"[".repeat(100_000)), Err(Problem::NotJson));
        for odd in ["{\"nbformat\":4}", "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":7}]}"]
        {
            assert!(parse(odd).is_ok(), "{odd}");
        }
        let nested =
            r#"{"nbformat":4,"cells":[{"cell_type":"raw","source":["a",["b",{"c":["d"]},null],"e"]}]}"#;
        assert_eq!(parse(nested).expect("a notebook").cells[0].source, shown("abe"));
    }

    /// Each of these took a hundred times the memory of its text.
    #[test]
    fn what_is_left_out_is_not_kept_while_it_is_read() {
        let outputs = format!(
            r#"{{"nbformat":4,"cells":[{{"cell_type":"code","outputs":[{}{{}}]}}]}}"#,
            "{},".repeat(100_000)
        );
        let raw = read(&outputs).expect("a notebook");
        assert_eq!(
            (raw.cells.first[0].outputs.first.len(), raw.cells.first[0].outputs.total),
            (MOST_OUTPUTS, 100_001)
        );
        let cells = format!(
            r#"{{"nbformat":4,"cells":[{}{{"cell_type":""}}]}}"#,
            r#"{"cell_type":""},"#.repeat(10_000)
        );
        let raw = read(&cells).expect("a notebook");
        assert_eq!((raw.cells.first.len(), raw.cells.total), (MOST_CELLS, 10_001));
        let types = format!(
            r#"{{"nbformat":4,"cells":[{{"cell_type":"code","outputs":[{{"data":{{{}"z":1}}}}]}}]}}"#,
            r#""a":1,"#.repeat(10_000)
        );
        let notebook = parse(&types).expect("a notebook");
        let kinds = vec!["a".to_owned(); 20];
        assert_eq!(notebook.cells[0].outputs, [Output::Unknown(kinds)]);
    }

    #[test]
    fn too_much_is_left_out_and_counted() {
        let cell = r#"{"cell_type":"code","source":"x"}"#;
        let many = format!("{{\"nbformat\":4,\"cells\":[{}]}}", vec![cell; MOST_CELLS + 7].join(","));
        let notebook = parse(&many).expect("a notebook");
        assert_eq!((notebook.cells.len(), notebook.left_out), (MOST_CELLS, 7));
        let long = format!(
            r#"{{"nbformat":4,"cells":[{{"cell_type":"code","source":"{}"}}]}}"#,
            "x".repeat(MOST_SOURCE_BYTES + 1)
        );
        assert!(!parse(&long).expect("a notebook").cells[0].source.is_whole);
    }

    proptest! {
        /// A good one from which a piece is missing, or stands somewhere else.
        #[test]
        fn a_damaged_notebook_is_shown_or_refused(from in 0..NOTEBOOK.len(), length in 0..40_usize, to in 0..NOTEBOOK.len()) {
            let mut bytes = NOTEBOOK.as_bytes().to_vec();
            let cut: Vec<u8> = bytes.drain(from..(from + length).min(NOTEBOOK.len())).collect();
            let to = to.min(bytes.len());
            bytes.splice(to..to, cut).for_each(drop);
            if let Ok(text) = String::from_utf8(bytes) {
                let cells = parse(&text).map_or(0, |notebook| notebook.cells.len());
                prop_assert!(cells <= 4);
                for cell in 0..cells {
                    let _ = picture(&text, cell, 2);
                }
            }
        }
    }
}
