use hearth_core::{
    Action, Conflict, Email, Error, FieldErrors, Language, Result, Scope, UserName, event::AccountEvent,
};
use hearth_store::{
    Meaning as _, invite, owner, setting,
    user::{self, NewUser, User},
};

use crate::{
    Actor, App, ClientAddress, Operation, Registration,
    password::{self, Password},
    registration, secret,
};

/// The setting that holds the hash of the setup code; it exists until the first administrator does.
const SETUP_CODE: &str = "setup_code";

/// What is needed to create an account now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpMode {
    /// The code that the server printed; the new account becomes the administrator.
    Setup,
    Open,
    Invite,
    Closed,
}

/// What a newcomer enters.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: Password,
    /// The setup code or the invitation code, if one is needed.
    pub code: String,
    /// The language in which the form was shown.
    pub language: Option<Language>,
}

/// What an administrator enters.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    pub name: String,
    pub display_name: String,
    pub email: String,
    pub password: Password,
    pub is_admin: bool,
}

/// Creates the setup code if there is no administrator yet; call at each start. Only its hash is stored, so
/// each start creates a new code, and only the last one works.
pub async fn setup_code(app: &App) -> Result<Option<String>> {
    let mut operation = app.begin().await?;
    let code = if user::count_admins(&mut operation).await? == 0 {
        let code = secret::make(app.random());
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
pub async fn sign_up_mode(app: &App) -> Result<SignUpMode> {
    if setting::find(&mut app.store().read().await?, SETUP_CODE).await?.is_some() {
        return Ok(SignUpMode::Setup);
    }
    Ok(match registration::current(app).await? {
        Registration::Open => SignUpMode::Open,
        Registration::Invite => SignUpMode::Invite,
        Registration::Closed => SignUpMode::Closed,
    })
}

/// The same for every page of a visitor: from memory, unless a setting has changed.
pub async fn known_sign_up_mode(app: &App) -> Result<SignUpMode> {
    app.known_sign_up_mode().get(app).await
}

/// Creates an account for a newcomer, by the site's registration policy.
pub async fn sign_up(app: &App, new: SignUp, from: ClientAddress) -> Result<User> {
    let sign_up_mode = sign_up_mode(app).await?;
    if sign_up_mode == SignUpMode::Closed {
        return Err(Error::Forbidden(Action::Register));
    }
    app.guesses().count_address(from, app.monotonic())?;
    let mut errors = FieldErrors::default();
    let code_hash = secret::hash(new.code.trim());
    let is_welcome = is_right_code(app, sign_up_mode, &code_hash).await?;
    if !is_welcome {
        errors.add("code", if new.code.trim().is_empty() { "required" } else { "code-wrong" });
    }
    let (name, email) = (new.name.trim().to_owned(), new.email.trim().to_owned());
    let account = NewAccount {
        name: new.name,
        display_name: String::new(),
        email: new.email,
        password: new.password,
        is_admin: sign_up_mode == SignUpMode::Setup,
    };
    let row = match prepare(app, account, new.language, errors).await {
        // Who has no code is not told which addresses have an account.
        Err(error) if is_welcome => return Err(with_what_is_taken(app, &name, &email, error).await?),
        prepared => prepared?,
    };

    let mut operation = app.begin().await?;
    let user = insert(&mut operation, &row).await?;
    // The code is checked again, and used up, in the transaction that creates the account.
    let is_let_in = match sign_up_mode {
        SignUpMode::Setup => setting::take(&mut operation, SETUP_CODE, &code_hash).await?,
        SignUpMode::Invite => invite::spend(&mut operation, &code_hash, user.id, row.created_at).await?,
        SignUpMode::Open => true,
        SignUpMode::Closed => false,
    };
    if !is_let_in {
        return Err(Error::field("code", "code-wrong"));
    }
    let event = AccountEvent::Created { user: user.name.clone() };
    operation.record_of_account(Some(user.id), user.id, event).await?;
    operation.commit().await?;
    Ok(user)
}

/// The mistakes of a form together with those that its insertion would have found.
async fn with_what_is_taken(app: &App, name: &str, email: &str, error: Error) -> Result<Error> {
    let mut errors = FieldErrors::default();
    errors.absorb::<()>(Err(error))?;
    let mut reader = app.store().read().await?;
    if owner::find_by_name(&mut reader, name).await?.is_some() {
        errors.add("name", "name-taken");
    }
    if user::find_by_email(&mut reader, email).await?.is_some() {
        errors.add("email", "email-taken");
    }
    Ok(errors.into_result().expect_err("it had an error from the start"))
}

/// A first check, so that a wrong code is reported together with all other mistakes.
async fn is_right_code(app: &App, sign_up_mode: SignUpMode, code_hash: &str) -> Result<bool> {
    let mut reader = app.store().read().await?;
    Ok(match sign_up_mode {
        SignUpMode::Setup => setting::find(&mut reader, SETUP_CODE).await?.as_deref() == Some(code_hash),
        SignUpMode::Invite => invite::find_open(&mut reader, code_hash, app.now()).await?.is_some(),
        SignUpMode::Open | SignUpMode::Closed => true,
    })
}

/// Creates an account for somebody else, whatever the registration policy.
pub async fn create(app: &App, actor: &Actor, new: NewAccount) -> Result<User> {
    let admin = actor.administrator(Scope::WriteAdmin)?.id;
    make(app, Some(admin), new).await
}

/// The same from the command line. Creating the first administrator this way needs no setup code, and
/// invalidates it.
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

/// Validates everything first, then hashes the password, which is slow.
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

/// Reports which of the two is taken: the statement itself cannot.
async fn insert(operation: &mut Operation, row: &NewUser) -> Result<User> {
    if user::find_by_name(operation, row.name.as_str()).await?.is_some() {
        return Err(Error::Conflict(Conflict::NameTaken));
    }
    if user::find_by_email(operation, row.email.as_str()).await?.is_some() {
        return Err(Error::Conflict(Conflict::EmailTaken));
    }
    user::insert(operation, row).await.on_taken(Conflict::NameTaken)
}
