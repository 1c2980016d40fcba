//! What is written while it is sent, in pieces that wait for a slow reader.

use std::io::{self, Write};

use futures_util::{Stream, stream};
use tokio::sync::mpsc::{self, Sender};

/// Pieces that are buffered for a slow reader.
const WAITING: usize = 4;

/// Forwards what is written.
pub(crate) struct Pieces<'a>(&'a Sender<io::Result<Vec<u8>>>);

/// What `write` writes, on a thread that may block. Its error ends the stream, so that a part is not mistaken for
/// the whole.
pub(crate) fn stream(
    write: impl FnOnce(Pieces<'_>) -> io::Result<()> + Send + 'static,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(Pieces(&sender)) {
            // If the reader has gone away, there is nobody to report to.
            sender.blocking_send(Err(error)).ok();
        }
    });
    stream::poll_fn(move |context| receiver.poll_recv(context))
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(bytes.to_owned()));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
