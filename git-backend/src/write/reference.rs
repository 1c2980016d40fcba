//! Moving references: all or nothing, and only from where the caller saw them.

use std::time::Duration;

use crate::{
    BranchName, Error, ObjectId, RefName, Repository, Result,
    program::{Bounds, output},
};

/// A reference that is to move, or has moved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RefUpdate {
    /// The reference.
    pub name: RefName,
    /// Where it was; `None` when it did not exist.
    pub old: Option<ObjectId>,
    /// Where it is; `None` when it was deleted.
    pub new: Option<ObjectId>,
}

/// What an update does, as far as is known without reading history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UpdateKind {
    /// The reference is new.
    Create,
    /// The reference moves.
    Update,
    /// The reference goes away.
    Delete,
}

impl RefUpdate {
    /// What the update does.
    pub fn kind(&self) -> UpdateKind {
        match (self.old, self.new) {
            (_, None) => UpdateKind::Delete,
            (None, Some(_)) => UpdateKind::Create,
            (Some(_), Some(_)) => UpdateKind::Update,
        }
    }
}

/// How often moving references is retried when the default branch was changed at the same time.
const TRIES: u32 = 5;
const BOUNDS: Bounds = Bounds { time: Duration::from_mins(1), bytes: 1 << 20 };

impl Repository {
    /// Moves references in one transaction; each must still be at its `old` value. Durable when it returns.
    ///
    /// This creates, moves and deletes branches and tags alike.
    pub async fn update_references(&self, updates: &[RefUpdate]) -> Result<()> {
        let mut input = Vec::new();
        for RefUpdate { name, old, new } in updates {
            let old = old.unwrap_or(ObjectId::ZERO);
            match new {
                Some(new) => input.extend(format!("update {name}\0{new}\0{old}\0").into_bytes()),
                None => input.extend(format!("delete {name}\0{old}\0").into_bytes()),
            }
        }
        let mut left = TRIES;
        loop {
            left -= 1;
            let mut command = self.store.program.command(self.path(), "update-ref");
            command.args(["--no-deref", "--stdin", "-z"]);
            match output(command, "update-ref", Some(input.clone()), BOUNDS).await {
                Ok(_) => return Ok(()),
                // `HEAD` started or stopped pointing at one of the branches meanwhile; nothing moved.
                Err(Error::Git { stderr, .. }) if left > 0 && stderr.contains("cannot lock ref 'HEAD'") => {}
                Err(Error::Git { stderr, .. }) => return Err(self.refusal(updates, stderr).await?),
                Err(error) => return Err(error),
            }
        }
    }

    /// Finds out why git refused to move references.
    async fn refusal(&self, updates: &[RefUpdate], stderr: String) -> Result<Error> {
        let updates = updates.to_vec();
        self.run(move |git| {
            for RefUpdate { name, old, new } in updates {
                let found = git.reference(&name)?;
                if old.is_none() && found.is_some() {
                    return Ok(Error::NameTaken(name));
                }
                if found != old {
                    return Ok(Error::Conflict { name, expected: old, found });
                }
                if old.is_none() && stderr.contains("exists; cannot create") {
                    return Ok(Error::NameTaken(name));
                }
                if new.is_some_and(|new| !git.has_object(new)) {
                    return Ok(Error::RevisionNotFound);
                }
            }
            Ok(Error::Git { command: "update-ref", stderr })
        })
        .await
    }

    /// Points `HEAD` at another branch, which need not exist yet.
    pub async fn set_default_branch(&self, branch: &BranchName) -> Result<()> {
        let mut command = self.store.program.command(self.path(), "symbolic-ref");
        command.args(["HEAD", branch.full().as_str()]);
        output(command, "symbolic-ref", None, BOUNDS).await.map(drop)
    }

    /// Renames a branch. `HEAD` follows when it pointed at the old one.
    pub async fn rename_branch(&self, from: &BranchName, to: &BranchName) -> Result<Vec<RefUpdate>> {
        let name = from.clone();
        let (tip, default) =
            self.run(move |git| Ok((git.resolve_branch(&name)?, git.default_branch()?))).await?;
        let updates = vec![
            RefUpdate { name: to.full(), old: None, new: Some(tip) },
            RefUpdate { name: from.full(), old: Some(tip), new: None },
        ];
        self.update_references(&updates).await?;
        if default == *from {
            self.set_default_branch(to).await?;
        }
        Ok(updates)
    }
}
