//! A task with its code, an engine, and a server.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use hearth_core::{Parameter, Program, TaskId, TaskKind};
use hearth_runner::{
    Secret, TaskSpec,
    agent::{AgentConfig, ContainerFolders, Rendezvous, prepare},
    engine::{
        AgentLaunch, Engine, Handle, LocalEngine, LocalOptions, Observation, PackageOptions, Placement,
        Unsandboxed,
    },
    protocol::{Finish, HeartbeatReply},
    record::Record,
    sandbox::{Fence, Network},
    spec::{Code, Image, Limits, Node, Resources},
};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use url::Url;

use crate::server::{Known, Server, TOKEN};

const KEY: [u8; 32] = [7; 32];

/// Seals a token as the engine of a cluster does: base64 of nonce, ciphertext and tag.
fn sealed(attempt: &str, token: &Secret) -> String {
    let nonce = [1; NONCE_LEN];
    let mut sealed = token.expose().as_bytes().to_vec();
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &KEY).unwrap())
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(attempt), &mut sealed)
        .unwrap();
    data_encoding::BASE64.encode(&[&nonce, sealed.as_slice()].concat())
}

pub(crate) fn spec(boot_file: &str) -> TaskSpec {
    TaskSpec {
        task: TaskId(7),
        attempt: 1,
        kind: TaskKind::Train,
        code: Code { repository: "mei/digits".into(), commit: "a".repeat(40), patch_sha256: None },
        program: Program::script(boot_file, vec![Parameter { name: "epochs".into(), value: "3".into() }]),
        image: Image { label: "Python".into(), reference: None, digest: None, python: python() },
        resources: Resources {
            cpus: 1,
            memory_bytes: 512 << 20,
            shared_memory_bytes: 16 << 20,
            processes: 64,
            accelerators: vec![],
        },
        limits: Limits { stop_grace_seconds: 2, ..Limits::default() },
        network: false,
        inputs: vec![],
        environment: BTreeMap::new(),
        secrets: BTreeMap::from([("API_KEY".to_owned(), Secret::new("kept to ourselves"))]),
        node: Node::SINGLE,
        seed: Some(1),
        resume: false,
        requirements_of: None,
    }
}

