//! Packages of `requirements.txt`, installed by a real pip from an index of the test's own.

use std::{net::Ipv4Addr, process::Command, sync::Arc};

use hearth_core::{OwnerId, Program, Reason, TaskState};
use hearth_runner::{
    engine::{Engine as _, PackageMode, PackageOptions},
    packages::{PackageLimits, PackageSupport, PackagesOff},
};
use tokio::net::TcpListener;

use crate::{
    network::{Elsewhere, has_own_network},
    setup::{Stage, engine_with, python, tar},
};

/// A folder of packages, served as a simple index at an address outside the sandbox.
struct Index {
    folder: tempfile::TempDir,
    address: String,
    _elsewhere: Arc<Elsewhere>,
}

impl Index {
    /// `None`, with a message, where it cannot be reached from inside or nothing can be installed.
    async fn serve() -> Option<Self> {
        if !has_own_network() {
            return None;
        }
        let has_pip = Command::new(python()).args(["-m", "pip", "--version"]).output();
        if !has_pip.is_ok_and(|said| said.status.success()) {
            hearth_skip::skip("the interpreter has no pip");
            return None;
        }
        let Some(elsewhere) = Elsewhere::make() else {
            hearth_skip::skip("only an administrator can make an address to reach");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.unwrap();
        let address = format!("http://{}:{}/", Elsewhere::ADDRESS, listener.local_addr().unwrap().port());
        let root = folder.path().to_owned();
        let serve = async move |uri: axum::http::Uri| answer(&root, uri.path());
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(serve)).await });
        Some(Self { folder, address, _elsewhere: elsewhere })
    }

    /// A package as source, built by the code that it brings.
    fn add_source(&self, name: &str, backend: &str) {
        let shelf = self.folder.path().join(name);
        std::fs::create_dir_all(&shelf).unwrap();
        let root = format!("{name}-1");
        let settings = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n";
        let archive = tar(&[
            (&format!("{root}/pyproject.toml"), settings),
            (&format!("{root}/backend.py"), backend),
            (&format!("{root}/PKG-INFO"), &format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")),
        ]);
        std::fs::write(shelf.join(format!("{root}.tar")), archive).unwrap();
    }

    /// A wheel of one module: a zip without compression, as the format allows.
    fn add_wheel(&self, name: &str, version: &str) {
        let shelf = self.folder.path().join(name);
        std::fs::create_dir_all(&shelf).unwrap();
        let info = format!("{name}-{version}.dist-info");
        let script = format!(
            "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as wheel:\n\
             \x20   wheel.writestr('{name}.py', \"version = '{version}'\\n\")\n\
             \x20   wheel.writestr('{info}/METADATA', 'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n')\n\
             \x20   wheel.writestr('{info}/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')\n\
             \x20   wheel.writestr('{info}/RECORD', '')\n"
        );
        let file = shelf.join(format!("{name}-{version}-py3-none-any.whl"));
        assert!(Command::new(python()).args(["-c", &script]).arg(file).status().unwrap().success());
    }

    fn options(&self, stage: &tempfile::TempDir) -> PackageOptions {
        PackageOptions {
            mode: PackageMode::Auto,
            index_url: Some(self.address.parse().unwrap()),
            ..PackageOptions::off(stage.path().join("data/packages"))
        }
    }
}

/// A folder as a page of links, a file as its bytes.
fn answer(root: &std::path::Path, path: &str) -> axum::response::Response {
    use axum::response::{Html, IntoResponse as _};
    let path = root.join(path.trim_matches('/'));
    if path.is_dir() {
        let names = std::fs::read_dir(&path).unwrap().flatten();
        let links = names.map(|entry| format!("<a href=\"{0}\">{0}</a>", entry.file_name().display()));
        return Html(links.collect::<String>()).into_response();
    }
    std::fs::read(&path).map_err(|_| axum::http::StatusCode::NOT_FOUND).into_response()
}

const MEI: Option<OwnerId> = Some(OwnerId(1));

