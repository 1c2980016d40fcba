//! Sign-in sessions: `tower-sessions` on the database. Who only reads gets none.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use hearth_app::{Actor, App, session, user::User};
use hearth_core::{Error, Timestamp, UserId};
use tower_sessions::{
    Expiry, Session, SessionStore,
    cookie::time,
    session::{Id, Record},
    session_store,
};

use crate::{Web, cookie};

/// Whose session it is; the row has it in a column as well, so that all of one's sessions can be ended.
const USER: &str = "user";
/// When its life was last made longer, in seconds.
const RENEWED: &str = "renewed";
/// Until when it is that of somebody who acts as an administrator of the site, in seconds.
const ADMINISTERING: &str = "administering";
const RENEW_EVERY: Duration = Duration::from_secs(24 * 3600);

/// The session that the browser's cookie names. Without one it begins when something is put into it.
pub(crate) fn of(web: &Web, jar: &CookieJar) -> Session {
    let id = jar.get(cookie::session(web)).and_then(|cookie| cookie.value().parse().ok());
    let days = i64::from(web.app().settings().session_days);
    let expiry = Expiry::OnInactivity(time::Duration::days(days));
    Session::new(id, Arc::new(Sessions(web.app().clone())), Some(expiry))
}

/// Keeps what changed in a session, and lets the browser's cookie follow. Where it cannot be kept the page has to say so, so nothing of
/// the answer has been sent by then.
pub(crate) async fn keep(
    web: &Web,
    jar: &CookieJar,
    session: &Session,
    response: &mut Response,
) -> Result<(), Error> {
    let name = cookie::session(web);
    if session.is_empty().await {
        if jar.get(name).is_some() {
            cookie::set(response.headers_mut(), web, name, "", cookie::Life::Over);
        }
    } else if session.is_modified() && !response.status().is_server_error() {
        session.save().await.map_err(fault)?;
        let id = session.id().ok_or_else(|| Error::internal("a session that was kept has a name"))?;
        let life = cookie::Life::Days(web.app().settings().session_days);
        cookie::set(response.headers_mut(), web, name, &id.to_string(), life);
    }
    Ok(())
}

/// Whose session it is, and until when they act as an administrator of the site, where they do.
#[derive(Debug)]
pub(crate) struct Asking {
    pub(crate) actor: Actor,
    pub(crate) administering_until: Option<Timestamp>,
}

impl Asking {
    pub(crate) const fn anonymous() -> Self {
        Self { actor: Actor::anonymous(), administering_until: None }
    }
}

/// Who asks in this session. An ended session, and one of somebody who was blocked, is nobody's.
pub(crate) async fn actor(app: &App, session: &Session) -> Result<Asking, Error> {
    let Some(id) = session.get::<i64>(USER).await.map_err(fault)? else { return Ok(Asking::anonymous()) };
    let Some(user) = session::person(app, UserId(id)).await? else { return Ok(Asking::anonymous()) };
    let renewed = session.get::<i64>(RENEWED).await.map_err(fault)?.unwrap_or_default();
    let now = app.now();
    if now.since(Timestamp::from_second(renewed)) >= RENEW_EVERY {
        session.insert(RENEWED, now.as_second()).await.map_err(fault)?;
    }
    let until = session.get::<i64>(ADMINISTERING).await.map_err(fault)?.map(Timestamp::from_second);
    let administering_until = until.filter(|until| *until > now && user.is_admin);
    let actor = match administering_until {
        Some(_) => Actor::acting_as_administrator(user),
        None => Actor::person(user),
    };
    Ok(Asking { actor, administering_until })
}

/// From now on the session is that of an administrator of the site, for the time that the site allows.
pub(crate) async fn begin_administering(app: &App, session: &Session, actor: &Actor) -> Result<(), Error> {
    let until = session::begin_administering(app, actor).await?;
    session.insert(ADMINISTERING, until.as_second()).await.map_err(fault)
}

pub(crate) async fn end_administering(app: &App, session: &Session, actor: &Actor) -> Result<(), Error> {
    session::end_administering(app, actor).await?;
    session.remove::<i64>(ADMINISTERING).await.map_err(fault)?;
    Ok(())
}

/// Signs somebody in. The session that was there ends; the new one has an id that nobody has seen.
pub(crate) async fn begin(app: &App, session: &Session, user: &User) -> Result<(), Error> {
    if session.id().is_some() {
        session.flush().await.map_err(fault)?;
    }
    session.insert(USER, user.id.0).await.map_err(fault)?;
    session.insert(RENEWED, app.now().as_second()).await.map_err(fault)
}

/// Signs out: the row goes, so the cookie is worth nothing any more.
pub(crate) async fn end(session: &Session) -> Result<(), Error> {
    session.flush().await.map_err(fault)
}

fn fault(error: tower_sessions::session::Error) -> Error {
    match error {
        tower_sessions::session::Error::Store(session_store::Error::Backend(part)) => match part.parse() {
            Ok(dependency) => Error::Unavailable(dependency),
            Err(()) => Error::internal(part),
        },
        other => Error::internal(other),
    }
}

/// The rows of sessions.
#[derive(Clone)]
pub(crate) struct Sessions(App);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sessions")
    }
}

/// The name of the part that does not answer, where it is one; it comes back in [`fault`].
fn backend(error: impl Into<Error>) -> session_store::Error {
    session_store::Error::Backend(match error.into() {
        Error::Unavailable(dependency) => dependency.to_string(),
        Error::Internal(source) => source.to_string(),
        other => other.to_string(),
    })
}

/// The person whom the session is of, where it is anybody's.
fn user_of(record: &Record) -> Option<UserId> {
    record.data.get(USER).and_then(serde_json::Value::as_i64).map(UserId)
}

fn data_of(record: &Record) -> session::Data {
    record.data.clone().into_iter().collect()
}

#[async_trait]
impl SessionStore for Sessions {
    /// The id always comes from the site's own chance, never from a request.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        loop {
            record.id = Id(i128::from_le_bytes(self.0.chance().bytes()));
            let (id, data) = (record.id.to_string(), data_of(record));
            if session::create(&self.0, &id, user_of(record), data).await.map_err(backend)? {
                return Ok(());
            }
        }
    }

    /// Never makes an ended session anew.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let id = record.id.to_string();
        session::save(&self.0, &id, user_of(record), data_of(record)).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = session::load(&self.0, &id.to_string()).await.map_err(backend)?;
        Ok(found.map(|(data, ends_at)| Record {
            id: *id,
            data,
            expiry_date: time::OffsetDateTime::from_unix_timestamp(ends_at.as_second())
                .unwrap_or(time::OffsetDateTime::UNIX_EPOCH),
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        session::end(&self.0, &id.to_string()).await.map_err(backend)
    }
}
