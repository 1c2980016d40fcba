//! Escape sequences (ECMA-48), byte by byte.

/// What a program tells its terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// A byte of text, or a control character outside any sequence.
    Byte(u8),
    /// `ESC [ parameters final`, without private and unknown forms.
    Control(&'a [Option<u16>], u8),
    /// Nothing to show.
    Nothing,
}

/// Parameters that are kept of one sequence.
const MOST_PARAMETERS: usize = 16;

const ESCAPE: u8 = 0x1b;

#[derive(Clone, Debug, Default)]
pub(super) struct Parser {
    state: State,
    parameters: Vec<Option<u16>>,
    /// A sequence of a private or unknown form, which is read to its end and has no effect.
    is_foreign: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// After `ESC`.
    Escape,
    /// After `ESC` and an intermediate byte: a character set, which its final byte names.
    Intermediate,
    /// After `ESC [`.
    Control,
    /// Inside a string for the terminal, such as a title or a link.
    String,
    /// After an `ESC` in such a string.
    StringEscape,
}

impl Parser {
    /// Whether the next byte is outside any sequence.
    pub(super) fn is_in_text(&self) -> bool {
        self.state == State::Text
    }

    pub(super) fn take(&mut self, byte: u8) -> Step<'_> {
        // Lines end wherever they end: a sequence that was cut off does not swallow the rest of the log.
        if byte == b'\n' || byte == b'\r' {
            self.state = State::Text;
            return Step::Byte(byte);
        }
        match self.state {
            State::Text => {
                if byte != ESCAPE {
                    return Step::Byte(byte);
                }
                self.state = State::Escape;
            }
            State::Escape => return self.after_escape(byte),
            State::Intermediate => {
                if !(0x20..0x30).contains(&byte) {
                    self.state = State::Text;
                }
            }
            State::Control => return self.in_control(byte),
            State::String => match byte {
                0x07 => self.state = State::Text,
                ESCAPE => self.state = State::StringEscape,
                _ => {}
            },
            // `ESC \` ends the string; whatever else follows begins another sequence.
            State::StringEscape => {
                if byte != b'\\' {
                    return self.after_escape(byte);
                }
                self.state = State::Text;
            }
        }
        Step::Nothing
    }

    fn after_escape(&mut self, byte: u8) -> Step<'_> {
        self.state = match byte {
            b'[' => {
                self.parameters.clear();
                self.parameters.push(None);
                self.is_foreign = false;
                State::Control
            }
            b']' | b'P' | b'X' | b'^' | b'_' => State::String,
            ESCAPE => State::Escape,
            0x20..0x30 => State::Intermediate,
            0x30..0x7f => State::Text,
            _ => {
                self.state = State::Text;
                return Step::Byte(byte);
            }
        };
        Step::Nothing
    }

    fn in_control(&mut self, byte: u8) -> Step<'_> {
        match byte {
            b'0'..=b'9' => {
                if let Some(last) = self.parameters.last_mut() {
                    let digit = u16::from(byte - b'0');
                    *last = Some(last.unwrap_or(0).saturating_mul(10).saturating_add(digit));
                }
            }
            // Colons separate the parts of one parameter, as in `38:5:196`.
            b';' | b':' if self.parameters.len() < MOST_PARAMETERS => self.parameters.push(None),
            b';' | b':' => {}
            0x20..0x40 => self.is_foreign = true,
            0x40..0x7f => {
                self.state = State::Text;
                if !self.is_foreign {
                    return Step::Control(&self.parameters, byte);
                }
            }
            ESCAPE => self.state = State::Escape,
            _ => {
                self.state = State::Text;
                return Step::Byte(byte);
            }
        }
        Step::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parameters of a sequence, and its final letter.
    type Control = (Vec<Option<u16>>, char);

    /// What remains as text, and the sequences.
    fn parsed(bytes: &[u8]) -> (String, Vec<Control>) {
        let (mut parser, mut text, mut controls) = (Parser::default(), Vec::new(), Vec::new());
        for byte in bytes {
            match parser.take(*byte) {
                Step::Byte(byte) => text.push(byte),
                Step::Control(parameters, end) => controls.push((parameters.to_vec(), char::from(end))),
                Step::Nothing => {}
            }
        }
        (String::from_utf8_lossy(&text).into_owned(), controls)
    }

    #[test]
    fn sequences_are_taken_out_of_the_text() {
        let (text, controls) = parsed(b"a\x1b[1;31mb\x1b[Kc\x1b[?25ld");
        assert_eq!(text, "abcd");
        assert_eq!(controls, [(vec![Some(1), Some(31)], 'm'), (vec![None], 'K')]);
    }

    #[test]
    fn titles_links_and_character_sets_are_left_out() {
        assert_eq!(parsed(b"\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1b(Bc\x1bMd").0, "abcd");
    }

    #[test]
    fn what_was_cut_off_ends_with_its_line() {
        assert_eq!(parsed(b"\x1b]0;title\nnext\x1b[31\nlast\x1b").0, "\nnext\nlast");
    }

    #[test]
    fn a_sequence_keeps_few_parameters() {
        let (_, controls) = parsed(format!("\x1b[{}m", "1;".repeat(10_000)).as_bytes());
        assert_eq!(controls[0].0.len(), MOST_PARAMETERS);
    }
}
