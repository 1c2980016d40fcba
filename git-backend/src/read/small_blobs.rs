//! Every small blob of a repository, whatever commit it is in.

use std::{
    io::{BufRead as _, BufReader},
    ops::ControlFlow,
};

use crate::{Error, ObjectId, OpenRepository, Result, program::ChildReader};

/// At most this many commits besides those of references; they are arguments of a command.
pub const MOST_MORE_TIPS: u32 = 10_000;

impl OpenRepository {
    /// Visits each blob of at most `max_bytes` that can be reached from any reference, hidden ones too, or from one of `more`,
    /// until `visit` breaks. Of `more`, what is no longer stored is passed over. If anything else is missing, or there is too
    /// much to see, it is an error: whoever asks must see all or know that they did not.
    pub fn visit_small_blobs(
        &self,
        more: &[ObjectId],
        max_bytes: u64,
        mut visit: impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        if more.len() as u64 > u64::from(MOST_MORE_TIPS) {
            return Err(Error::TooLarge { limit: MOST_MORE_TIPS.into() });
        }
        let mut command =
            self.repository.store.program.background_command(self.repository.path(), "rev-list");
        let filter = format!("--filter=combine:blob:limit={}+object:type=blob", max_bytes.saturating_add(1));
        command.args(["--objects", "--no-object-names", filter.as_str(), "--all"]);
        command.args(more.iter().filter(|id| self.has_object(**id)).map(ObjectId::to_string));
        let listed = BufReader::new(ChildReader::spawn(command, "rev-list")?);
        for line in listed.lines() {
            let line = line.map_err(Error::from_io)?;
            let id: ObjectId =
                line.parse().map_err(|_| Error::Damaged("git listed what is no object".to_owned()))?;
            let blob = match self.blob(id, max_bytes) {
                // The commits and tags themselves, which are listed whatever the filter says.
                Err(Error::WrongKind(_)) => continue,
                blob => blob?,
            };
            if let Some(data) = blob.data
                && visit(&data).is_break()
            {
                break;
            }
        }
        Ok(())
    }
}
