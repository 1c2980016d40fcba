text_enum! {
    /// What a repository holds. Each kind has its own space of names.
    pub enum RepositoryKind {
        Code = "code",
        Dataset = "dataset",
        Model = "model",
    }
}

text_enum! {
    /// What an owner of repositories is.
    pub enum OwnerKind {
        User = "user",
        Organization = "organization",
    }
}

text_enum! {
    /// Who may know that a repository or an organisation exists: everybody, or those alone who have a part in it.
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
    /// What a person may do in a repository or in a unit of it; each includes the ones before it.
    pub enum Permission {
        Read = "read",
        Write = "write",
        Administer = "administer",
    }
}

/// Proof level: may read. See `hearth_app::Access`.
#[derive(Clone, Copy, Debug)]
pub struct Read;
/// Proof level: may write (push, label, launch tasks).
#[derive(Clone, Copy, Debug)]
pub struct Write;
/// Proof level: may rename, change visibility and delete, and says who else may do what.
#[derive(Clone, Copy, Debug)]
pub struct Administer;
