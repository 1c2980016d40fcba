//! Permits for what one page takes much of: the memory of a large file, and the time of whoever parses it. Of both,
//! one reader has a part, and waits while it is in use.

use std::{num::NonZero, sync::Arc, thread::available_parallelism, time::Duration};

use hearth_core::{Error, Result};
use hearth_git::{Permit, Shares, current_holders};

use crate::{App, turn};

/// Larger files are in memory only a few at a time.
pub(super) const LARGE_BYTES: u64 = 1 << 20;
/// How long a reader waits for others before being told to come back.
const PATIENCE: Duration = Duration::from_secs(20);
const LARGE_AT_ONCE: usize = 8;
const LARGE_OF_ONE: usize = 4;
const PARSED_AT_ONCE_PER_CORE: usize = 2;

/// The permits of one server.
#[derive(Debug)]
pub(crate) struct FilePermits {
    large: Shares,
    parsing: Shares,
}

impl FilePermits {
    /// A permit for work on a text, as soon as the reader's share and the machine have room.
    pub(crate) async fn turn(&self) -> Permit {
        self.parsing.acquire(&current_holders()).await
    }
}

impl Default for FilePermits {
    fn default() -> Self {
        let cores = available_parallelism().map_or(2, NonZero::get);
        Self {
            large: Shares::new(LARGE_AT_ONCE, LARGE_OF_ONE),
            parsing: Shares::new(cores * PARSED_AT_ONCE_PER_CORE, cores),
        }
    }
}

/// A permit for as long as a large file is in memory.
pub(crate) async fn large(app: &App) -> Result<Arc<Permit>> {
    turn(&app.file_permits().large, PATIENCE).await.map(Arc::new)
}

/// Runs what works through a whole file off the async threads. It has its permit until it ends, whether anybody still
/// waits for it or not.
pub async fn parse<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let permit = turn(&app.file_permits().parsing, PATIENCE).await?;
    let working = move || {
        let _permit = permit;
        work()
    };
    tokio::task::spawn_blocking(working).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, sync::mpsc};

    use hearth_git::{Holder, on_behalf_of};

    use super::*;
    use crate::testing::TestHearth;

    #[tokio::test(flavor = "multi_thread")]
    async fn one_reader_leaves_others_room_to_have_files_parsed() {
        let hearth = TestHearth::new().await;
        let from = |last| vec![Holder::address(Ipv4Addr::new(192, 0, 2, last).into())];
        let cores = available_parallelism().map_or(2, NonZero::get);
        let mut parsers = Vec::new();
        let mut ends = Vec::new();
        for _ in 0..cores {
            let (end, wait) = mpsc::channel::<()>();
            let (begun, begins) = tokio::sync::oneshot::channel();
            let app = hearth.app.clone();
            let work = move || {
                let _ = begun.send(());
                let _ = wait.recv();
            };
            parsers.push(tokio::spawn(on_behalf_of(from(1), async move { parse(&app, work).await })));
            begins.await.expect("it begins");
            ends.push(end);
        }
        let app = hearth.app.clone();
        let next = tokio::spawn(on_behalf_of(from(1), async move { parse(&app, || 1).await }));
        let other = on_behalf_of(from(2), parse(&hearth.app, || 2)).await.expect("room for another");
        assert_eq!((other, next.is_finished()), (2, false));
        drop(ends);
        assert_eq!(next.await.expect("not cancelled").expect("its turn"), 1);
        for parser in parsers {
            parser.await.expect("not cancelled").expect("it ran");
        }
    }
}
