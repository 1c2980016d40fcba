use std::collections::HashMap;

use hearth_app::{Access, App, Unit, access};
use hearth_core::{Error, Read, RepositoryId, Result};

use crate::authenticate::Caller;

/// The repositories of one page of tasks, each entered once.
#[derive(Default)]
pub(crate) struct RepositoryCache(HashMap<RepositoryId, Option<Access<Read>>>);

impl RepositoryCache {
    /// `None`: the caller may no longer see it, and so not its tasks.
    pub(crate) async fn find(
        &mut self,
        app: &App,
        Caller(actor): &Caller,
        id: RepositoryId,
    ) -> Result<Option<Access<Read>>> {
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let found = match access::open_by_id(app, actor, Unit::Tasks, id).await {
            Ok(access) => Some(access),
            Err(Error::NotFound(_)) => None,
            Err(other) => return Err(other),
        };
        self.0.insert(id, found.clone());
        Ok(found)
    }
}
