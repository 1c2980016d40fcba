//! Who may create an account: what an administrator chose, or else the configuration.

use std::{
    fmt,
    str::FromStr,
    sync::{Mutex, PoisonError},
};

use hearth_core::{Error, Result, Scope};
use hearth_store::{Ask, setting};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Actor, App,
    audit::{self, Fact},
    user::{self, SignUpMode},
};

/// The setting that holds what an administrator chose.
const SETTING: &str = "registration";

/// Who may create an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    Open,
    /// With a code from an administrator.
    Invite,
    /// Only administrators create accounts. Where nobody decided, nobody comes in.
    #[default]
    Closed,
}

impl Registration {
    pub const ALL: [Self; 3] = [Self::Open, Self::Invite, Self::Closed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Registration {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|choice| choice.as_str() == text);
        found.ok_or(Error::field("registration", "unknown-choice"))
    }
}

/// In the configuration, `auto` stands for no choice.
pub(crate) mod or_auto {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    use super::Registration;

    const AUTO: &str = "auto";

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(crate) fn serialize<S: Serializer>(
        choice: &Option<Registration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        choice.map_or(AUTO, Registration::as_str).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Registration>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == AUTO {
            return Ok(None);
        }
        text.parse()
            .map(Some)
            .map_err(|_| D::Error::unknown_variant(&text, &[AUTO, "open", "invite", "closed"]))
    }
}

/// What the configuration says, until an administrator chooses.
pub fn configured(app: &App) -> Registration {
    app.settings().registration.unwrap_or_default()
}

/// Who may create an account now.
pub async fn current(app: &App) -> Result<Registration> {
    find(app, &mut app.store().read().await?).await
}

async fn find(app: &App, ask: &mut impl Ask) -> Result<Registration> {
    match setting::find(ask, SETTING).await? {
        Some(chosen) => chosen.parse().map_err(|_| Error::internal("the registration was stored badly")),
        None => Ok(configured(app)),
    }
}

/// Chooses who may create an account from now on, on every server, whatever the configuration says.
pub async fn choose(app: &App, actor: &Actor, chosen: Registration) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let before = find(app, &mut operation).await?;
    setting::put(&mut operation, SETTING, chosen.as_str()).await?;
    if chosen != before {
        let said = |registration: Registration| json!({ "registration": registration });
        let (was, is) = (said(before), said(chosen));
        let fact = Fact {
            kind: "setting",
            subject: SETTING,
            action: "changed",
            before: Some(&was),
            after: Some(&is),
        };
        audit::note(&mut operation, actor, fact).await?;
    }
    operation.commit().await
}

/// What a newcomer needs, remembered until a setting changes on any server: every page for visitors says
/// whether they can sign up.
#[derive(Debug, Default)]
pub(crate) struct KnownSignUpMode(Mutex<Option<(u64, SignUpMode)>>);

impl KnownSignUpMode {
    pub(crate) async fn get(&self, app: &App) -> Result<SignUpMode> {
        // Counted before reading: a change meanwhile makes the next page read again.
        let changes = app.changes().count_of_settings();
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, mode)) = known
            && at == changes
        {
            return Ok(mode);
        }
        let mode = user::sign_up_mode(app).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((changes, mode));
        Ok(mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    #[test]
    fn no_choice_is_called_auto_in_the_configuration() {
        let written = |registration| {
            serde_json::to_value(Settings { registration, ..Settings::default() }).expect("JSON")
                ["registration"]
                .clone()
        };
        assert_eq!(written(None), "auto");
        for choice in Registration::ALL {
            assert_eq!(written(Some(choice)), choice.as_str());
            let read: Settings =
                serde_json::from_value(json!({ "registration": choice.as_str() })).expect("settings");
            assert_eq!(read.registration, Some(choice));
        }
        assert!(serde_json::from_value::<Settings>(json!({ "registration": "maybe" })).is_err());
    }
}
