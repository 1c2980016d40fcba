use hearth_core::{Action, Error, Permission, RepositoryId, Result, Scope, Scopes, TaskId, UserId};
use hearth_git::Holder;
use hearth_store::user::User;

/// Who asks, and by which way they came in.
#[derive(Clone, Debug)]
pub struct Actor(Who);

#[derive(Clone, Debug)]
enum Who {
    Anonymous,
    /// By a session or by the password: may do all that the person may.
    Person(User),
    /// By a session, as an administrator of the site for a while: also what everybody's repositories and organisations are concerned.
    Administrator(User),
    /// By an access token: may do what its scopes name.
    Token(User, Scopes),
    /// The agent of a running task: reads the repository of its code.
    Task(TaskId, RepositoryId),
}

impl Actor {
    pub const fn anonymous() -> Self {
        Self(Who::Anonymous)
    }

    pub const fn person(user: User) -> Self {
        Self(Who::Person(user))
    }

    /// A person who has said that they act as an administrator of the site now; who is none acts as themselves.
    pub const fn acting_as_administrator(user: User) -> Self {
        if user.is_admin { Self(Who::Administrator(user)) } else { Self(Who::Person(user)) }
    }

    pub const fn token(user: User, scopes: Scopes) -> Self {
        Self(Who::Token(user, scopes))
    }

    pub const fn task(task: TaskId, code: RepositoryId) -> Self {
        Self(Who::Task(task, code))
    }

    /// Has shown no credentials.
    pub const fn is_anonymous(&self) -> bool {
        matches!(self.0, Who::Anonymous)
    }

    pub const fn user(&self) -> Option<&User> {
        match &self.0 {
            Who::Person(user) | Who::Administrator(user) | Who::Token(user, _) => Some(user),
            Who::Anonymous | Who::Task(..) => None,
        }
    }

    pub fn user_id(&self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    /// The person, or [`Error::SignInRequired`].
    pub fn signed_in(&self) -> Result<&User> {
        self.user().ok_or(Error::SignInRequired)
    }

    /// Came by a session or a password, not by a token: only such an actor makes tokens and changes passwords.
    pub const fn is_in_person(&self) -> bool {
        matches!(self.0, Who::Person(_) | Who::Administrator(_))
    }

    /// From now on what this request asks of repositories comes from the account's share too.
    pub fn asks(&self) {
        if let Some(user) = self.user() {
            hearth_git::also_asked_by(Holder::Account(user.id.0));
        }
    }

    /// The repository that a task's agent may read.
    pub const fn code_repository(&self) -> Option<RepositoryId> {
        match self.0 {
            Who::Task(_, repository) => Some(repository),
            _ => None,
        }
    }

    /// The task whose agent asks.
    pub const fn task_id(&self) -> Option<TaskId> {
        match self.0 {
            Who::Task(task, _) => Some(task),
            _ => None,
        }
    }

    /// What they may do in repositories and organisations that they have no part in, as an administrator of the site: only while they act as
    /// one, or by a token with a scope of administration. None: nothing more than anybody.
    pub fn administration(&self) -> Option<Permission> {
        match &self.0 {
            Who::Administrator(user) if user.is_admin => Some(Permission::Administer),
            Who::Token(user, scopes) if user.is_admin && scopes.allow(Scope::WriteAdmin) => {
                Some(Permission::Administer)
            }
            Who::Token(user, scopes) if user.is_admin && scopes.allow(Scope::ReadAdmin) => {
                Some(Permission::Read)
            }
            _ => None,
        }
    }

    /// Is an administrator of the site, whether they act as one or not.
    pub fn is_admin(&self) -> bool {
        self.user().is_some_and(|user| user.is_admin)
    }

    /// Whether the way they came in reaches `scope`. Only tokens are limited; anonymous readers have no token.
    pub fn require(&self, scope: Scope) -> Result<()> {
        match &self.0 {
            Who::Token(_, scopes) if !scopes.allow(scope) => Err(Error::Forbidden(Action::Scope)),
            _ => Ok(()),
        }
    }

    /// An administrator, through a token that carries `scope` where it is a token.
    pub fn administrator(&self, scope: Scope) -> Result<&User> {
        let user = self.signed_in()?;
        self.require(scope)?;
        if user.is_admin { Ok(user) } else { Err(Error::Forbidden(Action::AdministerSite)) }
    }
}
