//! The limit on connections. One address has at most a share, and when all places are taken, the address with
//! the most gives one up: a new address always gets in.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use hearth_git::Holder;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::oneshot;

use super::activity::Activity;

/// Cheap to clone; clones share the same places.
#[derive(Clone, Debug)]
pub(crate) struct Places(Arc<Mutex<Open>>);

#[derive(Debug)]
struct Open {
    /// Shows the number of open connections.
    gauge: Gauge,
    most: usize,
    share: usize,
    next_id: u64,
    connections: HashMap<u64, Connection>,
    counts: HashMap<Holder, usize>,
}

#[derive(Debug)]
struct Connection {
    /// `None` for a trusted proxy: its connections belong to all its clients.
    holder: Option<Holder>,
    activity: Arc<Activity>,
    /// Dropped to end the connection.
    _end: oneshot::Sender<()>,
}

/// The place of one connection, freed when it is dropped.
#[derive(Debug)]
pub(crate) struct ConnectionPlace {
    places: Places,
    id: u64,
    pub(crate) activity: Arc<Activity>,
    end: oneshot::Receiver<()>,
}

impl Places {
    /// With a maximum number of places and a share for one address. `gauge` is kept at the number taken.
    pub(crate) fn new(most: u32, share: u32, gauge: Gauge) -> Self {
        Self(Arc::new(Mutex::new(Open {
            gauge,
            most: most.max(1) as usize,
            share: share.max(1) as usize,
            next_id: 0,
            connections: HashMap::new(),
            counts: HashMap::new(),
        })))
    }

    /// A place for a new connection, if necessary that of another one, which is closed. `None` if there is
    /// none to free.
    pub(crate) fn enter(&self, holder: Option<Holder>) -> Option<ConnectionPlace> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = &holder
            && open.count(holder) >= open.share
        {
            let is_theirs = |connection: &Connection| connection.holder.as_ref() == Some(holder);
            let idlest = open.idlest(|connection| is_theirs(connection) && connection.is_idle())?;
            open.remove(idlest);
        }
        if open.connections.len() >= open.most {
            let victim = open.victim(holder.as_ref())?;
            open.remove(victim);
        }
        Some(self.place(&mut open, holder))
    }

    fn place(&self, open: &mut Open, holder: Option<Holder>) -> ConnectionPlace {
        let (keep, end) = oneshot::channel();
        let activity = Arc::new(Activity::new());
        let id = open.next_id;
        open.next_id += 1;
        if let Some(holder) = &holder {
            *open.counts.entry(holder.clone()).or_default() += 1;
        }
        let connection = Connection { holder, activity: Arc::clone(&activity), _end: keep };
        open.connections.insert(id, connection);
        open.gauge.inc();
        ConnectionPlace { places: self.clone(), id, activity, end }
    }
}

impl Open {
    fn count(&self, holder: &Holder) -> usize {
        self.counts.get(holder).copied().unwrap_or_default()
    }

    /// The connection to close when all places are taken: the idlest one of the address with the most, and a
    /// busy one only if that address still has more than the newcomer; otherwise the longest idle one of all.
    fn victim(&self, newcomer: Option<&Holder>) -> Option<u64> {
        let (greediest, count) = self.counts.iter().max_by_key(|(_, count)| **count)?;
        let is_of_greediest = |connection: &Connection| connection.holder.as_ref() == Some(greediest);
        let own = newcomer.map_or(0, |newcomer| self.count(newcomer)) + 1;
        self.idlest(|connection| is_of_greediest(connection) && connection.is_idle())
            .or_else(|| self.idlest(is_of_greediest).filter(|_| *count > own))
            .or_else(|| self.idlest(Connection::is_idle))
    }

    fn idlest(&self, is_meant: impl Fn(&Connection) -> bool) -> Option<u64> {
        let meant = self.connections.iter().filter(|(_, connection)| is_meant(connection));
        meant.max_by_key(|(_, connection)| connection.activity.quiet_for()).map(|(id, _)| *id)
    }

    fn remove(&mut self, id: u64) {
        let Some(connection) = self.connections.remove(&id) else { return };
        self.gauge.dec();
        let Some(holder) = connection.holder else { return };
        if let Some(count) = self.counts.get_mut(&holder) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&holder);
            }
        }
    }
}

impl Connection {
    fn is_idle(&self) -> bool {
        self.activity.awaits_client()
    }
}

impl ConnectionPlace {
    /// Waits until the place is needed for another connection.
    pub(crate) async fn lost(&mut self) {
        // Nothing is ever sent: the other end goes with the entry.
        (&mut self.end).await.ok();
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.places.0.lock().unwrap_or_else(PoisonError::into_inner).remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Holder {
        Holder::address([192, 0, 2, last].into())
    }

    fn enter(places: &Places, last: u8) -> Option<ConnectionPlace> {
        places.enter(Some(address(last)))
    }

    fn is_lost(place: &mut ConnectionPlace) -> bool {
        place.end.try_recv() == Err(oneshot::error::TryRecvError::Closed)
    }

    fn open(places: &Places) -> usize {
        places.0.lock().unwrap().connections.len()
    }

    #[test]
    fn an_address_gives_up_its_own_idle_connection_for_a_new_one() {
        let places = Places::new(100, 2, Gauge::default());
        let mut first = enter(&places, 1).expect("room");
        let second = enter(&places, 1).expect("room");
        let _busy = second.activity.work();
        let third = enter(&places, 1).expect("the idle one goes");
        assert!(is_lost(&mut first));
        let _also_busy = third.activity.work();
        assert!(enter(&places, 1).is_none(), "its share is at work");
        assert!(enter(&places, 2).is_some());
    }

    #[test]
    fn a_new_address_comes_in_when_others_hold_every_place() {
        let places = Places::new(8, 4, Gauge::default());
        let mut held: Vec<_> = (0..8).map(|n| enter(&places, n % 2).expect("room")).collect();
        let busy: Vec<_> = held.iter().map(|place| place.activity.work()).collect();
        let newcomers: Vec<_> = (2..4).map(|n| enter(&places, n).expect("the greedy make room")).collect();
        assert_eq!(held.iter_mut().filter_map(|place| is_lost(place).then_some(())).count(), newcomers.len());
        drop((busy, newcomers, held));
        assert_eq!(open(&places), 0);
        assert_eq!(places.0.lock().unwrap().gauge.get(), 0);
        assert!(places.0.lock().unwrap().counts.is_empty());
    }

    #[test]
    fn nobody_who_is_at_work_goes_for_one_who_would_have_as_much() {
        let places = Places::new(2, 2, Gauge::default());
        let held = [enter(&places, 1).expect("room"), enter(&places, 2).expect("room")];
        let busy = held.each_ref().map(|place| place.activity.work());
        assert!(enter(&places, 3).is_none());
        drop(busy);
        assert!(enter(&places, 3).is_some());
    }

    #[test]
    fn a_trusted_proxy_has_no_share_of_its_own() {
        let places = Places::new(10, 2, Gauge::default());
        let held: Vec<_> = (0..9).map(|_| places.enter(None).expect("room")).collect();
        assert_eq!(held.len(), 9);
    }
}
