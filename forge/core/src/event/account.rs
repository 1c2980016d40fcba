use crate::{TokenId, UserName};

kinds! {
    /// What happens to accounts, and to the credentials that give access to them.
    pub enum AccountEvent {
        Created = "user.created" { user: UserName },
        Blocked = "user.blocked" { user: UserName },
        Unblocked = "user.unblocked" { user: UserName },
        Deleted = "user.deleted" { user: UserName },
        MadeAdministrator = "user.made_admin" { user: UserName },
        UnmadeAdministrator = "user.unmade_admin" { user: UserName },
        EmailChanged = "email.changed" { user: UserName },
        PasswordChanged = "password.changed" { user: UserName },
        TokenCreated = "token.created" { token: String },
        /// By id or by name, as in the request.
        TokenDeleted = "token.deleted" { token: TokenReference },
        KeyAdded = "ssh_key.added" { fingerprint: String },
        KeyRemoved = "ssh_key.removed" { fingerprint: String },
        /// Of an OpenPGP key.
        GpgKeyAdded = "gpg_key.added" { fingerprint: String },
        /// Its owner has proven to have it: from now on it speaks for them.
        GpgKeyProven = "gpg_key.proven" { fingerprint: String },
        GpgKeyRemoved = "gpg_key.removed" { fingerprint: String },
    }
}

/// How a request named a token.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum TokenReference {
    Number(TokenId),
    Name(String),
}
