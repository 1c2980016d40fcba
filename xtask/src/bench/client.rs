//! A small HTTP/1.1 client on one persistent connection: it must cost less than what it measures.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use crate::Outcome;

/// How long a server may be silent: a clone waits until its pack is computed, and until others have theirs.
const PATIENCE: Duration = Duration::from_mins(5);

/// A connection to a server on loopback.
pub(super) struct Client {
    port: u16,
    headers: String,
    stream: Option<BufReader<TcpStream>>,
}

/// A response.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// `name=value` of each cookie that is set.
    pub(super) cookies: Vec<String>,
}

impl Client {
    /// `headers` are whole lines, each terminated by `\r\n`.
    pub(super) fn new(port: u16, headers: &str) -> Self {
        Self { port, headers: headers.to_owned(), stream: None }
    }

    /// A new connection with the same headers.
    pub(super) fn another(&self) -> Self {
        Self::new(self.port, &self.headers)
    }

    pub(super) fn get(&mut self, path: &str) -> Outcome<Response> {
        self.send("GET", path, "")
    }

    /// Requests a page that has to be there.
    pub(super) fn page(&mut self, path: &str) -> Outcome<Response> {
        let response = self.get(path)?;
        if response.status == 200 {
            Ok(response)
        } else {
            Err(format!("GET {path} answered {}", response.status))
        }
    }

    /// Sends JSON, or nothing when `body` is empty.
    pub(super) fn send(&mut self, method: &str, path: &str, body: &str) -> Outcome<Response> {
        self.send_as("application/json", method, path, body)
    }

    /// Sends a form, already encoded.
    pub(super) fn submit(&mut self, path: &str, form: &str) -> Outcome<Response> {
        self.send_as("application/x-www-form-urlencoded", "POST", path, form)
    }

    /// Sends something of this kind and reads the whole answer without keeping it: its status, and how long it is.
    pub(super) fn count(&mut self, kind: &str, path: &str, body: &str) -> Outcome<(u16, u64)> {
        let mut counted = Counted(0);
        let response = self.exchange(kind, "POST", path, body, &mut counted)?;
        Ok((response.status, counted.0))
    }

    fn send_as(&mut self, kind: &str, method: &str, path: &str, body: &str) -> Outcome<Response> {
        let reused = self.stream.is_some();
        let mut received = Vec::new();
        let mut first = self.exchange(kind, method, path, body, &mut received);
        // A server may have closed an idle connection; the request is retried once on a new one.
        if first.is_err() && reused && method == "GET" {
            self.stream = None;
            received.clear();
            first = self.exchange(kind, method, path, body, &mut received);
        }
        first.map(|response| Response { body: received, ..response })
    }

    /// The response has no body: it is written to `received`.
    fn exchange(
        &mut self,
        kind: &str,
        method: &str,
        path: &str,
        body: &str,
        received: &mut impl Write,
    ) -> Outcome<Response> {
        let wrong = |e: std::io::Error| format!("{method} {path}: {e}");
        if self.stream.is_none() {
            let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).map_err(wrong)?;
            stream.set_nodelay(true).map_err(wrong)?;
            stream.set_read_timeout(Some(PATIENCE)).map_err(wrong)?;
            self.stream = Some(BufReader::with_capacity(64 * 1024, stream));
        }
        let stream = self.stream.as_mut().ok_or("no connection")?;
        let kind = if body.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}{kind}Content-Length: {}\r\n\r\n{body}",
            self.port,
            self.headers,
            body.len()
        );
        stream.get_mut().write_all(request.as_bytes()).map_err(wrong)?;
        let response = read(stream, received).map_err(wrong);
        if response.as_ref().map_or(true, |(_, closes)| *closes) {
            self.stream = None;
        }
        response.map(|(response, _)| response)
    }
}

/// Counts bytes.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Reads one response, its body into `received`; the second value tells whether the server closes the connection.
fn read(stream: &mut BufReader<TcpStream>, received: &mut impl Write) -> std::io::Result<(Response, bool)> {
    let broken = || std::io::Error::new(std::io::ErrorKind::InvalidData, "not an HTTP response");
    let mut pass_on = |stream: &mut BufReader<TcpStream>, length: u64| -> std::io::Result<()> {
        let copied = std::io::copy(&mut stream.take(length), received)?;
        if copied == length { Ok(()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    };
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(broken)?;
    let (mut length, mut chunked, mut closes, mut cookies) = (None, false, false, Vec::new());
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse::<u64>().ok(),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "set-cookie" => cookies.extend(value.split(';').next().map(str::to_owned)),
            "connection" => closes = value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    if chunked {
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim(), 16).map_err(|_| broken())?;
            pass_on(stream, size)?;
            line.clear();
            stream.read_line(&mut line)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = length {
        pass_on(stream, length)?;
    } else if status != 204 && status != 304 {
        std::io::copy(stream, received)?;
        closes = true;
    }
    Ok((Response { status, body: Vec::new(), cookies }, closes))
}
