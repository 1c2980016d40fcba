text_enum! {
    /// What a repository holds. Each kind has its own space of names.
    pub enum RepositoryKind {
        Code = "code",
        Dataset = "dataset",
        Model = "model",
    }
}

text_enum! {
    /// Who may know that a repository exists.
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
    /// What a person may do in a repository; each includes the ones before it.
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
/// Proof level: may rename, change visibility and delete.
#[derive(Clone, Copy, Debug)]
pub struct Administer;
