//! Writes log lines to standard error on a thread of its own, so that a full disk, a closed pipe or a reader
//! that has stopped never blocks work: lines that cannot be written are counted, and reported once writing
//! works again.

use std::{
    io::{self, IsTerminal as _, Write},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{self, Receiver, Sender, SyncSender},
    },
    thread,
    time::Duration,
};

use hearth_core::{Clock as _, SystemClock};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::config::{LogConfig, LogFormat};

/// The buffer for a slow reader; lines beyond it are dropped.
const MOST_WAITING_BYTES: usize = 4 << 20;
/// How long the program waits at exit for its last lines.
const AT_THE_END: Duration = Duration::from_secs(1);

/// One per process, like the subscriber and standard error.
static LINES: OnceLock<Lines> = OnceLock::new();

/// Sends log lines to standard error from here on. Fails if the level is invalid.
pub(crate) fn start(config: &LogConfig) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter: EnvFilter = config.level.parse()?;
    let lines = lines(config.format);
    let built =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines).log_internal_errors(false);
    let started = match config.format {
        LogFormat::Text => built.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => built.json().flatten_event(true).try_init(),
    };
    // Only a second start in one process can fail; lines then go where they went before.
    started.ok();
    Ok(())
}

/// The same for an agent, which reads no configuration.
pub(crate) fn start_of_agent() {
    let built = tracing_subscriber::fmt().with_writer(lines(LogFormat::Text)).with_ansi(false);
    built.log_internal_errors(false).try_init().ok();
}

/// Writes the buffered lines, as far as possible within a moment.
pub(crate) fn finish() {
    if let Some(lines) = LINES.get() {
        lines.finish();
    }
}

/// The number of dropped lines.
pub(crate) fn lost_lines() -> u64 {
    LINES.get().map_or(0, |lines| lines.counts.lost.load(Ordering::Relaxed))
}

fn lines(format: LogFormat) -> &'static Lines {
    // Not locked permanently: commands write there too.
    LINES.get_or_init(|| Lines::to(io::stderr(), format))
}

struct Lines {
    sender: Sender<Word>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    waiting_bytes: AtomicUsize,
    /// The number of lines lost so far.
    lost: AtomicU64,
}

enum Word {
    Line(Vec<u8>),
    /// Acknowledged when everything before it was written.
    Finish(SyncSender<()>),
}

impl Lines {
    fn to(mut out: impl Write + Send + 'static, format: LogFormat) -> Self {
        let (sender, receiver) = mpsc::channel();
        let counts = Arc::<Counts>::default();
        let shared = Arc::clone(&counts);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_all(&receiver, &mut out, format, &shared))
            .expect("the logging thread can be started");
        Self { sender, counts }
    }

    fn take(&self, line: &[u8]) {
        let waiting = self.counts.waiting_bytes.fetch_add(line.len(), Ordering::Relaxed);
        if waiting > MOST_WAITING_BYTES || self.sender.send(Word::Line(line.to_owned())).is_err() {
            self.counts.waiting_bytes.fetch_sub(line.len(), Ordering::Relaxed);
            self.counts.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn finish(&self) {
        let (sender, written) = mpsc::sync_channel(1);
        if self.sender.send(Word::Finish(sender)).is_ok() {
            // Lines that cannot be written in time are lost.
            written.recv_timeout(AT_THE_END).ok();
        }
    }
}

/// Each event is written to it in one piece.
pub(crate) struct Line(&'static Lines);

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.take(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for &'static Lines {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line(self)
    }
}

fn write_all(receiver: &Receiver<Word>, out: &mut impl Write, format: LogFormat, counts: &Counts) {
    let mut told = 0;
    for word in receiver {
        match word {
            Word::Finish(answer) => drop(answer.send(())),
            Word::Line(line) => {
                counts.waiting_bytes.fetch_sub(line.len(), Ordering::Relaxed);
                let lost = counts.lost.load(Ordering::Relaxed);
                if lost > told && write_line(out, &about_lost(lost - told, format)).is_ok() {
                    told = lost;
                }
                if write_line(out, &line).is_err() {
                    counts.lost.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}

fn write_line(out: &mut impl Write, line: &[u8]) -> io::Result<()> {
    out.write_all(line)?;
    out.flush()
}

/// Starts with a line break: the last line may have been written only in part.
fn about_lost(count: u64, format: LogFormat) -> Vec<u8> {
    let now = SystemClock.now();
    let message = "log lines could not be written";
    match format {
        LogFormat::Text => format!("\n{now}  WARN hearth: {count} {message}\n"),
        LogFormat::Json => {
            let line = serde_json::json!({
                "timestamp": now.to_string(), "level": "WARN", "message": message, "lost": count, "target": "hearth",
            });
            format!("\n{line}\n")
        }
    }
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, atomic::AtomicBool};

    use super::*;

    /// A simulated disk that may be full.
    #[derive(Clone, Default)]
    struct Disk {
        is_full: Arc<AtomicBool>,
        text: Arc<Mutex<String>>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.is_full.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.text.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_a_full_disk_does_not_take_are_counted_and_told_later() {
        let disk = Disk::default();
        let lines = Lines::to(disk.clone(), LogFormat::Text);
        lines.take(b"one\n");
        lines.finish();
        disk.is_full.store(true, Ordering::SeqCst);
        lines.take(b"two\n");
        lines.take(b"three\n");
        lines.finish();
        assert_eq!(lines.counts.lost.load(Ordering::Relaxed), 2);
        disk.is_full.store(false, Ordering::SeqCst);
        lines.take(b"four\n");
        lines.take(b"five\n");
        lines.finish();
        let text = disk.text.lock().unwrap().clone();
        let shown: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert!(
            shown[0] == "one" && shown[1].ends_with("WARN hearth: 2 log lines could not be written"),
            "{text}"
        );
        assert_eq!(shown[2..], ["four", "five"]);
    }

    /// A pipe whose other end is not being read.
    struct Stalled(Receiver<()>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.recv().ok();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stops_reading_holds_up_nobody() {
        let (_never, stalled) = mpsc::channel();
        let lines = Lines::to(Stalled(stalled), LogFormat::Json);
        let line = vec![b'x'; 64 << 10];
        for _ in 0..200 {
            lines.take(&line);
        }
        let counts = &lines.counts;
        assert!(counts.lost.load(Ordering::Relaxed) > 100);
        assert!(counts.waiting_bytes.load(Ordering::Relaxed) <= MOST_WAITING_BYTES + line.len());
    }
}
