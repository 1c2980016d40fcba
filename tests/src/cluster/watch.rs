//! Watches objects of a cluster as they change.

use std::io::{BufRead as _, BufReader};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::TestCluster;

/// A watch that restarts whenever it ends, until the receiver is dropped.
pub struct Watch(Receiver<Value>);

impl TestCluster {
    /// Every object of a collection now and whenever it changes; deleted ones have their
    /// `metadata.deletionTimestamp`. `path` may have a query already.
    pub fn watch(&self, path: &str) -> Watch {
        let (sender, receiver) = channel();
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!(
            "{path}{mark}watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
        );
        let request = move |cluster: &Self| cluster.request(Method::GET, &path);
        let again = request(self);
        std::thread::spawn(move || {
            while let Some(once) = again.try_clone() {
                if follow(once, &sender).is_none() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Watch(receiver)
    }
}

impl Watch {
    /// The next object that is seen in time.
    pub fn next(&self, limit: Duration) -> Option<Value> {
        self.0.recv_timeout(limit).ok()
    }
}

/// Forwards the events of one connection; `None` when nobody listens any more.
fn follow(request: reqwest::blocking::RequestBuilder, sender: &Sender<Value>) -> Option<()> {
    let Ok(answer) = request.send() else { return Some(()) };
    for line in BufReader::new(answer).lines() {
        let Ok(mut event) = line.map(|line| serde_json::from_str::<Value>(&line).unwrap_or_default()) else {
            return Some(());
        };
        if matches!(event["type"].as_str(), Some("ADDED" | "MODIFIED" | "DELETED")) {
            sender.send(event["object"].take()).ok()?;
        }
    }
    Some(())
}
