//! What the tests need beyond Rust, git and a C compiler; installed from package registries if missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{self, find, run};
use crate::report::say;
use crate::{Outcome, apt, postgres};

/// A requirement of the tests: its purpose, its Debian package, and how to detect it.
struct Need {
    package: &'static str,
    purpose: &'static str,
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        package: "postgresql",
        purpose: "the second database",
        present: || postgres::programs().is_some(),
    },
    Need { package: "git", purpose: "pushing and cloning", present: || find("git").is_some() },
    Need { package: "gnupg", purpose: "signed commits and tags", present: || find("gpg").is_some() },
    Need { package: "openssh-client", purpose: "git over SSH", present: || find("ssh").is_some() },
    Need { package: "git-lfs", purpose: "large files", present: || find("git-lfs").is_some() },
    Need {
        package: "openssl",
        purpose: "certificates of servers that the tests start",
        present: || find("openssl").is_some(),
    },
    Need { package: "bubblewrap", purpose: "the sandbox of tasks", present: || find("bwrap").is_some() },
    Need { package: "passt", purpose: "the network of tasks", present: || find("pasta").is_some() },
    Need {
        package: "chromium",
        purpose: "walking through the pages",
        present: || find("chromium").is_some(),
    },
    Need {
        package: "chromium-driver",
        purpose: "steering Chromium",
        present: || find("chromedriver").is_some(),
    },
    Need {
        package: "fonts-noto-cjk",
        purpose: "Chinese in screenshots",
        present: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file(),
    },
    Need {
        package: "python3-venv",
        purpose: "running c2net inside a task",
        present: || {
            let mut python = Command::new("python3");
            program::output(python.args(["-c", "import ensurepip, venv"])).is_ok()
        },
    },
];

/// What a Kubernetes cluster for tests needs in addition to Go.
const CLUSTER_NEEDS: &[Need] = &[
    Need { package: "iproute2", purpose: "a Kubernetes node's network", present: || find("ip").is_some() },
    Need {
        package: "containerd",
        purpose: "the containers of a Kubernetes node",
        present: || find("containerd").is_some(),
    },
    Need { package: "runc", purpose: "running those containers", present: || find("runc").is_some() },
    Need {
        package: "containernetworking-plugins",
        purpose: "the addresses of those containers",
        present: || Path::new("/usr/lib/cni/bridge").is_file(),
    },
    Need {
        package: "busybox-static",
        purpose: "the image of those containers",
        present: || find("busybox").is_some(),
    },
];

/// The Python packages of the tests, pinned to versions whose behaviour was studied.
const PYTHON_PACKAGES: &[(&str, &str)] = &[
    ("c2net", "c2net==0.2.0"),
    ("aiosmtpd", "aiosmtpd==1.4.6"),
    ("huggingface_hub", "huggingface_hub==0.36.2"),
];

/// The npm package that finds what assistive programs cannot use on a page, pinned.
const AXE: &str = "4.14.1";

/// Gitea's own client, pinned, whose tests are run unmodified.
const GO_SDK: &str = "code.gitea.io/sdk/gitea";
const GO_SDK_VERSION: &str = "v0.25.1";

/// Checks that everything is there. Installs what is missing if `install` allows it.
pub(crate) fn ensure(install: bool) -> Outcome {
    if find("go").is_none() && program::in_ci() {
        return Err(
            "Go is not installed; the Kubernetes control plane of the tests is built with it".to_owned()
        );
    }
    let of_cluster = if find("go").is_some() { CLUSTER_NEEDS } else { &[] };
    let missing: Vec<&Need> = NEEDS.iter().chain(of_cluster).filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        say("Every Debian package that the tests need is there.");
    } else {
        debian(&missing, install)?;
    }
    python(install)?;
    axe(install)?;
    go_sdk(install)
}

