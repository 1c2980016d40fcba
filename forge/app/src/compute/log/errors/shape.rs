//! How far an error reaches.

/// Whether a line belongs to the error before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Reach {
    /// It begins an error.
    First,
    More,
    /// Only if a later line does.
    Perhaps,
    Outside,
}

/// An error of which more lines may come.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// Python's: calls, the exception, and perhaps the one during whose handling it was raised.
    Traceback(Traceback),
    /// What is indented, or points at source code with a bar.
    Indented,
    /// Up to the next empty line, such as a panic and its stack.
    Paragraph { has_gap: bool },
    /// Up to the line that closes its frame.
    Framed,
    /// Lines of one process with three stars, as Open MPI writes them.
    Starred(String),
    /// One line.
    Line,
}

#[derive(Clone, Debug)]
pub(super) struct Traceback {
    /// What stands before each of its lines, such as the rank of its process.
    prefix: String,
    phase: Phase,
    /// Lines of others between its own.
    foreign: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Calls,
    /// After the exception's message began.
    Message,
    /// After an empty line that followed it.
    Gap,
    /// After the sentence that joins it to the next traceback.
    Joined,
}

/// Lines of other processes that may come between those of one traceback.
const MOST_FOREIGN: usize = 40;

/// What CUDA adds to each of its errors.
const CUDA_ADVICE: [&str; 4] = [
    "CUDA kernel errors might",
    "For debugging consider",
    "Compile with `TORCH_USE",
    "Device-side assertion",
];

const JOINTS: [&str; 2] = [
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
];

impl Block {
    /// A traceback whose lines begin with `prefix`.
    pub(super) fn traceback(prefix: &str) -> Self {
        let prefix = if prefix.trim().is_empty() { "" } else { prefix };
        Self::Traceback(Traceback { prefix: prefix.to_owned(), phase: Phase::Calls, foreign: 0 })
    }

    /// Whether the next line belongs to it.
    pub(super) fn reach(&mut self, text: &str) -> Reach {
        match self {
            Self::Traceback(traceback) => traceback.reach(text),
            Self::Indented if is_indented(text) || is_pointer(text) || is_cuda_advice(text) => Reach::More,
            Self::Paragraph { has_gap } => paragraph(has_gap, text),
            Self::Framed => {
                if is_rule(text) {
                    *self = Self::Line;
                }
                Reach::More
            }
            Self::Starred(process) if text.starts_with(process.as_str()) && text.contains("***") => {
                Reach::More
            }
            Self::Indented | Self::Starred(_) | Self::Line => Reach::Outside,
        }
    }
}

impl Traceback {
    fn reach(&mut self, text: &str) -> Reach {
        let Some(own) = text.strip_prefix(self.prefix.as_str()) else {
            // An empty line has no prefix if it comes from another process.
            self.foreign += 1;
            return if self.foreign < MOST_FOREIGN { Reach::Perhaps } else { Reach::Outside };
        };
        self.foreign = 0;
        let is_joint = JOINTS.iter().any(|joint| own.trim_start_matches([' ', '|']).starts_with(joint));
        let is_next = own.contains("Traceback (most recent call last)");
        match self.phase {
            Phase::Calls | Phase::Joined if own.trim().is_empty() => Reach::Perhaps,
            Phase::Calls => {
                if !is_indented(own) && !is_next {
                    self.phase = Phase::Message;
                }
                Reach::More
            }
            Phase::Message | Phase::Gap if is_joint => self.go(Phase::Joined),
            Phase::Message if own.trim().is_empty() => {
                self.phase = Phase::Gap;
                Reach::Perhaps
            }
            Phase::Message if is_indented(own) || is_cuda_advice(own) => Reach::More,
            Phase::Joined if is_next => self.go(Phase::Calls),
            Phase::Message | Phase::Gap | Phase::Joined => Reach::Outside,
        }
    }

    fn go(&mut self, phase: Phase) -> Reach {
        self.phase = phase;
        Reach::More
    }
}

/// The stack of a panic may come after an empty line.
fn paragraph(has_gap: &mut bool, text: &str) -> Reach {
    let is_stack = ["goroutine ", "\t", "main.", "exit status", "stack backtrace", "note: "];
    if text.trim().is_empty() {
        let is_second = std::mem::replace(has_gap, true);
        if is_second { Reach::Outside } else { Reach::Perhaps }
    } else if !*has_gap || is_stack.iter().any(|start| text.starts_with(start)) {
        Reach::More
    } else {
        Reach::Outside
    }
}

fn is_indented(text: &str) -> bool {
    text.starts_with([' ', '\t']) && !text.trim().is_empty()
}

/// A line that belongs to a compiler's message: `12 | code`, `| ^~~`, or a note.
fn is_pointer(text: &str) -> bool {
    let after_number = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    text.contains(": note: ") || after_number.starts_with("| ")
}

fn is_cuda_advice(text: &str) -> bool {
    CUDA_ADVICE.iter().any(|advice| text.contains(advice))
}

/// A line of nothing but dashes or equals signs.
pub(super) fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 20 && (text.bytes().all(|byte| byte == b'-') || text.bytes().all(|byte| byte == b'='))
}
