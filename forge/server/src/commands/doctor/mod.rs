mod stored;

use std::{fs, path::Path, process::ExitCode};

use hearth_app::DataDisk;
use hearth_runner::{
    engine::{
        KubernetesEngine, LocalEngine, LocalOptions, Unsandboxed,
        kubernetes::{Allowance, Examination},
    },
    packages::{PackageSupport, PackagesOff},
    sandbox,
};
use hearth_words::bytes;
use tokio::process::Command;

use super::output;
use crate::{
    config::{BlobStore, Config},
    wiring::{self, StartError, package_options},
};

/// The result of checking one part.
enum Finding {
    Good(String),
    /// Works, but not as well as it could.
    Weak(String),
    Bad(String),
}

use Finding::{Bad, Good, Weak};

/// Checks everything Hearth needs and stores, changes nothing, and fails if something is missing. A thorough
/// check reads every stored byte.
pub(super) async fn run(config: Config, is_thorough: bool) -> Result<ExitCode, StartError> {
    let folder = &config.data.directory;
    let mut findings: Vec<(String, Finding)> = [
        ("configuration", Good("read".into())),
        ("data folder", data_folder(folder)),
        ("disk", disk(&config)),
        ("large files", blobs(&config).await),
        ("database", database(&config).await),
        ("mail", mail(&config).await),
        ("git", program("git", &["--version"]).await),
        (
            "git-lfs",
            optional(
                program("git-lfs", &["version"]).await,
                "only needed on the machines of people who push",
            ),
        ),
        ("python3", optional(program("python3", &["--version"]).await, "needed for tasks on this machine")),
        ("sandbox", fence(&config).await),
        ("packages", packages(&config).await?),
    ]
    .map(|(part, finding)| (part.to_owned(), finding))
    .into();
    findings.extend(clusters(&config).await?);
    findings.extend(stored(&config, is_thorough).await);
    let mut is_bad = false;
    for (part, finding) in findings {
        let (mark, text) = match finding {
            Good(text) => ("ok  ", text),
            Weak(text) => ("weak", text),
            Bad(text) => {
                is_bad = true;
                ("BAD ", text)
            }
        };
        output::line(&format!("{mark}  {part}: {text}"));
    }
    Ok(if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn data_folder(folder: &Path) -> Finding {
    if !folder.exists() {
        return Good(format!("{} will be created at first start", folder.display()));
    }
    let trial = folder.join(".doctor");
    match fs::write(&trial, b"").and_then(|()| fs::remove_file(&trial)) {
        Ok(()) => Good(format!("{} is writable", folder.display())),
        Err(error) => Bad(format!("{} is not writable: {error}", folder.display())),
    }
}

fn disk(config: &Config) -> Finding {
    let folder = &config.data.directory;
    let at = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    match DataDisk::of(at.to_owned(), config.data.disk()).room() {
        Ok(room) => match room.trouble() {
            Some(trouble) => Bad(format!("new tasks and uploads are paused: {trouble}")),
            None => Good(format!("{} free", bytes(room.free_bytes))),
        },
        Err(error) => Weak(format!("could not read the free space: {error}")),
    }
}

/// The store of large files: every operation is tried.
async fn blobs(config: &Config) -> Finding {
    let folder = &config.data.directory;
    if config.blobs.store == BlobStore::Folder && !folder.exists() {
        return Good("in the data folder".into());
    }
    // Nothing exists before the first start.
    let Ok(trial) = tempfile::tempdir() else { return Bad("could not create a temporary folder".into()) };
    let folder = if folder.exists() { folder } else { trial.path() };
    match wiring::blobs(config, folder, DataDisk::of(folder.to_owned(), config.data.disk())).await {
        Ok(blobs) => match blobs.check().await {
            Ok(place) => Good(place),
            Err(trouble) => Bad(format!("bucket {:?}: {trouble}", config.blobs.s3.bucket)),
        },
        Err(error) => Bad(error.to_string()),
    }
}

/// The contents of the data folder, if it exists.
async fn stored(config: &Config, is_thorough: bool) -> Vec<(String, Finding)> {
    let is_sqlite = matches!(config.database.address(), Ok(None));
    if !config.data.directory.exists() || is_sqlite && !config.data.directory.join("hearth.db").exists() {
        return Vec::new();
    }
    let opened = async {
        let store = wiring::open_store(config).await?;
        wiring::tool(config, store).await
    };
    match opened.await {
        Ok(app) => {
            let findings = stored::examine(&app, is_thorough).await;
            app.store().close().await;
            findings
        }
        Err(error) => vec![("stored data".to_owned(), Bad(error.to_string()))],
    }
}

/// Whether emails can be sent: signs in and sends none.
async fn mail(config: &Config) -> Finding {
    match config.mail.mailer() {
        Ok(None) => Good("not configured, so no email is sent ([mail])".into()),
        Ok(Some(mailer)) => match mailer.check().await {
            Ok(()) => Good(format!("{} accepts email", mailer.place())),
            Err(error) => Bad(error.to_string()),
        },
        Err(error) => Bad(error.to_string()),
    }
}

async fn database(config: &Config) -> Finding {
    let is_sqlite = matches!(config.database.address(), Ok(None));
    if is_sqlite && !config.data.directory.join("hearth.db").exists() {
        return Good("SQLite, will be created at first start".into());
    }
    match wiring::open_store(config).await {
        Ok(store) => {
            let answer = store.ping().await;
            let engine = store.engine();
            store.close().await;
            answer.map_or_else(
                |error| Bad(hearth_core::chain(&error)),
                |()| Good(format!("{engine} is responding")),
            )
        }
        Err(error) => Bad(error.to_string()),
    }
}

async fn program(name: &str, arguments: &[&str]) -> Finding {
    match Command::new(name).args(arguments).output().await {
        Ok(answer) if answer.status.success() => {
            let text = String::from_utf8_lossy(&answer.stdout);
            Good(text.lines().next().unwrap_or_default().to_owned())
        }
        Ok(answer) => Bad(format!("{name} failed: {}", answer.status)),
        Err(error) => Bad(format!("could not run {name}: {error}")),
    }
}

/// Turns a failure into a warning: this part is optional.
fn optional(finding: Finding, why: &str) -> Finding {
    match finding {
        Bad(text) => Weak(format!("{text} ({why})")),
        other => other,
    }
}

/// Each cluster: whether it responds, missing permissions, number of machines.
async fn clusters(config: &Config) -> Result<Vec<(String, Finding)>, StartError> {
    let public = wiring::urls(config, config.server.listen)?;
    let mut findings = Vec::new();
    let clusters = match wiring::clusters(config, &public) {
        Ok(clusters) => clusters,
        Err(mistake) => return Ok(vec![("clusters".to_owned(), Bad(mistake.to_string()))]),
    };
    for cluster in clusters {
        let Examination { health, allowances, is_unbounded } = KubernetesEngine::examine(&cluster).await;
        let missing = |is_wanted: fn(&Allowance) -> bool| -> Vec<String> {
            let missing = allowances.iter().filter(|allowance| !allowance.is_allowed && is_wanted(allowance));
            missing.map(|allowance| allowance.what.clone()).collect()
        };
        let of_owners = missing(|allowance| allowance.is_of_owners);
        let useful = missing(|allowance| allowance.is_optional);
        let needed = missing(|allowance| !allowance.is_optional && !allowance.is_of_owners);
        let version = health.version.as_deref().unwrap_or_default();
        let seen = format!("{version}, {} machines", health.machines);
        let finding = if !health.is_good() {
            Bad(format!("{}: {}", health.state, health.detail))
        } else if !needed.is_empty() {
            Bad(format!("{seen}; not allowed: {} (see deploy/kubernetes/rbac.yaml)", needed.join(", ")))
        } else if health.machines == 0 {
            Weak(format!("{seen}; no machine can run tasks"))
        } else if is_unbounded {
            Weak(format!(
                "{seen}; no policy keeps Hearth to its namespaces (see deploy/kubernetes/rbac.yaml)"
            ))
        } else if !of_owners.is_empty() {
            let missing = of_owners.join(", ");
            Weak(format!("{seen}; only where hearth-owner is bound in an owner's namespace: {missing}"))
        } else if !useful.is_empty() {
            Weak(format!("{seen}; the reason why tasks wait is incomplete without: {}", useful.join(", ")))
        } else {
            Good(seen)
        };
        findings.push((format!("cluster {}", cluster.name), finding));
    }
    Ok(findings)
}

/// Whether tasks get the packages of their requirements.txt.
async fn packages(config: &Config) -> Result<Finding, StartError> {
    let local = &config.engine.local;
    if !local.enabled {
        return Ok(Good("not installed: tasks do not run on this machine".into()));
    }
    let trial = tempfile::tempdir().map_err(|error| StartError::Engine(error.to_string()))?;
    let options = LocalOptions {
        directory: trial.path().to_owned(),
        agent_command: Vec::new(),
        unsandboxed: Unsandboxed::Nothing,
        allow_host_network: local.allow_host_network,
        hidden: Vec::new(),
        packages: package_options(local, trial.path())?,
    };
    let engine = LocalEngine::open(options).await.map_err(|error| StartError::Engine(error.to_string()))?;
    Ok(match engine.package_support().await {
        PackageSupport::On { index_url } => {
            Good(format!("requirements.txt is installed from {}", without_credentials(index_url)))
        }
        PackageSupport::Off(PackagesOff::Operator) => {
            Good("not installed: engine.local.packages.install is off".into())
        }
        PackageSupport::Off(why) => {
            Weak(format!("requirements.txt is not installed: {}", without_packages(why)))
        }
    })
}

fn without_credentials(mut address: url::Url) -> url::Url {
    // An address with a host takes both.
    let _ = address.set_username("");
    let _ = address.set_password(None);
    address
}

const fn without_packages(why: PackagesOff) -> &'static str {
    match why {
        PackagesOff::Engine | PackagesOff::Operator => "engine.local.packages.install is off",
        PackagesOff::Sandbox => "there is no sandbox to install in",
        PackagesOff::Network => "the sandbox has no way out",
        PackagesOff::NoIndex => "pip is not installed, and engine.local.packages.index_url is empty",
        PackagesOff::Secret => {
            "the index of this machine's pip needs credentials, which tasks would read; set engine.local.packages.index_url"
        }
        PackagesOff::Unreachable => "the package index does not answer (engine.local.packages.index_url)",
    }
}

async fn fence(config: &Config) -> Finding {
    if !config.engine.local.enabled {
        return Good("not needed, because tasks do not run on this machine".into());
    }
    let Ok(report) = tokio::task::spawn_blocking(sandbox::self_test).await else {
        return Bad("the check itself failed".into());
    };
    let reasons = report.reasons.join("; ");
    match report.bubblewrap {
        Some(version) if report.is_sound && reasons.is_empty() => Good(format!("bubblewrap {version}")),
        Some(version) if report.is_sound => Weak(format!("bubblewrap {version}; {reasons}")),
        _ if config.engine.local.allow_unsandboxed => {
            Weak(format!("none, as the configuration allows: {reasons}"))
        }
        _ => Bad(format!("tasks will be rejected: {reasons}")),
    }
}
