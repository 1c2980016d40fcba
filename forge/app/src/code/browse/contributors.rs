//! Who made the commits of the default branch, and when.

use hearth_core::{Read, Result};
use hearth_git::Contributors;
use hearth_store::user;

use super::folder::{PATIENCE, optional};
use crate::{Access, App, GitResult as _, repository};

/// The most people on a page.
const MOST_PEOPLE: usize = 50;
/// Weeks before this one are added to it: some commits have a clock that says 1970.
const MOST_WEEKS: usize = 20 * 52;

/// The work on a repository.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Number of each week since Monday, 5 January 1970, and the commits in it, in order, without gaps.
    pub weeks: Vec<(u32, u64)>,
    /// The most active people, with their weeks.
    pub people: Vec<ActivePerson>,
    /// All people who were counted.
    pub total_people: usize,
    pub total_commits: u64,
    /// Whether some commits or people were not counted, because there are too many.
    pub is_cut: bool,
    /// Whether the newest commits are not counted yet.
    pub is_behind: bool,
}

/// One person and what they did.
#[derive(Clone, Debug)]
pub struct ActivePerson {
    /// The name in their commits.
    pub name: String,
    /// Their account, if it shows the address that is in their commits.
    pub account: Option<String>,
    pub commits: u64,
    /// Of these, the ones of others that name them as co-authors.
    pub co_authored: u64,
    /// The same weeks as in the activity.
    pub weeks: Vec<u64>,
}

/// The work on the default branch. What a push brings is counted after it; what was never counted is counted now. None
/// while the branch is empty, or while there is too much to count for a page.
pub async fn contributors(app: &App, access: &Access<Read>) -> Result<Option<Activity>> {
    let git = repository::git(app, access.repository()).await?;
    let look = git.run(|git| Ok((git.head()?, git.kept_contributors())));
    let (head, kept) = look.await.map_git()?;
    let Some(head) = head else { return Ok(None) };
    let (found, is_behind) = match kept {
        Some(kept) if kept.at == head => (kept, false),
        kept => {
            let counted = git.run_expensive_within(PATIENCE, move |git| {
                let counted = git.count_contributors(head)?;
                // A job may get further than a page.
                if !counted.is_cut {
                    git.keep_contributors(&counted)?;
                }
                Ok(counted)
            });
            match (optional(counted.await)?, kept) {
                (Some(counted), _) => (counted, false),
                (None, Some(kept)) => (kept, true),
                (None, None) => return Ok(None),
            }
        }
    };
    activity(app, found, is_behind).await.map(Some)
}

/// Counts after a push, before anybody asks.
pub(crate) async fn warm(git: &hearth_git::Repository) -> Result<()> {
    let counted = git.run_in_background(|git| {
        let Some(head) = git.head()? else { return Ok(()) };
        let counted = git.count_contributors(head)?;
        git.keep_contributors(&counted)
    });
    optional(counted.await)?;
    Ok(())
}

async fn activity(app: &App, found: Contributors, is_behind: bool) -> Result<Activity> {
    let last = found.weeks.last().map_or(0, |(week, _)| *week);
    let most_weeks = u32::try_from(MOST_WEEKS).unwrap_or(u32::MAX);
    let first = found.weeks.first().map_or(0, |(week, _)| *week).max(last.saturating_sub(most_weeks - 1));
    let fill = |weeks: &[(u32, u32)]| {
        let mut filled = vec![0; (last - first + 1) as usize];
        for (week, count) in weeks {
            filled[((*week).clamp(first, last) - first) as usize] += u64::from(*count);
        }
        filled
    };
    let total_commits = found.weeks.iter().map(|(_, count)| u64::from(*count)).sum();
    let total_people = found.people.len();
    let mut reader = app.store().read().await?;
    let mut people = Vec::new();
    for person in found.people.into_iter().take(MOST_PEOPLE) {
        let account = account(&mut reader, &person.email).await?;
        people.push(ActivePerson {
            weeks: fill(&person.weeks),
            account,
            name: person.name,
            commits: person.commits,
            co_authored: person.co_authored,
        });
    }
    let weeks = (first..=last).zip(fill(&found.weeks)).collect();
    Ok(Activity { weeks, people, total_people, total_commits, is_cut: found.is_cut, is_behind })
}

/// The name of the account that an address belongs to. An address that its owner hides leads to nobody, except the one
/// that stands for it in commits of this server.
async fn account(reader: &mut hearth_store::Reader, email: &str) -> Result<Option<String>> {
    let found = match email.strip_suffix("@noreply.localhost") {
        Some(name) => user::find_by_name(reader, name).await?,
        None => user::find_by_email(reader, email).await?.filter(|person| !person.is_email_hidden),
    };
    Ok(found.map(|person| person.name.to_string()))
}
