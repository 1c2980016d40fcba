//! The parts of a certificate, each with the signatures that follow it.

use super::BadCertificate;
use crate::{
    packet::{Packet, Tag},
    signature::Signature,
};

const MOST_USER_IDS: usize = 64;
const MOST_SUBKEYS: usize = 32;

/// A key or a name, and what was signed about it.
pub(super) struct Part<'data> {
    pub(super) tag: Tag,
    pub(super) body: &'data [u8],
    pub(super) signatures: Vec<Signature<'data>>,
}

/// The first part is the primary key. Signatures that cannot be read are left out: others may have added them.
pub(super) fn cut<'data>(packets: &[Packet<'data>]) -> Result<Vec<Part<'data>>, BadCertificate> {
    let mut parts: Vec<Part<'data>> = Vec::new();
    for packet in packets {
        match (packet.tag, parts.last_mut()) {
            (Tag::SecretKey, _) => return Err(BadCertificate::Private),
            (Tag::PublicKey, Some(_)) => return Err(BadCertificate::Several),
            (Tag::Signature, Some(part)) => part.signatures.extend(Signature::read(packet.body)),
            (Tag::PublicKey, None) | (Tag::UserId | Tag::UserAttribute | Tag::PublicSubkey, Some(_)) => {
                parts.push(Part { tag: packet.tag, body: packet.body, signatures: Vec::new() });
            }
            (
                Tag::Signature
                | Tag::UserId
                | Tag::UserAttribute
                | Tag::PublicSubkey
                | Tag::Ignored
                | Tag::Other,
                _,
            ) => return Err(BadCertificate::Unreadable),
        }
    }
    let count = |tag| parts.iter().filter(|part| part.tag == tag).count();
    if count(Tag::UserId) > MOST_USER_IDS || count(Tag::PublicSubkey) > MOST_SUBKEYS {
        return Err(BadCertificate::TooLarge);
    }
    Ok(parts)
}
