use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _, stderr, stdin};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

/// The longest token or password that is read.
const MOST_SECRET_BYTES: u64 = 4_096;

/// What Ctrl-C writes.
const INTERRUPTION: char = '\u{3}';

/// Whether somebody is there to answer.
pub(crate) fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks a question that is answered with yes or no; no where nobody is there to answer.
pub(crate) fn confirm(question: &str) -> bool {
    if !can_ask() {
        return false;
    }
    say(&format!("{question} [y/N] "));
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer).ok();
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Reads a secret: at a terminal after a prompt and without showing it, otherwise the first line of standard input.
pub(crate) fn secret(prompt: &str) -> String {
    let mut line = String::new();
    if !can_ask() {
        stdin().lock().take(MOST_SECRET_BYTES).read_line(&mut line).ok();
        return line.trim().to_owned();
    }
    say(prompt);
    let shown = tcgetattr(stdin()).ok();
    if let Some(mut hidden) = shown.clone() {
        // An interruption would leave the terminal without its echo; it is read as a character instead.
        hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        tcsetattr(stdin(), OptionalActions::Flush, &hidden).ok();
    }
    stdin().lock().take(MOST_SECRET_BYTES).read_line(&mut line).ok();
    if let Some(shown) = shown {
        tcsetattr(stdin(), OptionalActions::Flush, &shown).ok();
    }
    say("\n");
    if line.contains(INTERRUPTION) { String::new() } else { line.trim().to_owned() }
}

fn say(text: &str) {
    let mut out = stderr().lock();
    write!(out, "{text}").and_then(|()| out.flush()).ok();
}
