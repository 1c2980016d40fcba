//! Every URL of Hearth is built here, and nowhere else.
//!
//! Functions return paths (`/mei/llm/issues/3`); [`Urls`] makes them absolute with the configured root, for
//! clone URLs, the API and task agents. Path values are percent-encoded here, so callers pass them raw.

mod discussion;
mod interest;
mod reference;
mod release;
mod review;

use std::{borrow::Borrow, fmt::Write as _};

use url::Url;

use crate::{InvitationId, RepositoryId, RepositoryKind, Scope, TaskId, ThreadKind};

/// The public URL of this site, from the configuration and never from a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    root: String,
    ssh: Option<SshAddress>,
}

/// Where clients reach the site over SSH, from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshAddress {
    /// A name or an address; IPv6 in brackets.
    pub host: String,
    pub port: u16,
}

/// The port that `ssh` takes if none is named.
const USUAL_SSH_PORT: u16 = 22;

impl Urls {
    /// `root` without query or fragment; a trailing slash is dropped.
    pub fn new(root: &Url) -> Self {
        Self { root: root.as_str().trim_end_matches('/').to_owned(), ssh: None }
    }

    /// The same for a site that is also reached over SSH.
    #[must_use]
    pub fn with_ssh(self, ssh: Option<SshAddress>) -> Self {
        Self { ssh, ..self }
    }

    pub fn root(&self) -> &str {
        &self.root
    }

    /// `path` starts with `/`.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// The URL for `git clone`.
    pub fn clone_address(&self, kind: RepositoryKind, owner: &str, name: &str) -> String {
        format!("{}{}.git", self.root, repository(kind, owner, name))
    }

    /// The same over SSH; none: the site is not reached that way.
    pub fn ssh_address(&self, kind: RepositoryKind, owner: &str, name: &str) -> Option<String> {
        let SshAddress { host, port } = self.ssh.as_ref()?;
        let path = repository(kind, owner, name);
        Some(match *port {
            USUAL_SSH_PORT => format!("git@{host}:{}.git", path.trim_start_matches('/')),
            port => format!("ssh://git@{host}:{port}{path}.git"),
        })
    }
}

/// One path segment, percent-encoded: everything but unreserved characters, so `/` becomes `%2F`.
pub fn segment(text: &str) -> String {
    encode(text, |byte| byte.is_ascii_alphanumeric() || b"-_.~@".contains(&byte))
}

/// A path of several segments: `/` is kept, non-ASCII text is encoded.
pub fn path(text: &str) -> String {
    encode(text, |byte| byte.is_ascii_alphanumeric() || b"-_.~@/".contains(&byte))
}

fn encode(text: &str, is_plain: impl Fn(u8) -> bool) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a String cannot fail");
        }
        out
    })
}

pub fn home() -> &'static str {
    "/"
}

pub fn sign_up() -> &'static str {
    "/user/sign_up"
}

pub fn sign_in() -> &'static str {
    "/user/login"
}

/// The sign-in page that redirects to `return_to`, a path of this site.
pub fn sign_in_and_return(return_to: &str) -> String {
    format!("/user/login?redirect_to={}", segment(return_to))
}

/// A link that signs in, usable once.
pub fn sign_in_link(secret: &str) -> String {
    format!("/user/login/{}", segment(secret))
}

/// Where people who forgot their password can reset it.
pub fn forgot() -> &'static str {
    "/user/forgot"
}

/// A link for choosing a new password, usable once.
pub fn reset(secret: &str) -> String {
    format!("/user/reset/{}", segment(secret))
}

/// A link that lets somebody join an organisation, usable once.
pub fn invitation(code: &str) -> String {
    format!("/-/invitations/{}", segment(code))
}

/// Pending requests to the reader: to join organisations, and to accept repositories.
pub fn invitations() -> &'static str {
    "/-/invitations"
}

/// The answer to an invitation: `accept` or `decline`.
pub fn invitation_answer(id: impl Borrow<InvitationId>, answer: &str) -> String {
    format!("/-/invitations/{}/{answer}", id.borrow())
}

/// The answer to an offered transfer of a repository: `accept` or `decline`.
pub fn transfer_answer(repository: impl Borrow<RepositoryId>, answer: &str) -> String {
    format!("/-/transfers/{}/{answer}", repository.borrow())
}

/// The lists of issues or pull requests over all repositories.
pub const fn overview(kind: ThreadKind) -> &'static str {
    match kind {
        ThreadKind::Issue => "/issues",
        ThreadKind::PullRequest => "/pulls",
    }
}