/// A task with this `requirements.txt`, on an engine that installs from the index.
async fn stage(index: &Index, requirements: &str, program: &str) -> Stage {
    stage_with(index, requirements, program, PackageLimits::default()).await
}

async fn stage_with(index: &Index, requirements: &str, program: &str, limits: PackageLimits) -> Stage {
    let code = tar(&[("train.py", program), ("requirements.txt", requirements)]);
    let mut stage = Stage::with_all(code, vec![], |spec| spec.requirements_of = MEI).await;
    let options = PackageOptions { limits, ..index.options(&stage.folder) };
    stage.engine = engine_with(stage.folder.path(), options).await;
    stage
}

const PROGRAM: &str = "import toolbox, sys\n\
    print('tools', toolbox.version)\n\
    try:\n    open(toolbox.__file__, 'a')\n    print('writable')\n\
    except OSError:\n    print('read-only')\n\
    import socket\n\
    print([name for _, name in socket.if_nameindex()])\n";

#[tokio::test(flavor = "multi_thread")]
async fn packages_are_installed_before_the_program_starts_which_has_no_network_itself() {
    let Some(index) = Index::serve().await else { return };
    index.add_wheel("toolbox", "1.5");
    let mut stage = stage(&index, "# ours\ntoolbox>=1\n", PROGRAM).await;
    let finish = stage.run().await;
    let log = stage.server.log();
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{log}");
    assert!(log.contains("tools 1.5\nread-only\n['lo']"), "{log}");
    let packages = finish.packages.expect("what was installed");
    assert_eq!((packages.packages, packages.was_cached), (vec!["toolbox==1.5".to_owned()], false));
    assert!(finish.environment_lock.contains("toolbox==1.5"), "{}", finish.environment_lock);
    let reasons = stage.server.reasons();
    assert_eq!(
        reasons[..4],
        [Reason::StageCode, Reason::StagePackages, Reason::StageSandbox, Reason::RunStarted]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_attempt_installed_the_next_one_of_its_owner_finds_and_nobody_else() {
    let Some(index) = Index::serve().await else { return };
    index.add_wheel("toolbox", "1.5");
    let mut first = stage(&index, "toolbox\n", PROGRAM).await;
    assert!(!first.run().await.packages.expect("packages").was_cached);
    for (owner, was_cached) in [(1, true), (2, false)] {
        let code = tar(&[("train.py", PROGRAM), ("requirements.txt", "toolbox\n")]);
        let mut next =
            Stage::with_all(code, vec![], |spec| spec.requirements_of = Some(OwnerId(owner))).await;
        next.engine = engine_with(next.folder.path(), index.options(&first.folder)).await;
        let finish = next.run().await;
        assert_eq!(finish.outcome.state, TaskState::Succeeded, "{}", next.server.log());
        assert_eq!(finish.packages.expect("packages").was_cached, was_cached, "owner {owner}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_does_not_exist_ends_the_task_with_what_pip_says() {
    let Some(index) = Index::serve().await else { return };
    let mut stage = stage(&index, "no_such_package==9\n", "print('never')\n").await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::PackagesFailed));
    let log = stage.server.log();
    assert!(
        log.contains("No matching distribution found for no_such_package==9") && !log.contains("never"),
        "{log}"
    );
    let told = stage.server.facts(Reason::PackagesFailed);
    assert!(told["detail"].contains("No matching distribution"), "{told:?}");
    assert_eq!(std::fs::read_dir(stage.folder.path().join("data/packages/1")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_script_sees_neither_the_code_nor_the_secrets_of_the_task() {
    let Some(index) = Index::serve().await else { return };
    let spy = "import os\n\
        seen = [path for path in ('/tmp/code/train.py', '/tmp/output', '/tmp/dataset') if os.path.exists(path)]\n\
        raise SystemExit('saw %s %s' % (seen, sorted(name for name in os.environ if 'KEY' in name or 'HEARTH' in name)))\n";
    index.add_source("spy", spy);
    let mut stage = stage(&index, "spy\n", "print('never')\n").await;
    let finish = stage.run().await;
    let log = stage.server.log();
    assert_eq!(finish.outcome.reason, Reason::PackagesFailed, "{log}");
    assert!(log.contains("saw [] []"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_long_or_too_much_is_ended() {
    let Some(index) = Index::serve().await else { return };
    index.add_wheel("toolbox", "1.5");
    let limits = PackageLimits { install_seconds: 0, ..PackageLimits::default() };
    let mut stage = stage_with(&index, "toolbox\n", "print('never')\n", limits).await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.reason, Reason::PackagesFailed);
    assert!(stage.server.log().contains("install_seconds"), "{}", stage.server.log());
    let slow = "import time\nopen('/packages/large', 'wb').write(b'x' * (8 << 20))\ntime.sleep(600)\n";
    let hidden = "import os, time\nhole = open('/tmp/hole', 'wb')\nos.unlink('/tmp/hole')\n\
        hole.write(b'x' * (8 << 20))\nhole.flush()\ntime.sleep(600)\n";
    for (name, backend) in [("slow", slow), ("hidden", hidden)] {
        index.add_source(name, backend);
        let limits = PackageLimits { environment_bytes: 4 << 20, ..PackageLimits::default() };
        let mut stage = stage_with(&index, &format!("{name}\n"), "print('never')\n", limits).await;
        let finish = stage.run().await;
        assert_eq!(finish.outcome.reason, Reason::PackagesFailed, "{name}");
        assert!(stage.server.log().contains("environment_bytes"), "{name}: {}", stage.server.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_too_much_between_two_looks_is_not_kept() {
    let Some(index) = Index::serve().await else { return };
    index.add_wheel("toolbox", "1.5");
    let limits = PackageLimits { environment_bytes: 1, ..PackageLimits::default() };
    let mut stage = stage_with(&index, "toolbox\n", "print('never')\n", limits).await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.reason, Reason::PackagesFailed, "{}", stage.server.log());
    assert!(stage.server.log().contains("environment_bytes"), "{}", stage.server.log());
    assert_eq!(std::fs::read_dir(stage.folder.path().join("data/packages/1")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_script_gets_no_more_memory_than_the_task() {
    let Some(index) = Index::serve().await else { return };
    index.add_source("hungry", "import time\nfull = b'x' * (1 << 30)\ntime.sleep(600)\n");
    let mut stage = stage(&index, "hungry\n", "print('never')\n").await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.reason, Reason::PackagesFailed, "{}", stage.server.log());
    assert!(stage.server.log().contains("more memory than it may"), "{}", stage.server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_of_the_image_imports_the_packages_too() {
    let Some(index) = Index::serve().await else { return };
    index.add_wheel("toolbox", "1.5");
    let line = "sh -c 'import toolbox' 2>/dev/null; python -c 'import toolbox; print(toolbox.version)'";
    let code = tar(&[("requirements.txt", "toolbox\n")]);
    let mut stage = Stage::with_all(code, vec![], |spec| {
        spec.requirements_of = MEI;
        spec.program = Program::shell_line(line);
    })
    .await;
    stage.engine = engine_with(stage.folder.path(), index.options(&stage.folder)).await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{}", stage.server.log());
    assert!(stage.server.log().ends_with("1.5\n"), "{}", stage.server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_says_whether_it_installs_packages_and_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let off = engine_with(folder.path(), PackageOptions::off(folder.path().join("packages"))).await;
    assert_eq!(off.packages().await, PackageSupport::Off(PackagesOff::Operator));
    if !has_own_network() {
        return;
    }
    let closed = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let options = PackageOptions {
        mode: PackageMode::Auto,
        index_url: Some(format!("http://{closed}/").parse().unwrap()),
        ..PackageOptions::off(folder.path().join("packages"))
    };
    let away = engine_with(folder.path(), options).await;
    assert_eq!(away.packages().await, PackageSupport::Off(PackagesOff::Unreachable));
}
