//! The clients for whom work is done: recorded once, where a request comes in, and charged wherever it takes
//! a permit.

use std::cell::RefCell;

use crate::Holder;

tokio::task_local! {
    static HOLDERS: RefCell<Vec<Holder>>;
}

/// Runs `work` on behalf of these holders: every permit it takes comes out of their shares. Without holders
/// it is the server's own work, which no share limits.
pub async fn on_behalf_of<F: Future>(holders: Vec<Holder>, work: F) -> F::Output {
    HOLDERS.scope(RefCell::new(holders), work).await
}

/// Adds a holder who became known later on. No effect in the server's own work.
pub fn add_holder(holder: Holder) {
    let add = |holders: &RefCell<Vec<Holder>>| {
        let mut holders = holders.borrow_mut();
        if !holders.contains(&holder) {
            holders.push(holder);
        }
    };
    HOLDERS.try_with(add).ok();
}

/// The holders for whom this task works. Tasks that it spawns do not inherit them.
pub fn current_holders() -> Vec<Holder> {
    HOLDERS.try_with(|holders| holders.borrow().clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_becomes_known_on_the_way_asks_too_and_once() {
        let here = Holder::address([192, 0, 2, 1].into());
        let work = async {
            add_holder(Holder::Account(1));
            tokio::task::yield_now().await;
            add_holder(Holder::Account(1));
            current_holders()
        };
        assert_eq!(on_behalf_of(vec![here.clone()], work).await, [here, Holder::Account(1)]);
    }

    #[tokio::test]
    async fn nobody_asks_for_the_servers_own_work() {
        add_holder(Holder::Account(1));
        assert_eq!(current_holders(), []);
    }
}
