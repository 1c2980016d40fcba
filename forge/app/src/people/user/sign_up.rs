use hearth_core::{
    Action, Conflict, Email, Error, FieldErrors, Language, Result, Scope, UserName, event::AccountEvent,
};
use hearth_store::{
    Meaning as _, invite, setting,
    user::{self, NewUser, User},
};

use crate::{
    Actor, App, ClientAddress, Operation, Registration,
    password::{self, Password},
    secret,
};

/// The setting that holds the hash of the setup code; it is there until the first account is.
const SETUP_CODE: &str = "setup_code";

/// What it takes to make an account now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The code that the server printed: this will be the administrator.
    Setup,
    Open,
    Invite,
    Closed,
}

/// What a new person writes.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: Password,
    /// The setup code or the invitation's, where one is asked for.
    pub code: String,
    /// The language the form was read in.
    pub language: Option<Language>,
}

/// What an administrator writes.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    pub name: String,
    pub display_name: String,
    pub email: String,
    pub password: Password,
    pub is_admin: bool,
}

/// Makes the setup code when nobody is an administrator yet; call at each start. Only its hash is kept, so each start
/// has a code of its own, and the last one counts.
pub async fn setup_code(app: &App) -> Result<Option<String>> {
    let mut operation = app.begin().await?;
    let code = if user::count_admins(&mut operation).await? == 0 {
        let code = secret::make(app.chance());
        setting::put(&mut operation, SETUP_CODE, &secret::hash(&code)).await?;
        Some(code)
    } else {
        setting::delete(&mut operation, SETUP_CODE).await?;
        None
    };
    operation.commit().await?;
    Ok(code)
}

/// What the sign-up form has to ask for.
pub async fn door(app: &App) -> Result<Door> {
    if setting::find(&mut app.store().read().await?, SETUP_CODE).await?.is_some() {
        return Ok(Door::Setup);
    }
    Ok(match app.settings().registration {
        Registration::Open => Door::Open,
        Registration::Invite => Door::Invite,
        Registration::Closed => Door::Closed,
    })
}

/// Makes an account for a newcomer, by the rule of the site.
pub async fn sign_up(app: &App, new: SignUp, from: ClientAddress) -> Result<User> {
    let door = door(app).await?;
    if door == Door::Closed {
        return Err(Error::Forbidden(Action::Register));
    }
    app.guesses().count_address(from, app.monotonic())?;
    let mut errors = FieldErrors::default();
    let code_hash = secret::hash(new.code.trim());
    if !is_right_code(app, door, &code_hash).await? {
        errors.add("code", if new.code.trim().is_empty() { "required" } else { "code-wrong" });
    }
    let account = NewAccount {
        name: new.name,
        display_name: String::new(),
        email: new.email,
        password: new.password,
        is_admin: door == Door::Setup,
    };
    let row = prepare(app, account, new.language, errors).await?;

    let mut operation = app.begin().await?;
    let user = insert(&mut operation, &row).await?;
    // The code is looked at again, and used up, in the transaction that makes the account.
    let is_let_in = match door {
        Door::Setup => setting::take(&mut operation, SETUP_CODE, &code_hash).await?,
        Door::Invite => invite::spend(&mut operation, &code_hash, user.id, row.created_at).await?,
        Door::Open => true,
        Door::Closed => false,
    };
    if !is_let_in {
        return Err(Error::field("code", "code-wrong"));
    }
    let event = AccountEvent::Created { user: user.name.clone() };
    operation.record_of_account(Some(user.id), user.id, event).await?;
    operation.commit().await?;
    Ok(user)
}

/// A first look, so that a wrong code is told together with every other mistake.
async fn is_right_code(app: &App, door: Door, code_hash: &str) -> Result<bool> {
    let mut reader = app.store().read().await?;
    Ok(match door {
        Door::Setup => setting::find(&mut reader, SETUP_CODE).await?.as_deref() == Some(code_hash),
        Door::Invite => invite::find_open(&mut reader, code_hash, app.now()).await?.is_some(),
        Door::Open | Door::Closed => true,
    })
}

/// Makes an account for somebody else, whatever the rule of the site.
pub async fn create(app: &App, actor: &Actor, new: NewAccount) -> Result<User> {
    let admin = actor.administrator(Scope::WriteAdmin)?.id;
    make(app, Some(admin), new).await
}

/// The same from the command line. The first administrator made so needs no setup code, and ends it.
pub async fn create_as_operator(app: &App, new: NewAccount) -> Result<User> {
    make(app, None, new).await
}

async fn make(app: &App, by: Option<hearth_core::UserId>, new: NewAccount) -> Result<User> {
    let row = prepare(app, new, None, FieldErrors::default()).await?;
    let mut operation = app.begin().await?;
    let user = insert(&mut operation, &row).await?;
    if user.is_admin {
        setting::delete(&mut operation, SETUP_CODE).await?;
    }
    let event = AccountEvent::Created { user: user.name.clone() };
    operation.record_of_account(by, user.id, event).await?;
    operation.commit().await?;
    Ok(user)
}

/// Checks everything, and hashes the password last: it is slow.
async fn prepare(
    app: &App,
    new: NewAccount,
    language: Option<Language>,
    mut errors: FieldErrors,
) -> Result<NewUser> {
    let name = errors.take("name", new.name.trim().parse::<UserName>(), hearth_core::BadName::code);
    let email = errors.take("email", new.email.trim().parse::<Email>(), |_| "email");
    let display_name = super::profile::display_name(&mut errors, &new.display_name);
    if let Err(error) = password::check(&new.password, new.name.trim(), "password") {
        errors.push(error);
    }
    errors.into_result()?;
    let (Some(name), Some(email)) = (name, email) else {
        return Err(Error::internal("a bad name or address makes an error"));
    };
    Ok(NewUser {
        name,
        display_name,
        email,
        password_hash: password::hash(app, &new.password).await?,
        is_admin: new.is_admin,
        language,
        created_at: app.now(),
    })
}

/// Says which of the two is taken: the statement alone cannot.
async fn insert(operation: &mut Operation, row: &NewUser) -> Result<User> {
    if user::find_by_name(operation, row.name.as_str()).await?.is_some() {
        return Err(Error::Conflict(Conflict::NameTaken));
    }
    if user::find_by_email(operation, row.email.as_str()).await?.is_some() {
        return Err(Error::Conflict(Conflict::EmailTaken));
    }
    user::insert(operation, row).await.on_taken(Conflict::NameTaken)
}