fn debian(missing: &[&Need], install: bool) -> Outcome {
    for need in missing {
        say(&format!("Missing: {} ({})", need.package, need.purpose));
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let by_hand = format!("sudo apt-get install --no-install-recommends {}", packages.join(" "));
    if !install || find("apt-get").is_none() || !is_root()? {
        return Err(format!(
            "the tests need packages that are not installed. Install them with\n  {by_hand}"
        ));
    }
    say(&format!("Installing from Debian's packages: {}", packages.join(", ")));
    apt::install(&packages)?;
    match missing.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => {
            Err(format!("{} is installed, yet what the tests need of it was not found", need.package))
        }
    }
}

/// The Python of the tests, in an environment of its own under the target folder.
pub(crate) fn python_path() -> PathBuf {
    program::target().join("python").join("bin").join("python3")
}

fn python(install: bool) -> Outcome {
    let python = python_path();
    let lacks = |module: &str| {
        program::output(Command::new(&python).arg("-c").arg(format!("import {module}"))).is_err()
    };
    let missing: Vec<&str> =
        PYTHON_PACKAGES.iter().filter(|(module, _)| lacks(module)).map(|(_, pinned)| *pinned).collect();
    if missing.is_empty() {
        say("Every Python package that the tests need is there.");
        return Ok(());
    }
    if !install {
        return Err(format!("the tests need Python packages that are not installed: {}", missing.join(", ")));
    }
    say(&format!("Installing from the Python package index: {}", missing.join(", ")));
    let folder = program::target().join("python");
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(&python).args(quiet).args(&missing))
}

/// The script of axe-core, in a folder of its own under the target folder.
pub(crate) fn axe_path() -> PathBuf {
    program::target().join("npm/node_modules/axe-core/axe.min.js")
}

/// Without npm, the tests that need axe-core are left out, and say so.
fn axe(install: bool) -> Outcome {
    let described = axe_path().with_file_name("package.json");
    let version = format!("\"version\": \"{AXE}\"");
    if std::fs::read_to_string(described).is_ok_and(|text| text.contains(&version)) {
        say("The npm package that the tests need is there.");
        return Ok(());
    }
    if find("npm").is_none() {
        say("npm is not installed: the tests of accessibility will be left out.");
        return Ok(());
    }
    if !install {
        return Err(format!("the tests need an npm package that is not installed: axe-core@{AXE}"));
    }
    say(&format!("Installing from the npm registry: axe-core@{AXE}"));
    let folder = program::target().join("npm");
    let quiet = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    run(Command::new("npm")
        .arg("install")
        .arg("--prefix")
        .arg(folder)
        .args(quiet)
        .arg(format!("axe-core@{AXE}")))
}

/// The compiled tests of the Go SDK, in a folder of their own under the target folder.
pub(crate) fn go_sdk_path() -> PathBuf {
    program::target().join("go-sdk").join(format!("tests-{GO_SDK_VERSION}"))
}

/// Compiles the tests that the module brings, as they are. Without Go they are left out, and say so.
fn go_sdk(install: bool) -> Outcome {
    let compiled = go_sdk_path();
    if compiled.is_file() {
        say("The tests of the Go SDK are there.");
        return Ok(());
    }
    let module = format!("{GO_SDK}@{GO_SDK_VERSION}");
    let Some(go) = find("go") else {
        say("Go is not installed: the tests of Gitea's Go SDK will be left out.");
        return Ok(());
    };
    if !install {
        return Err(format!("the tests need a Go module that is not installed: {module}"));
    }
    say(&format!("Installing from the Go module proxy: {module}"));
    let folder = program::target().join("go-sdk");
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    let mut download = Command::new(&go);
    let described =
        program::output(download.current_dir(&folder).args(["mod", "download", "-json", &module]))?;
    let described: serde_json::Value =
        serde_json::from_str(&described).map_err(|error| format!("go describes no module: {error}"))?;
    let source = described["Dir"].as_str().ok_or("go says no folder of the module")?;
    run(Command::new(&go).current_dir(source).args(["test", "-c", "-o"]).arg(&compiled).arg("./tests"))
}

pub(crate) fn is_root() -> Outcome<bool> {
    Ok(program::output(Command::new("id").arg("-u"))?.trim() == "0")
}
