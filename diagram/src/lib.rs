//! Diagrams in Mermaid's and Graphviz's notations, drawn as inert SVG.
//!
//! A text made to hurt may make the libraries that lay out diagrams run for ever, take all memory, or overflow their
//! stack. So a diagram is drawn by a process of its own with hard limits ([`run`]), which is ended when it takes too
//! long ([`DrawingProgram`]); of what it writes, only known elements and attributes remain.

mod draw;
mod inert;
mod process;
mod program;

pub use process::run;
pub use program::{DrawingProgram, NotDrawn};

/// Longer texts are not drawn.
pub const MOST_SOURCE_BYTES: usize = 16 << 10;
/// Larger drawings are not passed on.
pub const MOST_DRAWING_BYTES: usize = 2 << 20;

/// How a diagram is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    Mermaid,
    Graphviz,
}

impl Notation {
    /// `mermaid` or `graphviz`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mermaid => "mermaid",
            Self::Graphviz => "graphviz",
        }
    }

    /// The notation of a code block with this word: `mermaid`, `dot`, `graphviz` or `gv`.
    pub fn of_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "mermaid" => Some(Self::Mermaid),
            "dot" | "graphviz" | "gv" => Some(Self::Graphviz),
            _ => None,
        }
    }
}
