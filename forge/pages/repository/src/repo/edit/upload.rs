//! `/upload/branch/…`: takes several files for a folder, as one commit.

use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State, multipart::Field},
    http::StatusCode,
    response::Response,
};
use hearth_app::{App, code::RevisionPath, content::Action, edit};
use hearth_core::{Action as Act, Error, Permission};

use super::{SECTION, target::TargetForm};
use crate::{
    Failure, Flash, Mistakes, Page, RepositoryHead, RepositoryVisit, files_form,
    repo::{source::At, view},
    respond,
};

#[derive(Template)]
#[template(path = "pages/repo/edit/upload.html")]
struct Upload {
    page: Page,
    head: RepositoryHead,
    branch: String,
    can_write: bool,
    folder: String,
    /// What is taken at most, in words.
    help: String,
    form: UploadForm,
    mistakes: Mistakes,
    here: String,
    back: String,
}

#[derive(Clone, Debug, Default)]
struct UploadForm {
    target: TargetForm,
}

/// What was sent.
struct Sent {
    form: UploadForm,
    /// Path below the folder, and content.
    files: Vec<(String, Vec<u8>)>,
    /// Why a file was refused; those after it were not read.
    refused: Option<Error>,
}

/// The name of the field with the files.
const FILES: &str = "files";
/// A longer text field is refused.
const MOST_FIELD_BYTES: usize = 64 << 10;
/// The most fields in one form, besides files.
const MOST_FIELDS: usize = 20;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let place = edit::on_branch(&app, &visit.access, &at.kind, &at.rest).await?;
    let form = UploadForm { target: TargetForm::new(&app, &visit, place.revision.name()).await? };
    respond::html(&draw(&app, page, &visit, &place, form).await?)
}

async fn draw(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    place: &RevisionPath,
    form: UploadForm,
) -> Result<Upload, Failure> {
    let (folder, limits) = (place.path.as_str(), app.limits());
    let size = crate::words::bytes(limits.content_bytes);
    Ok(Upload {
        head: visit.head(app, &SECTION).await?,
        branch: view::revision_text(&place.revision),
        can_write: visit.access.can(Permission::Write),
        folder: folder.to_owned(),
        help: t!(page, "repo-edit-upload-help", count = limits.batch_items, size = size.as_str()),
        here: visit.urls.upload(&place.revision, folder),
        back: visit.urls.source(&place.revision, folder),
        mistakes: Mistakes::none(),
        form,
        page,
    })
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    request: Request,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let place = edit::on_branch(&app, &visit.access, &at.kind, &at.rest).await?;
    // Only so many uploads are in memory at once.
    let _room = edit::room_for_files(&app).await?;
    let Sent { form, files, refused } = receive(&app, &page, request).await?;
    let error = match refused {
        Some(refused) => refused,
        None => match take(&app, &visit, &place, &form, files).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        },
    };
    let mistakes = match error {
        Error::TooLarge(_) => files_form::mistakes(&page, error)?,
        error => super::mistakes(&page, error)?,
    };
    let mut shown = draw(&app, page, &visit, &place, form).await?;
    shown.mistakes = mistakes;
    respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

async fn take(
    app: &App,
    visit: &RepositoryVisit,
    place: &RevisionPath,
    form: &UploadForm,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Response, Error> {
    if files.is_empty() {
        return Err(Error::field(FILES, "required"));
    }
    let changes: Vec<(String, Action)> = edit::put_files(app, &visit.access, place, files).await?;
    let count = changes.len();
    let saved = super::save(app, visit, place, changes, &form.target).await?;
    let after = visit.urls.source(&place.revision, place.path.as_str());
    if count > 1 && !saved.is_proposed {
        return Ok(respond::see_other_with(&after, Flash::new("flash-files-saved", count.to_string())));
    }
    Ok(super::saved(visit, place, &saved, &after))
}

/// Reads the form; its token comes before the files.
async fn receive(app: &App, page: &Page, mut request: Request) -> Result<Sent, Failure> {
    let unreadable = || Error::field("form", "form-unreadable");
    let most = app.limits().content_bytes.saturating_add(app.limits().form_bytes);
    DefaultBodyLimit::max(usize::try_from(most).unwrap_or(usize::MAX)).apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let mut sent = Sent { form: UploadForm::default(), files: Vec::new(), refused: None };
    let (mut is_own, mut fields) = (false, 0);
    let mut room = usize::try_from(app.limits().content_bytes).unwrap_or(usize::MAX);
    while let Some(part) = parts.next_field().await.map_err(|error| broken(app, &error))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == FILES {
            // An empty file input is sent as a file without a name.
            let Some(file) = part.file_name().filter(|file| !file.is_empty()).map(str::to_owned) else {
                continue;
            };
            if !is_own {
                return Err(Error::Forbidden(Act::CrossSite).into());
            }
            if sent.files.len() as u64 >= app.limits().batch_items {
                sent.refused = Some(Error::TooLarge(app.limits().batch()));
                break;
            }
            match bytes(app, part, room).await? {
                Some(content) => {
                    room -= content.len();
                    sent.files.push((file, content));
                }
                None => {
                    sent.refused = Some(Error::TooLarge(app.limits().content()));
                    break;
                }
            }
            continue;
        }
        fields += 1;
        let value = bytes(app, part, MOST_FIELD_BYTES).await?.filter(|_| fields <= MOST_FIELDS);
        let value = value.and_then(|value| String::from_utf8(value).ok()).ok_or_else(unreadable)?;
        match name.as_str() {
            "csrf" => {
                hearth_web::form::check_token(page, &value)?;
                is_own = true;
            }
            "message" => sent.form.target.message = value,
            "description" => sent.form.target.description = value,
            "target" => sent.form.target.target = value,
            "new_branch" => sent.form.target.new_branch = value,
            _ => {}
        }
    }
    if is_own { Ok(sent) } else { Err(Error::Forbidden(Act::CrossSite).into()) }
}

/// The content of a part; none if it is larger than there is room for.
async fn bytes(app: &App, mut part: Field<'_>, room: usize) -> Result<Option<Vec<u8>>, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|error| broken(app, &error))? {
        if bytes.len() + piece.len() > room {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes))
}

fn broken(app: &App, error: &(dyn std::error::Error + 'static)) -> Error {
    Error::of_body(error, app.limits().content())
}
