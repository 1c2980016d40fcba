use hearth_core::Timestamp;
use hearth_store::{
    Writer,
    user::{self, NewUser, User},
};

/// The time at which these tests stand still.
pub(crate) fn noon() -> Timestamp {
    Timestamp::from_second(1_790_000_000)
}

pub(crate) fn new_user(name: &str) -> NewUser {
    NewUser {
        name: name.parse().expect("a good name"),
        display_name: String::new(),
        email: format!("{name}@example.org").parse().expect("a good address"),
        password_hash: "hash".into(),
        is_admin: false,
        language: None,
        created_at: noon(),
    }
}

pub(crate) async fn insert_user(writer: &mut Writer, name: &str) -> User {
    user::insert(writer, &new_user(name)).await.expect("the user is new")
}
