//! `/edit/branch/…` and `/new/branch/…`: the editor.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    code::RevisionPath,
    content::Action,
    edit::{self, Indent, Opened, TextForm},
    lfs::Pointer,
};
use hearth_core::{Conflict, Error, Kind, Permission};
use hearth_git::{ObjectId, TreePath};

use super::{
    SECTION,
    preview::{self, Preview},
    target::TargetForm,
};
use crate::{
    Failure, Form, Mistakes, Page, RepositoryHead, RepositoryVisit,
    repo::{source::At, view},
    respond,
    words::{self, Html},
};

#[derive(Template)]
#[template(path = "pages/repo/edit/file.html")]
struct Editor {
    page: Page,
    head: RepositoryHead,
    /// The branch, by its name.
    branch: String,
    can_write: bool,
    is_new: bool,
    form: EditForm,
    mistakes: Mistakes,
    indent: Indent,
    /// How the file is stored, where that is not as usual.
    facts: Vec<String>,
    preview: Option<Preview>,
    stale: Option<Stale>,
    /// Why it cannot be edited, in a sentence.
    refused: Option<String>,
    /// Where the form is sent, and where one goes without saving.
    here: String,
    back: String,
}

/// Somebody else has changed the file meanwhile.
struct Stale {
    /// From what is stored now to what was typed; empty where they are the same. None: the file is gone.
    difference: Option<Html>,
}

#[derive(Clone, Debug, Default, serde::Deserialize)]
pub(crate) struct EditForm {
    #[serde(default)]
    path: String,
    #[serde(default)]
    text: String,
    /// The content that the edit began with; empty for a new file.
    #[serde(default)]
    base: String,
    /// `preview`, or anything else to save.
    #[serde(default, rename = "do")]
    action: String,
    #[serde(flatten)]
    target: TargetForm,
}

impl Editor {
    /// The indent as the script knows it: nothing for a tab, else how many spaces.
    fn spaces(&self) -> usize {
        match self.indent {
            Indent::Tab(_) => 0,
            Indent::Spaces(spaces) => spaces,
        }
    }
}

/// What is edited: a place, and what is there now.
struct Subject {
    /// The file; for a new one, the folder.
    place: RevisionPath,
    /// None for a new file, or one that is gone.
    base: Option<ObjectId>,
    text: String,
    form: TextForm,
    indent: Indent,
    facts: Vec<String>,
    refused: Option<String>,
}

impl Subject {
    /// The file at an address as it is now.
    async fn open(app: &App, page: &Page, visit: &RepositoryVisit, at: &At) -> Result<Self, Error> {
        let opened = edit::open(app, &visit.access, &at.kind, &at.rest).await?;
        let mut subject = Self {
            place: opened.place,
            base: Some(opened.base),
            text: String::new(),
            form: TextForm::default(),
            indent: Indent::Spaces(4),
            facts: Vec::new(),
            refused: None,
        };
        match opened.text {
            Opened::Text { text, form, indent } => {
                subject
                    .facts
                    .extend(form.encoding().map(|name| t!(page, "repo-edit-encoding", encoding = name)));
                let pointer = Pointer::parse(text.as_bytes());
                subject.facts.extend(pointer.map(|_| t!(page, "repo-edit-pointer").to_owned()));
                subject.facts.extend(form.has_both().then(|| t!(page, "repo-edit-line-ends").to_owned()));
                (subject.text, subject.form, subject.indent) = (text, form, indent);
            }
            Opened::NotText => subject.refused = Some(t!(page, "repo-edit-not-text").to_owned()),
            Opened::TooLarge => {
                let size = words::bytes(app.limits().edited_file_bytes);
                subject.refused = Some(t!(page, "repo-edit-too-large", size = size.as_str()));
            }
        }
        Ok(subject)
    }

