use hearth_core::{Action, BrokenRequest, Conflict, Dependency, Error, Kind, chain};
use http::StatusCode;

/// The only mapping of errors to statuses for programs. Over other protocols their numbers mean the same.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::SignInRequired => StatusCode::UNAUTHORIZED,
        // As Gitea answers to a merge that cannot be made.
        Error::Conflict(Conflict::NotMergeable | Conflict::NothingToMerge)
        | Error::Forbidden(Action::MergeMethod) => StatusCode::METHOD_NOT_ALLOWED,
        // As Gitea answers to somebody who approves their own pull request.
        Error::Forbidden(Action::ReviewOwn) => StatusCode::UNPROCESSABLE_ENTITY,
        // As Gitea answers where something is archived.
        Error::Forbidden(Action::Archived) => StatusCode::LOCKED,
        Error::Forbidden(_) | Error::QuotaSpent(_) => StatusCode::FORBIDDEN,
        Error::Conflict(Conflict::FileExists | Conflict::HashMismatch) | Error::Invalid(_) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        // As Gitea answers to somebody who closes an issue before what it waits for.
        Error::Conflict(Conflict::Blocked) => StatusCode::PRECONDITION_FAILED,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Request(BrokenRequest::Stalled) => StatusCode::REQUEST_TIMEOUT,
        Error::Request(BrokenRequest::Cut) => StatusCode::BAD_REQUEST,
        Error::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(Dependency::DiskSpace) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What programs are told about an error: one line without paths, SQL or causes, the same over every protocol.
pub fn message(error: &Error) -> String {
    match error {
        Error::Unavailable(Dependency::DiskSpace) => {
            "the disk of this server is nearly full: new tasks and uploads are paused".to_owned()
        }
        Error::Unavailable(Dependency::BlobStore) => {
            "large file storage is not responding: try again in a moment".to_owned()
        }
        Error::NotFound(Kind::LostObject) => {
            "the content of this object is missing on the server: anyone who has it can upload it again with git lfs push --all".to_owned()
        }
        Error::Forbidden(Action::Write) => {
            "no write access to this repository: ask one of its administrators, or use a key or token that may push".to_owned()
        }
        Error::Forbidden(Action::Archived) => {
            "this repository is archived: it can only be read until an administrator unarchives it".to_owned()
        }
        Error::QuotaSpent(quota) if quota.name == "lfs" => format!(
            "no room for more large files: their owner uses {} of {} bytes (limits.owner_lfs_bytes, or what an administrator set for them). \
             Delete repositories or branches that need them, or ask an administrator of this site for more",
            quota.used, quota.most
        ),
        // As Gitea says it: tests of its clients compare the words.
        Error::NotFound(Kind::File) => "not found".to_owned(),
        error => error.to_string(),
    }
}

/// Logs what is worth a line for the operator.
pub fn log(error: &Error) {
    match error {
        Error::Internal(_) => tracing::error!(error = %chain(error), "a request failed"),
        Error::Unavailable(part) => tracing::warn!(part = %part, "a part is unavailable"),
        Error::Request(broken) => tracing::debug!(error = %broken, "a request ended early"),
        _ => {}
    }
}
