use super::commit::{cut, signature};
use crate::{ObjectId, OpenRepository, Result, Signature, TagTarget};

/// A tag object: what an annotated tag says, whether or not a reference names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagObject {
    /// Its id.
    pub id: ObjectId,
    /// The name that it gave itself.
    pub name: String,
    /// What it tags.
    pub target: ObjectId,
    /// The kind of what it tags; another tag for a tag of a tag.
    pub target_kind: TagTarget,
    /// Who made it; `None` in some old repositories.
    pub tagger: Option<Signature>,
    /// What it says; a signature is left out.
    pub message: String,
    /// Whether it carries a signature.
    pub is_signed: bool,
}

/// A longer message is cut.
const MOST_MESSAGE_BYTES: usize = 64 << 10;
/// A longer name is cut.
const MOST_NAME_BYTES: usize = 1_000;

impl OpenRepository {
    /// The tag object of this id; `None` when there is no such object, or it is no tag.
    pub fn tag_object(&self, id: ObjectId) -> Result<Option<TagObject>> {
        let read = self.find_object(id.gix(), |kind, text| {
            Ok(if kind == gix::objs::Kind::Tag { parse(id, text) } else { None })
        });
        Ok(read?.flatten())
    }
}

/// `None`: the header is broken.
fn parse(id: ObjectId, text: &[u8]) -> Option<TagObject> {
    let end = text.windows(2).position(|pair| pair == b"\n\n").unwrap_or(text.len());
    let header =
        |name: &[u8]| text[..end].split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(name));
    let target = std::str::from_utf8(header(b"object ")?).ok()?.parse().ok()?;
    let target_kind = match header(b"type ")? {
        b"commit" => TagTarget::Commit,
        b"tree" => TagTarget::Tree,
        b"blob" => TagTarget::Blob,
        b"tag" => TagTarget::Tag,
        _ => return None,
    };
    let whole = cut(text.get(end + 2..).unwrap_or_default(), MOST_MESSAGE_BYTES);
    let (message, rest) = whole.split_once("-----BEGIN ").unwrap_or((&whole, ""));
    Some(TagObject {
        id,
        name: cut(header(b"tag ").unwrap_or_default(), MOST_NAME_BYTES),
        target,
        target_kind,
        tagger: header(b"tagger ").map(signature),
        message: message.trim().to_owned(),
        is_signed: !rest.is_empty(),
    })
}
