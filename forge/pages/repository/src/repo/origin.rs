//! Runs, models and versions around a repository, for the sidebar of its home page.

use std::ops::ControlFlow::{Break, Continue};

use hearth_app::{
    App, lineage,
    lineage::Origin,
    model::{self, ModelVersion},
    task,
};
use hearth_core::{
    Error, PageRequest, Permission, RepositoryKind, urls,
    urls::{RepositoryUrls, Revision},
};
use hearth_git::StorageId;

use super::RepositoryVisit;
use crate::{
    Page,
    words::{Html, short_hash},
};

/// What the sidebar of a repository shows beside its description.
pub(crate) struct Rail {
    /// The last runs, newest first, each as a dot.
    pub(crate) runs: Vec<Run>,
    pub(crate) made: Vec<Made>,
    pub(crate) versions: Vec<VersionRow>,
    /// How to use a model; empty for other kinds.
    pub(crate) snippets: Vec<String>,
    pub(crate) can_launch: bool,
}

/// One run as a dot.
pub(crate) struct Run {
    pub(crate) address: String,
    pub(crate) pill: Html,
    pub(crate) name: String,
}

/// A version of a model that came out of a run.
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) version: String,
    /// Address and name of the run; none where it may not be seen.
    pub(crate) run: Option<(String, String)>,
    /// Address and short name of the commit of the code.
    pub(crate) code: Option<(String, String)>,
    pub(crate) time: Html,
}

/// A version on the pages of its model.
pub(crate) struct VersionRow {
    pub(crate) version: String,
    pub(crate) address: String,
    pub(crate) note: String,
    pub(crate) commit: String,
    pub(crate) commit_address: String,
    pub(crate) time: Html,
    pub(crate) run: Option<(String, String)>,
    /// Address, `owner/name` and short commit of the code.
    pub(crate) code: Option<(String, String, String)>,
}

/// How many rows the sidebar shows.
const RUNS: u32 = 5;
const MODELS: usize = 5;
const VERSIONS: u32 = 3;

/// Reads what the sidebar of a repository shows.
pub(crate) async fn rail(app: &App, page: &Page, visit: &RepositoryVisit) -> Result<Rail, Error> {
    let repository = visit.access.repository();
    let mut rail = Rail {
        runs: Vec::new(),
        made: Vec::new(),
        versions: Vec::new(),
        snippets: Vec::new(),
        can_launch: visit.access.can(Permission::Write) && repository.kind == RepositoryKind::Code,
    };
    match repository.kind {
        RepositoryKind::Code => {
            let (runs, made) = tokio::try_join!(
                task::list_newest(app, &visit.access, RUNS),
                lineage::of_code(app, &visit.access),
            )?;
            let run = |task: &task::Task| Run {
                address: urls::task(task.id),
                pill: page.task_state(task.state),
                name: task.name.clone(),
            };
            rail.runs = runs.iter().map(run).collect();
            rail.made = made.iter().take(MODELS).map(|origin| Made::new(page, origin)).collect();
        }
        RepositoryKind::Model => {
            let newest = model::versions(app, &visit.access, PageRequest::new(1, VERSIONS)).await?.items;
            let origins = lineage::of_versions(app, &visit.access, &newest).await?;
            rail.versions = versions(page, &visit.urls, &newest, &origins);
            rail.snippets = snippets(app, visit).await?;
        }
        RepositoryKind::Dataset => {}
    }
    Ok(rail)
}

/// A clone with the large files, and one file of the default branch.
async fn snippets(app: &App, visit: &RepositoryVisit) -> Result<Vec<String>, Error> {
    use hearth_app::GitResult as _;
    let repository = visit.access.repository();
    let (owner, name) = (repository.owner.as_str(), repository.name.as_str());
    let clone = app.urls().clone_address(repository.kind, owner, name);
    let mut snippets = vec![format!("git lfs install\ngit clone {clone}")];
    let git = app.git().open(&StorageId::from(repository.id.0)).await.map_git()?;
    let file = git
        .run(|git| {
            let Some(head) = git.head()? else { return Ok(None) };
            let mut found: Option<String> = None;
            git.walk_tree(head, |file| {
                let is_its_own = !matches!(file.path.as_str(), "README.md" | ".gitattributes" | "run.json");
                if file.kind.is_blob() && is_its_own {
                    found = Some(file.path);
                    return Ok(Break(()));
                }
                Ok(Continue(()))
            })?;
            Ok(found)
        })
        .await
        .map_git()?;
    if let Some(path) = file {
        let branch = Revision::Branch(repository.default_branch.clone());
        let address = app.urls().absolute(&visit.urls.media(&branch, &path));
        snippets.push(format!("curl -LO {address}"));
    }
    Ok(snippets)
}

impl Made {
    pub(crate) fn new(page: &Page, origin: &Origin) -> Self {
        let link = &origin.made;
        let (owner, name) = (link.repository_owner.as_str(), link.repository_name.as_str());
        let code = origin.code.as_ref().map(|code| {
            let (owner, name) = (code.repository_owner.as_str(), code.repository_name.as_str());
            let urls = RepositoryUrls::new(code.repository_kind, owner, name);
            (urls.commit(&code.commit_id), short_hash(&code.commit_id).to_owned())
        });
        Self {
            name: format!("{owner}/{name}"),
            address: RepositoryUrls::new(link.repository_kind, owner, name).home().to_owned(),
            version: link.version.clone().unwrap_or_default(),
            run: run_of(origin),
            code,
            time: page.time(link.created_at),
        }
    }
}

fn run_of(origin: &Origin) -> Option<(String, String)> {
    let link = &origin.made;
    origin.is_run_visible.then(|| (urls::task(link.task_id), link.task_name.clone()))
}

/// Versions with the runs that they came out of.
pub(crate) fn versions(
    page: &Page,
    urls: &RepositoryUrls,
    known: &[ModelVersion],
    origins: &[Origin],
) -> Vec<VersionRow> {
    let row = |version: &ModelVersion| {
        let origin = origins.iter().find(|origin| origin.made.commit_id == version.commit_id);
        let code = origin.and_then(|origin| origin.code.as_ref()).map(|code| {
            let (owner, name) = (code.repository_owner.as_str(), code.repository_name.as_str());
            let of_code = RepositoryUrls::new(code.repository_kind, owner, name);
            let short = short_hash(&code.commit_id).to_owned();
            (of_code.commit(&code.commit_id), format!("{owner}/{name}"), short)
        });
        VersionRow {
            version: version.version.clone(),
            address: urls.source(&Revision::Tag(version.version.clone()), ""),
            note: version.note.clone(),
            commit: short_hash(&version.commit_id).to_owned(),
            commit_address: urls.commit(&version.commit_id),
            time: page.time(version.created_at),
            run: origin.and_then(run_of),
            code,
        }
    };
    known.iter().map(row).collect()
}
