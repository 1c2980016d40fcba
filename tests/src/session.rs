//! A signed-in user without a browser: cookies and forms, no scripts.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::Method;

use crate::{Answer, Api, Person, RawRequest};

/// A signed-in session.
pub struct Session {
    api: Api,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Session {
    /// Signs in through the form, with the password.
    ///
    /// # Panics
    ///
    /// When the sign-in fails.
    #[track_caller]
    #[must_use]
    pub fn of(person: &Person) -> Self {
        let (session, answer) = Self::attempt(person);
        assert_eq!(answer.status, 303, "{}", answer.body);
        session
    }

    /// Tries to sign in, and returns the response to the form.
    #[track_caller]
    pub fn attempt(person: &Person) -> (Self, Answer) {
        let session = Self { api: Api::new(person.root(), None), cookies: Mutex::default() };
        let fields = [("name", person.name.as_str()), ("password", person.password.as_str())];
        let answer = session.submit("/user/login", &fields);
        (session, answer)
    }

    /// Opens a page.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None)
    }

    /// Opens the page of a form, fills in its CSRF token and the given fields, and submits it to the same
    /// address.
    ///
    /// # Panics
    ///
    /// When the page has no form.
    #[track_caller]
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.submit_to(path, path, fields)
    }

    /// Like [`Self::submit`] for a form on `page` whose address is `path`.
    #[track_caller]
    pub fn submit_to(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = self.filled_in(page, fields);
        self.send(Method::POST, path, Some(body))
    }

    /// The same as raw bytes, for a client that hangs up.
    ///
    /// # Panics
    ///
    /// When the page has no form.
    #[track_caller]
    pub fn raw(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> RawRequest {
        let body = self.filled_in(page, fields);
        let (root, cookies) = (self.api.root(), self.cookie_line());
        RawRequest::new("POST", path)
            .host(root.trim_start_matches("http://"))
            .header("Origin", root)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Cookie", &cookies)
            .body("application/x-www-form-urlencoded", body)
    }

    #[track_caller]
    fn filled_in(&self, page: &str, fields: &[(&str, &str)]) -> String {
        let shown = self.get(page);
        assert_eq!(shown.status, 200, "GET {page}: {}", shown.body);
        let token = between(&shown.body, "name=\"csrf\" value=\"", "\"");
        let token = token.unwrap_or_else(|| panic!("{page} has no form:\n{}", shown.body));
        let mut body = format!("csrf={}", encoded(token));
        for (name, value) in fields {
            body = format!("{body}&{}={}", encoded(name), encoded(value));
        }
        body
    }

    fn cookie_line(&self) -> String {
        let cookies = self.cookies.lock().expect("no test panics while it holds the cookies");
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    #[track_caller]
    fn send(&self, method: Method, path: &str, form: Option<String>) -> Answer {
        let mut request = self.api.request(method, path).header("Cookie", self.cookie_line());
        if let Some(form) = form {
            let root = self.api.root();
            request = request.header("Content-Type", "application/x-www-form-urlencoded");
            request = request.header("Origin", root).header("Sec-Fetch-Site", "same-origin").body(form);
        }
        let answer = Answer::to(request);
        let mut cookies = self.cookies.lock().expect("no test panics while it holds the cookies");
        for cookie in answer.headers("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// The text between two others.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let rest = &text[text.find(start)? + start.len()..];
    rest.get(..rest.find(end)?)
}

/// Percent-encoded, for forms and addresses.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
