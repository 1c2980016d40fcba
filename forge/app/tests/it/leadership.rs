use std::time::Duration;

use hearth_app::{
    leadership::{self, Leadership},
    testing::TestHearth,
};
use tokio::{sync::watch, task::JoinHandle, time};

/// A server that competes for the lead.
struct Server {
    leadership: Leadership,
    stop: watch::Sender<bool>,
    keeps: JoinHandle<()>,
}

impl Server {
    fn start(hearth: &TestHearth, name: &str) -> Self {
        let (app, leadership) = (hearth.app.clone(), Leadership::among_others());
        let (stop, stopping) = watch::channel(false);
        let keeps = tokio::spawn(leadership::keep(app, leadership.clone(), name.to_owned(), stopping));
        Self { leadership, stop, keeps }
    }

    fn is_leading(&self, hearth: &TestHearth) -> bool {
        self.leadership.is_leading(hearth.app.monotonic())
    }

    async fn until_it_leads(&self, hearth: &TestHearth) {
        while !self.is_leading(hearth) {
            time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn one_of_two_leads_and_the_other_follows_one_that_is_gone() {
    for hearth in TestHearth::all().await {
        let first = Server::start(&hearth, "first");
        first.until_it_leads(&hearth).await;
        let second = Server::start(&hearth, "second");
        time::sleep(Duration::from_millis(1_500)).await;
        assert!(first.is_leading(&hearth) && !second.is_leading(&hearth));
        // It no longer renews its lead.
        first.keeps.abort();
        time::sleep(Duration::from_millis(1_500)).await;
        assert!(!second.is_leading(&hearth), "it may be busy");
        hearth.clock.advance(Duration::from_secs(6));
        second.until_it_leads(&hearth).await;
    }
}

#[tokio::test]
async fn a_leader_that_stops_gives_the_lead_back_at_once() {
    let hearth = TestHearth::new().await;
    let mut first = Server::start(&hearth, "first");
    first.until_it_leads(&hearth).await;
    let second = Server::start(&hearth, "second");
    first.stop.send_replace(true);
    (&mut first.keeps).await.expect("it ends");
    assert!(!first.is_leading(&hearth));
    second.until_it_leads(&hearth).await;
}

#[tokio::test]
async fn a_leader_that_was_paused_leads_no_more_until_it_has_taken_the_lead_anew() {
    let hearth = TestHearth::new().await;
    let first = Server::start(&hearth, "first");
    first.until_it_leads(&hearth).await;
    let led = first.leadership.clone();
    let (_stop, stopping) = watch::channel(false);
    let (begun, mut runs) = watch::channel(0);
    tokio::spawn(led.run_while_leading(stopping, move |mut ending| {
        begun.send_modify(|count| *count += 1);
        async move { drop(ending.wait_for(|is_ending| *is_ending).await) }
    }));
    runs.wait_for(|count| *count == 1).await.expect("it runs");
    // As if the process had been paused: nothing has told it that time has passed.
    hearth.clock.advance(Duration::from_secs(4));
    assert!(!first.is_leading(&hearth));
    runs.wait_for(|count| *count == 2).await.expect("it is begun again");
    assert!(first.is_leading(&hearth));
}

#[tokio::test]
async fn the_lead_ends_with_whoever_keeps_it() {
    let hearth = TestHearth::new().await;
    let first = Server::start(&hearth, "first");
    first.until_it_leads(&hearth).await;
    first.keeps.abort();
    assert!(first.keeps.await.is_err_and(|error| error.is_cancelled()));
    assert!(!first.leadership.is_leading(hearth.app.monotonic()));
}

#[tokio::test]
async fn what_is_led_ends_with_the_lead_and_begins_again() {
    let hearth = TestHearth::new().await;
    let leadership = Leadership::among_others();
    let (stop, stopping) = watch::channel(false);
    let (runs, mut running) = watch::channel((0, false));
    let led = tokio::spawn(leadership.clone().run_while_leading(stopping, move |mut ending| {
        let runs = runs.clone();
        async move {
            runs.send_modify(|(count, is_running)| (*count, *is_running) = (*count + 1, true));
            ending.wait_for(|is_ending| *is_ending).await.ok();
            runs.send_modify(|(_, is_running)| *is_running = false);
        }
    }));
    for round in 1..=2 {
        let (end, ending) = watch::channel(false);
        let keeps =
            tokio::spawn(leadership::keep(hearth.app.clone(), leadership.clone(), "first".into(), ending));
        running.wait_for(|seen| *seen == (round, true)).await.expect("it runs");
        end.send_replace(true);
        running.wait_for(|seen| *seen == (round, false)).await.expect("it has ended");
        keeps.await.expect("it ends");
    }
    stop.send_replace(true);
    led.await.expect("it ends when told to");
}
