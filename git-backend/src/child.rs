//! A child process whose output is passed on while it runs.

use std::{
    collections::VecDeque,
    pin::Pin,
    process::ExitStatus,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncRead, AsyncReadExt, ReadBuf},
    process::{Child, ChildStdout, Command},
    task::JoinHandle,
    time::Sleep,
};
use tokio_util::task::AbortOnDropHandle;

use crate::{Error, Permit, PushTicket, Result, fan_out::Writing, program};

/// How long a child whose client went away may take to clean up (remove its quarantine, release its locks)
/// after it was asked to stop.
const GRACE: Duration = Duration::from_secs(10);
/// The same for a push that was received completely: it is finished and recorded.
const PUSH_GRACE: Duration = Duration::from_mins(5);
/// The buffer size for reading from a client or a file.
const BUFFER_BYTES: usize = 64 << 10;
/// What is read before the caller gets the stream.
const FIRST_BYTES: usize = 8 << 10;

/// Standard output of a running git. Dropping it stops the child and everything it started.
pub struct ChildOutput {
    running: Running,
    deadline: Pin<Box<Sleep>>,
    complaint: Option<JoinHandle<Vec<u8>>>,
    finished: Option<Finish>,
    is_finished: bool,
    command: &'static str,
    /// The start of the output, read ahead of the reader.
    ahead: VecDeque<u8>,
    must_succeed: bool,
    has_output: bool,
    broken: BrokenInput,
}

/// The error that ended reading the input, if it was not end of file. It is set before the child sees its
/// input end.
type BrokenInput = Arc<Mutex<Option<std::io::Error>>>;

type Finish = Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>;

/// The processes themselves, in a process group of their own, so that all of them can be signalled at once.
struct Running {
    stdout: Option<ChildStdout>,
    is_push: bool,
    child: Option<Child>,
    group: Option<Pid>,
    feeder: Option<AbortOnDropHandle<()>>,
    permit: Option<Permit>,
    /// The gate answers the helper as long as these processes run, even when nobody reads their output any
    /// more.
    ticket: Option<(PushTicket, Writing)>,
}

impl ChildOutput {
    /// Starts a command without input.
    pub(crate) fn spawn(
        command: Command,
        name: &'static str,
        permit: Permit,
        time: Duration,
    ) -> Result<Self> {
        Self::start(command, name, permit, time, None::<tokio::io::Empty>)
    }

    /// Starts a command that is fed from `input` while its output is read.
    pub(crate) fn spawn_with_input(
        mut command: Command,
        name: &'static str,
        permit: Permit,
        time: Duration,
        input: impl AsyncRead + Send + Unpin + 'static,
    ) -> Result<Self> {
        command.stdin(std::process::Stdio::piped());
        Self::start(command, name, permit, time, Some(input))
    }

    fn start(
        mut command: Command,
        name: &'static str,
        permit: Permit,
        time: Duration,
        input: Option<impl AsyncRead + Send + Unpin + 'static>,
    ) -> Result<Self> {
        let mut child = command.process_group(0).kill_on_drop(false).spawn()?;
        program::limit(child.id(), time)?;
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut stderr = child.stderr.take().expect("standard error is piped");
        let complaint = tokio::spawn(async move { program::tail(&mut stderr).await });
        let broken = BrokenInput::default();
        let feeder = child.stdin.take().zip(input).map(|(mut stdin, input)| {
            let broken = Arc::clone(&broken);
            AbortOnDropHandle::new(tokio::spawn(async move {
                let mut input = tokio::io::BufReader::with_capacity(BUFFER_BYTES, input);
                // When either end breaks, the child sees the end of its input and decides what that means.
                let fed = tokio::io::copy_buf(&mut input, &mut stdin).await;
                // A child that has read enough closes its end.
                let fed = fed.map(drop).or_else(|error| match error.kind() {
                    std::io::ErrorKind::BrokenPipe => Ok(()),
                    _ => Err(error),
                });
                *broken.lock().unwrap_or_else(PoisonError::into_inner) = fed.err();
            }))
        });
        Ok(Self {
            running: Running {
                stdout: Some(stdout),
                is_push: false,
                child: Some(child),
                group,
                feeder,
                permit: Some(permit),
                ticket: None,
            },
            deadline: Box::pin(tokio::time::sleep(time)),
            complaint: Some(complaint),
            finished: None,
            is_finished: false,
            command: name,
            ahead: VecDeque::new(),
            must_succeed: false,
            has_output: false,
            broken,
        })
    }

    /// Makes a failure after the first bytes an error too. The git protocol marks its own end, and its last
    /// messages must reach the client; an archive just stops.
    pub(crate) fn must_succeed(&mut self) {
        self.must_succeed = true;
    }

