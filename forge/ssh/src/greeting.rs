//! The line for whoever signs in without a command, mostly to see whether a key works.

use hearth_words::t;

use crate::attend::Caller;

/// Names the person, or the repository of a deploy key, and the key.
pub(crate) fn line(caller: &Caller<'_>) -> String {
    let (words, key) = (caller.words, caller.holder.title.as_str());
    match (caller.holder.actor.user(), &caller.holder.repository) {
        (Some(user), _) => t!(words, "ssh-greeting", name = user.name.as_str(), key = key),
        (None, Some(row)) => {
            let repository = format!("{}/{}", row.owner, row.name);
            t!(words, "ssh-greeting-deploy-key", repository = repository, key = key)
        }
        (None, None) => t!(words, "ssh-no-shell").to_owned(),
    }
}