    /// A new file in a folder.
    async fn new(app: &App, visit: &RepositoryVisit, at: &At) -> Result<Self, Error> {
        let place = edit::on_branch(app, &visit.access, &at.kind, &at.rest).await?;
        let indent = edit::indent_of_new(app, &visit.access, &place).await?;
        let (form, text, facts) = (TextForm::default(), String::new(), Vec::new());
        Ok(Self { place, base: None, text, form, indent, facts, refused: None })
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let subject = Subject::open(&app, &page, &visit, &at).await?;
    let form = EditForm {
        path: subject.place.path.as_str().to_owned(),
        text: subject.text.clone(),
        base: subject.base.map(|base| base.to_string()).unwrap_or_default(),
        action: String::new(),
        target: TargetForm::new(&app, &visit, subject.place.revision.name()).await?,
    };
    respond::html(&editor(&app, page, &visit, subject, (form, false)).await?)
}

pub(crate) async fn get_new(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let subject = Subject::new(&app, &visit, &at).await?;
    let folder = subject.place.path.as_str();
    let path = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let target = TargetForm::new(&app, &visit, subject.place.revision.name()).await?;
    let form = EditForm { path, target, ..EditForm::default() };
    respond::html(&editor(&app, page, &visit, subject, (form, true)).await?)
}

async fn editor(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    subject: Subject,
    (form, is_new): (EditForm, bool),
) -> Result<Editor, Failure> {
    let (urls, place) = (&visit.urls, &subject.place);
    let (revision, path) = (&place.revision, place.path.as_str());
    Ok(Editor {
        head: visit.head(app, &SECTION).await?,
        branch: view::revision_text(revision),
        can_write: visit.access.can(Permission::Write),
        here: if is_new { urls.new_file(revision, path) } else { urls.edit(revision, path) },
        back: urls.source(revision, path),
        is_new,
        form,
        mistakes: Mistakes::none(),
        indent: subject.indent,
        facts: subject.facts,
        preview: None,
        stale: None,
        refused: subject.refused,
        page,
    })
}

pub(crate) async fn post_new(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Form(form): Form<EditForm>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let subject = Subject::new(&app, &visit, &at).await?;
    answer(&app, page, &visit, subject, (form, true)).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Form(form): Form<EditForm>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    match Subject::open(&app, &page, &visit, &at).await {
        Ok(subject) => answer(&app, page, &visit, subject, (form, false)).await,
        // It is gone, and what was typed is kept: it can be saved as a new file.
        Err(Error::NotFound(Kind::File)) => {
            let Some(folder) = folder_above(&app, &visit, &at).await? else {
                return Err(Error::NotFound(Kind::File).into());
            };
            if form.base.is_empty() {
                return answer(&app, page, &visit, folder, (form, true)).await;
            }
            let form = EditForm { base: String::new(), text: plain(&form.text), ..form };
            let mut shown = editor(&app, page, &visit, folder, (form, true)).await?;
            shown.stale = Some(Stale { difference: None });
            respond::html_with(StatusCode::CONFLICT, &shown)
        }
        Err(other) => Err(other.into()),
    }
}

/// The nearest folder above a file that is gone.
async fn folder_above(app: &App, visit: &RepositoryVisit, at: &At) -> Result<Option<Subject>, Error> {
    let mut rest = at.rest.trim_end_matches('/');
    while let Some((above, _)) = rest.rsplit_once('/') {
        let at = At { kind: at.kind.clone(), rest: above.to_owned() };
        match Subject::new(app, visit, &at).await {
            Err(Error::NotFound(_)) => rest = above,
            found => return found.map(Some),
        }
    }
    Ok(None)
}

/// Line ends as the page shows them.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Shows the preview, or saves.
async fn answer(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    subject: Subject,
    (form, is_new): (EditForm, bool),
) -> Result<Response, Failure> {
    let form = EditForm { text: plain(&form.text), ..form };
    if subject.refused.is_some() {
        let shown = editor(app, page, visit, subject, (form, is_new)).await?;
        return respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    if form.action == "preview" {
        let place = RevisionPath {
            path: TreePath::new(form.path.as_str()).unwrap_or_default(),
            ..subject.place.clone()
        };
        let texts = (subject.text.as_str(), form.text.as_str());
        let preview = preview::preview(app, &page, visit, &place, texts).await?;
        let mut shown = editor(app, page, visit, subject, (form, is_new)).await?;
        shown.preview = Some(preview);
        return respond::html(&shown);
    }
    let place = subject.place.clone();
    let mistakes = match change(app, &page, &subject, &form, is_new) {
        Err(mistakes) => mistakes,
        Ok(change) => match super::save(app, visit, &place, vec![change], &form.target).await {
            Ok(saved) => {
                let after = visit.urls.source(&place.revision, saved.path.as_str());
                return Ok(super::saved(visit, &place, &saved, &after));
            }
            Err(Error::Conflict(Conflict::StaleEdit)) => {
                return stale(app, page, visit, subject, form).await;
            }
            Err(error) => super::mistakes(&page, error)?,
        },
    };
    let mut shown = editor(app, page, visit, subject, (form, is_new)).await?;
    shown.mistakes = mistakes;
    respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// What the form asks for, or what is wrong with it.
fn change(
    app: &App,
    page: &Page,
    subject: &Subject,
    form: &EditForm,
    is_new: bool,
) -> Result<(String, Action), Mistakes> {
    let path = form.path.trim().trim_start_matches('/').to_owned();
    if form.text.len() as u64 > app.limits().edited_file_bytes {
        let size = words::bytes(app.limits().edited_file_bytes);
        return Err(Mistakes::one("text", t!(page, "repo-edit-too-large", size = size.as_str())));
    }
    let Some(content) = subject.form.bytes(&form.text) else {
        let encoding = subject.form.encoding().unwrap_or_default();
        return Err(Mistakes::one("text", t!(page, "repo-edit-not-in-encoding", encoding = encoding)));
    };
    if is_new {
        return Ok((path, Action::Create { content }));
    }
    // Without a base that can be read, it is an edit of something else.
    let sha = Some(form.base.parse().unwrap_or(ObjectId::ZERO));
    let from = Some(subject.place.path.as_str().to_owned());
    Ok((path, Action::Update { content, sha, from }))
}

/// Shows what is stored now beside what was typed. Saving again replaces what is stored.
async fn stale(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    subject: Subject,
    form: EditForm,
) -> Result<Response, Failure> {
    let (difference, _) = preview::difference(app, &subject.text, &form.text).await?;
    let base = subject.base.map(|base| base.to_string()).unwrap_or_default();
    let mut shown = editor(app, page, visit, subject, (EditForm { base, ..form }, false)).await?;
    shown.stale = Some(Stale { difference: Some(difference) });
    respond::html_with(StatusCode::CONFLICT, &shown)
}
