//! Installs the packages of `requirements.txt` before the program starts, or finds them installed.

use std::{
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use data_encoding::HEXLOWER;
use hearth_core::{Outcome, OwnerId, Reason, TaskState};
use sha2::{Digest as _, Sha256};

use super::{
    disk,
    environment::search_path,
    heartbeat::Pulse,
    layout::{Layout, TaskFolder},
    life::Agent,
    measure::Measurements,
    meter::Meter,
    program::{End, Launch, Program, say},
    run::Run,
    spool::Spool,
};
use crate::{
    beneath::Folder,
    packages::{
        Environment, InstalledPackages, Kept, LARGEST_REQUIREMENTS, PackageCache, PackageConfig,
        PackageLimits, REQUIREMENTS, count_requirements,
    },
    removal::remove_tree,
    sandbox::{Bind, Fence, INSTALL_PACKAGES, Interpreter, Plan},
    spec::Limits,
};

/// Where the environment is mounted.
const INSIDE: &str = "/packages";
/// Where the text is mounted while it is installed.
const TEXT_INSIDE: &str = "/requirements.txt";
/// The machine's own certificate authorities, if it has them in one file.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Packages that a record names.
const MOST_PACKAGES: usize = 2_000;
/// The end of pip's output that explains a failure.
const LAST_WORDS_BYTES: u64 = 2 << 10;
const LAST_WORDS_LINES: usize = 8;

/// The packages of an attempt, for as long as its program runs.
pub(super) struct Packages {
    kept: Kept,
    pub(super) record: InstalledPackages,
}

/// What is to be installed, and for whom.
struct Order<'a> {
    config: &'a PackageConfig,
    owner: OwnerId,
    text: Vec<u8>,
    key: String,
}

impl Packages {
    /// The same interpreter with the packages: its folders, and the environment's own program.
    pub(super) fn interpreter(image: &Interpreter) -> Interpreter {
        Interpreter { executable: format!("{INSIDE}/bin/python"), ..image.clone() }
    }

    /// The mount of the packages, which the program cannot write to.
    pub(super) fn bind(&self) -> Bind {
        Bind { from: self.kept.environment.clone(), to: INSIDE.into(), is_writable: false }
    }

    /// Lets the image's own programs, such as launchers, import the packages.
    pub(super) fn variables(image: &Interpreter) -> Vec<(String, String)> {
        let of_image = search_path(Fence::Bubblewrap, &image.executable);
        vec![
            ("PATH".to_owned(), format!("{INSIDE}/bin:{of_image}")),
            ("VIRTUAL_ENV".to_owned(), INSIDE.to_owned()),
        ]
    }

    /// The folder of the packages inside.
    pub(super) fn library(image: &Interpreter) -> String {
        format!("{INSIDE}/{}", library(image).display())
    }
}

