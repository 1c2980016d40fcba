//! The schedule of recurring jobs, in one readable list.

use cronexpr::{Crontab, parse_crontab};
use hearth_core::{Error, Result, Timestamp};
use hearth_store::schedule;

use super::{
    CollectLargeFiles, EndExpiredSessions, ForgetAddresses, RemoveIdleUploads, RemoveWaitingAttachments,
};
use crate::{App, Operation};

type Enqueuing<'a> = std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// A recurring job.
pub struct Schedule {
    /// The name in the database; never changed once released.
    pub name: &'static str,
    /// Minute, hour, day of the month, month, day of the week, and the time zone.
    pub cron: &'static str,
    enqueue: for<'a> fn(&'a mut Operation) -> Enqueuing<'a>,
}

/// All recurring jobs.
pub const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: "collect_large_files",
        cron: "37 3 * * * UTC",
        enqueue: |operation| Box::pin(async { operation.enqueue(&CollectLargeFiles::all()).await }),
    },
    Schedule {
        name: "end_expired_sessions",
        cron: "17 * * * * UTC",
        enqueue: |operation| Box::pin(operation.enqueue(&EndExpiredSessions {})),
    },
    Schedule {
        name: "forget_addresses",
        cron: "23 * * * * UTC",
        enqueue: |operation| Box::pin(operation.enqueue(&ForgetAddresses {})),
    },
    Schedule {
        name: "remove_idle_uploads",
        cron: "53 * * * * UTC",
        enqueue: |operation| Box::pin(operation.enqueue(&RemoveIdleUploads {})),
    },
    Schedule {
        name: "remove_waiting_attachments",
        cron: "41 * * * * UTC",
        enqueue: |operation| Box::pin(operation.enqueue(&RemoveWaitingAttachments {})),
    },
];

/// Enqueues what is due. Any number of servers may do so at once: a schedule advances in the transaction that
/// enqueues its job. A server that was stopped for long runs each missed schedule once.
pub(super) async fn enqueue_due(app: &App) -> Result<()> {
    let now = app.now();
    let known = schedule::list(&mut app.store().read().await?).await?;
    for wanted in SCHEDULES {
        let next = next_after(wanted, now)?;
        let due = known.iter().find(|(name, _)| *name == wanted.name).map(|(_, at)| *at);
        match due {
            None => {
                let mut operation = app.begin().await?;
                schedule::insert(&mut operation, wanted.name, next).await?;
                operation.commit().await?;
            }
            // Later than its next time: the clock was set back, or the schedule was changed.
            Some(at) if at <= now || at > next => {
                let mut operation = app.begin().await?;
                if schedule::advance(&mut operation, wanted.name, at, next).await? {
                    if at <= now {
                        (wanted.enqueue)(&mut operation).await?;
                    }
                    operation.commit().await?;
                }
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn next_after(schedule: &Schedule, now: Timestamp) -> Result<Timestamp> {
    let cron: Crontab = parse_crontab(schedule.cron).map_err(Error::internal)?;
    Ok(Timestamp::new(cron.find_next(now.as_jiff()).map_err(Error::internal)?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_read_and_has_a_next_time() {
        let now = Timestamp::from_second(1_790_000_000);
        for schedule in SCHEDULES {
            let next = next_after(schedule, now).expect("a cron line");
            assert!(next > now, "{}", schedule.name);
        }
    }
}
