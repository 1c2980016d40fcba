//! The process that draws one diagram: it limits itself before it reads anything.

use std::{
    io::{self, Read as _, Write as _},
    process::ExitCode,
};

use rustix::process::{Resource, Rlimit, nice, setrlimit};

use crate::{MOST_SOURCE_BYTES, Notation, draw};

/// Writable memory; a diagram needs a few megabytes.
const MEMORY_BYTES: u64 = 768 << 20;
const CPU_SECONDS: u64 = 2;
const OPEN_FILES: u64 = 16;
/// Whoever waits for a page goes first.
const NICENESS: i32 = 10;

/// Draws what standard input holds to standard output. Fails without a word where it cannot be drawn.
pub fn run(notation: &str) -> ExitCode {
    match limit().and_then(|()| answer(notation)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

fn limit() -> io::Result<()> {
    nice(NICENESS)?;
    let to = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    setrlimit(Resource::Data, to(MEMORY_BYTES))?;
    setrlimit(Resource::Cpu, to(CPU_SECONDS))?;
    setrlimit(Resource::Nofile, to(OPEN_FILES))?;
    // It writes no file and leaves no image of its memory.
    setrlimit(Resource::Fsize, to(0))?;
    setrlimit(Resource::Core, to(0))?;
    Ok(())
}

fn answer(notation: &str) -> io::Result<bool> {
    let Some(notation) = Notation::of_word(notation) else { return Ok(false) };
    let mut source = String::new();
    io::stdin().lock().take(MOST_SOURCE_BYTES as u64 + 1).read_to_string(&mut source)?;
    if source.len() > MOST_SOURCE_BYTES {
        return Ok(false);
    }
    let Some(svg) = draw::draw(notation, &source) else { return Ok(false) };
    io::stdout().lock().write_all(svg.as_bytes())?;
    Ok(true)
}
