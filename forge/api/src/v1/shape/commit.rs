use hearth_app::{
    App,
    repository::Repository as Row,
    verification::{Lapse, Verification as Found},
};
use hearth_core::urls::RepositoryUrls;
use hearth_git::{Commit as GitCommit, Diff, Signature as GitSignature};
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

use super::repository::address;

/// Who made a commit, and when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Signature {
    name: String,
    email: String,
    date: String,
}

impl Signature {
    pub(crate) fn new(signature: &GitSignature) -> Self {
        Self { name: signature.name.clone(), email: signature.email.clone(), date: date(signature) }
    }
}

/// RFC 3339, in the time zone of the signature.
pub(crate) fn date(signature: &GitSignature) -> String {
    let offset = Offset::from_seconds(signature.offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    let there = signature.time.to_zoned(TimeZone::fixed(offset));
    if offset == Offset::UTC {
        there.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        there.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

/// The whole message.
pub(crate) fn message(commit: &GitCommit) -> String {
    if commit.body.is_empty() {
        format!("{}\n", commit.title)
    } else {
        format!("{}\n\n{}\n", commit.title, commit.body)
    }
}

/// An object and where it is described.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Reference {
    url: String,
    sha: String,
    created: String,
}

/// The git facts of a commit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct GitFacts {
    url: String,
    author: Signature,
    committer: Signature,
    message: String,
    tree: Reference,
    /// Left out where it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification>,
}

/// Whether the signature of a commit or a tag is that of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Verification {
    verified: bool,
    /// Of a verified one, the account and its key; of any other, Gitea's word for why not.
    reason: String,
    /// The name of the account that the key belongs to.
    signer: Option<Signer>,
}

/// Whose key a signature was made with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Signer {
    username: String,
}

impl Verification {
    pub(crate) fn new(found: &Found) -> Self {
        let signer = |name: &String| Some(Signer { username: name.clone() });
        let because = |reason: &str, signer| Self { verified: false, reason: reason.to_owned(), signer };
        match found {
            Found::Verified { signer: name, fingerprint } => {
                Self { verified: true, reason: format!("{name} / {fingerprint}"), signer: signer(name) }
            }
            Found::MadeHere { fingerprint } => {
                Self { verified: true, reason: format!("made on this site / {fingerprint}"), signer: None }
            }
            Found::OtherAddress { signer: name, .. } => {
                because("gpg.error.no_committer_account", signer(name))
            }
            Found::Lapsed { signer: name, lapse, .. } => because(lapse_reason(*lapse), signer(name)),
            Found::WeakDigest => because("gpg.error.weak_digest", None),
            Found::Unsigned => because("gpg.error.not_signed_commit", None),
            Found::Bad => because("gpg.error.probable_bad_signature", None),
            Found::UnknownKey { .. } | Found::Unchecked(_) => because("gpg.error.no_gpg_keys_found", None),
        }
    }
}

/// Gitea does not look at the time of a key, so these words are ours.
const fn lapse_reason(lapse: Lapse) -> &'static str {
    match lapse {
        Lapse::Expired => "gpg.error.key_expired",
        Lapse::Revoked => "gpg.error.key_revoked",
        Lapse::Compromised => "gpg.error.key_compromised",
        Lapse::Untimely => "gpg.error.key_invalid_then",
    }
}

/// How many lines a commit changed against its first parent.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Stats {
    total: usize,
    additions: usize,
    deletions: usize,
}

/// A file that a commit changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AffectedFile {
    filename: String,
    /// `added`, `removed`, `modified` or `renamed`.
    status: &'static str,
}

impl AffectedFile {
    fn new(file: &hearth_git::FileDiff) -> Self {
        let status = match file.status {
            hearth_git::FileStatus::Added => "added",
            hearth_git::FileStatus::Deleted => "removed",
            hearth_git::FileStatus::Modified | hearth_git::FileStatus::TypeChanged => "modified",
            hearth_git::FileStatus::Renamed => "renamed",
        };
        Self { filename: file.path().to_owned(), status }
    }
}

/// A commit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Commit {
    url: String,
    sha: String,
    created: String,
    html_url: String,
    #[serde(rename = "commit")]
    git: GitFacts,
    /// At most a hundred.
    parents: Vec<Reference>,
    /// Against the first parent. Left out where it was not asked for, or could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<Stats>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<AffectedFile>>,
    /// Whether the message, the list of parents or that of the files is truncated.
    truncated: bool,
}

