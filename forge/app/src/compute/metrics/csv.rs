//! Metrics as CSV (RFC 4180), written while it is sent.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write},
    path::PathBuf,
};

use futures_util::Stream;
use hearth_core::TaskId;
use hearth_git::Permit;
use hearth_runner::metrics::{Point, parse_json_line};

use crate::pieces;

const BUFFER: usize = 64 << 10;
/// Longer lines have no points.
const LONGEST_LINE: u64 = 16 << 10;

/// The values in these files, with the task that each belongs to. A missing file has none.
pub(super) fn stream(
    permit: Permit,
    files: Vec<(TaskId, PathBuf)>,
    name: Option<String>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send {
    pieces::stream(permit, move |out| write(&files, name.as_deref(), out))
}

fn write(files: &[(TaskId, PathBuf)], name: Option<&str>, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, out);
    out.write_all(b"task,step,epoch,time,name,value\r\n")?;
    for (task, path) in files {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        // What is written meanwhile is left for the next time.
        let size_bytes = file.metadata()?.len();
        let mut lines = BufReader::with_capacity(BUFFER, file.take(size_bytes));
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            for point in parse_json_line(&String::from_utf8_lossy(&line)) {
                if name.is_none_or(|name| name == point.name) {
                    row(&mut out, *task, &point)?;
                }
            }
        }
    }
    out.flush()
}

fn row(out: &mut impl Write, task: TaskId, point: &Point) -> io::Result<()> {
    let Point { step, epoch, time, name, value } = point;
    let text = |value: Option<String>| value.unwrap_or_default();
    let (step, epoch) = (text(step.map(|step| step.to_string())), text(epoch.map(|epoch| epoch.to_string())));
    let (time, name) = (text(time.map(|time| time.to_string())), cell(name));
    let value = match *value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        value => format!("{value:?}"),
    };
    write!(out, "{task},{step},{epoch},{time},{name},{value}\r\n")
}

/// A text as a cell. Spreadsheets take what begins with certain signs for a formula, and run it.
fn cell(text: &str) -> Cow<'_, str> {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    };
    if guarded.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", guarded.replace('"', "\"\"")))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_formula() {
        for sign in ["=", "+", "-", "@", "\t=", "\r="] {
            assert!(cell(&format!("{sign}1")).trim_start_matches('"').starts_with('\''), "{sign:?}");
        }
    }

    #[test]
    fn every_value_is_a_row() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("metrics.jsonl");
        let lines = "{\"step\": 1, \"loss\": 0.5, \"a,\\\"b\\\"\": 2}\nno JSON\n{\"time\": 0, \"loss\": NaN, \"=1+1\": -1e300}\n";
        std::fs::write(&path, lines).expect("written");
        let files = [(TaskId(7), path), (TaskId(8), folder.path().join("none"))];
        let csv = |name| {
            let mut out = Vec::new();
            write(&files, name, &mut out).expect("written");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(
            csv(None).lines().collect::<Vec<_>>(),
            [
                "task,step,epoch,time,name,value",
                "7,1,,,\"a,\"\"b\"\"\",2.0",
                "7,1,,,loss,0.5",
                "7,,,1970-01-01T00:00:00Z,'=1+1,-1e300",
                "7,,,1970-01-01T00:00:00Z,loss,NaN",
            ]
        );
        assert_eq!(csv(Some("loss")).lines().count(), 3);
    }
}
