use std::fmt::Write as _;

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App, code,
    code::{ActivePerson, Activity},
};
use hearth_core::urls;

use super::RepositoryVisit;
use crate::{
    Failure, Page, RepositoryHead,
    chart::{Axis, Chart, Series},
    respond,
    words::Html,
};

/// Who made the commits of the default branch, and when.
#[derive(Template)]
#[template(path = "pages/repo/contributors.html")]
struct Contributors {
    page: Page,
    head: RepositoryHead,
    /// None: nothing was counted.
    shown: Option<Shown>,
}

struct Shown {
    sum: String,
    chart: Html,
    people: Vec<Person>,
    /// How many people are not listed.
    hidden: u64,
    is_cut: bool,
    is_behind: bool,
}

struct Person {
    name: String,
    /// The page of their account.
    address: Option<String>,
    commits: String,
    co_authored: Option<String>,
    /// The weeks as bars.
    weeks: Html,
}

const WEEK_SECONDS: f64 = 7.0 * 24.0 * 3600.0;
/// The first week begins on Monday, 5 January 1970.
const FIRST_MONDAY: f64 = 4.0 * 24.0 * 3600.0;
/// The bars of one person; several weeks share one.
const MOST_BARS: usize = 80;
const BAR_HEIGHT: u64 = 24;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::home::SECTION).await?;
    let found = code::contributors(&app, &visit.access).await?;
    let shown = found.map(|found| draw(&page, &found));
    respond::html(&Contributors { page, head, shown })
}

fn draw(page: &Page, found: &Activity) -> Shown {
    let (commits, people) = (found.total_commits, found.total_people as u64);
    let most = found.people.iter().flat_map(|person| bars(&person.weeks)).max().unwrap_or(1).max(1);
    Shown {
        sum: t!(page, "repo-contributors-sum", commits = commits, count = people),
        chart: chart(page, found),
        people: found.people.iter().map(|one| person(page, one, most)).collect(),
        hidden: people.saturating_sub(found.people.len() as u64),
        is_cut: found.is_cut,
        is_behind: found.is_behind,
    }
}

fn chart(page: &Page, found: &Activity) -> Html {
    let start = |week: u32| FIRST_MONDAY + f64::from(week) * WEEK_SECONDS;
    // No repository has four billion commits in a week.
    let count = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let points = found.weeks.iter().map(|(week, commits)| (start(*week), count(*commits)));
    let series = Series::new(t!(page, "repo-contributors-series"), points);
    let axis = Axis::Moment(t!(page, "repo-contributors-axis").to_owned());
    Chart::new(t!(page, "repo-contributors-chart"), axis, vec![series]).draw(page.words())
}

fn person(page: &Page, person: &ActivePerson, most: u64) -> Person {
    Person {
        name: person.name.clone(),
        address: person.account.as_deref().map(urls::user),
        commits: t!(page, "repo-contributors-commits", count = person.commits),
        co_authored: (person.co_authored > 0)
            .then(|| t!(page, "repo-contributors-co-authored", count = person.co_authored)),
        weeks: picture(&bars(&person.weeks), most),
    }
}

/// The weeks, joined to as many bars as fit.
fn bars(weeks: &[u64]) -> Vec<u64> {
    let in_one = weeks.len().div_ceil(MOST_BARS).max(1);
    weeks.chunks(in_one).map(|weeks| weeks.iter().sum()).collect()
}

fn picture(bars: &[u64], most: u64) -> Html {
    let width = bars.len().max(1) * 3;
    let mut svg = format!(
        "<svg class=\"contributor-weeks\" viewBox=\"0 0 {width} {BAR_HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
    );
    for (place, count) in bars.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = (count * BAR_HEIGHT / most).max(1);
        write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"2\" height=\"{height}\"/>",
            place * 3,
            BAR_HEIGHT - height
        )
        .expect("writing to a String cannot fail");
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_weeks_share_the_bars() {
        assert_eq!(bars(&[1, 2, 3]), [1, 2, 3]);
        let many = bars(&vec![1; 1_000]);
        assert!(many.len() <= MOST_BARS && many.iter().sum::<u64>() == 1_000);
        assert!(bars(&[]).is_empty());
    }

    #[test]
    fn a_week_with_one_commit_can_still_be_seen() {
        assert!(picture(&[0, 1, 1_000], 1_000).as_str().contains("height=\"1\""));
    }
}