impl Commit {
    pub(crate) fn new(app: &App, row: &Row, commit: &GitCommit) -> Self {
        let base = app.urls().absolute(&address(row));
        let created = date(&commit.committer);
        let reference = |kind: &str, id: String, created: &str| Reference {
            url: format!("{base}/git/{kind}/{id}"),
            sha: id,
            created: created.to_owned(),
        };
        let Reference { url, sha, .. } = reference("commits", commit.id.to_string(), "");
        let facts = GitFacts {
            url: url.clone(),
            author: Signature::new(&commit.author),
            committer: Signature::new(&commit.committer),
            message: message(commit),
            tree: reference("trees", commit.tree.to_string(), &created),
            verification: None,
        };
        let unknown = "0001-01-01T00:00:00Z";
        let parents = commit.parents.iter().map(|parent| reference("commits", parent.to_string(), unknown));
        let page = RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str());
        Self {
            html_url: app.urls().absolute(&page.commit(&sha)),
            url,
            sha,
            created,
            git: facts,
            parents: parents.collect(),
            stats: None,
            files: None,
            truncated: commit.is_cut || commit.parent_count > commit.parents.len(),
        }
    }

    /// With whether its signature is that of an account.
    pub(crate) fn with_verification(mut self, found: &Found) -> Self {
        self.git.verification = Some(Verification::new(found));
        self
    }

    /// With how much was changed.
    pub(crate) fn with_stats(mut self, diff: &Diff) -> Self {
        let (additions, deletions) = (diff.additions, diff.deletions);
        self.stats = Some(Stats { total: additions + deletions, additions, deletions });
        self
    }

    /// With which files were changed.
    pub(crate) fn with_files(mut self, diff: &Diff) -> Self {
        self.files = Some(diff.files.iter().map(AffectedFile::new).collect());
        self.truncated |= diff.is_truncated;
        self
    }
}

/// A commit at the tip of a branch.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Tip {
    id: String,
    message: String,
    url: String,
    author: Signature,
    committer: Signature,
    timestamp: String,
}

/// A branch.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Branch {
    name: String,
    commit: Tip,
    protected: bool,
    user_can_push: bool,
    user_can_merge: bool,
}

impl Branch {
    pub(crate) fn new(app: &App, row: &Row, name: &str, commit: &GitCommit, can_write: bool) -> Self {
        let whole = Commit::new(app, row, commit);
        let tip = Tip {
            id: whole.sha,
            message: whole.git.message,
            url: whole.html_url,
            author: whole.git.author,
            committer: whole.git.committer,
            timestamp: whole.created,
        };
        // The default branch cannot be deleted; there is no other protection.
        let protected = name == row.default_branch;
        Self {
            name: name.to_owned(),
            commit: tip,
            protected,
            user_can_push: can_write,
            user_can_merge: can_write,
        }
    }
}

/// What kind of object is tagged.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TagTarget {
    Commit,
    Tree,
    Blob,
    Tag,
}

impl From<hearth_git::TagTarget> for TagTarget {
    fn from(target: hearth_git::TagTarget) -> Self {
        match target {
            hearth_git::TagTarget::Commit => Self::Commit,
            hearth_git::TagTarget::Tree => Self::Tree,
            hearth_git::TagTarget::Blob => Self::Blob,
            hearth_git::TagTarget::Tag => Self::Tag,
        }
    }
}

/// A tag.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Tag {
    name: String,
    message: String,
    /// The tag object, or the commit.
    id: String,
    /// Null if the tag does not point to a commit.
    commit: Option<Reference>,
    /// `commit`, `tree`, `blob`, or `tag` where the chain of tags is too long.
    r#type: TagTarget,
    zipball_url: Option<String>,
    tarball_url: Option<String>,
}

impl Tag {
    pub(crate) fn new(app: &App, row: &Row, tag: &hearth_git::Tag, commit: Option<&GitCommit>) -> Self {
        let base = app.urls().absolute(&address(row));
        let page = RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str());
        let archive = |ending| app.urls().absolute(&page.archive(tag.name.as_str(), ending));
        let reference = |commit: &GitCommit| Reference {
            url: format!("{base}/git/commits/{}", commit.id),
            sha: commit.id.to_string(),
            created: date(&commit.committer),
        };
        Self {
            name: tag.name.to_string(),
            message: tag.message.clone().or_else(|| commit.map(message)).unwrap_or_default(),
            id: tag.id.to_string(),
            commit: commit.map(reference),
            r#type: tag.target_kind.into(),
            zipball_url: commit.map(|_| archive("zip")),
            tarball_url: commit.map(|_| archive("tar.gz")),
        }
    }
}
