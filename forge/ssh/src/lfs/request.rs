//! Requests of a client: a verb, arguments, and perhaps lines or bytes after them.

use hearth_core::Result;
use tokio::io::AsyncRead;

use super::packet::{self, Packet, malformed};

/// The most bytes in the arguments of one request, and in the lines after them for each object.
const MOST_ARGUMENT_BYTES: usize = 64 << 10;
const MOST_LINE_BYTES: usize = 1 << 10;

/// What may be asked for. There is nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Version(String),
    Batch,
    PutObject(String),
    VerifyObject {
        oid: String,
        size_bytes: Option<u64>,
    },
    GetObject(String),
    Lock,
    Unlock(String),
    ListLock,
    Quit,
    /// None of these; the session goes on.
    Unknown,
}

/// A request up to its delimiter, or to its end.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) verb: Verb,
    arguments: Vec<(String, String)>,
    /// Whether lines or bytes follow.
    pub(super) goes_on: bool,
}

impl Verb {
    fn parse(line: &str) -> Self {
        let words: Vec<&str> = line.split(' ').collect();
        let owned = str::to_owned;
        match words[..] {
            ["version", number] => Self::Version(owned(number)),
            ["batch"] => Self::Batch,
            ["put-object", oid] => Self::PutObject(owned(oid)),
            ["verify-object", oid] => Self::VerifyObject { oid: owned(oid), size_bytes: None },
            ["verify-object", oid, size] => {
                Self::VerifyObject { oid: owned(oid), size_bytes: size.parse().ok() }
            }
            ["get-object", oid] => Self::GetObject(owned(oid)),
            ["lock"] => Self::Lock,
            ["unlock", id] => Self::Unlock(owned(id)),
            ["list-lock"] => Self::ListLock,
            ["quit"] => Self::Quit,
            _ => Self::Unknown,
        }
    }
}

impl Request {
    /// Reads the next request. None: the client has ended without saying so.
    pub(super) async fn read(input: &mut (impl AsyncRead + Unpin)) -> Result<Option<Self>> {
        let verb = match packet::read(input).await? {
            None => return Ok(None),
            Some(Packet::Data(bytes)) => Verb::parse(&text(bytes)?),
            Some(Packet::Flush | Packet::Delimiter) => return Err(malformed()),
        };
        let (mut arguments, mut left) = (Vec::new(), MOST_ARGUMENT_BYTES);
        let goes_on = loop {
            match packet::read(input).await? {
                None => return Err(malformed()),
                Some(Packet::Flush) => break false,
                Some(Packet::Delimiter) => break true,
                Some(Packet::Data(bytes)) => {
                    left = left.checked_sub(bytes.len() + 1).ok_or_else(malformed)?;
                    let line = text(bytes)?;
                    let (name, value) = line.split_once('=').unwrap_or((&line, ""));
                    arguments.push((name.to_owned(), value.to_owned()));
                }
            }
        };
        Ok(Some(Self { verb, arguments, goes_on }))
    }

    /// An argument, if it was given and says something.
    pub(super) fn argument(&self, name: &str) -> Option<&str> {
        let found = self.arguments.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Reads the lines after the delimiter. With more than `most` it is an error, and the session cannot go on.
    pub(super) async fn lines(&self, input: &mut (impl AsyncRead + Unpin), most: u64) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        if !self.goes_on {
            return Ok(lines);
        }
        loop {
            match packet::read(input).await? {
                Some(Packet::Flush) => break,
                Some(Packet::Data(bytes))
                    if bytes.len() <= MOST_LINE_BYTES && (lines.len() as u64) < most =>
                {
                    lines.push(text(bytes)?);
                }
                _ => return Err(malformed()),
            }
        }
        Ok(lines)
    }
}

/// The text of a line, without the line feed.
fn text(bytes: Vec<u8>) -> Result<String> {
    let mut text = String::from_utf8(bytes).map_err(|_| malformed())?;
    if text.ends_with('\n') {
        text.pop();
    }
    if text.contains(char::is_control) { Err(malformed()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_list_of_verbs_is_closed() {
        assert_eq!(Verb::parse("version 1"), Verb::Version("1".into()));
        assert_eq!(Verb::parse("batch"), Verb::Batch);
        assert_eq!(Verb::parse("get-object a1"), Verb::GetObject("a1".into()));
        assert_eq!(
            Verb::parse("verify-object a1 7"),
            Verb::VerifyObject { oid: "a1".into(), size_bytes: Some(7) }
        );
        assert_eq!(
            Verb::parse("verify-object a1"),
            Verb::VerifyObject { oid: "a1".into(), size_bytes: None }
        );
        for line in
            ["", "batch now", "get-object", "get-object a b", "delete-object a1", "verify-object a 1 2"]
        {
            assert_eq!(Verb::parse(line), Verb::Unknown, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_request_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let mut input = &bytes[..];
                while let Ok(Some(request)) = Request::read(&mut input).await {
                    if request.lines(&mut input, 10).await.is_err() {
                        break;
                    }
                }
            });
        }
    }
}
