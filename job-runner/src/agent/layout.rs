use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::ContainerFolders;
use crate::{
    beneath::Folder,
    removal::remove_tree,
    sandbox::{self, Bind, Fence, Network},
    spec::InputKind,
};

/// The folder of one attempt on its machine, and how the program sees it.
///
/// | here | inside |
/// | --- | --- |
/// | `agent.json`, `token`, `agent.lock`, `agent.pid`, `program.pid`, `stop.json`, `exit.json`, `stderr.log` | – |
/// | `private/`, `spool/` | – |
/// | `work/tmp` | `/tmp` |
/// | `work/code`, `work/dataset`, `work/pretrainmodel`, `work/output` | `/tmp/…` |
/// | `work/hearth` | `/tmp/hearth` |
/// | `work/home` | `/home/task` |
///
/// In a container the program's folders are volumes, at the same paths here and inside.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    fence: Fence,
    folders: Option<ContainerFolders>,
}

/// Folders that are visible to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskFolder {
    Tmp,
    Home,
    Code,
    Datasets,
    Models,
    Output,
    /// Where a program may write `metrics.jsonl`.
    Hearth,
}

impl TaskFolder {
    pub(crate) const ALL: [Self; 7] =
        [Self::Tmp, Self::Home, Self::Code, Self::Datasets, Self::Models, Self::Output, Self::Hearth];

    const fn name(self) -> &'static str {
        match self {
            Self::Tmp => "tmp",
            Self::Home => "home",
            Self::Code => "code",
            Self::Datasets => "dataset",
            Self::Models => "pretrainmodel",
            Self::Output => "output",
            Self::Hearth => "hearth",
        }
    }

    const fn is_writable(self) -> bool {
        !matches!(self, Self::Datasets | Self::Models)
    }
}

impl From<InputKind> for TaskFolder {
    fn from(kind: InputKind) -> Self {
        match kind {
            InputKind::Dataset => Self::Datasets,
            InputKind::Model => Self::Models,
        }
    }
}

/// `prepare()` of c2net creates these files itself unless they exist.
const MARKERS: [(TaskFolder, &str); 3] = [
    (TaskFolder::Code, ".code_cache_file"),
    (TaskFolder::Datasets, ".dataset_cache_file"),
    (TaskFolder::Models, ".pretrainmodel_cache_file"),
];

/// Files of `/etc` that each task has of its own.
const USERS: &str = "passwd";
const GROUPS: &str = "group";
const RESOLVER: &str = "resolv.conf";

impl Layout {
    pub(crate) fn new(root: &Path, fence: Fence, folders: Option<ContainerFolders>) -> Self {
        Self { root: root.to_owned(), fence, folders }
    }

    /// Creates every folder, removing what an earlier program left.
    pub(crate) fn create(&self) -> io::Result<()> {
        remove_tree(&self.root.join("work"))?;
        for folder in
            [self.private(), self.spool()].into_iter().chain(TaskFolder::ALL.map(|place| self.outside(place)))
        {
            fs::create_dir_all(folder)?;
        }
        fs::create_dir_all(self.outside(TaskFolder::Output).join("tensorboard"))?;
        let setting = |name: &str, text: &str| fs::write(self.private().join(name), text);
        setting(USERS, "task:x:1000:1000:task:/home/task:/bin/sh\n")?;
        setting(GROUPS, "task:x:1000:\n")?;
        setting(RESOLVER, &sandbox::resolver_settings())
    }

    /// The code is untrusted: no link in it is followed when writing.
    pub(crate) fn mark_ready(&self) -> io::Result<()> {
        MARKERS.iter().try_for_each(|(place, name)| Folder::open(&self.outside(*place))?.touch(name))
    }

    pub(crate) const fn fence(&self) -> Fence {
        self.fence
    }

    /// The folders that contain all others.
    pub(crate) fn trees(&self) -> Vec<PathBuf> {
        match &self.folders {
            Some(folders) => vec![folders.tmp.clone(), folders.home.clone()],
            None => vec![self.root.join("work")],
        }
    }

    pub(crate) fn private(&self) -> PathBuf {
        self.root.join("private")
    }

    pub(crate) fn spool(&self) -> PathBuf {
        self.root.join("spool")
    }

    /// A folder as the agent sees it.
    pub(crate) fn outside(&self, place: TaskFolder) -> PathBuf {
        if let Some(folders) = &self.folders {
            return match place {
                TaskFolder::Tmp => folders.tmp.clone(),
                TaskFolder::Home => folders.home.clone(),
                place => folders.tmp.join(place.name()),
            };
        }
        self.root.join("work").join(place.name())
    }

    /// A folder as the program sees it.
    pub(crate) fn inside(&self, place: TaskFolder) -> PathBuf {
        match (self.fence, place) {
            (Fence::Bubblewrap, TaskFolder::Tmp) => "/tmp".into(),
            (Fence::Bubblewrap, TaskFolder::Home) => "/home/task".into(),
            (Fence::Bubblewrap, place) => Path::new("/tmp").join(place.name()),
            (Fence::Container | Fence::None, place) => self.outside(place),
        }
    }

    /// The bind mounts of these folders, and of the task's own system settings.
    pub(crate) fn binds(&self, network: Network) -> Vec<Bind> {
        let places = TaskFolder::ALL.map(|place| Bind {
            from: self.outside(place),
            to: self.inside(place),
            is_writable: place.is_writable(),
        });
        places.into_iter().chain(self.settings(network)).collect()
    }

    /// The bind mounts of the system settings that each task has of its own.
    pub(crate) fn settings(&self, network: Network) -> impl Iterator<Item = Bind> {
        let resolver = Some(RESOLVER).filter(|_| network == Network::Own);
        [USERS, GROUPS].into_iter().chain(resolver).map(|name| Bind {
            from: self.private().join(name),
            to: Path::new("/etc").join(name),
            is_writable: false,
        })
    }
}