pub fn organization_new() -> &'static str {
    "/-/organizations/new"
}

/// The page that describes the API.
pub fn api() -> &'static str {
    "/-/api"
}

/// What it says about one group of routes.
pub fn api_group(name: &str) -> String {
    format!("{}/{}", api(), segment(name))
}

/// One route on the page of its group.
pub fn api_operation(group: &str, id: &str) -> String {
    format!("{}#{id}", api_group(group))
}

/// Where an administrator turns their administrator rights on or off.
pub fn administering() -> &'static str {
    "/-/administering"
}

/// The page that asks whether to turn them on, and then leads back.
pub fn administering_and_return(path: &str) -> String {
    format!("{}?return_to={}", administering(), segment(path))
}

/// A picture of another host, passed on by this site. `address` is encoded, and `signature` shows that this site
/// made the link.
pub fn picture_of_others(signature: &str, address: &str) -> String {
    format!("/-/picture/{signature}/{address}")
}

/// A drawing of a diagram in a text. `source` is encoded, and `signature` shows that this site made the link.
pub fn diagram(notation: &str, signature: &str, source: &str) -> String {
    format!("/-/diagram/{notation}/{signature}/{source}")
}

pub fn sign_out() -> &'static str {
    "/user/logout"
}

pub fn user(name: &str) -> String {
    format!("/{}", segment(name))
}

/// The activity of a person.
pub fn user_activity(name: &str) -> String {
    format!("{}?tab=activity", user(name))
}

/// One page of the signed-in person's settings: `profile`, `account`, `applications`, `keys`, `appearance`.
pub fn user_settings(section: &str) -> String {
    format!("/user/settings/{section}")
}

/// The form for an access token with this name and scope; afterwards one is led back to `return_to`, a path
/// of this site.
pub fn token_new(name: &str, scope: Scope, return_to: &str) -> String {
    let (name, scope, return_to) = (segment(name), segment(scope.as_str()), segment(return_to));
    format!("/user/settings/applications?name={name}&scopes={scope}&return_to={return_to}#new-token")
}

pub fn repository_new() -> &'static str {
    "/repo/create"
}

/// The form for a new repository with a preselected owner.
pub fn repository_new_for(owner: &str) -> String {
    format!("/repo/create?owner={}", segment(owner))
}

/// The pages of one organisation; those below its profile are under `-`, which no repository may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationUrls(String);

impl OrganizationUrls {
    pub fn new(name: &str) -> Self {
        Self(user(name))
    }

    pub fn home(&self) -> &str {
        &self.0
    }

    pub fn people(&self) -> String {
        format!("{}/-/people", self.0)
    }

    /// An action on its people: `invite`, `leave`, `remove`, `visibility`.
    pub fn people_part(&self, part: &str) -> String {
        format!("{}/-/people/{part}", self.0)
    }

    /// Withdraws an invitation.
    pub fn invitation_withdraw(&self, id: impl Borrow<InvitationId>) -> String {
        format!("{}/-/people/invitations/{}/withdraw", self.0, id.borrow())
    }

    pub fn teams(&self) -> String {
        format!("{}/-/teams", self.0)
    }

    pub fn team_new(&self) -> String {
        format!("{}/-/teams/new", self.0)
    }

    pub fn team(&self, name: &str) -> String {
        format!("{}/-/teams/{}", self.0, segment(name))
    }

    /// An action on a team: `edit`, `delete`, `members`, `members/remove`, `repositories`,
    /// `repositories/remove`.
    pub fn team_part(&self, name: &str, part: &str) -> String {
        format!("{}/{part}", self.team(name))
    }

    pub fn settings(&self) -> String {
        format!("{}/-/settings", self.0)
    }

    /// A setting with its own form or page: `visibility`, `pins`, `labels`, `rename`, `delete`.
    pub fn settings_part(&self, part: &str) -> String {
        format!("{}/-/settings/{part}", self.0)
    }
}

pub fn explore(section: &str) -> String {
    format!("/explore/{section}")
}

/// The repositories with a topic.
pub fn explore_topic(topic: &str) -> String {
    format!("/explore/repos?topic={}", segment(topic))
}

/// A page for administrators; with an empty `section`, the first of them.
pub fn admin(section: &str) -> String {
    if section.is_empty() { "/-/admin".to_owned() } else { format!("/-/admin/{section}") }
}

