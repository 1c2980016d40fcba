//! What a task can be launched with: the choices of the form.

use std::ops::ControlFlow::{Break, Continue};

use hearth_core::{OwnerId, Read, Result, TaskKind};
use hearth_git::{Blob, EntryKind, ObjectId, OpenRepository, StorageId, TreePath};
use hearth_runner::packages::{
    LARGEST_REQUIREMENTS, PackageSupport, PackagesOff, REQUIREMENTS, count_requirements,
};
use hearth_store::{
    image::{self as image_row, Image},
    spec as spec_row,
};

use super::{
    check::is_python,
    launch::{check_code, or_default},
};
use crate::{
    Access, Actor, App, GitResult as _,
    queue::{self, Prospect},
};

/// What the offers for a task that is not launched yet depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferQuery {
    /// A branch, a tag or a commit; empty means the default branch.
    pub revision: String,
    /// `None` means train.
    pub kind: Option<TaskKind>,
    /// An image's code; empty means the first usable one.
    pub image: String,
    /// 0 means one.
    pub nodes: u32,
}

/// The images and specs that a task can be launched with, whatever its code.
#[derive(Clone, Debug)]
pub struct Offers {
    pub images: Vec<Image>,
    pub specs: Vec<Prospect>,
}

/// The choices of the launch form.
#[derive(Clone, Debug)]
pub struct Choices {
    pub images: Vec<Image>,
    pub specs: Vec<Prospect>,
    /// The Python files of the tree at the revision.
    pub boot_files: Vec<String>,
    /// Whether these are all of them; `false` if the tree is too large to search.
    pub are_all_files: bool,
    /// The commit that the revision resolves to; `None` in an empty repository.
    pub commit: Option<String>,
    /// `None` without a `requirements.txt` in the root of the code.
    pub requirements: Option<RequirementsOffer>,
}

/// What becomes of `requirements.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementsOffer {
    TooLarge,
    /// It names so many packages, which are installed or not.
    Packages {
        count: usize,
        support: PackageSupport,
    },
}

const MOST_BOOT_FILES: usize = 2_000;

/// The choices for a task of this repository at a revision; empty means the default branch.
pub async fn choices(app: &App, access: &Access<Read>, revision: &str) -> Result<Choices> {
    choices_for(app, access, &OfferQuery { revision: revision.to_owned(), ..OfferQuery::default() }).await
}

/// The choices, and the prospects of each spec given what has been chosen so far.
pub async fn choices_for(app: &App, access: &Access<Read>, asked: &OfferQuery) -> Result<Choices> {
    check_code(access)?;
    let repository = access.repository();
    let (mut boot_files, mut commit, mut are_all_files) = (Vec::new(), None, true);
    let git = app.git().open(&StorageId::from(repository.id.0)).await.map_git()?;
    let revision = or_default(&asked.revision, &repository.default_branch);
    let found = git
        .run_expensive(move |git| {
            if git.is_empty()? {
                return Ok(None);
            }
            let commit = git.resolve(&revision)?.commit;
            // Before the walk, which may use up what a query may cost.
            let requirements = requirements_of(git, commit)?;
            let mut files = Vec::new();
            let walked = git.walk_tree(commit, |file| {
                if is_python(&file.path) && file.kind.is_blob() {
                    files.push(file.path);
                }
                Ok(if files.len() == MOST_BOOT_FILES { Break(()) } else { Continue(()) })
            })?;
            let are_all = walked.is_whole() && files.len() < MOST_BOOT_FILES;
            Ok(Some((commit, files, are_all, requirements)))
        })
        .await
        .map_git()?;
    let mut requirements = None;
    if let Some((id, files, are_all, file)) = found {
        are_all_files = are_all;
        if let Some(file) = file {
            requirements = Some(requirements_offer(app, file).await);
        }
        commit = Some(id.to_string());
        boot_files = files;
        boot_files.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    }
    let Offers { images, specs } = offers(app, access.actor(), repository.owner_id, asked).await?;
    Ok(Choices { images, specs, boot_files, are_all_files, commit, requirements })
}

/// `requirements.txt` in the root of a commit, if there is one.
fn requirements_of(git: &OpenRepository, commit: ObjectId) -> hearth_git::Result<Option<Blob>> {
    let Ok(path) = TreePath::file(REQUIREMENTS.to_owned()) else { return Ok(None) };
    let entry = git.find_entry(commit, &path)?;
    let file = entry.filter(|entry| matches!(entry.kind, EntryKind::File | EntryKind::Executable));
    file.map(|entry| git.blob(entry.id, LARGEST_REQUIREMENTS)).transpose()
}

async fn requirements_offer(app: &App, file: Blob) -> RequirementsOffer {
    match file.data {
        None => RequirementsOffer::TooLarge,
        Some(text) => RequirementsOffer::Packages {
            count: count_requirements(&String::from_utf8_lossy(&text)),
            support: package_support(app).await,
        },
    }
}

/// Whether any engine installs packages, else why the first one does not.
async fn package_support(app: &App) -> PackageSupport {
    let mut why_not = PackageSupport::Off(PackagesOff::Engine);
    for (place, engine) in app.engines().iter().enumerate() {
        match engine.packages().await {
            on @ PackageSupport::On { .. } => return on,
            off @ PackageSupport::Off(_) if place == 0 => why_not = off,
            PackageSupport::Off(_) => {}
        }
    }
    why_not
}

/// The images and specs of this site, and their prospects for the actor's tasks in repositories of this owner.
pub async fn offers(app: &App, actor: &Actor, owner: OwnerId, asked: &OfferQuery) -> Result<Offers> {
    let mut reader = app.store().read().await?;
    let images = image_row::list_usable(&mut reader).await?;
    let on_shelf = spec_row::list_on_shelf(&mut reader).await?;
    drop(reader);
    let chosen = images.iter().find(|image| image.code == asked.image).or(images.first());
    let image = chosen.map(|image| image.code.clone()).unwrap_or_default();
    let kind = asked.kind.unwrap_or(TaskKind::Train);
    let nodes = i64::from(asked.nodes.max(1));
    let specs = queue::prospects(app, (owner, actor.user_id()), kind, &image, on_shelf, nodes).await?;
    Ok(Offers { images, specs })
}
