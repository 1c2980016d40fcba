use std::{env, io::IsTerminal as _};

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Good,
    Bad,
    Waiting,
    Done,
    Quiet,
}

impl Colour {
    const fn code(self) -> &'static str {
        match self {
            Self::Good => "32",
            Self::Bad => "31",
            Self::Waiting => "33",
            Self::Done => "35",
            Self::Quiet => "2",
        }
    }
}

/// The text in a colour, where standard output is a terminal and nobody asked for none.
pub(crate) fn paint(text: &str, colour: Colour) -> String {
    if is_coloured() { format!("\u{1b}[{}m{text}\u{1b}[0m", colour.code()) } else { text.to_owned() }
}

fn is_coloured() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb
}
