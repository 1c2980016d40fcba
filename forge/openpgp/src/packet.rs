//! The packets that a message is cut into (RFC 9580, 4).

use crate::bytes::Bytes;

/// More than any certificate of a person needs.
const MOST_PACKETS: usize = 1_000;

/// One packet: what it is, and its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet<'data> {
    pub(crate) tag: Tag,
    pub(crate) body: &'data [u8],
}

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Signature,
    SecretKey,
    PublicKey,
    PublicSubkey,
    UserId,
    UserAttribute,
    /// To be passed over: a marker, trust of somebody else's, padding.
    Ignored,
    Other,
}

impl Tag {
    const fn of(number: u8) -> Self {
        match number {
            2 => Self::Signature,
            5 | 7 => Self::SecretKey,
            6 => Self::PublicKey,
            14 => Self::PublicSubkey,
            13 => Self::UserId,
            17 => Self::UserAttribute,
            10 | 12 | 21 => Self::Ignored,
            _ => Self::Other,
        }
    }
}

/// All packets. None if one is malformed, or there are too many.
pub(crate) fn packets(data: &[u8]) -> Option<Vec<Packet<'_>>> {
    let mut bytes = Bytes::new(data);
    let mut packets = Vec::new();
    while !bytes.is_empty() {
        let packet = packet(&mut bytes)?;
        if packets.len() == MOST_PACKETS {
            return None;
        }
        if packet.tag != Tag::Ignored {
            packets.push(packet);
        }
    }
    Some(packets)
}

fn packet<'data>(bytes: &mut Bytes<'data>) -> Option<Packet<'data>> {
    let head = bytes.octet()?;
    let (tag, length) = match head {
        0xc0.. => (head & 0x3f, new_length(bytes)?),
        0x80.. => ((head >> 2) & 0x0f, old_length(head & 3, bytes)?),
        _ => return None,
    };
    Some(Packet { tag: Tag::of(tag), body: bytes.take(length)? })
}

/// Lengths in parts are for data of unknown size only, which is not read here.
fn new_length(bytes: &mut Bytes<'_>) -> Option<usize> {
    length(bytes, 224)
}

/// A length of one, two or five octets; the first one of a part of data is at least `end`.
pub(crate) fn length(bytes: &mut Bytes<'_>, end: u8) -> Option<usize> {
    let first = bytes.octet()?;
    match first {
        0..192 => Some(usize::from(first)),
        255 => usize::try_from(bytes.four()?).ok(),
        first if first < end => Some((usize::from(first - 192) << 8) + usize::from(bytes.octet()?) + 192),
        _ => None,
    }
}

/// The fourth kind means "until the end", which is for data of unknown size.
fn old_length(kind: u8, bytes: &mut Bytes<'_>) -> Option<usize> {
    match kind {
        0 => bytes.octet().map(usize::from),
        1 => bytes.two().map(usize::from),
        2 => usize::try_from(bytes.four()?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_packets_are_read() {
        let data = [0xc2, 1, 7, 0x88, 2, 8, 9, 0x99, 0, 1, 3, 0xcd, 255, 0, 0, 0, 1, 4];
        let found = packets(&data).expect("packets");
        let found: Vec<_> = found.iter().map(|packet| (packet.tag, packet.body)).collect();
        assert_eq!(
            found,
            [
                (Tag::Signature, &[7][..]),
                (Tag::Signature, &[8, 9]),
                (Tag::PublicKey, &[3]),
                (Tag::UserId, &[4]),
            ]
        );
    }

    #[test]
    fn what_is_cut_or_of_unknown_length_is_refused() {
        for data in [&[0xc2][..], &[0xc2, 2, 7], &[0xc2, 224, 7], &[0x8b, 7], &[0x12, 1, 7], &[0xc2, 255, 0]]
        {
            assert_eq!(packets(data), None, "{data:?}");
        }
        assert_eq!(packets(&[0xc2, 0].repeat(MOST_PACKETS + 1)), None);
    }
}
