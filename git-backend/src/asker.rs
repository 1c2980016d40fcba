//! The clients for whom work is done: recorded once, where a request comes in, and charged wherever it takes
//! a permit.

use std::cell::RefCell;

use crate::Holder;

tokio::task_local! {
    static ASKERS: RefCell<Vec<Holder>>;
}

/// Runs `work` on behalf of these holders: every permit it takes comes out of their shares. Without holders
/// it is the server's own work, which no share limits.
pub async fn asked_by<F: Future>(holders: Vec<Holder>, work: F) -> F::Output {
    ASKERS.scope(RefCell::new(holders), work).await
}

/// Adds a holder who became known later on. No effect in the server's own work.
pub fn also_asked_by(holder: Holder) {
    let add = |askers: &RefCell<Vec<Holder>>| {
        let mut askers = askers.borrow_mut();
        if !askers.contains(&holder) {
            askers.push(holder);
        }
    };
    ASKERS.try_with(add).ok();
}

/// The holders for whom this task works. Tasks that it spawns do not inherit them.
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
