use std::{ffi::OsString, io, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
    time::timeout,
};

use crate::{MOST_DRAWING_BYTES, Notation};

/// The wall-clock time for one drawing; its CPU time is limited by the process itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// The program that draws in a process of its own: it calls [`crate::run`] with the notation.
#[derive(Clone, Debug)]
pub struct DrawingProgram {
    program: OsString,
    argument: &'static str,
}

/// Why there is no drawing.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// The text is no diagram, or drawing it would cost too much.
    #[error("the text cannot be drawn")]
    Refused,
    #[error("the program that draws could not be started: {0}")]
    Start(#[from] io::Error),
}

impl DrawingProgram {
    /// `program argument notation`.
    pub fn new(program: impl Into<OsString>, argument: &'static str) -> Self {
        Self { program: program.into(), argument }
    }

    /// Draws a diagram as SVG. The process ends with this future.
    pub async fn draw(&self, notation: Notation, source: &str) -> Result<String, NotDrawn> {
        let mut child = Command::new(&self.program)
            .args([self.argument, notation.as_str()])
            .env_clear()
            // The program's allocator takes memory as it needs it, not a gigabyte at once, which would count.
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(NotDrawn::Refused);
        };
        let drawing = async {
            // A program that ends early closes its input; its exit status says so.
            let _ = input.write_all(source.as_bytes()).await;
            drop(input);
            let mut svg = Vec::new();
            output.take(MOST_DRAWING_BYTES as u64 + 1).read_to_end(&mut svg).await?;
            io::Result::Ok((svg, child.wait().await?))
        };
        let Ok(finished) = timeout(PATIENCE, drawing).await else { return Err(NotDrawn::Refused) };
        let (svg, status) = finished?;
        let is_whole = status.success() && svg.len() <= MOST_DRAWING_BYTES;
        String::from_utf8(svg).ok().filter(|_| is_whole).ok_or(NotDrawn::Refused)
    }
}
