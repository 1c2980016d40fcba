text_enum! {
    /// What a repository holds. Each kind has its own namespace.
    pub enum RepositoryKind {
        Code = "code",
        Dataset = "dataset",
        Model = "model",
    }
}

text_enum! {
    /// What kind of owner of repositories it is.
    pub enum OwnerKind {
        User = "user",
        Organization = "organization",
    }
}

text_enum! {
    /// Who may know that a repository or an organisation exists: everybody, or only those with access to it.
    pub enum Visibility {
        Public = "public",
        Private = "private",
    }
}

impl Visibility {
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Private)
    }
}

text_enum! {
    /// What a person may do in a repository or in one of its units; each level includes the ones before it.
    pub enum Permission {
        Read = "read",
        Write = "write",
        Administer = "administer",
    }
}

/// Access proof: may read. See `hearth_app::Access`.
#[derive(Clone, Copy, Debug)]
pub struct Read;
/// Access proof: may write (push, label, launch tasks).
#[derive(Clone, Copy, Debug)]
pub struct Write;
/// Access proof: may send objects and move references: whoever may write, and a deploy key that may.
#[derive(Clone, Copy, Debug)]
pub struct Push;
/// Access proof: may rename, delete, change visibility and manage access.
#[derive(Clone, Copy, Debug)]
pub struct Administer;

/// The proofs of whoever may push.
pub trait MayPush {}

impl MayPush for Write {}
impl MayPush for Push {}