/// Repository home: `/{owner}/{name}`, `/datasets/…` or `/models/…`, depending on the kind.
pub fn repository(kind: RepositoryKind, owner: &str, name: &str) -> String {
    let prefix = match kind {
        RepositoryKind::Code => "",
        RepositoryKind::Dataset => "/datasets",
        RepositoryKind::Model => "/models",
    };
    format!("{prefix}/{}/{}", segment(owner), segment(name))
}

/// How a URL names a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    Branch(String),
    Tag(String),
    Commit(String),
}

impl Revision {
    /// `branch`, `tag` or `commit`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Branch(_) => "branch",
            Self::Tag(_) => "tag",
            Self::Commit(_) => "commit",
        }
    }

    /// The branch's or tag's name, or the commit's id.
    pub fn name(&self) -> &str {
        let (Self::Branch(name) | Self::Tag(name) | Self::Commit(name)) = self;
        name
    }
}

/// The pages of one repository; built on [`repository`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryUrls(String);

impl RepositoryUrls {
    pub fn new(kind: RepositoryKind, owner: &str, name: &str) -> Self {
        Self(repository(kind, owner, name))
    }

    pub fn home(&self) -> &str {
        &self.0
    }

    fn at(&self, view: &str, revision: &Revision, file: &str) -> String {
        let mut url = format!("{}/{view}/{}/{}", self.0, revision.kind(), path(revision.name()));
        if !file.is_empty() {
            url.push('/');
            url.push_str(&path(file));
        }
        url
    }

    /// A folder or a file at a revision.
    pub fn source(&self, revision: &Revision, file: &str) -> String {
        self.at("src", revision, file)
    }

    /// Who wrote each line of a file.
    pub fn blame(&self, revision: &Revision, file: &str) -> String {
        self.at("blame", revision, file)
    }

    /// The editor of a file, of a branch.
    pub fn edit(&self, revision: &Revision, file: &str) -> String {
        self.at("edit", revision, file)
    }

    /// The form that deletes a file.
    pub fn delete(&self, revision: &Revision, file: &str) -> String {
        self.at("delete", revision, file)
    }

    /// The editor of a new file in a folder.
    pub fn new_file(&self, revision: &Revision, folder: &str) -> String {
        self.at("new", revision, folder)
    }

    /// The form that takes files for a folder.
    pub fn upload(&self, revision: &Revision, folder: &str) -> String {
        self.at("upload", revision, folder)
    }

    /// The histories of all branches as lines.
    pub fn graph(&self) -> String {
        format!("{}/graph", self.0)
    }

    /// Who made the commits of the default branch.
    pub fn contributors(&self) -> String {
        format!("{}/contributors", self.0)
    }

    /// The search in the files.
    pub fn search(&self) -> String {
        format!("{}/search", self.0)
    }

    /// The root of the default branch.
    pub fn files(&self) -> String {
        format!("{}/src", self.0)
    }

    /// Which runs made a model, and from what.
    pub fn lineage(&self) -> String {
        format!("{}/lineage", self.0)
    }

    /// The search for files by their path.
    pub fn find(&self, revision: &Revision) -> String {
        self.at("find", revision, "")
    }

    /// The paths of all files, one a line.
    pub fn paths(&self, revision: &Revision) -> String {
        self.at("paths", revision, "")
    }

    pub fn raw(&self, revision: &Revision, file: &str) -> String {
        self.at("raw", revision, file)
    }

    /// The pictures among the outputs of a notebook, by `?cell=` and `&output=`.
    pub fn notebook_output(&self, revision: &Revision, file: &str) -> String {
        self.at("notebook-output", revision, file)
    }

    /// The contents of a large file that is stored outside Git.
    pub fn media(&self, revision: &Revision, file: &str) -> String {
        self.at("media", revision, file)
    }

    pub fn commits(&self, revision: &Revision, file: &str) -> String {
        self.at("commits", revision, file)
    }

    pub fn commit(&self, id: &str) -> String {
        format!("{}/commit/{}", self.0, segment(id))
    }

    /// The words under which it is found.
    pub fn topics(&self) -> String {
        format!("{}/topics", self.0)
    }

    /// The form for a repository that begins with the files of this template.
    pub fn generate(&self) -> String {
        format!("{}/generate", self.0)
    }

    /// A status as a picture: `release`, `status` or `task`.
    pub fn badge(&self, name: &str) -> String {
        format!("{}/badges/{name}.svg", self.0)
    }

