//! Bytes as text: whether they are text, and in which encoding.

use std::sync::Arc;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GBK, UTF_8};

/// Bytes at the beginning that decide whether a file is binary: git's heuristic.
const BINARY_CHECK_BYTES: usize = 8000;
/// Bytes at the beginning from which the encoding is guessed.
const GUESS_BYTES: usize = 128 << 10;

/// A text as a page shows it.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: Arc<str>,
    /// The encoding that it was decoded from; none for UTF-8.
    pub encoding: Option<&'static str>,
    /// False: only the beginning of the file.
    pub is_whole: bool,
}

impl Text {
    /// Decodes a file, or its beginning; none if the bytes are not text.
    pub fn decode(mut bytes: Vec<u8>, is_whole: bool) -> Option<Self> {
        let mark = Encoding::for_bom(&bytes);
        if let Some((encoding, mark_bytes)) = mark.filter(|(encoding, _)| *encoding != UTF_8) {
            let (text, _) = encoding.decode_without_bom_handling(&bytes[mark_bytes..]);
            return Some(Self { text: text.into(), encoding: Some(encoding.name()), is_whole });
        }
        if bytes[..bytes.len().min(BINARY_CHECK_BYTES)].contains(&0) {
            return None;
        }
        if mark.is_some() {
            bytes.drain(..UTF8_MARK_BYTES);
        }
        if !is_whole {
            bytes.truncate(end_of_last_line(&bytes));
        }
        Some(match String::from_utf8(bytes) {
            Ok(text) => Self { text: text.into(), encoding: None, is_whole },
            Err(error) => Self::guess(error.as_bytes(), is_whole),
        })
    }

    fn guess(bytes: &[u8], is_whole: bool) -> Self {
        if is_mostly_utf8(bytes) {
            return Self { text: String::from_utf8_lossy(bytes).into(), encoding: None, is_whole };
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&bytes[..bytes.len().min(GUESS_BYTES)], true);
        let encoding = detector.guess(None, Utf8Detection::Deny);
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        // What is called GBK is decoded as the standard that contains it.
        let name = if encoding == GBK { "GB18030" } else { encoding.name() };
        Self { text: text.into(), encoding: Some(name), is_whole }
    }
}

const UTF8_MARK_BYTES: usize = 3;

/// The text without a last line that is cut.
fn end_of_last_line(bytes: &[u8]) -> usize {
    match bytes.iter().rposition(|&byte| byte == b'\n') {
        Some(place) => place + 1,
        None => std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to().max(1), str::len),
    }
}

/// Whether the bytes are UTF-8 with a few wrong ones. In other encodings, hardly any letter happens to be UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut wrong) = (0, 0);
    for chunk in bytes[..bytes.len().min(GUESS_BYTES)].utf8_chunks() {
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    letters > wrong
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, SHIFT_JIS, WINDOWS_1252};

    use super::*;

    const CHINESE: &str = "深度学习框架的训练脚本，读取数据并保存模型。\n这里是第二行文字。\n";

    fn decoded(bytes: &[u8]) -> (String, Option<&'static str>) {
        let text = Text::decode(bytes.to_vec(), true).expect("text");
        (text.text.to_string(), text.encoding)
    }

    #[test]
    fn texts_in_other_encodings_are_decoded_and_named() {
        let japanese = "これは日本語の文章です。データを読み込みます。\n";
        let french = "Le modèle est entraîné à l’été, déjà prêt.\n";
        let traditional = "這是一個繁體中文的檔案，內容是訓練資料的說明。\n";
        for (text, encoding, name) in [
            (CHINESE, GBK, "GB18030"),
            (traditional, BIG5, "Big5"),
            (japanese, SHIFT_JIS, "Shift_JIS"),
            (french, WINDOWS_1252, "windows-1252"),
        ] {
            assert_eq!(decoded(&encoding.encode(text).0), (text.to_owned(), Some(name)));
        }
        assert_eq!(decoded(CHINESE.as_bytes()), (CHINESE.to_owned(), None));
    }

    #[test]
    fn a_mark_decides() {
        let little: Vec<u8> = "\u{feff}a数\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}a数\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&little), ("a数\n".to_owned(), Some("UTF-16LE")));
        assert_eq!(decoded(&big), ("a数\n".to_owned(), Some("UTF-16BE")));
        assert_eq!(decoded("\u{feff}a数\n".as_bytes()), ("a数\n".to_owned(), None));
    }

    #[test]
    fn one_wrong_byte_does_not_change_the_encoding_of_a_text() {
        let mut bytes = CHINESE.as_bytes().to_vec();
        bytes.insert(30, 0xff);
        let (text, encoding) = decoded(&bytes);
        assert_eq!(encoding, None);
        assert!(text.contains('\u{fffd}') && text.ends_with("第二行文字。\n"));
    }

    #[test]
    fn bytes_are_no_text() {
        assert!(Text::decode(vec![1, 0, 2], true).is_none());
        assert!(Text::decode(Vec::new(), true).is_some());
    }

    #[test]
    fn a_beginning_ends_with_a_whole_line_and_a_whole_letter() {
        let beginning = |text: &str, bytes: usize| {
            Text::decode(text.as_bytes()[..bytes].to_vec(), false).map(|text| text.text.to_string())
        };
        assert_eq!(beginning("一\n二\n", 6).as_deref(), Some("一\n"));
        assert_eq!(beginning("一二", 5).as_deref(), Some("一"));
    }
}
