//! What the helper sends: one frame of fields, each with its length in front.
//!
//! `hook/main.rs` writes this and cannot share code with the server, so the layout is repeated there: four
//! bytes of length in network byte order for the whole frame, then fields, each four bytes of length and its
//! bytes.

use std::path::PathBuf;

use crate::{Error, ObjectId, Result};

/// The longest frame that is read; about 50,000 references.
pub const MAX_FRAME_BYTES: usize = 8 << 20;
/// The first field.
const GREETING: &[u8] = b"hearth-push 1";

/// Which of git's two hooks is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before references move; the answer decides whether they do.
    Before,
    /// After they moved.
    After,
}

/// A frame's content. Names are still unchecked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) stage: Stage,
    pub(super) push_id: String,
    /// Where the pushed objects are quarantined; absent once they were accepted.
    pub(super) quarantine: Option<PathBuf>,
    pub(super) updates: Vec<(Option<ObjectId>, Option<ObjectId>, String)>,
    pub(super) options: Vec<String>,
}

/// Reads a frame without its length.
pub(super) fn parse(frame: &[u8]) -> Result<Call> {
    let mut fields = Fields(frame);
    if fields.next()? != GREETING {
        return Err(Error::Malformed("not a push frame"));
    }
    let stage = match fields.next()? {
        b"pre-receive" => Stage::Before,
        b"post-receive" => Stage::After,
        _ => return Err(Error::Malformed("unknown stage")),
    };
    let push_id = text(fields.next()?)?;
    let quarantine = Some(text(fields.next()?)?).filter(|path| !path.is_empty()).map(PathBuf::from);
    let updates = text(fields.next()?)?.lines().map(update).collect::<Result<_>>()?;
    let mut options = Vec::new();
    while !fields.0.is_empty() {
        options.push(text(fields.next()?)?);
    }
    Ok(Call { stage, push_id, quarantine, updates, options })
}

/// A line `old new name`.
fn update(line: &str) -> Result<(Option<ObjectId>, Option<ObjectId>, String)> {
    let malformed = Error::Malformed("not an update");
    let mut parts = line.splitn(3, ' ');
    let (Some(old), Some(new), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(malformed);
    };
    let id = |text: &str| text.parse::<ObjectId>().map(|id| Some(id).filter(|id| !id.is_zero()));
    Ok((id(old)?, id(new)?, name.to_owned()))
}

fn text(field: &[u8]) -> Result<String> {
    String::from_utf8(field.to_vec()).map_err(|_| Error::Malformed("a field is not UTF-8"))
}

struct Fields<'frame>(&'frame [u8]);

impl<'frame> Fields<'frame> {
    fn next(&mut self) -> Result<&'frame [u8]> {
        let cut =
            |data: &'frame [u8], at: usize| data.split_at_checked(at).ok_or(Error::Malformed("cut short"));
        let (length, rest) = cut(self.0, 4)?;
        let length = u32::from_be_bytes(length.try_into().expect("four bytes were cut off"));
        let (field, rest) = cut(rest, length as usize)?;
        self.0 = rest;
        Ok(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(fields: &[&[u8]]) -> Vec<u8> {
        let field = |field: &&[u8]| {
            let length = u32::try_from(field.len()).unwrap();
            [&length.to_be_bytes(), *field].concat()
        };
        fields.iter().flat_map(field).collect()
    }

    #[test]
    fn frame_with_updates_and_options_is_read() {
        let updates = format!("{} {} refs/heads/main\n", "0".repeat(40), "a".repeat(40));
        let frame =
            frame(&[GREETING, b"pre-receive", b"id", b"/q", updates.as_bytes(), b"ci.skip", b"topic=x"]);
        let call = parse(&frame).unwrap();
        assert_eq!((call.stage, call.options.len()), (Stage::Before, 2));
        assert_eq!(call.updates[0].0, None);
        assert_eq!(call.updates[0].2, "refs/heads/main");
    }

    proptest! {
        #[test]
        fn no_frame_panics(data in prop::collection::vec(any::<u8>(), 0..200), fields in prop::collection::vec(".{0,40}", 0..8)) {
            let _ = parse(&data);
            let fields: Vec<&[u8]> = [GREETING].into_iter().chain(fields.iter().map(String::as_bytes)).collect();
            let _ = parse(&frame(&fields));
        }
    }
}
