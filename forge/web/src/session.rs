//! Sign-in sessions: `tower-sessions` on the database. Visitors who only read get none.

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

/// The user of the session; also a column of its row, so that all sessions of a user can be ended.
const USER: &str = "user";
/// When the session was last renewed, in Unix seconds.
const RENEWED: &str = "renewed";
/// Until when its user acts as a site administrator, in Unix seconds.
const ADMINISTERING: &str = "administering";
const RENEW_EVERY: Duration = Duration::from_secs(24 * 3600);

/// The session named by the cookie; without one, a session begins when something is put into it.
pub fn of(web: &Web, jar: &CookieJar) -> Session {
    let id = jar.get(cookie::session(web)).and_then(|cookie| cookie.value().parse().ok());
    let days = i64::from(web.app().settings().session_days);
    let expiry = Expiry::OnInactivity(time::Duration::days(days));
    Session::new(id, Arc::new(Sessions(web.app().clone())), Some(expiry))
}

/// Saves a changed session and updates the browser's cookie. Must run before any of the response is sent,
/// because a failure to save becomes the page.
pub async fn persist(
    web: &Web,
    jar: &CookieJar,
    session: &Session,
    response: &mut Response,
) -> Result<(), Error> {
    let name = cookie::session(web);
    if session.is_empty().await {
        if jar.get(name).is_some() {
            cookie::set(response.headers_mut(), web, name, "", cookie::Life::Delete);
        }
    } else if session.is_modified() && !response.status().is_server_error() {
        session.save().await.map_err(fault)?;
        let id = session.id().ok_or_else(|| Error::internal("a session that was kept has a name"))?;
        let life = cookie::Life::Days(web.app().settings().session_days);
        cookie::set(response.headers_mut(), web, name, &id.to_string(), life);
    }
    Ok(())
}

/// The actor of a session, and until when they act as a site administrator, if they do.
#[derive(Debug)]
pub struct SessionActor {
    pub actor: Actor,
    pub administering_until: Option<Timestamp>,
}

impl SessionActor {
    pub const fn anonymous() -> Self {
        Self { actor: Actor::anonymous(), administering_until: None }
    }
}

/// The actor of this session. An ended session, and one of a blocked user, is anonymous.
pub async fn actor(app: &App, session: &Session) -> Result<SessionActor, Error> {
    let Some(id) = session.get::<i64>(USER).await.map_err(fault)? else {
        return Ok(SessionActor::anonymous());
    };
    let Some(user) = session::person(app, UserId(id)).await? else { return Ok(SessionActor::anonymous()) };
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
    Ok(SessionActor { actor, administering_until })
}

/// The actor of a session as it is by now, for an answer that goes on long after its request: the session may have
/// ended, and the time as a site administrator.
pub async fn actor_now(app: &App, id: Option<Id>) -> Result<Actor, Error> {
    let session = Session::new(id, Arc::new(Sessions(app.clone())), None);
    Ok(actor(app, &session).await?.actor)
}

/// Lets the user of the session act as a site administrator, for as long as the site allows.
pub async fn begin_administering(app: &App, session: &Session, actor: &Actor) -> Result<(), Error> {
    let until = session::begin_administering(app, actor).await?;
    session.insert(ADMINISTERING, until.as_second()).await.map_err(fault)
}

pub async fn end_administering(app: &App, session: &Session, actor: &Actor) -> Result<(), Error> {
    session::end_administering(app, actor).await?;
    session.remove::<i64>(ADMINISTERING).await.map_err(fault)?;
    Ok(())
}

/// Signs a user in. The existing session ends; the new one has a fresh id, against session fixation.
pub async fn begin(app: &App, session: &Session, user: &User) -> Result<(), Error> {
    if session.id().is_some() {
        session.flush().await.map_err(fault)?;
    }
    session.insert(USER, user.id.0).await.map_err(fault)?;
    session.insert(RENEWED, app.now().as_second()).await.map_err(fault)
}

/// Signs out: the row is deleted, so the cookie becomes worthless.
pub async fn end(session: &Session) -> Result<(), Error> {
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

/// The session store on the app's database.
#[derive(Clone)]
pub struct Sessions(App);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sessions")
    }
}

/// Keeps the name of an unavailable dependency, so that [`fault`] can restore the error.
fn backend(error: impl Into<Error>) -> session_store::Error {
    session_store::Error::Backend(match error.into() {
        Error::Unavailable(dependency) => dependency.to_string(),
        Error::Internal(source) => source.to_string(),
        other => other.to_string(),
    })
}

/// The user of the session, if it has one.
fn user_of(record: &Record) -> Option<UserId> {
    record.data.get(USER).and_then(serde_json::Value::as_i64).map(UserId)
}

fn data_of(record: &Record) -> session::Data {
    record.data.clone().into_iter().collect()
}

#[async_trait]
impl SessionStore for Sessions {
    /// The id always comes from the app's random source, never from a request.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        loop {
            record.id = Id(i128::from_le_bytes(self.0.random().bytes()));
            let (id, data) = (record.id.to_string(), data_of(record));
            if session::create(&self.0, &id, user_of(record), data).await.map_err(backend)? {
                return Ok(());
            }
        }
    }

    /// Never recreates an ended session.
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
