//! Paths as git writes them for people and programs.

use std::fmt::Write as _;

/// A path behind a prefix: in quotation marks, with escapes, where it has unusual characters.
pub(super) fn quoted(prefix: &str, path: &[u8]) -> String {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    let mut text = String::with_capacity(prefix.len() + path.len());
    if path.iter().all(is_plain) {
        text.push_str(prefix);
        text.extend(path.iter().map(|byte| char::from(*byte)));
        return text;
    }
    text.push('"');
    text.push_str(prefix);
    for byte in path {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            b'\x07' => text.push_str("\\a"),
            b'\x08' => text.push_str("\\b"),
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\x0b' => text.push_str("\\v"),
            b'\x0c' => text.push_str("\\f"),
            b'\r' => text.push_str("\\r"),
            plain if is_plain(plain) => text.push(char::from(*plain)),
            other => {
                let _ = write!(text, "\\{other:03o}");
            }
        }
    }
    text.push('"');
    text
}

/// What became of a path, in short: the folders that both have are written once.
pub(super) fn renamed(from: &[u8], to: &[u8]) -> String {
    let (quoted_from, quoted_to) = (quoted("", from), quoted("", to));
    if quoted_from.starts_with('"') || quoted_to.starts_with('"') {
        return format!("{quoted_from} => {quoted_to}");
    }
    let same = from.iter().zip(to).take_while(|(one, other)| one == other).count();
    let before = from[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    // The slash that ends what is before may begin what is behind.
    let room = before.saturating_sub(1);
    let mut after = 0;
    for length in 1..=(from.len() - room).min(to.len() - room) {
        let (one, other) = (from[from.len() - length], to[to.len() - length]);
        if one != other {
            break;
        }
        if one == b'/' {
            after = length;
        }
    }
    let middle =
        |path: &'_ str| path.get(before..path.len().saturating_sub(after)).unwrap_or_default().to_owned();
    let (old, new) = (middle(&quoted_from), middle(&quoted_to));
    if before + after == 0 {
        return format!("{old} => {new}");
    }
    format!("{}{{{old} => {new}}}{}", &quoted_from[..before], &quoted_from[quoted_from.len() - after..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusual_paths_are_quoted() {
        assert_eq!(quoted("a/", b"src/main.rs"), "a/src/main.rs");
        assert_eq!(quoted("b/", "ä \"x\"\n".as_bytes()), "\"b/\\303\\244 \\\"x\\\"\\n\"");
        assert_eq!(quoted("", b"\xff\x01"), "\"\\377\\001\"");
    }

    #[test]
    fn a_rename_names_common_folders_once() {
        let short = |from: &str, to: &str| renamed(from.as_bytes(), to.as_bytes());
        assert_eq!(short("a", "b"), "a => b");
        assert_eq!(short("src/a.rs", "src/b.rs"), "src/{a.rs => b.rs}");
        assert_eq!(short("src/old/a.rs", "src/new/a.rs"), "src/{old => new}/a.rs");
        assert_eq!(short("one/a.rs", "two/a.rs"), "{one => two}/a.rs");
        assert_eq!(short("src/a.rs", "src/in/a.rs"), "src/{ => in}/a.rs");
        assert_eq!(short("a\"b", "c"), "\"a\\\"b\" => c");
    }
}
