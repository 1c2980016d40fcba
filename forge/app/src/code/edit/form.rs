//! How a text stands in its file: encoding, byte order mark and line endings, which an edit keeps.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::code::Text;

/// What a text needs to become the bytes of its file again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextForm {
    encoding: &'static Encoding,
    has_mark: bool,
    ending: LineEnding,
}

/// What ends a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum LineEnding {
    #[default]
    LineFeed,
    /// As on Windows.
    Both,
}

impl Default for TextForm {
    fn default() -> Self {
        Self { encoding: UTF_8, has_mark: false, ending: LineEnding::LineFeed }
    }
}

impl TextForm {
    /// The form of a file and its text with simple line ends; none if the text could not become the same bytes again:
    /// it is not text, has bytes that its encoding does not know, or mixes line endings.
    pub fn read(bytes: &[u8]) -> Option<(Self, String)> {
        let decoded = Text::decode(bytes.to_vec(), true)?;
        let encoding = match decoded.encoding {
            None => UTF_8,
            Some(name) => Encoding::for_label(name.as_bytes())?,
        };
        let has_mark = Encoding::for_bom(bytes).is_some();
        let ending = if decoded.text.contains("\r\n") { LineEnding::Both } else { LineEnding::LineFeed };
        let form = Self { encoding, has_mark, ending };
        let text = decoded.text.replace("\r\n", "\n");
        (form.bytes(&text).as_deref() == Some(bytes)).then_some((form, text))
    }

    /// The bytes of a text as it came from a form, whose lines end in any way. None if a character does not exist in the
    /// encoding.
    pub fn bytes(self, text: &str) -> Option<Vec<u8>> {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = match self.ending {
            LineEnding::LineFeed => lines,
            LineEnding::Both => lines.replace('\n', "\r\n"),
        };
        let marked = if self.has_mark { format!("\u{feff}{text}") } else { text };
        if self.encoding == UTF_16LE {
            return Some(marked.encode_utf16().flat_map(u16::to_le_bytes).collect());
        }
        if self.encoding == UTF_16BE {
            return Some(marked.encode_utf16().flat_map(u16::to_be_bytes).collect());
        }
        let (bytes, _, has_unknown) = self.encoding.encode(&marked);
        (!has_unknown).then(|| bytes.into_owned())
    }

    /// The name of the encoding; none for UTF-8.
    pub fn encoding(self) -> Option<&'static str> {
        (self.encoding != UTF_8).then(|| self.encoding.name())
    }

    /// Whether lines end as on Windows.
    pub fn has_both(self) -> bool {
        self.ending == LineEnding::Both
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;

    use super::*;

    const CHINESE: &str = "深度学习框架的训练脚本，读取数据并保存模型。\n这里是第二行文字。\n";

    #[test]
    fn an_edit_keeps_encoding_mark_and_line_endings() {
        let utf_16: Vec<u8> = "\u{feff}a数\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            b"one\r\ntwo\r\n".to_vec(),
            b"one\ntwo".to_vec(),
            b"\xef\xbb\xbfone\n".to_vec(),
            GBK.encode(CHINESE).0.into_owned(),
            utf_16,
            Vec::new(),
        ] {
            let (form, text) = TextForm::read(&bytes).expect("it can be edited");
            assert!(!text.contains('\r') && !text.starts_with('\u{feff}'));
            // A browser sends both.
            assert_eq!(form.bytes(&text.replace('\n', "\r\n")), Some(bytes));
        }
    }

    #[test]
    fn what_would_not_come_back_as_it_was_is_not_edited() {
        for bytes in [&b"one\r\ntwo\n"[..], b"one\rtwo\n", b"\0", b"caf\xc3\xa9 \xc3\xa9\xc3\xa9 \xff\n"] {
            assert_eq!(TextForm::read(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_character_that_the_encoding_lacks_is_refused() {
        let (form, _) = TextForm::read(
            &encoding_rs::WINDOWS_1252.encode("Le modèle est entraîné à l’été, déjà prêt.\n").0,
        )
        .expect("it can be edited");
        assert_eq!(form.bytes("数"), None);
        assert_eq!(form.encoding(), Some("windows-1252"));
    }
}
