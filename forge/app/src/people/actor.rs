use hearth_core::{Action, Error, Permission, RepositoryId, Result, Scope, Scopes, TaskId, UserId};
use hearth_git::Holder;
use hearth_store::user::User;

/// Who makes a request, and how they authenticated.
#[derive(Clone, Debug)]
pub struct Actor(Who);

#[derive(Clone, Debug)]
enum Who {
    Anonymous,
    /// By a session or a password: may do everything that the person may.
    Person(User),
    /// By a session, acting as a site administrator for a while: also reaches everybody's repositories and
    /// organisations.
    Administrator(User),
    /// By an access token: may do what its scopes name.
    Token(User, Scopes),
    /// The agent of a running task: may read its code's repository.
    Task(TaskId, RepositoryId),
    /// By a deploy key, on behalf of nobody: reaches the code of one repository.
    DeployKey(OneCode),
    /// By a ticket that an SSH key of the person got: reaches the code of one repository, as far as they do.
    Ticket(User, OneCode),
}

/// The code of one repository, and whether it may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OneCode {
    pub(crate) repository: RepositoryId,
    pub(crate) may_write: bool,
}

impl Actor {
    pub const fn anonymous() -> Self {
        Self(Who::Anonymous)
    }

    pub const fn person(user: User) -> Self {
        Self(Who::Person(user))
    }

    /// A person who said that they act as a site administrator now; without that role, they act as
    /// themselves.
    pub const fn acting_as_administrator(user: User) -> Self {
        if user.is_admin { Self(Who::Administrator(user)) } else { Self(Who::Person(user)) }
    }

    pub const fn token(user: User, scopes: Scopes) -> Self {
        Self(Who::Token(user, scopes))
    }

    pub const fn task(task: TaskId, code: RepositoryId) -> Self {
        Self(Who::Task(task, code))
    }

    pub(crate) const fn deploy_key(code: OneCode) -> Self {
        Self(Who::DeployKey(code))
    }

    pub(crate) const fn ticket(user: User, code: OneCode) -> Self {
        Self(Who::Ticket(user, code))
    }

    /// Has presented no credentials.
    pub const fn is_anonymous(&self) -> bool {
        matches!(self.0, Who::Anonymous)
    }

    pub const fn user(&self) -> Option<&User> {
        match &self.0 {
            Who::Person(user) | Who::Administrator(user) | Who::Token(user, _) | Who::Ticket(user, _) => {
                Some(user)
            }
            Who::Anonymous | Who::Task(..) | Who::DeployKey(..) => None,
        }
    }

    pub fn user_id(&self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    /// The person, or [`Error::SignInRequired`].
    pub fn signed_in(&self) -> Result<&User> {
        self.user().ok_or(Error::SignInRequired)
    }

    /// Authenticated by a session or a password, not by a token: only such an actor may create tokens and
    /// change passwords.
    pub const fn is_in_person(&self) -> bool {
        matches!(self.0, Who::Person(_) | Who::Administrator(_))
    }

    /// From now on, this request's work on repositories also counts towards the account's share.
    pub fn charge_account(&self) {
        if let Some(user) = self.user() {
            hearth_git::add_holder(Holder::Account(user.id.0));
        }
    }

    /// The repository that a task's agent may read.
    pub const fn code_repository(&self) -> Option<RepositoryId> {
        match self.0 {
            Who::Task(_, repository) => Some(repository),
            _ => None,
        }
    }

    /// Came with a deploy key, and so is nobody.
    pub const fn is_deploy_key(&self) -> bool {
        matches!(self.0, Who::DeployKey(..))
    }

    /// The only code that they reach; none: they reach whatever they have permissions for.
    pub(crate) const fn only_code(&self) -> Option<OneCode> {
        match self.0 {
            Who::DeployKey(code) | Who::Ticket(_, code) => Some(code),
            Who::Anonymous | Who::Person(_) | Who::Administrator(_) | Who::Token(..) | Who::Task(..) => None,
        }
    }

    /// The task whose agent makes the request.
    pub const fn task_id(&self) -> Option<TaskId> {
        match self.0 {
            Who::Task(task, _) => Some(task),
            _ => None,
        }
    }

    /// What they may do, as a site administrator, in repositories and organisations where they have no role:
    /// only while acting as one, or by a token with an administration scope. None: no more than anybody.
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

    /// Is a site administrator, whether acting as one or not.
    pub fn is_admin(&self) -> bool {
        self.user().is_some_and(|user| user.is_admin)
    }

    /// Whether their credentials cover `scope`. Tokens, tickets and deploy keys are limited; anonymous readers have
    /// no token.
    pub fn require(&self, scope: Scope) -> Result<()> {
        let is_covered = match &self.0 {
            Who::Token(_, scopes) => scopes.allow(scope),
            Who::DeployKey(code) | Who::Ticket(_, code) => {
                scope == Scope::ReadRepository || scope == Scope::WriteRepository && code.may_write
            }
            Who::Anonymous | Who::Person(_) | Who::Administrator(_) | Who::Task(..) => true,
        };
        if is_covered { Ok(()) } else { Err(Error::Forbidden(Action::Scope)) }
    }

    /// The actor as a site administrator; a token must also carry `scope`.
    pub fn administrator(&self, scope: Scope) -> Result<&User> {
        let user = self.signed_in()?;
        self.require(scope)?;
        if user.is_admin { Ok(user) } else { Err(Error::Forbidden(Action::AdministerSite)) }
    }
}