impl Run<'_> {
    /// The packages that the code names; none if it names none or they are not wanted. The error is how the
    /// attempt ends.
    pub(super) async fn packages(&self, image: &Interpreter) -> Result<Option<Packages>, Outcome> {
        let Some(owner) = self.spec.requirements_of else { return Ok(None) };
        let Some(text) =
            read_requirements(&self.agent.layout).map_err(|error| self.refuse(&error.to_string()))?
        else {
            return Ok(None);
        };
        let config =
            self.agent.config.packages.as_ref().filter(|_| self.agent.config.fence == Fence::Bubblewrap);
        let Some(config) = config else {
            say(&self.agent.log, "requirements.txt is not installed: packages are not installed here");
            return Ok(None);
        };
        let key = key(image, self.spec.image.digest.as_deref(), config, &text);
        let order = Order { config, owner, text, key };
        let cache = PackageCache::new(&config.cache, config.limits);
        let count = ("count", count_requirements(&String::from_utf8_lossy(&order.text)).to_string());
        let found = cache.find(owner, &order.key).map_err(|error| self.refuse(&error.to_string()))?;
        let was_cached = found.is_some();
        let kept = match found {
            Some(kept) => {
                self.agent.journal.write(Reason::StagePackages, &[count, ("cached", "yes".to_owned())]);
                kept
            }
            None => {
                self.agent.journal.write(Reason::StagePackages, &[count]);
                self.install(&cache, &order, image).await?
            }
        };
        let record = InstalledPackages {
            requirements_sha256: HEXLOWER.encode(&Sha256::digest(&order.text)),
            was_cached,
            packages: kept.packages.clone(),
        };
        Ok(Some(Packages { kept, record }))
    }

    /// The end of an attempt whose packages cannot be installed.
    fn refuse(&self, detail: &str) -> Outcome {
        self.fail(detail, detail)
    }

    /// The same with one text for the log and one for the timeline.
    fn fail(&self, said: &str, detail: &str) -> Outcome {
        say(&self.agent.log, &format!("the packages could not be installed: {said}"));
        self.agent.journal.write(Reason::PackagesFailed, &[("detail", detail.to_owned())]);
        Agent::failed(Reason::PackagesFailed)
    }

    async fn install(
        &self,
        cache: &PackageCache,
        order: &Order<'_>,
        image: &Interpreter,
    ) -> Result<Kept, Outcome> {
        let io = |error: io::Error| self.refuse(&error.to_string());
        // What stopped agents left takes the room of what is installed now.
        let full = cache.clone();
        let _ = tokio::task::spawn_blocking(move || full.evict()).await;
        let made = cache.begin(order.owner, &self.agent.config.name).map_err(io)?;
        let work = self.agent.layout.private().join("packages");
        let done = self.run_installer(order, image, &made, &work).await;
        let _ = tokio::task::spawn_blocking({
            let work = work.clone();
            move || remove_tree(&work)
        })
        .await;
        done?;
        let (cache, owner, key, image) = (cache.clone(), order.owner, order.key.clone(), image.clone());
        let published = tokio::task::spawn_blocking(move || {
            let (bytes, packages) = (disk::held_bytes(&made.folder()), installed(&made, &image));
            cache.publish(owner, &key, made, packages, bytes)
        });
        let kept = published.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        kept.map_err(io)?.ok_or_else(|| self.refuse("the environment was removed while it was made"))
    }

    async fn run_installer(
        &self,
        order: &Order<'_>,
        image: &Interpreter,
        made: &Environment,
        work: &Path,
    ) -> Result<(), Outcome> {
        let prepared = prepare(work, &order.text);
        let spool = prepared.and_then(|()| Spool::create(&work.join("metrics"), 0));
        let unheard = Arc::new(Measurements::new(spool.map_err(|error| self.refuse(&error.to_string()))?));
        let bounds = super::stage::bounds_of(self.spec);
        let cgroup = self.cgroup(bounds);
        let launch = Launch {
            fence: Fence::Bubblewrap,
            plan: self.installing_plan(order.config, image, made, work),
            command: [image.executable.as_str(), "-I", "-c", INSTALL_PACKAGES, INSIDE, TEXT_INSIDE]
                .map(str::to_owned)
                .to_vec(),
            bounds,
            cgroup: cgroup.clone(),
            private: work.to_owned(),
        };
        let begun = self.agent.log.end();
        let (program, ended) = match launch.start(Arc::clone(&self.agent.log), unheard).await {
            Ok(started) => started,
            Err(error) => return Err(self.refuse(&error.to_string())),
        };
        self.note(&program);
        // Nobody hears what it measures, but where nothing else bounds the memory, it does.
        let unheard = Arc::new(Pulse::new());
        let meter = Meter::start(program.clone(), cgroup.clone(), bounds, Vec::new(), unheard);
        let folders = [made.folder(), work.to_owned()];
        let end = tokio::select! {
            end = ended => end.ok().and_then(Result::ok).map_or(Stopped::Fault, Stopped::Ended),
            request = self.agent.stopper.wait() => Stopped::Requested(request.reason),
            () = tokio::time::sleep(Duration::from_secs(order.config.limits.install_seconds)) => Stopped::Time,
            excess = watch(&folders, order.config, &program) => Stopped::Excess(excess),
        };
        if !matches!(end, Stopped::Ended(_)) {
            kill(program).await;
        }
        let readings = match meter {
            Ok(meter) => tokio::task::spawn_blocking(move || meter.finish()).await.ok(),
            Err(_) => None,
        };
        if let Some(cgroup) = cgroup {
            let _ = tokio::task::spawn_blocking(move || cgroup.remove()).await;
        }
        match end {
            // Much is written in the time between two looks.
            Stopped::Ended(End::Code(0)) => match look(&folders, order.config, Vec::new()).await {
                Some(excess) => Err(self.too_much(excess)),
                None => Ok(()),
            },
            Stopped::Ended(_) if readings.is_some_and(|readings| readings.is_out_of_memory) => {
                Err(self.refuse("it uses more memory than it may"))
            }
            Stopped::Requested(reason) => Err(super::run::stopped(reason)),
            Stopped::Ended(_) => {
                Err(self.fail("pip ended with an error", &last_words(&self.agent.log, begun)))
            }
            Stopped::Time => Err(self.refuse(&format!(
                "it takes longer than {} seconds (engine.local.packages.install_seconds)",
                order.config.limits.install_seconds
            ))),
            Stopped::Excess(excess) => Err(self.too_much(excess)),
            Stopped::Fault => Err(Outcome { state: TaskState::Failed, reason: Reason::PlatformFault }),
        }
    }

    fn too_much(&self, excess: disk::Excess) -> Outcome {
        self.refuse(&format!(
            "it holds {excess} (engine.local.packages.environment_bytes, environment_files)"
        ))
    }

    /// Nothing of the task but the text, and nothing writable but the new environment and folders for the work.
    fn installing_plan(
        &self,
        config: &PackageConfig,
        image: &Interpreter,
        made: &Environment,
        work: &Path,
    ) -> Plan {
        let layout = &self.agent.layout;
        let writable = |from: PathBuf, to: PathBuf| Bind { from, to, is_writable: true };
        let text = Bind { from: work.join(REQUIREMENTS), to: TEXT_INSIDE.into(), is_writable: false };
        let mut binds = vec![
            writable(work.join("tmp"), layout.inside(TaskFolder::Tmp)),
            writable(work.join("home"), layout.inside(TaskFolder::Home)),
            writable(made.folder(), INSIDE.into()),
            text,
        ];
        binds.extend(layout.settings(config.network));
        Plan {
            network: config.network,
            shared_memory_bytes: self.spec.resources.shared_memory_bytes,
            binds,
            read_only: image.folders.clone(),
            accelerators: Vec::new(),
            hidden: self.agent.config.hidden.clone(),
            environment: variables(config, layout, image),
            directory: layout.inside(TaskFolder::Tmp),
        }
    }
}

