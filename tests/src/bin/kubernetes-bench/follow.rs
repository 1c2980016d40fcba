//! Open pages: server-sent events, read as a browser does, on a connection of their own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A stream that is being followed.
pub(crate) type Page = BufReader<TcpStream>;

const PATIENCE: Duration = Duration::from_mins(2);

/// Opens an address of a public page.
pub(crate) fn open(address: &str) -> Page {
    let rest = address.strip_prefix("http://").expect("Hearth is reached by HTTP here");
    let (host, path) = rest.split_once('/').expect("an address has a path");
    let mut stream = TcpStream::connect(host).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a connection has a patience");
    let request = format!(
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("the server reads");
    BufReader::new(stream)
}

/// Reads until a line matches; false if the stream ends first.
pub(crate) fn until(page: &mut Page, wanted: impl Fn(&str) -> bool) -> bool {
    let mut line = String::new();
    while page.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
        if wanted(line.trim_end()) {
            return true;
        }
        line.clear();
    }
    false
}

/// How much of a log a viewer saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) lines: u64,
    pub(crate) first: Option<Instant>,
}

/// Follows a log until its last line, reconnecting at the same position as a browser does.
pub(crate) fn read(address: &str, lines: u64) -> Seen {
    let last = format!("line {}", lines - 1);
    let mut seen = Seen::default();
    let mut place = "0".to_owned();
    // Before its pod runs, a task has no attempt to follow.
    for _ in 0..600 {
        let mut page = open(&address.replace("from=0", &format!("from={place}")));
        let mut over = false;
        let mut unsettled = 0;
        until(&mut page, |_| true);
        loop {
            let mut line = String::new();
            if !page.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                break;
            }
            let line = line.trim_end();
            if line.contains("line ") && line.starts_with("data:") {
                unsettled += 1;
                seen.first.get_or_insert_with(Instant::now);
                over |= line.contains(&last);
            } else if let Some(id) = line.strip_prefix("id:") {
                id.trim().clone_into(&mut place);
            } else if line.is_empty() {
                seen.lines += std::mem::take(&mut unsettled);
                if over {
                    return seen;
                }
            }
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    seen
}
