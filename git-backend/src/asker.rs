//! Who asks: told once, where a request comes in, and known wherever it takes a place.

use std::cell::RefCell;

use crate::Holder;

tokio::task_local! {
    static ASKERS: RefCell<Vec<Holder>>;
}

/// Works for these: every place that this takes comes from their shares. Work that nobody asked for is the server's
/// own, and has no share.
pub async fn asked_by<F: Future>(holders: Vec<Holder>, work: F) -> F::Output {
    ASKERS.scope(RefCell::new(holders), work).await
}

/// The same from now on for one more, who became known on the way. Says nothing of the server's own work.
pub fn also_asked_by(holder: Holder) {
    let add = |askers: &RefCell<Vec<Holder>>| {
        let mut askers = askers.borrow_mut();
        if !askers.contains(&holder) {
            askers.push(holder);
        }
    };
    ASKERS.try_with(add).ok();
}

/// Those for whom this task works; of a task that it started nobody knows.
pub fn askers() -> Vec<Holder> {
    ASKERS.try_with(|askers| askers.borrow().clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_becomes_known_on_the_way_asks_too_and_once() {
        let here = Holder::address([192, 0, 2, 1].into());
        let work = async {
            also_asked_by(Holder::Account(1));
            tokio::task::yield_now().await;
            also_asked_by(Holder::Account(1));
            askers()
        };
        assert_eq!(asked_by(vec![here.clone()], work).await, [here, Holder::Account(1)]);
    }

    #[tokio::test]
    async fn nobody_asks_for_the_servers_own_work() {
        also_asked_by(Holder::Account(1));
        assert_eq!(askers(), []);
    }
}
