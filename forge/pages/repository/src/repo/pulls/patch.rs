//! A pull request as a patch: `…/pulls/{number}.diff` and `…/pulls/{number}.patch`, for programs.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use hearth_app::{App, changes, code::PatchForm};
use hearth_core::ThreadNumber;
use http::header::CONTENT_TYPE;
use tokio_util::io::ReaderStream;

use crate::{Failure, repo::RepositoryVisit};

/// What the last part of an address asks for: a pull request as a page, or as a patch.
pub(crate) fn asked(number: &str) -> Option<(ThreadNumber, PatchForm)> {
    let (number, form) = PatchForm::split(number)?;
    Some((number.parse().ok()?, form))
}

/// The patch as plain text, which browsers show and never run.
pub(crate) async fn serve(
    app: &App,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    form: PatchForm,
) -> Result<Response, Failure> {
    let patch = changes::patch(app, &visit.access, number, form).await?;
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((headers, Body::from_stream(ReaderStream::new(patch))).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_the_number_tells_the_format() {
        assert!(matches!(asked("7.diff"), Some((ThreadNumber(7), PatchForm::Diff))));
        assert!(matches!(asked("7.patch"), Some((ThreadNumber(7), PatchForm::Letter))));
        for other in ["7", "7.zip", "x.diff", ".diff", "7.diff.diff"] {
            assert!(asked(other).is_none(), "{other}");
        }
    }
}
