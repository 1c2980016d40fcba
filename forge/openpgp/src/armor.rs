//! The text form of packets (RFC 9580, 6): a line, headers, Base64, a line.

use data_encoding::{BASE64, BASE64_NOPAD};

/// The bytes in an armour of this kind, for instance `PGP SIGNATURE`. None unless the text is one armour and nothing else:
/// what stands before or behind it was not signed, and other programs may read it differently.
pub(crate) fn decode(text: &str, kind: &str) -> Option<Vec<u8>> {
    let text = text.trim().strip_prefix(&format!("-----BEGIN {kind}-----"))?;
    let text = text.strip_suffix(&format!("-----END {kind}-----"))?;
    let mut lines = text.lines().map(str::trim_end).skip(1);
    // Headers such as `Version:` end with an empty line. They say nothing that is relied on.
    for line in lines.by_ref() {
        if line.is_empty() {
            break;
        }
        line.split_once(": ")?;
    }
    let mut base64 = String::new();
    let mut has_checksum = false;
    for line in lines {
        if has_checksum || line.contains('-') {
            return None;
        }
        // A checksum against accidents, which a reader may ignore: the signature is checked anyway.
        has_checksum = line.starts_with('=') && line.len() == 5;
        if !has_checksum {
            base64.push_str(line);
        }
    }
    BASE64.decode(base64.as_bytes()).or_else(|_| BASE64_NOPAD.decode(base64.as_bytes())).ok()
}

/// The armour of these bytes.
pub(crate) fn encode(bytes: &[u8], kind: &str) -> String {
    let base64 = BASE64.encode(bytes);
    let mut text = format!("-----BEGIN {kind}-----\n\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = next;
    }
    text + &format!("-----END {kind}-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "PGP SIGNATURE";

    #[test]
    fn an_armour_is_read_as_it_was_written() {
        for length in [0, 1, 48, 200] {
            let bytes = vec![7; length];
            assert_eq!(decode(&encode(&bytes, KIND), KIND), Some(bytes), "{length}");
        }
        let with_headers = "-----BEGIN PGP SIGNATURE-----\r\nVersion: X\r\nComment: y\r\n\r\nAQID\r\n=abcd\r\n-----END PGP SIGNATURE-----\r\n";
        assert_eq!(decode(with_headers, KIND), Some(vec![1, 2, 3]));
    }

    #[test]
    fn nothing_stands_beside_the_armour() {
        let one = encode(&[1, 2, 3], KIND);
        for text in [
            format!("{one}{one}"),
            format!("hello\n{one}"),
            format!("{one}hello"),
            one.replace("AQID", "AQID\n=abcd\nAQID"),
            one.replace("AQID", "!"),
            one.replace("SIGNATURE", "MESSAGE"),
        ] {
            assert_eq!(decode(&text, KIND), None, "{text}");
        }
    }
}
