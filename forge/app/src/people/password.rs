//! Passwords: hashed slowly (argon2id), a few at a time, off the threads that answer requests.

use std::{fmt, sync::OnceLock, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use hearth_core::{Error, FieldError, Result};
use serde::Deserialize;
use tokio::{sync::Semaphore, task, time};

use crate::App;

/// In characters.
pub const SHORTEST: usize = 8;
/// In bytes.
pub const LONGEST: usize = 1024;

/// Each hash takes 19 MiB and a core.
const MOST_AT_ONCE: usize = 4;
static SLOTS: Semaphore = Semaphore::const_new(MOST_AT_ONCE);
/// A request that waits longer than this for a slot is asked to retry.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What people choose first, and attackers try first. Only attackers need longer lists; against those, there
/// is the rate limit.
const COMMON: &[&str] = &[
    "00000000",
    "11111111",
    "11223344",
    "12121212",
    "123123123",
    "12341234",
    "12344321",
    "12345678",
    "123456789",
    "1234567890",
    "123456789a",
    "123456abc",
    "1234qwer",
    "123qweasd",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "5201314520",
    "66666666",
    "87654321",
    "88888888",
    "987654321",
    "99999999",
    "a1234567",
    "a12345678",
    "a123456789",
    "aa123456",
    "aa12345678",
    "abc12345",
    "abc123456",
    "abcd1234",
    "abcdefgh",
    "admin123",
    "admin1234",
    "administrator",
    "asdfasdf",
    "asdfghjk",
    "asdfghjkl",
    "baseball",
    "changeme",
    "computer",
    "dearbook",
    "football",
    "iloveyou",
    "letmein1",
    "p@ssw0rd",
    "passw0rd",
    "password",
    "password1",
    "password12",
    "password123",
    "princess",
    "q1w2e3r4",
    "qazwsxedc",
    "qwer1234",
    "qwerty12",
    "qwerty123",
    "qwertyui",
    "qwertyuiop",
    "secret123",
    "sunshine",
    "superman",
    "test1234",
    "trustno1",
    "welcome1",
    "welcome123",
    "woaini1314",
    "woaini520",
    "zxcvbnm1",
    "zxcvbnm123",
];

/// A password as typed. It is never shown and never logged.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// Whether a new password is acceptable for the account `name`; the error is about `field`.
pub(crate) fn check(password: &Password, name: &str, field: &'static str) -> Result<(), FieldError> {
    let text = password.expose();
    let lower = text.to_lowercase();
    if text.is_empty() {
        Err(FieldError::new(field, "required"))
    } else if text.chars().count() < SHORTEST {
        Err(FieldError::new(field, "password-short").with("least", SHORTEST as u64))
    } else if text.len() > LONGEST {
        Err(FieldError::new(field, "too-long"))
    } else if COMMON.contains(&lower.as_str()) || is_one_character(text) {
        Err(FieldError::new(field, "password-common"))
    } else if lower == name.to_lowercase() {
        Err(FieldError::new(field, "password-is-name"))
    } else {
        Ok(())
    }
}

fn is_one_character(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next();
    characters.all(|character| Some(character) == first)
}

/// The hash to store in place of the password.
pub(crate) async fn hash(app: &App, password: &Password) -> Result<String> {
    let salt = app.random().bytes::<16>();
    let password = password.clone();
    run_blocking(move || hash_with(&password, &salt)).await?
}

/// Whether the password matches the stored hash. With no hash, it takes as long and returns `false`, so that
/// timing does not reveal which accounts exist.
pub(crate) async fn verify(password: &Password, kept: Option<String>) -> Result<bool> {
    if password.expose().len() > LONGEST {
        return Ok(false);
    }
    let password = password.clone();
    run_blocking(move || {
        let is_known = kept.is_some();
        let kept = kept.as_deref().unwrap_or_else(|| dummy_hash());
        let is_right = PasswordHash::new(kept)
            .is_ok_and(|kept| Argon2::default().verify_password(password.expose().as_bytes(), &kept).is_ok());
        is_right && is_known
    })
    .await
}

fn hash_with(password: &Password, salt: &[u8]) -> Result<String> {
    let hash = Argon2::default().hash_password_with_salt(password.expose().as_bytes(), salt);
    hash.map(|hash| hash.to_string()).map_err(Error::internal)
}

/// The hash used for accounts that do not exist.
fn dummy_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_with(&Password::default(), &[0; 16]).unwrap_or_default())
}

async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let slot = time::timeout(LONGEST_WAIT, SLOTS.acquire()).await;
    let _place = slot.map_err(|_| Error::TooManyRequests { retry_after: LONGEST_WAIT })?;
    task::spawn_blocking(work).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        check(&Password::new(password), "mei-the-great", "password").err().map(|error| error.code)
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert_eq!(code(""), Some("required"));
        assert_eq!(code("七个字的密码吗"), Some("password-short"));
        assert_eq!(code("八个字的密码可以"), None);
        assert_eq!(code("PassW0rd"), Some("password-common"));
        assert_eq!(code("zzzzzzzzzzzz"), Some("password-common"));
        assert_eq!(code("Mei-the-Great"), Some("password-is-name"));
        assert_eq!(code(&"ab".repeat(600)), Some("too-long"));
        assert_eq!(code("correct horse battery"), None);
    }

    #[test]
    fn the_list_can_be_searched_in_lower_case() {
        assert!(COMMON.iter().all(|word| *word == word.to_lowercase() && word.len() >= SHORTEST));
    }

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(format!("{:?}", Password::new("secret")), "Password(…)");
    }

    #[tokio::test]
    async fn a_password_is_verified_against_its_hash_alone() {
        let right = Password::new("correct horse battery");
        let kept = hash_with(&right, &[7; 16]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify(&right, Some(kept.clone())).await.unwrap());
        assert!(!verify(&Password::new("correct horse"), Some(kept)).await.unwrap());
        assert!(!verify(&right, None).await.unwrap());
        assert!(!verify(&Password::default(), None).await.unwrap());
        assert!(!verify(&right, Some("no hash".into())).await.unwrap());
    }
}
