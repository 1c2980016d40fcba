//! `/{owner}/{name}/tasks/new`: everything about a new task on one page.

use askama::Template;
use axum::{extract::State, http::Uri, response::Response};
use data_encoding::HEXLOWER;
use hearth_app::{
    App,
    image::Image,
    queue::Prospect,
    task::{self, Choices, OfferQuery, PackageSupport, PackagesOff, RequirementsOffer, TaskAccess},
};
use hearth_core::{Action, Error, Permission, Reason, TaskId, TaskKind, urls};
use hearth_words::reason;
use http::StatusCode;
use serde::Deserialize;

use super::{code_choice::CodeChoice, command, form::TaskForm};
use crate::{
    Failure, Form, Mistakes, Page, RepositoryHead, RepositoryVisit,
    respond::{html_with, see_other},
    tasks::{eta, kind},
    words::{self, short_hash},
};

#[derive(Template)]
#[template(path = "pages/repo/tasks/new.html")]
struct New {
    page: Page,
    head: RepositoryHead,
    form: TaskForm,
    mistakes: Mistakes,
    choices: Choices,
    /// Otherwise the choices are those of the default branch.
    is_revision_known: bool,
    revisions: Vec<String>,
    default_branch: String,
    /// Which code a repeated task runs.
    code: Option<CodeChoice>,
    most_minutes: u64,
    most_nodes: u64,
    has_engine: bool,
    /// The same as commands.
    run: String,
    curl: String,
    /// The repeated task has unpushed changes, which a command does not carry.
    has_patch: bool,
}

/// With more files than this, a text field with suggestions replaces the menu.
const MOST_IN_MENU: usize = 400;
const MOST_REVISIONS: usize = 100;

