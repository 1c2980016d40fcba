//! Forecasts how long a task will wait from how long others waited.

use std::{collections::BTreeMap, time::Duration};

use hearth_core::{Result, Scope, TaskId, Timestamp};
use hearth_store::{Ask, wait_forecast as row, wait_forecast::WaitForecast};

use crate::{Actor, App, Operation};

/// Number of past waits that are considered.
const REMEMBERED: i64 = 50;
/// Fewer past waits than this give no forecast.
const LEAST: usize = 3;

/// The range that is met four times out of five.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eta {
    pub low: Duration,
    pub high: Duration,
}

/// Estimates the wait at this place from past waits per place, of which it takes the middle four fifths.
pub(crate) fn estimate(past: &[WaitForecast], place: u64) -> Option<Eta> {
    let mut per_place: Vec<f64> =
        past.iter().filter_map(|wait| Some(whole(wait.waited_seconds?) / whole(wait.place.max(1)))).collect();
    if per_place.len() < LEAST {
        return None;
    }
    per_place.sort_by(f64::total_cmp);
    let last = per_place.len() - 1;
    let ahead = whole(i64::try_from(place.max(1)).unwrap_or(i64::MAX));
    let at = |tenth: usize| {
        Duration::try_from_secs_f64((per_place[last * tenth / 10] * ahead).round()).unwrap_or(Duration::MAX)
    };
    Some(Eta { low: at(1), high: at(9) })
}

#[expect(clippy::cast_precision_loss, reason = "seconds and places are far below 2^52")]
fn whole(number: i64) -> f64 {
    number as f64
}

/// Past waits of a spec, or of all specs if it has too few.
pub(crate) async fn past(ask: &mut impl Ask, spec_code: &str) -> Result<Vec<WaitForecast>> {
    let of_spec = row::list_resolved_of_spec(ask, spec_code, REMEMBERED).await?;
    if of_spec.len() >= LEAST {
        return Ok(of_spec);
    }
    Ok(row::list_resolved(ask, REMEMBERED).await?)
}

/// Stores the forecast for a new task, from [`past`] waits.
pub(crate) async fn keep(
    operation: &mut Operation,
    task: TaskId,
    spec_code: &str,
    past: &[WaitForecast],
    place: u64,
    now: Timestamp,
) -> Result<()> {
    let eta = estimate(past, place);
    let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let told = WaitForecast {
        task_id: task,
        spec_code: spec_code.to_owned(),
        place: i64::try_from(place).unwrap_or(i64::MAX),
        low_seconds: eta.map_or(0, |eta| seconds(eta.low)),
        high_seconds: eta.map_or(-1, |eta| seconds(eta.high)),
        waited_seconds: None,
        created_at: now,
    };
    row::insert(operation, &told).await?;
    Ok(())
}

/// Forecast accuracy for one spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accuracy {
    pub spec_code: String,
    /// Tasks that started.
    pub started: usize,
    /// Of these, tasks that had a forecast.
    pub told: usize,
    /// Of these, tasks that started within their forecast.
    pub within: usize,
    pub median_wait: Duration,
    /// The median distance from the forecast.
    pub median_error: Duration,
}

/// Number of past waits on the administrators' page.
const LOOKED_BACK: i64 = 2_000;

/// Forecast accuracy per spec: for administrators.
pub async fn accuracy(app: &App, actor: &Actor) -> Result<Vec<Accuracy>> {
    actor.administrator(Scope::ReadAdmin)?;
    let filled = row::list_resolved(&mut app.store().read().await?, LOOKED_BACK).await?;
    let mut by_spec: BTreeMap<String, Vec<WaitForecast>> = BTreeMap::new();
    for wait in filled {
        by_spec.entry(wait.spec_code.clone()).or_default().push(wait);
    }
    Ok(by_spec.into_iter().map(|(spec_code, waits)| measure(spec_code, &waits)).collect())
}

fn measure(spec_code: String, waits: &[WaitForecast]) -> Accuracy {
    let told = || waits.iter().filter(|wait| wait.high_seconds >= wait.low_seconds);
    let errors = told().map(error).collect();
    Accuracy {
        spec_code,
        started: waits.len(),
        told: told().count(),
        within: told().filter(|wait| error(wait) == 0).count(),
        median_wait: median(waits.iter().filter_map(|wait| wait.waited_seconds).collect()),
        median_error: median(errors),
    }
}

/// Seconds outside the forecast range.
fn error(wait: &WaitForecast) -> i64 {
    let waited = wait.waited_seconds.unwrap_or(0);
    (wait.low_seconds - waited).max(waited - wait.high_seconds).max(0)
}

fn median(mut seconds: Vec<i64>) -> Duration {
    seconds.sort_unstable();
    let middle = seconds.get(seconds.len() / 2).copied().unwrap_or(0);
    Duration::from_secs(u64::try_from(middle).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(place: i64, waited: i64, told: (i64, i64)) -> WaitForecast {
        WaitForecast {
            task_id: TaskId(1),
            spec_code: "cpu-1".into(),
            place,
            low_seconds: told.0,
            high_seconds: told.1,
            waited_seconds: Some(waited),
            created_at: Timestamp::from_second(0),
        }
    }

    #[test]
    fn a_place_further_back_waits_longer() {
        let past: Vec<_> = (1..=11).map(|seconds| wait(2, seconds * 20, (0, -1))).collect();
        let eta = |place| estimate(&past, place).map(|eta| (eta.low.as_secs(), eta.high.as_secs()));
        assert_eq!(eta(1), Some((20, 100)));
        assert_eq!(eta(10), Some((200, 1_000)));
    }

    #[test]
    fn nothing_is_foretold_from_too_little() {
        assert_eq!(estimate(&[wait(1, 5, (0, -1)), wait(1, 5, (0, -1))], 1), None);
    }

    #[test]
    fn what_was_told_is_held_against_what_came() {
        let waits = [wait(1, 5, (0, 10)), wait(1, 30, (0, 10)), wait(1, 10, (20, 40)), wait(1, 7, (0, -1))];
        let found = measure("cpu-1".into(), &waits);
        assert_eq!((found.started, found.told, found.within), (4, 3, 1));
        assert_eq!((found.median_wait.as_secs(), found.median_error.as_secs()), (10, 10));
    }
}