pub(crate) fn python() -> String {
    std::env::var("HEARTH_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// Packs files as `git archive` would.
pub(crate) fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, content.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// One attempt of one task, from code to end.
pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Server,
    pub(crate) engine: LocalEngine,
    pub(crate) handle: Option<Handle>,
    /// The server address for agents; `None` for the server itself.
    pub(crate) entrance: Option<Url>,
    pub(crate) authorities: Option<String>,
    /// The log of an agent that runs without the engine.
    pub(crate) own_log: Option<std::path::PathBuf>,
}

impl Stage {
    /// With this program as `train.py`.
    pub(crate) async fn with(program: &str) -> Self {
        Self::with_spec(program, |_| {}).await
    }

    pub(crate) async fn with_spec(program: &str, change: impl FnOnce(&mut TaskSpec)) -> Self {
        Self::with_all(tar(&[("train.py", program)]), vec![], change).await
    }

    pub(crate) async fn with_all(
        code: Vec<u8>,
        inputs: Vec<(String, Vec<u8>)>,
        change: impl FnOnce(&mut TaskSpec),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut spec = spec("train.py");
        // Cgroups are named after tasks, and tests run in parallel.
        spec.task = TaskId(next_task());
        change(&mut spec);
        let known = known(folder.path(), spec, code, inputs);
        let server = Server::start(Arc::new(known)).await;
        let engine = engine(folder.path()).await;
        Self { folder, server, engine, handle: None, entrance: None, authorities: None, own_log: None }
    }

    pub(crate) async fn launch(&mut self) -> Handle {
        let handle = self.engine.start(self.agent_launch()).await.unwrap();
        self.handle = Some(handle.clone());
        handle
    }

    pub(crate) fn agent_launch(&self) -> AgentLaunch {
        let plain = || format!("http://{}/", self.server.address).parse().unwrap();
        AgentLaunch {
            spec: self.server.known.spec.clone(),
            server: self.entrance.clone().unwrap_or_else(plain),
            token: Secret::new(TOKEN),
            placement: Placement::default(),
        }
    }

    /// Runs the agent without the engine, in another sandbox or none.
    pub(crate) async fn run_behind(&self, fence: Fence) -> Finish {
        self.run_behind_with(fence, async |_| {}).await
    }

    /// The same, with something happening meanwhile.
    pub(crate) async fn run_behind_with(&self, fence: Fence, meanwhile: impl AsyncFnOnce(&Self)) -> Finish {
        let launch = self.agent_launch();
        let config = AgentConfig {
            name: launch.spec.name(),
            server: launch.server,
            server_authorities: self.authorities.clone(),
            fence,
            network: Network::Own,
            hidden: vec![],
            folders: None,
            rendezvous: None,
            packages: None,
        };
        let folder = self.folder.path().join("agent");
        std::fs::create_dir(&folder).unwrap();
        prepare(&folder, &config, &launch.token).unwrap();
        let own_log =
            self.own_log.as_ref().map(|path| std::fs::File::options().write(true).open(path).unwrap());
        let mut agent = tokio::process::Command::new(env!("CARGO_BIN_EXE_hearth-agent"))
            .arg("--directory")
            .arg(&folder)
            .stderr(own_log.map_or_else(Stdio::inherit, Stdio::from))
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        meanwhile(self).await;
        let finish = self.server.finished().await;
        assert!(agent.wait().await.unwrap().success());
        finish
    }

    /// Runs the agent as in a pod: launch files in one folder, work in others, with the variables of an
    /// image.
    pub(crate) async fn run_contained(&self, variables: &[(&str, &str)]) -> Finish {
        let mut agent = self.launch_contained(variables).await;
        let finish = self.server.finished().await;
        assert!(agent.wait().await.unwrap().success());
        finish
    }

    pub(crate) async fn launch_contained(&self, variables: &[(&str, &str)]) -> tokio::process::Child {
        let launch = self.agent_launch();
        let name = launch.spec.name();
        let root = self.folder.path();
        let config = AgentConfig {
            name: name.clone(),
            server: launch.server,
            server_authorities: None,
            fence: Fence::Container,
            network: Network::Host,
            hidden: vec![],
            folders: Some(ContainerFolders { tmp: root.join("tmp"), home: root.join("home") }),
            rendezvous: Some(Rendezvous {
                hosts: (0..launch.spec.node.count).map(|rank| format!("{name}-{rank}.{name}")).collect(),
                port: 29500,
            }),
            packages: None,
        };
        for folder in ["owner", "launch", "run", "bin"] {
            std::fs::create_dir(root.join(folder)).unwrap();
        }
        std::fs::write(root.join("owner/key"), KEY).unwrap();
        let authorities = self.authorities.as_deref().unwrap_or_default();
        std::fs::write(root.join("owner/authorities.pem"), authorities).unwrap();
        let installed = root.join("bin/hearth-agent");
        let mut install = tokio::process::Command::new(env!("CARGO_BIN_EXE_hearth-agent"));
        install.arg("--install").arg(&installed).arg("--launch").arg(root.join("launch"));
        install.arg("--owner").arg(root.join("owner"));
        install.env("HEARTH_AGENT", serde_json::to_string(&config).unwrap());
        install.env("HEARTH_SEALED_TOKEN", sealed(&name, &launch.token));
        assert!(install.status().await.unwrap().success());
        tokio::process::Command::new(installed)
            .arg("--directory")
            .arg(root.join("run"))
            .arg("--launch")
            .arg(root.join("launch"))
            .envs(variables.iter().copied())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    pub(crate) async fn run(&mut self) -> Finish {
        self.launch().await;
        let finish = self.server.finished().await;
        assert_eq!(self.over().await, Observation::Exited { delivered: true });
        finish
    }

    /// From now on the server takes outputs out of the agent's folder by itself.
    pub(crate) fn share_disk(&self) {
        *self.server.known.shared.lock().unwrap() = Some(self.agent_folder().join("work/output"));
    }

    /// Waits until the engine sees the end.
    pub(crate) async fn over(&self) -> Observation {
        let handle = self.handle.as_ref().unwrap();
        for _ in 0..400 {
            let observation = self.engine.observe(handle).await.unwrap();
            if observation.is_over() {
                return observation;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the attempt does not end");
    }

    pub(crate) fn agent_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("data/runner").join(&self.handle.as_ref().unwrap().0)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // A failed test leaves no agent behind.
        if self.handle.is_some() {
            let text = std::fs::read_to_string(self.agent_folder().join("agent.pid")).unwrap_or_default();
            let pid = text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
            if let Some(pid) = pid.filter(|_| std::thread::panicking()) {
                let _ = Command::new("kill").args(["-9", pid]).status();
            }
        }
    }
}

/// A file system of a few MiB, unmounted at the end.
pub(crate) struct SmallDisk(pub(crate) std::path::PathBuf);

impl SmallDisk {
    /// `None`, with a message, if nothing can be mounted.
    pub(crate) fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "hearth-test"]).arg(at);
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        if !is_mounted {
            hearth_skip::skip("a small file system can be mounted by root only");
        }
        is_mounted.then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// The server's state for one attempt.
pub(crate) fn known(folder: &Path, spec: TaskSpec, code: Vec<u8>, inputs: Vec<(String, Vec<u8>)>) -> Known {
    Known {
        spec,
        code,
        inputs,
        record: Record::open(folder.join("data/record")).unwrap(),
        events: Mutex::default(),
        samples: Mutex::default(),
        phases: Mutex::default(),
        finish: Mutex::default(),
        reply: Mutex::new(HeartbeatReply::CONTINUE),
        shared: Mutex::default(),
        faults: crate::server::Faults::default(),
    }
}

pub(crate) async fn engine(folder: &Path) -> LocalEngine {
    engine_with(folder, PackageOptions::off(folder.join("data/packages"))).await
}

pub(crate) async fn engine_with(folder: &Path, packages: PackageOptions) -> LocalEngine {
    LocalEngine::open(LocalOptions {
        directory: folder.join("data/runner"),
        agent_command: vec![env!("CARGO_BIN_EXE_hearth-agent").into()],
        unsandboxed: Unsandboxed::Everything,
        allow_host_network: false,
        hidden: vec![folder.join("data")],
        packages,
    })
    .await
    .unwrap()
}

fn next_task() -> i64 {
    use std::sync::atomic::{AtomicI64, Ordering};
    static NEXT: AtomicI64 = AtomicI64::new(1);
    i64::from(std::process::id()) * 1000 + NEXT.fetch_add(1, Ordering::Relaxed)
}