    /// `format` is `zip` or `tar.gz`.
    pub fn archive(&self, revision: &str, format: &str) -> String {
        format!("{}/archive/{}.{format}", self.0, path(revision))
    }

    /// Where attachments are uploaded.
    pub fn attachments(&self) -> String {
        format!("{}/attachments", self.0)
    }

    /// A file attached to a text.
    pub fn attachment(&self, uuid: &str) -> String {
        format!("{}/attachments/{}", self.0, segment(uuid))
    }

    /// Renders Markdown for a preview.
    pub fn markdown(&self) -> String {
        format!("{}/markdown", self.0)
    }

    pub fn tasks(&self) -> String {
        format!("{}/tasks", self.0)
    }

    pub fn task_new(&self) -> String {
        format!("{}/tasks/new", self.0)
    }

    /// The form for a new task, prefilled from another one.
    pub fn task_clone(&self, of: TaskId) -> String {
        format!("{}/tasks/new?from={of}", self.0)
    }

    /// The same form, with another image.
    pub fn task_clone_in(&self, of: TaskId, image: &str) -> String {
        format!("{}&image={}", self.task_clone(of), segment(image))
    }

    pub fn activity(&self) -> String {
        format!("{}/activity", self.0)
    }

    pub fn models(&self) -> String {
        format!("{}/models", self.0)
    }

    pub fn settings(&self) -> String {
        format!("{}/settings", self.0)
    }

    /// A section of the settings: `collaborators`, `transfer`, …
    pub fn settings_part(&self, part: &str) -> String {
        format!("{}/settings/{part}", self.0)
    }
}

/// The tasks launched by the reader.
pub fn tasks() -> &'static str {
    "/tasks"
}

/// Several tasks beside each other: the query names them, as in `?task=1&task=2`.
pub fn tasks_compare() -> &'static str {
    "/tasks/compare"
}

pub fn task(id: TaskId) -> String {
    format!("/tasks/{id}")
}

/// A part of a task's page: `log`, `metrics`, `outputs`, `files`, …
pub fn task_part(id: TaskId, part: &str) -> String {
    format!("/tasks/{id}/{part}")
}

/// The images that tasks can run in.
pub fn images() -> &'static str {
    "/images"
}

/// What one image holds.
pub fn image(code: &str) -> String {
    format!("/images/{}", segment(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ThreadNumber;

    #[test]
    fn file_names_are_encoded_and_slashes_kept() {
        let urls = RepositoryUrls::new(RepositoryKind::Code, "mei", "llm");
        let main = Revision::Branch("feature/x y".into());
        assert_eq!(
            urls.source(&main, "数据/a?.py"),
            "/mei/llm/src/branch/feature/x%20y/%E6%95%B0%E6%8D%AE/a%3F.py"
        );
        assert_eq!(urls.source(&main, ""), "/mei/llm/src/branch/feature/x%20y");
    }

    #[test]
    fn threads_of_each_kind_have_their_own_pages_and_branches_keep_their_slashes() {
        let urls = RepositoryUrls::new(RepositoryKind::Code, "mei", "llm");
        let number = ThreadNumber(7);
        assert_eq!(urls.thread_part(ThreadKind::Issue, number, "lock"), urls.issue_part(number, "lock"));
        assert_eq!(urls.pull_part(number, "files"), "/mei/llm/pulls/7/files");
        assert_eq!(
            urls.line_comment_part(number, crate::LineCommentId(3), ""),
            "/mei/llm/pulls/7/line-comments/3"
        );
        assert_eq!(
            urls.compare_of("main", "bo/fork:fix/数"),
            "/mei/llm/compare/main...bo/fork:fix/%E6%95%B0"
        );
    }

    #[test]
    fn pages_of_an_organisation_stand_where_no_repository_can() {
        let urls = OrganizationUrls::new("lab");
        assert!("-".parse::<crate::RepositoryName>().is_err());
        assert_eq!(urls.people(), "/lab/-/people");
        assert_eq!(urls.team_part("训练 A", "edit"), "/lab/-/teams/%E8%AE%AD%E7%BB%83%20A/edit");
    }

    #[test]
    fn each_kind_has_its_own_space_of_addresses() {
        assert_eq!(repository(RepositoryKind::Model, "mei", "llm"), "/models/mei/llm");
        let urls = Urls::new(&"http://127.0.0.1:3000/".parse().expect("an address"));
        assert_eq!(
            urls.clone_address(RepositoryKind::Code, "mei", "llm"),
            "http://127.0.0.1:3000/mei/llm.git"
        );
    }
}
