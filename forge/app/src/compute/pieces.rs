//! What is written while it is sent, in pieces that wait for a slow reader.

use std::{
    io::{self, Write},
    time::Duration,
};

use futures_util::{Stream, stream};
use hearth_core::Result;
use hearth_git::{Permit, Shares};
use tokio::sync::mpsc::{self, Sender};

use crate::{App, turn};

/// Pieces that are buffered for a slow reader.
const WAITING: usize = 4;
/// What is written at once, and for one reader: each takes a thread for as long as its reader takes.
const AT_ONCE: usize = 64;
const AT_ONCE_FOR_ONE: usize = 8;
/// How long a reader waits for others before being told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// The permits for writing while somebody reads.
#[derive(Debug)]
pub(crate) struct WriterPermits(Shares);

impl Default for WriterPermits {
    fn default() -> Self {
        Self(Shares::new(AT_ONCE, AT_ONCE_FOR_ONE))
    }
}

/// A permit to [`stream`].
pub(crate) async fn enter(app: &App) -> Result<Permit> {
    turn(&app.writer_permits().0, PATIENCE).await
}

/// Forwards what is written.
pub(crate) struct Pieces<'a>(&'a Sender<io::Result<Vec<u8>>>);

/// What `write` writes, on a thread that may block, and has the permit until it ends. Its error ends the stream, so
/// that a part is not mistaken for the whole.
pub(crate) fn stream(
    permit: Permit,
    write: impl FnOnce(Pieces<'_>) -> io::Result<()> + Send + 'static,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use hearth_git::{Holder, on_behalf_of};

    use super::*;
    use crate::testing::TestHearth;

    #[tokio::test]
    async fn slow_readers_from_one_address_leave_threads_for_others() {
        let hearth = TestHearth::new().await;
        let from = |last| vec![Holder::address(Ipv4Addr::new(192, 0, 2, last).into())];
        let mut slow = Vec::new();
        for _ in 0..AT_ONCE_FOR_ONE {
            let permit = on_behalf_of(from(1), enter(&hearth.app)).await.expect("within the share");
            // Nobody reads it, so that it is never written to its end.
            slow.push(stream(permit, |mut out| (0..100).try_for_each(|_| out.write_all(b"x"))));
        }
        tokio::select! {
            biased;
            _ = on_behalf_of(from(1), enter(&hearth.app)) => panic!("more than the share"),
            other = on_behalf_of(from(2), enter(&hearth.app)) => drop(other.expect("room for another")),
        }
        drop(slow);
        on_behalf_of(from(1), enter(&hearth.app)).await.expect("nobody reads any more");
    }
}
