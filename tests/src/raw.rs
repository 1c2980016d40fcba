//! Requests as raw bytes on a socket, for clients that stall or hang up midway.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use data_encoding::BASE64;

use crate::{Dice, Person};

/// How long a socket waits for the server.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a client that is about to hang up reads.
const LONGEST_READ: Duration = Duration::from_millis(500);
/// Most effects of a request happen within this.
const SOON_MS: usize = 60;

/// A complete request.
#[derive(Clone, Debug)]
pub struct RawRequest {
    line: String,
    host: String,
    headers: String,
    body: Vec<u8>,
}

impl RawRequest {
    /// A request without a body, to `localhost`.
    pub fn new(method: &str, path: &str) -> Self {
        let line = format!("{method} {path} HTTP/1.1\r\n");
        Self { line, host: "localhost".to_owned(), headers: String::new(), body: Vec::new() }
    }

    /// With another host name.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    /// With an additional header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers = format!("{}{name}: {value}\r\n", self.headers);
        self
    }

    /// With the token of a person.
    #[must_use]
    pub fn by(self, person: &Person) -> Self {
        let secret = BASE64.encode(format!("{}:{}", person.name, person.token).as_bytes());
        self.header("Authorization", &format!("Basic {secret}"))
    }

    /// With a body of this media type.
    #[must_use]
    pub fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", kind)
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Method and path.
    pub fn line(&self) -> &str {
        self.line.trim_end_matches(" HTTP/1.1\r\n")
    }

    /// The length of the body.
    pub fn body_length(&self) -> usize {
        self.body.len()
    }

    /// The bytes of the request.
    pub fn whole(&self) -> Vec<u8> {
        self.announcing(self.body.len(), self.body.len())
    }

    /// The beginning of the request with this many bytes of its body; one more is announced than will be
    /// sent.
    pub fn beginning(&self, bytes: usize) -> Vec<u8> {
        self.announcing(bytes, self.body.len() + 1)
    }

    fn announcing(&self, bytes: usize, announced: usize) -> Vec<u8> {
        let Self { line, host, headers, .. } = self;
        let head = format!("{line}Host: {host}\r\n{headers}Content-Length: {announced}\r\n\r\n");
        [head.as_bytes(), &self.body[..bytes]].concat()
    }

    /// Sends it to the server at `root` and hangs up at the given moment.
    ///
    /// # Panics
    ///
    /// When the server cannot be reached.
    pub fn send_and_leave(&self, root: &str, leaving: Leaving) {
        let mut stream = connect(root);
        let bytes = self.whole();
        // A server that has refused the request may have closed its end.
        match leaving {
            Leaving::WhileSending { per_mille } => {
                stream.write_all(&bytes[..bytes.len() * per_mille / 1000]).unwrap_or_default();
            }
            Leaving::AfterSending { wait } => {
                stream.write_all(&bytes).unwrap_or_default();
                sleep(wait);
            }
            Leaving::WhileReading { bytes: most } => {
                stream.write_all(&bytes).unwrap_or_default();
                // The response may be shorter.
                stream.set_read_timeout(Some(LONGEST_READ)).expect("a socket has a time limit");
                stream.read_exact(&mut vec![0; most]).unwrap_or_default();
            }
        }
        stream.shutdown(Shutdown::Both).unwrap_or_default();
    }
}

/// When a client hangs up.
#[derive(Clone, Copy, Debug)]
pub enum Leaving {
    /// After this many thousandths of the request.
    WhileSending { per_mille: usize },
    /// This long after the last byte.
    AfterSending { wait: Duration },
    /// After this many bytes of the response.
    WhileReading { bytes: usize },
}

impl Leaving {
    /// A random moment; most of them while the server is working.
    pub fn drawn(dice: &mut Dice) -> Self {
        match dice.below(4) {
            0 => Self::WhileSending { per_mille: dice.below(1001) },
            1 => Self::WhileReading { bytes: 1 + dice.below(200) },
            _ => Self::AfterSending { wait: Duration::from_millis(dice.below(SOON_MS) as u64) },
        }
    }
}

/// A connection to the server at `root`, as in `http://127.0.0.1:3000`.
///
/// # Panics
///
/// When there is none.
pub fn connect(root: &str) -> TcpStream {
    let stream = TcpStream::connect(root.trim_start_matches("http://")).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a time limit");
    stream
}
