//! Tickets for large files over HTTP, for whoever came by SSH: `git-lfs` asks for one, and uses it for a while.
//!
//! A ticket is signed and not stored. It is good for the code of one repository, and no longer than the key it was given to.

use std::time::Duration;

use hearth_core::{DeployKeyId, RepositoryId, Result, SshKeyId};

use crate::{
    Actor, App,
    actor::OneCode,
    key_holder::{self, KeyHolder, KeyId},
};

/// How every ticket begins.
const START: &str = "hearth-lfs";
const PURPOSE: &str = "lfs-ticket";

/// Writes a ticket for the holder of a key, who was let into this repository.
pub fn issue(
    app: &App,
    holder: &KeyHolder,
    repository: RepositoryId,
    may_write: bool,
    lives_for: Duration,
) -> String {
    let end_s = (app.now() + lives_for).as_second();
    let said = Said { key: holder.key, code: OneCode { repository, may_write }, end_s }.to_text();
    let signature = app.signer().sign(PURPOSE, &said);
    format!("{said}.{signature}")
}

/// Whom a ticket lets in. None: it is no ticket, it has expired, or the key was removed.
pub async fn authenticate(app: &App, ticket: &str) -> Result<Option<Actor>> {
    let Some((said, signature)) = ticket.rsplit_once('.').filter(|(said, _)| said.starts_with(START)) else {
        return Ok(None);
    };
    if !app.signer().has_signed(PURPOSE, said, signature) {
        return Ok(None);
    }
    let now_s = app.now().as_second();
    let Some(said) = Said::parse(said).filter(|said| now_s < said.end_s) else { return Ok(None) };
    let Some(holder) = key_holder::find(app, said.key).await? else { return Ok(None) };
    Ok(match (said.key, holder.actor.user()) {
        (KeyId::Person(_), Some(user)) => Some(Actor::ticket(user.clone(), said.code)),
        (KeyId::Deploy(_), _) if holder.repository_id() == Some(said.code.repository) => {
            let may_write =
                said.code.may_write && holder.actor.only_code().is_some_and(|code| code.may_write);
            Some(Actor::deploy_key(OneCode { may_write, ..said.code }))
        }
        _ => None,
    })
}

/// What a ticket says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    key: KeyId,
    code: OneCode,
    /// In seconds since 1970.
    end_s: i64,
}

impl Said {
    fn to_text(self) -> String {
        let (kind, key) = match self.key {
            KeyId::Person(SshKeyId(id)) => ("person", id),
            KeyId::Deploy(DeployKeyId(id)) => ("deploy", id),
        };
        let may = if self.code.may_write { "write" } else { "read" };
        format!("{START}.{kind}.{key}.{}.{may}.{}", self.code.repository, self.end_s)
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split('.').collect();
        let [START, kind, key, repository, may, end_s] = words[..] else { return None };
        let key = key.parse().ok()?;
        Some(Self {
            key: match kind {
                "person" => KeyId::Person(SshKeyId(key)),
                "deploy" => KeyId::Deploy(DeployKeyId(key)),
                _ => return None,
            },
            code: OneCode { repository: RepositoryId(repository.parse().ok()?), may_write: may == "write" },
            end_s: end_s.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_says_what_was_written() {
        for (key, may_write) in [(KeyId::Person(SshKeyId(7)), true), (KeyId::Deploy(DeployKeyId(8)), false)] {
            let said = Said { key, code: OneCode { repository: RepositoryId(9), may_write }, end_s: 10 };
            assert_eq!(Said::parse(&said.to_text()), Some(said));
        }
        assert_eq!(Said::parse("hearth-lfs.person.7.9.write"), None);
        assert_eq!(Said::parse("hearth-lfs.person.7.9.write.10.11"), None);
    }
}
