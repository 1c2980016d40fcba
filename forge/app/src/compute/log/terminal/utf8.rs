//! Characters from bytes that come in pieces of any size.

/// The bytes of a character that is not complete yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Decoder {
    bytes: [u8; 4],
    length: usize,
}

impl Decoder {
    /// Whether a character is incomplete.
    pub(super) const fn is_open(&self) -> bool {
        self.length > 0
    }

    /// Takes one byte and passes on what is complete. What is not UTF-8 becomes U+FFFD, one for each
    /// maximal part, as in [`String::from_utf8_lossy`].
    pub(super) fn take(&mut self, byte: u8, mut emit: impl FnMut(char)) {
        self.bytes[self.length] = byte;
        self.length += 1;
        match str::from_utf8(&self.bytes[..self.length]) {
            Ok(text) => {
                text.chars().for_each(&mut emit);
                self.length = 0;
            }
            Err(error) if error.error_len().is_none() => {}
            // Everything before this byte was the beginning of a character, so only this byte can begin
            // another one.
            Err(_) => {
                let was_alone = self.length == 1;
                self.length = 0;
                emit(char::REPLACEMENT_CHARACTER);
                if !was_alone {
                    self.take(byte, emit);
                }
            }
        }
    }

    /// Gives up an incomplete character.
    pub(super) fn end(&mut self, emit: impl FnOnce(char)) {
        if self.is_open() {
            self.length = 0;
            emit(char::REPLACEMENT_CHARACTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        let (mut decoder, mut text) = (Decoder::default(), String::new());
        for byte in bytes {
            decoder.take(*byte, |letter| text.push(letter));
        }
        decoder.end(|letter| text.push(letter));
        text
    }

    #[test]
    fn bytes_are_decoded_as_the_standard_library_does() {
        let samples: [&[u8]; 7] = [
            "训练 µ 🔥".as_bytes(),
            b"\xff\xfe",
            b"\xe8\xae",
            b"\xe8\xaex",
            b"\xf0\x9f\x94\xe8\xae\xad",
            b"\xc3\xc3\xa9",
            b"\xed\xa0\x80",
        ];
        for sample in samples {
            assert_eq!(decoded(sample), String::from_utf8_lossy(sample), "{sample:?}");
        }
    }
}