    /// Keeps the permission of a push for as long as it runs.
    pub(crate) fn keep(&mut self, ticket: PushTicket, writing: Writing) {
        self.running.ticket = Some((ticket, writing));
    }

    /// Lets a push whose client went away run to its end: only then does git remove the quarantine, not when
    /// it is killed or when nobody reads its output.
    pub(crate) fn end_by_itself(&mut self) {
        self.running.is_push = true;
    }

    /// Waits for the first bytes, so that a child that fails before any output is an error for the caller. So
    /// is an input that breaks off before them, whatever the child makes of it.
    pub(crate) async fn fill(&mut self) -> Result<()> {
        let mut first = vec![0; FIRST_BYTES];
        let count = self.read(&mut first).await.map_err(Error::from_io)?;
        if let Some(error) = self.broken.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(Error::from_io(error));
        }
        first.truncate(count);
        self.ahead = first.into();
        Ok(())
    }

    /// Waits for the child to end after its output was read; an error carries its complaint.
    fn finish(&mut self) -> Finish {
        let is_error = self.must_succeed || !self.has_output;
        let child = self.running.child.take();
        let permit = self.running.permit.take();
        let complaint = self.complaint.take();
        let feeder = self.running.feeder.take();
        let broken = Arc::clone(&self.broken);
        let command = self.command;
        Box::pin(async move {
            let Some(mut child) = child else { return Ok(()) };
            let status: ExitStatus = child.wait().await?;
            drop(permit);
            drop(feeder);
            if let Some(error) = broken.lock().unwrap_or_else(PoisonError::into_inner).take()
                && is_error
            {
                return Err(error);
            }
            if status.success() {
                return Ok(());
            }
            let complaint = match complaint {
                Some(complaint) => complaint.await.unwrap_or_default(),
                None => Vec::new(),
            };
            let error = program::failure(command, &complaint);
            tracing::debug!(git.command = command, error = %error, "git ended with an error");
            if is_error { Err(std::io::Error::other(error)) } else { Ok(()) }
        })
    }
}

impl AsyncRead for ChildOutput {
    /// At the end of the output the child's exit status is awaited. A failure is reported as an error instead
    /// of the end where a truncated answer could otherwise be taken for a complete one.
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.deadline.as_mut().poll(context).is_ready() {
            let error = Error::Timeout { what: self.command };
            return Poll::Ready(Err(std::io::Error::new(std::io::ErrorKind::TimedOut, error)));
        }
        if !self.ahead.is_empty() {
            let count = self.ahead.len().min(buffer.remaining());
            let (start, _) = self.ahead.as_slices();
            let count = count.min(start.len());
            buffer.put_slice(&start[..count]);
            self.ahead.drain(..count);
            return Poll::Ready(Ok(()));
        }
        if self.is_finished {
            return Poll::Ready(Ok(()));
        }
        if let Some(finished) = &mut self.finished {
            let result = std::task::ready!(finished.as_mut().poll(context));
            self.finished = None;
            self.is_finished = true;
            return Poll::Ready(result);
        }
        let before = buffer.filled().len();
        if let Some(stdout) = &mut self.running.stdout {
            std::task::ready!(Pin::new(stdout).poll_read(context, buffer))?;
        }
        if buffer.filled().len() > before || buffer.remaining() == 0 {
            self.has_output = true;
            return Poll::Ready(Ok(()));
        }
        self.finished = Some(self.finish());
        self.poll_read(context, buffer)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The child sees the end of its input.
        self.feeder = None;
        let (Some(child), Some(group)) = (self.child.take(), self.group) else { return };
        let permit = self.permit.take();
        let stdout = self.stdout.take().filter(|_| self.is_push);
        let ticket = self.ticket.take();
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    stop(child, group, stdout).await;
                    drop((permit, ticket));
                });
            }
            Err(_) => {
                let _ = kill_process_group(group, Signal::KILL);
            }
        }
    }
}

/// Asks the group to stop, then kills it. The child has not been waited for, so its process id cannot have
/// been reused.
async fn stop(mut child: Child, group: Pid, to_drain: Option<ChildStdout>) {
    if let Some(mut stdout) = to_drain {
        let mut nowhere = tokio::io::sink();
        let end = async { tokio::join!(tokio::io::copy(&mut stdout, &mut nowhere), child.wait()) };
        if tokio::time::timeout(PUSH_GRACE, end).await.is_ok() {
            return;
        }
    }
    let _ = kill_process_group(group, Signal::TERM);
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        let _ = kill_process_group(group, Signal::KILL);
        let _ = child.wait().await;
    }
}