/// Why an installation is over.
enum Stopped {
    Ended(End),
    Requested(Reason),
    Time,
    Excess(disk::Excess),
    Fault,
}

async fn kill(program: Program) {
    let _ = tokio::task::spawn_blocking(move || program.kill()).await;
}

/// Resolves when the folders exceed what an environment may take.
async fn watch(folders: &[PathBuf; 2], config: &PackageConfig, program: &Program) -> disk::Excess {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let program = program.clone();
        let processes = tokio::task::spawn_blocking(move || program.processes()).await.unwrap_or_default();
        let pids = processes.into_iter().map(|process| process.pid).collect();
        if let Some(excess) = look(folders, config, pids).await {
            return excess;
        }
    }
}

/// What the folders, and files that were deleted while these processes hold them open, have too much of.
async fn look(folders: &[PathBuf; 2], config: &PackageConfig, processes: Vec<u32>) -> Option<disk::Excess> {
    let PackageLimits { environment_bytes, environment_files, .. } = config.limits;
    let limits = Limits { disk_bytes: environment_bytes, disk_files: environment_files, ..Limits::default() };
    let folders = folders.clone();
    let looked = tokio::task::spawn_blocking(move || disk::excess_of(&folders, &limits, &processes)).await;
    looked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

fn prepare(work: &Path, text: &[u8]) -> io::Result<()> {
    remove_tree(work)?;
    for folder in ["tmp", "home"] {
        fs::create_dir_all(work.join(folder))?;
    }
    fs::write(work.join(REQUIREMENTS), text)
}

/// The file in the root of the code. The code is untrusted: a link or a special file is none.
fn read_requirements(layout: &Layout) -> io::Result<Option<Vec<u8>>> {
    let code = Folder::open(&layout.outside(TaskFolder::Code))?;
    let Ok(file) = code.file(Path::new(REQUIREMENTS)) else { return Ok(None) };
    let mut text = Vec::new();
    file.take(LARGEST_REQUIREMENTS + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST_REQUIREMENTS {
        return Err(io::Error::other(format!("requirements.txt has more than {LARGEST_REQUIREMENTS} bytes")));
    }
    Ok((!text.trim_ascii().is_empty()).then_some(text))
}

/// The hash of everything that an environment depends on.
fn key(image: &Interpreter, digest: Option<&str>, config: &PackageConfig, text: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [
        "1",
        &image.executable,
        &image.version,
        &image.stamp,
        digest.unwrap_or_default(),
        std::env::consts::ARCH,
        config.index_url.as_str(),
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(text);
    HEXLOWER.encode(&hash.finalize())
}

/// The folder of packages below the environment.
fn library(image: &Interpreter) -> PathBuf {
    let short: Vec<&str> = image.version.split('.').take(2).collect();
    Path::new("lib").join(format!("python{}", short.join("."))).join("site-packages")
}

/// What was installed, by the names of its metadata folders. Its build scripts may have written anything: it is
/// only shown.
fn installed(made: &Environment, image: &Interpreter) -> Vec<String> {
    let names = Folder::open(&made.folder())
        .and_then(|folder| folder.descend(&library(image)))
        .and_then(|folder| Ok(folder.names()?.take(MOST_PACKAGES * 8).collect::<Vec<_>>()));
    let packages = names.unwrap_or_default().into_iter().filter_map(|name| {
        let (name, version) = name.to_str().ok()?.strip_suffix(".dist-info")?.split_once('-')?;
        Some(format!("{name}=={version}"))
    });
    let mut packages: Vec<String> = packages.take(MOST_PACKAGES).collect();
    packages.sort_by_key(|name| name.to_lowercase());
    packages
}

fn variables(config: &PackageConfig, layout: &Layout, image: &Interpreter) -> Vec<(String, String)> {
    let inside = |place| layout.inside(place).to_string_lossy().into_owned();
    let mut variables = vec![
        ("PATH", search_path(Fence::Bubblewrap, &image.executable)),
        ("HOME", inside(TaskFolder::Home)),
        ("TMPDIR", inside(TaskFolder::Tmp)),
        ("LANG", "C.UTF-8".to_owned()),
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("PIP_INDEX_URL", config.index_url.to_string()),
    ];
    // The operator named this host; pip would refuse it otherwise.
    if let Some(host) = config.index_url.host_str().filter(|_| config.index_url.scheme() == "http") {
        variables.push(("PIP_TRUSTED_HOST", host.to_owned()));
    }
    if Path::new(AUTHORITIES).is_file() {
        variables.push(("PIP_CERT", AUTHORITIES.to_owned()));
    }
    variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The last lines that pip wrote.
fn last_words(log: &Spool, begun: u64) -> String {
    let bytes = log.tail(begun, LAST_WORDS_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LAST_WORDS_LINES)..].join("\n")
}