/// What a query string can hold besides the fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PrefillQuery {
    from: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    may_launch(&page, &visit)?;
    let query = uri.query().unwrap_or_default();
    let prefill: PrefillQuery = serde_html_form::from_str(query).unwrap_or_default();
    let mut form: TaskForm = serde_html_form::from_str(query).unwrap_or_default();
    if let Ok(id) = prefill.from.parse::<TaskId>() {
        let other = task::find(&app, &page.actor, id).await?;
        let asked = form;
        form = TaskForm::of(task::clone_of(&app, &other).await?);
        form.revision = match parent_of(&app, &page, &visit, &form).await? {
            Some(parent) => CodeChoice::read(&app, &page, &parent, &visit.urls).await?.default,
            None => String::new(),
        };
        form.prefer(asked);
    }
    form.request_key = HEXLOWER.encode(&app.random().bytes::<16>());
    draw(&app, page, &visit, form, Mistakes::none(), StatusCode::OK).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(mut form): Form<TaskForm>,
) -> Result<Response, Failure> {
    may_launch(&page, &visit)?;
    form.settle_code();
    if !form.action.is_empty() {
        return draw(&app, page, &visit, form, Mistakes::none(), StatusCode::OK).await;
    }
    let launched = match launch(&app, &page, &visit, &form).await {
        Ok(task) => return Ok(see_other(&urls::task(task))),
        Err(error) => error,
    };
    let mistakes = Mistakes::from_error(&page, launched, "revision")?;
    draw(&app, page, &visit, form, mistakes, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn launch(app: &App, page: &Page, visit: &RepositoryVisit, form: &TaskForm) -> Result<TaskId, Error> {
    let patch = patch_of(app, page, visit, form).await?;
    let access = visit.access.write()?;
    let (new, unreadable) = form.to_new(patch)?;
    if !unreadable.is_empty() {
        unreadable.merge(task::check_launch(app, &access, &new).await)?;
    }
    Ok(task::launch(app, &access, new).await?.id)
}

/// The task that is repeated, if it ran this repository's code.
async fn parent_of(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    form: &TaskForm,
) -> Result<Option<TaskAccess>, Error> {
    let Some(parent) = form.parent() else { return Ok(None) };
    let parent = task::find(app, &page.actor, parent).await?;
    let is_of_this_code = parent.task().repository_id == visit.access.repository().id;
    Ok(Some(parent).filter(|_| is_of_this_code))
}

/// The unpushed changes of the repeated task, which belong to its commit; they are not sent through the form.
async fn patch_of(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    form: &TaskForm,
) -> Result<Option<String>, Error> {
    let parent = parent_of(app, page, visit, form).await?;
    match parent.filter(|parent| parent.task().commit_id == form.revision.trim()) {
        Some(parent) => task::patch(app, &parent).await,
        None => Ok(None),
    }
}

/// Tells those who may not launch before they fill in anything.
fn may_launch(page: &Page, visit: &RepositoryVisit) -> Result<(), Error> {
    page.require_viewer()?;
    if visit.access.can(Permission::Write) { Ok(()) } else { Err(Error::Forbidden(Action::Write)) }
}

async fn draw(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    mut form: TaskForm,
    mut mistakes: Mistakes,
    mut status: StatusCode,
) -> Result<Response, Failure> {
    let repository = visit.access.repository();
    let asked = OfferQuery {
        revision: form.revision.trim().to_owned(),
        kind: form.kind.parse().ok(),
        image: form.image.clone(),
        nodes: form.nodes.trim().parse().unwrap_or(1),
    };
    let (choices, is_revision_known) = match task::choices_for(app, &visit.access, &asked).await {
        Ok(choices) => (choices, true),
        Err(Error::NotFound(_)) => {
            // The revision is not there: say so, and offer what the default branch has.
            if mistakes.of("revision").is_empty() {
                let unknown = Error::field("revision", "unknown-revision");
                mistakes.add(Mistakes::from_error(&page, unknown, "revision")?);
            }
            status = StatusCode::UNPROCESSABLE_ENTITY;
            let asked = OfferQuery { revision: String::new(), ..asked };
            (task::choices_for(app, &visit.access, &asked).await?, false)
        }
        Err(other) => return Err(other.into()),
    };
    fill(&mut form, &choices);
    let code = match parent_of(app, &page, visit, &form).await? {
        Some(parent) => Some(CodeChoice::read(app, &page, &parent, &visit.urls).await?),
        None => None,
    };
    let api = format!("/api/v1/repos/{}/{}/tasks", repository.owner, repository.name);
    let new = New {
        head: visit.head(app, &super::SECTION).await?,
        revisions: revisions(app, visit).await?,
        default_branch: repository.default_branch.clone(),
        code,
        most_minutes: app.limits().task_seconds / 60,
        most_nodes: app.limits().task_nodes,
        has_engine: !app.engines().is_empty(),
        has_patch: patch_of(app, &page, visit, &form).await?.is_some(),
        run: command::run(
            app.urls().root(),
            &format!("{}/{}", repository.owner, repository.name),
            &repository.default_branch,
            &form,
        )
        .unwrap_or_default(),
        curl: command::curl(&app.urls().absolute(&api), &form),
        page,
        form,
        mistakes,
        choices,
        is_revision_known,
    };
    html_with(status, &new)
}

/// Fills empty fields with the app's defaults.
fn fill(form: &mut TaskForm, choices: &Choices) {
    if form.boot_file.is_empty() {
        let likely = ["train.py", "main.py"]
            .into_iter()
            .find(|name| choices.boot_files.iter().any(|file| file == name));
        form.boot_file =
            likely.map(str::to_owned).or_else(|| choices.boot_files.first().cloned()).unwrap_or_default();
    }
    if form.image.is_empty() {
        form.image = choices.images.first().map(|image| image.code.clone()).unwrap_or_default();
    }
    if form.spec.is_empty() {
        let fitting = choices.specs.iter().find(|choice| choice.fits);
        form.spec = fitting.map(|choice| choice.spec.code.clone()).unwrap_or_default();
    }
    if form.kind.is_empty() {
        form.kind = TaskKind::Train.to_string();
    }
}

/// Names of branches and tags, for suggestions.
async fn revisions(app: &App, visit: &RepositoryVisit) -> Result<Vec<String>, Error> {
    use hearth_app::GitResult as _;
    let id = hearth_git::StorageId::from(visit.access.repository().id.0);
    let git = app.git().open(&id).await.map_git()?;
    git.run(|git| {
        let branches = git.branches()?.value.into_iter().map(|branch| branch.name.as_str().to_owned());
        let tags = git.tags()?.into_iter().map(|tag| tag.name.as_str().to_owned());
        Ok(branches.chain(tags).take(MOST_REVISIONS).collect())
    })
    .await
    .map_git()
}

/// Why `requirements.txt` is not installed.
fn without_packages(page: &Page, why: PackagesOff) -> &'static str {
    match why {
        PackagesOff::Engine => t!(page, "repo-tasks-new-requirements-engine"),
        PackagesOff::Operator => t!(page, "repo-tasks-new-requirements-operator"),
        PackagesOff::Sandbox => t!(page, "repo-tasks-new-requirements-sandbox"),
        PackagesOff::Network => t!(page, "repo-tasks-new-requirements-network"),
        PackagesOff::NoIndex => t!(page, "repo-tasks-new-requirements-no-index"),
        PackagesOff::Secret => t!(page, "repo-tasks-new-requirements-secret"),
        PackagesOff::Unreachable => t!(page, "repo-tasks-new-requirements-unreachable"),
    }
}

impl New {
    /// Why a task with this spec could never start in the chosen image.
    fn impossible_reason(&self, choice: &Prospect) -> &'static str {
        match choice.reason {
            Some(Reason::QueueNoImage) => t!(self.page, "repo-tasks-new-no-variant"),
            Some(Reason::QueueNoPool) => t!(self.page, "repo-tasks-new-no-pool"),
            _ => t!(self.page, "repo-tasks-new-fits-nowhere"),
        }
    }

    /// What the field for a revision holds: nothing while a choice above it says the same.
    fn typed_revision(&self) -> &str {
        let is_chosen = self.code.as_ref().is_some_and(|code| code.has(&self.form.revision));
        if is_chosen { "" } else { &self.form.revision }
    }

    /// What becomes of `requirements.txt`, and whether it is installed.
    fn requirements(&self) -> Option<(String, bool)> {
        let page = &self.page;
        Some(match self.choices.requirements.as_ref()? {
            RequirementsOffer::TooLarge => (t!(page, "repo-tasks-new-requirements-large").to_owned(), false),
            RequirementsOffer::Packages { count, support: PackageSupport::On { .. } } => {
                (t!(page, "repo-tasks-new-requirements", count = *count), true)
            }
            RequirementsOffer::Packages { support: PackageSupport::Off(why), .. } => {
                (without_packages(page, *why).to_owned(), false)
            }
        })
    }

    /// The commit that the chosen revision points to.
    fn commit(&self) -> Option<&str> {
        self.choices.commit.as_deref().filter(|_| self.is_revision_known).map(short_hash)
    }

    fn has_menu(&self) -> bool {
        self.choices.are_all_files && self.choices.boot_files.len() <= MOST_IN_MENU
    }

    /// Whether the tree has the boot file; one that a patch adds is not in it.
    fn has_boot_file(&self) -> bool {
        self.form.boot_file.is_empty() || self.choices.boot_files.contains(&self.form.boot_file)
    }

    fn has_command(&self) -> bool {
        !self.form.command.trim().is_empty()
    }

    fn images(&self) -> Vec<(&str, &str)> {
        self.choices.images.iter().map(|Image { code, label, .. }| (code.as_str(), label.as_str())).collect()
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        TaskKind::ALL.iter().map(|found| (found.as_str(), kind(&self.page, *found))).collect()
    }

    fn badge(choice: &Prospect) -> (&'static str, &'static str) {
        if choice.spec.cards == 0 {
            return ("badge-cpu", "CPU");
        }
        match choice.spec.accelerator.as_deref().and_then(|name| name.split('/').next()) {
            None => ("badge-any", "*"),
            Some("nvidia" | "amd") => ("badge-gpu", "GPU"),
            Some(_) => ("badge-npu", "NPU"),
        }
    }

    /// Without cards in any spec, their column is pointless.
    fn has_cards(&self) -> bool {
        self.choices.specs.iter().any(|choice| choice.spec.cards > 0)
    }

    fn is_admin(&self) -> bool {
        self.page.actor.user().is_some_and(|user| user.is_admin)
    }

    /// When it will probably start, or what it waits for.
    fn wait(&self, choice: &Prospect) -> String {
        match choice.eta {
            Some(_) => eta(&self.page, choice.eta),
            None => t!(self.page, "repo-tasks-new-waiting", count = choice.waiting),
        }
    }

    /// Why a spec does not start at once, for the one that is chosen.
    fn why(&self, choice: &Prospect) -> String {
        choice
            .reason
            .map(|reason| reason::sentence(self.page.words(), reason, &choice.facts))
            .unwrap_or_default()
    }

    fn memory(choice: &Prospect) -> String {
        words::bytes(u64::try_from(choice.spec.memory_bytes).unwrap_or(0))
    }

    fn shows_commands(&self) -> bool {
        self.form.action == "command"
    }

    fn revision_text(&self) -> &str {
        if self.form.revision.is_empty() { &self.default_branch } else { &self.form.revision }
    }
}
