//! Signatures of commits and tags, and the bytes that were signed.

use gix::objs::Kind;

use crate::{ObjectId, OpenRepository, Result};

/// What a commit or a tag object says to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The signature, in its armour: `-----BEGIN SSH SIGNATURE-----` or `-----BEGIN PGP SIGNATURE-----` and more.
    pub signature: String,
    /// The object without the signature, which is what was signed.
    pub payload: Vec<u8>,
}

/// A larger signature is treated as none.
const MOST_SIGNATURE_BYTES: usize = 64 << 10;
/// The header of a commit's signature.
const HEADER: &[u8] = b"gpgsig ";
/// What headers of signatures begin with: there is `gpgsig-sha256` for repositories with other ids.
const HEADERS: &[u8] = b"gpgsig";

impl OpenRepository {
    /// The signature of a commit or a tag object; none if it has none that can be read.
    pub fn signed(&self, id: ObjectId) -> Result<Option<Signed>> {
        let found = self.find_object(id.gix(), |kind, data| {
            Ok(match kind {
                Kind::Commit => of_commit(data),
                Kind::Tag => of_tag(data),
                Kind::Tree | Kind::Blob => None,
            })
        })?;
        Ok(found.flatten().filter(|signed| signed.signature.len() <= MOST_SIGNATURE_BYTES))
    }
}

/// The signature is a header of several lines, of which all but the first begin with a space. As in git, several such
/// headers are one text, which is no signature then, and headers for other ids are not signed along.
fn of_commit(data: &[u8]) -> Option<Signed> {
    if !data.starts_with(b"tree ") {
        return None;
    }
    let end = data.windows(2).position(|pair| pair == b"\n\n").map_or(data.len(), |end| end + 1);
    let (headers, message) = data.split_at(end);
    let (mut signature, mut payload) = (Vec::new(), Vec::new());
    let mut place = Place::Signed;
    for line in headers.split_inclusive(|byte| *byte == b'\n') {
        let (next, text) = match (place, line.strip_prefix(b" "), line.strip_prefix(HEADER)) {
            (Place::Signature, Some(text), _) | (_, None, Some(text)) => (Place::Signature, text),
            (Place::OtherSignature, Some(_), _) => continue,
            (_, None, None) if line.starts_with(HEADERS) => (Place::OtherSignature, line),
            _ => (Place::Signed, line),
        };
        place = next;
        match place {
            Place::Signature => signature.extend_from_slice(text),
            Place::Signed => payload.extend_from_slice(text),
            Place::OtherSignature => {}
        }
    }
    payload.extend_from_slice(message);
    let signature = String::from_utf8(signature).ok().filter(|signature| !signature.is_empty())?;
    Some(Signed { signature, payload })
}

/// What a line of the headers belongs to.
#[derive(Clone, Copy)]
enum Place {
    Signed,
    Signature,
    OtherSignature,
}

/// The signature is what the message ends with.
fn of_tag(data: &[u8]) -> Option<Signed> {
    if !data.starts_with(b"object ") {
        return None;
    }
    let begin = b"\n-----BEGIN ";
    let at = data.windows(begin.len()).rposition(|part| part == begin)? + 1;
    let (payload, signature) = data.split_at(at);
    Some(Signed { signature: String::from_utf8(signature.to_vec()).ok()?, payload: payload.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_taken_out_of_the_headers_of_a_commit() {
        let data = b"tree 1\nauthor a\ngpgsig -----BEGIN X-----\n abc\n \n -----END X-----\nencoding b\n\nTitle\n gpgsig no\n";
        let signed = of_commit(data).expect("it is signed");
        assert_eq!(signed.signature, "-----BEGIN X-----\nabc\n\n-----END X-----\n");
        assert_eq!(signed.payload, b"tree 1\nauthor a\nencoding b\n\nTitle\n gpgsig no\n");
        assert_eq!(of_commit(b"tree 1\n\ngpgsig in the message\n"), None);
    }

    #[test]
    fn a_second_signature_is_not_hidden_in_what_was_signed() {
        let data = b"tree 1\ngpgsig one\n two\ngpgsig-sha256 x\n y\nauthor a\ngpgsig three\n\nTitle\n";
        let signed = of_commit(data).expect("it is signed");
        assert_eq!(signed.signature, "one\ntwo\nthree\n");
        assert_eq!(signed.payload, b"tree 1\nauthor a\n\nTitle\n");
    }

    #[test]
    fn a_tag_that_is_stored_as_a_commit_is_not_signed() {
        assert_eq!(of_commit(b"object 1\ntype commit\ntag v1\ngpgsig one\n\nTitle\n"), None);
        assert_eq!(of_tag(b"tree 1\n\nTitle\n-----BEGIN X-----\n"), None);
    }

    #[test]
    fn the_signature_of_a_tag_is_the_end_of_its_message() {
        let data =
            b"object 1\ntag v1\n\nNotes\n-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n";
        let signed = of_tag(data).expect("it is signed");
        assert_eq!(signed.payload, b"object 1\ntag v1\n\nNotes\n");
        assert!(signed.signature.starts_with("-----BEGIN SSH"));
    }
}
