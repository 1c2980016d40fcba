//! Interprets the server's answers. Only a success counts as a success.

use reqwest::{Response, StatusCode};

/// An answer about the request itself.
pub(crate) enum Answer {
    /// The request was carried out.
    Done(Response),
    /// It does not match the server's state; the body says what that is.
    Conflict(Response),
    /// It is larger than the server accepts at once, or at all.
    TooLarge,
    /// The server will never accept it, however often it is sent.
    Rejected(StatusCode),
    /// The server's disk is full.
    NoRoom,
}

/// The result of one request.
pub(crate) enum Attempt {
    Answer(Answer),
    /// The token is not valid, or not yet.
    Refused,
    /// The server considers the attempt over.
    Gone,
    /// No answer, or one that says nothing about the request.
    Nothing,
}

impl Attempt {
    pub(crate) fn of(response: Response) -> Self {
        let status = response.status();
        match status.as_u16() {
            200..=299 => Self::Answer(Answer::Done(response)),
            409 => Self::Answer(Answer::Conflict(response)),
            413 => Self::Answer(Answer::TooLarge),
            507 => Self::Answer(Answer::NoRoom),
            410 => Self::Gone,
            401 | 403 | 404 => Self::Refused,
            // Another process has the work, or it is too early or too often: a later request may succeed.
            408 | 423 | 425 | 429 => Self::Nothing,
            400..=499 => Self::Answer(Answer::Rejected(status)),
            _ => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(status: u16) -> &'static str {
        let response = Response::from(http_response(status));
        match Attempt::of(response) {
            Attempt::Answer(Answer::Done(_)) => "done",
            Attempt::Answer(Answer::Conflict(_)) => "conflict",
            Attempt::Answer(Answer::TooLarge) => "too large",
            Attempt::Answer(Answer::Rejected(_)) => "rejected",
            Attempt::Answer(Answer::NoRoom) => "no room",
            Attempt::Refused => "refused",
            Attempt::Gone => "gone",
            Attempt::Nothing => "nothing",
        }
    }

    fn http_response(status: u16) -> axum::http::Response<Vec<u8>> {
        axum::http::Response::builder().status(status).body(Vec::new()).unwrap()
    }

    #[test]
    fn only_a_success_is_a_success() {
        for status in 100..1000 {
            assert_eq!(meaning(status) == "done", (200..300).contains(&status), "{status}");
        }
    }

    #[test]
    fn every_other_answer_is_what_it_is() {
        let table: [(&str, &[u16]); 7] = [
            ("conflict", &[409]),
            ("too large", &[413]),
            ("rejected", &[400, 405, 406, 411, 412, 414, 415, 416, 418, 422, 428, 431, 451]),
            ("no room", &[507]),
            ("refused", &[401, 403, 404]),
            ("gone", &[410]),
            ("nothing", &[301, 302, 304, 307, 408, 423, 425, 429, 500, 501, 502, 503, 504]),
        ];
        for (expected, statuses) in table {
            for status in statuses {
                assert_eq!(meaning(*status), expected, "{status}");
            }
        }
    }
}
