//! Finding errors in a log: where each begins, and which lines after it belong to it.
//!
//! What begins an error is a table ([`rules`]); how far it reaches depends on who reports it. A traceback
//! goes on to its message, and to the error that was raised while it was handled; a compiler's error to the
//! line it points at; a message in a frame to the end of the frame.

mod rules;
mod shape;

#[cfg(test)]
mod tests;

pub(super) use rules::TRIGGERS;
pub(super) use shape::Reach;

use self::shape::Block;
use super::terminal::LogRow;

/// Whether a row belongs to an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorMark {
    #[default]
    None,
    /// An error begins here.
    First,
    /// It goes on.
    More,
}

/// Lines of one error. A longer one is cut: something was taken for an error that is none.
const MOST_LINES: usize = 500;

/// Goes through a log line by line.
#[derive(Clone, Debug, Default)]
pub(super) struct ErrorScanner {
    block: Option<Block>,
    lines: usize,
}

impl ErrorScanner {
    /// Marks rows that follow the lines seen so far. The scanner itself stays before them, so that they can
    /// be marked again once more is known.
    pub(super) fn mark(&self, rows: &mut [LogRow]) {
        let mut scanner = self.clone();
        // Lines that belong to an error only if it goes on after them.
        let mut undecided = 0;
        let mut frame_above = false;
        for place in 0..rows.len() {
            let text = rows[place].text();
            let reach = scanner.take(&text);
            rows[place].error = match reach {
                Reach::First => ErrorMark::First,
                Reach::More => ErrorMark::More,
                Reach::Perhaps | Reach::Outside => ErrorMark::None,
            };
            match reach {
                Reach::Perhaps => undecided += 1,
                Reach::More => {
                    let from = place - undecided;
                    rows[from..place].iter_mut().for_each(|row| row.error = ErrorMark::More);
                    undecided = 0;
                }
                Reach::First | Reach::Outside => undecided = 0,
            }
            if reach == Reach::First && frame_above && scanner.is_framed() {
                rows[place - 1].error = ErrorMark::First;
                rows[place].error = ErrorMark::More;
            }
            frame_above = reach == Reach::Outside && shape::is_rule(&text);
        }
    }

    /// Takes the next line.
    pub(super) fn take(&mut self, text: &str) -> Reach {
        if let Some(block) = &mut self.block {
            self.lines += 1;
            let reach = if self.lines < MOST_LINES { block.reach(text) } else { Reach::Outside };
            if reach != Reach::Outside {
                return reach;
            }
        }
        self.block = rules::begins(text);
        self.lines = 1;
        if self.block.is_some() { Reach::First } else { Reach::Outside }
    }

    fn is_framed(&self) -> bool {
        matches!(self.block, Some(Block::Framed))
    }
}
