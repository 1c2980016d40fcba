//! Forms with attachments: `multipart/form-data`, streamed to storage, and plain forms from browsers that
//! send no files.

use axum::{
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, multipart::Field},
    http::header::CONTENT_TYPE,
};
use hearth_app::{
    App,
    thread::attachment::{self, Attachment},
};
use hearth_core::{Action, Error, urls::RepositoryUrls};
use hearth_http::{download, upload};
use serde::de::DeserializeOwned;

use crate::{
    Failure, Form, Mistakes, Page, RepositoryVisit,
    error_page::amount,
    form::{TOKEN_FIELD, check_token},
};

/// The name of the file field.
const FILES: &str = "files";
/// The most fields in one form, e.g. ticked checkboxes.
const MOST_FIELDS: usize = 1_000;

/// A received form.
pub struct FilesForm<T> {
    pub form: T,
    /// The accepted files.
    pub files: Vec<Attachment>,
    /// Why a file was refused; the files after it were ignored.
    pub refused: Option<Error>,
}

/// Reads a form and stores its files. The CSRF token must come before them.
pub async fn receive<T: DeserializeOwned>(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    mut request: Request,
) -> Result<FilesForm<T>, Failure> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let Form(form) = Form::<T>::from_request(request, &()).await?;
        return Ok(FilesForm { form, files: Vec::new(), refused: None });
    }
    visit.access.participant()?;
    let limits = app.limits();
    let most = limits.attachment_bytes.saturating_mul(limits.attachments).saturating_add(limits.form_bytes);
    DefaultBodyLimit::max(usize::try_from(most).unwrap_or(usize::MAX)).apply(&mut request);
    let unreadable = || Error::field("form", "form-unreadable");
    let mut sent = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut fields, mut room) = (Vec::new(), limits.form_bytes);
    let (mut files, mut refused, mut is_own, mut count) = (Vec::new(), None, false, 0);
    while let Some(field) = sent.next_field().await.map_err(|error| broken(app, &error))? {
        count += 1;
        if count > MOST_FIELDS {
            return Err(unreadable().into());
        }
        let name = field.name().unwrap_or_default().to_owned();
        if name == FILES {
            // An empty file input is sent as a file without a name.
            let Some(own) = field.file_name().filter(|own| !own.is_empty()).map(str::to_owned) else {
                continue;
            };
            if !is_own {
                return Err(Error::Forbidden(Action::CrossSite).into());
            }
            if refused.is_none() {
                match store_file(app, visit, &own, field, files.len() as u64).await {
                    Ok(file) => files.push(file),
                    Err(error) => refused = Some(error),
                }
            }
            continue;
        }
        let value = text(app, field, &mut room).await?;
        if name == TOKEN_FIELD {
            check_token(page, &value)?;
            is_own = true;
        }
        fields.push((name, value));
    }
    if !is_own {
        return Err(Error::Forbidden(Action::CrossSite).into());
    }
    let plain = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let form = serde_html_form::from_str(&plain).map_err(|_| unreadable())?;
    Ok(FilesForm { form, files, refused })
}

/// Stores one file, streaming it.
async fn store_file(
    app: &App,
    visit: &RepositoryVisit,
    name: &str,
    field: Field<'_>,
    before: u64,
) -> Result<Attachment, Error> {
    if before >= app.limits().attachments {
        return Err(Error::TooLarge(app.limits().attachments_of_text()));
    }
    let taken = attachment::upload(app, &visit.access, name, upload::bytes(field)).await;
    taken.map_err(|error| upload::refused(error, FILES))
}

/// The value of a text field; its bytes are taken off `room`.
async fn text(app: &App, mut field: Field<'_>, room: &mut u64) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(app, &error))? {
        *room = room.checked_sub(piece.len() as u64).ok_or(Error::TooLarge(app.limits().form()))?;
        bytes.extend_from_slice(&piece);
    }
    Ok(String::from_utf8(bytes).map_err(|_| Error::field("form", "form-unreadable"))?)
}

fn broken(app: &App, error: &(dyn std::error::Error + 'static)) -> Error {
    Error::of_body(error, app.limits().attachment())
}

/// A refused file as a mistake of its field, where another file would help; returns other errors.
pub fn mistakes(page: &Page, error: Error) -> Result<Mistakes, Error> {
    match error {
        Error::TooLarge(limit) => {
            let sentence = t!(page, "error-too-large", limit = amount(page.words(), &limit), key = limit.key);
            Ok(Mistakes::one(FILES, sentence))
        }
        other => Mistakes::from_error(page, other, FILES),
    }
}

/// The text with Markdown for its files appended.
pub fn with_files(text: &str, files: &[Attachment], urls: &RepositoryUrls) -> String {
    let mut text = text.trim_end().to_owned();
    for file in files {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&markdown(file, urls));
    }
    text
}

/// Markdown for an image, or a link to any other file.
pub fn markdown(file: &Attachment, urls: &RepositoryUrls) -> String {
    let name: String = file
        .name
        .chars()
        .flat_map(|letter| {
            let is_sign = "\\[]`*_<>&!#@|~$".contains(letter);
            is_sign.then_some('\\').into_iter().chain([letter])
        })
        .collect();
    let mark = if download::is_picture(&file.name) { "!" } else { "" };
    format!("{mark}[{name}]({})", urls.attachment(&file.uuid))
}
