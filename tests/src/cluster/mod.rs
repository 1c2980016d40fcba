//! A real Kubernetes control plane with fake nodes: the one shared by the run, or a test's own.

mod agent;
mod kueue;
mod node;
mod real;
mod site;
mod talk;
mod token;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::{Certificate, Method};
use rustix::process::Signal;
use serde_json::Value;

use crate::api::client_builder;
use crate::process::signal;
use crate::{Answer, Process, skip, wait_until};

pub use agent::{Agents, Life, Script};
pub use kueue::LOCAL_QUEUE;
pub use node::{FakeNode, NodeGuard};
pub use real::RealNode;
pub use site::Site;
pub use token::told;
pub use watch::Watch;

/// How long a control plane may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// A cluster and administrator access to it.
pub struct TestCluster {
    folder: PathBuf,
    server: String,
    token: String,
    http: Client,
    turn: Option<Turn>,
    // Stopped before its folder is removed.
    own: Option<(Process, tempfile::TempDir)>,
}

impl TestCluster {
    /// The cluster shared by all tests of this run: each test adds the nodes it uses. If there is none, the
    /// test is skipped with a message.
    pub fn of_this_run() -> Option<Self> {
        let Some(kubeconfig) = std::env::var_os("HEARTH_TEST_KUBECONFIG") else {
            skip(
                "HEARTH_TEST_KUBECONFIG names no cluster; cargo xtask test starts one where Go is installed",
            );
            return None;
        };
        let folder = Path::new(&kubeconfig).parent().expect("a kubeconfig lies in its cluster's folder");
        Some(Self::at(folder))
    }

    /// A cluster that may be broken. Only if the run has one, because then it is already built. It ends with
    /// the requesting thread at the latest.
    pub fn own() -> Option<Self> {
        drop(Self::of_this_run()?);
        let home =
            tempfile::Builder::new().prefix("hearth-kubernetes-").tempdir().expect("a temporary folder");
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(script("cluster.sh")).arg("run").arg(home.path());
        let mut process = Process::start(&mut command);
        process.wait_for_line("Kubernetes is ready", PATIENCE);
        let mut cluster = Self::at(home.path());
        cluster.own = Some((process, home));
        Some(cluster)
    }

    /// The shared cluster and the address at which pods of its real node reach this machine; otherwise a
    /// skip. One test at a time has the node, and finds it empty: it is as small as the machine of the tests.
    pub fn with_real_node() -> Option<(Self, String)> {
        let mut cluster = Self::of_this_run()?;
        let Ok(address) = std::env::var("HEARTH_TEST_NODE_ADDRESS") else {
            skip("HEARTH_TEST_NODE_ADDRESS names no real node; cargo xtask test starts one where it is root");
            return None;
        };
        cluster.turn = Some(Turn::take());
        let node = cluster.real_node();
        let pods = format!("/api/v1/pods?fieldSelector=spec.nodeName={node}");
        wait_until("the real node to be empty", PATIENCE, || {
            let over = |pod: &Value| matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
            cluster.list(&pods).iter().all(over)
        });
        Some((cluster, address))
    }

    /// The name of the real node of the run.
    #[track_caller]
    pub fn real_node(&self) -> String {
        let found = self.list("/api/v1/nodes?labelSelector=pool=real");
        found[0]["metadata"]["name"].as_str().expect("a node has a name").to_owned()
    }

    fn at(folder: &Path) -> Self {
        let text = fs::read(folder.join("kubeconfig")).expect("the cluster has a kubeconfig");
        let config: Value = serde_json::from_slice(&text).expect("cluster.sh writes a kubeconfig in JSON");
        let word = |pointer: &str| config.pointer(pointer).and_then(Value::as_str).expect(pointer).to_owned();
        let authority = fs::read(word("/clusters/0/cluster/certificate-authority")).expect("its certificate");
        let http = client_builder()
            .tls_certs_only(Certificate::from_pem_bundle(&authority).expect("certificates"))
            .timeout(None)
            .build()
            .expect("an HTTP client");
        Self {
            folder: folder.to_path_buf(),
            server: word("/clusters/0/cluster/server"),
            token: word("/users/0/user/token"),
            http,
            turn: None,
            own: None,
        }
    }

    /// An administrator's credentials.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.join("kubeconfig")
    }

    /// A program for the cluster, such as `kubectl` or `render-chart`.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join("bin").join(name));
        command.env("KUBECONFIG", self.kubeconfig()).env("HOME", &self.folder);
        command
    }

    /// A request that can still be modified; `path` starts with `/`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_of(&self.token, method, path)
    }

    /// The same with another user's token.
    pub fn request_of(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.server)).bearer_auth(token)
    }

    /// Reads an object or a list.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.look(path).expect(200).json()
    }

    /// Reads something that may not exist.
    #[track_caller]
    pub fn look(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path))
    }

    /// The objects of a list.
    #[track_caller]
    pub fn list(&self, path: &str) -> Vec<Value> {
        match self.get(path)["items"].take() {
            Value::Array(items) => items,
            other => panic!("{path} is no list: {other}"),
        }
    }

    /// Creates an object in a collection.
    #[track_caller]
    pub fn create(&self, path: &str, object: &Value) -> Value {
        Answer::to(self.request(Method::POST, path).json(object)).expect(201).json()
    }

    /// Changes the named fields of an object.
    ///
    /// # Panics
    ///
    /// When the API server refuses.
    #[track_caller]
    pub fn patch(&self, path: &str, fields: &Value) -> Value {
        let request =
            self.request(Method::PATCH, path).header("Content-Type", "application/merge-patch+json");
        let answer = Answer::to(request.body(fields.to_string()));
        assert!(answer.status < 300, "{path}: {}", answer.body);
        answer.json()
    }

    /// Deletes an object, or everything in a collection. A missing object is fine.
    ///
    /// # Panics
    ///
    /// When the API server refuses.
    #[track_caller]
    pub fn delete(&self, path: &str) {
        let answer = Answer::to(self.request(Method::DELETE, path));
        assert!(answer.status < 300 || answer.status == 404, "{path}: {}", answer.body);
    }

    /// Creates a namespace; an existing one is fine.
    #[track_caller]
    pub fn namespace(&self, name: &str) {
        let object = serde_json::json!({ "metadata": { "name": name } });
        let answer = Answer::to(self.request(Method::POST, "/api/v1/namespaces").json(&object));
        assert!(matches!(answer.status, 201 | 409), "{}", answer.body);
    }

    /// Sets how a fake pod ends: with an exit code, and a reason such as `OOMKilled`.
    #[track_caller]
    pub fn end_pod(&self, namespace: &str, name: &str, exit_code: i32, reason: Option<&str>) {
        let mut fate = serde_json::json!({ "fake.hearth/exit-code": exit_code.to_string() });
        if let Some(reason) = reason {
            fate["fake.hearth/reason"] = reason.into();
        }
        let path = format!("/api/v1/namespaces/{namespace}/pods/{name}");
        self.patch(&path, &serde_json::json!({ "metadata": { "annotations": fate } }));
    }

    /// The processes of the control plane.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn processes(&self) -> Vec<u32> {
        let files = fs::read_dir(self.folder.join("run")).expect("the cluster runs");
        let id = |path: PathBuf| fs::read_to_string(path).ok()?.trim().parse().ok();
        files.flatten().filter_map(|file| id(file.path())).collect()
    }

    /// Kills one of the control plane's programs (`kube-apiserver`); it is restarted at once.
    ///
    /// # Panics
    ///
    /// When the cluster is shared.
    pub fn kill(&self, program: &str) {
        assert!(self.own.is_some(), "only an own cluster may be broken");
        let file = self.folder.join("run").join(format!("{program}.pid"));
        let text = fs::read_to_string(file).expect("the program was started");
        signal(text.trim().parse().expect("a process id"), Signal::KILL);
    }

    /// Kills a program and keeps it from restarting until the guard is dropped.
    ///
    /// # Panics
    ///
    /// When the cluster is shared.
    #[must_use]
    pub fn without(&self, program: &str) -> Absence {
        let file = self.folder.join("hold").join(program);
        fs::write(&file, "").expect("the cluster's folder is ours");
        self.kill(program);
        Absence(file)
    }

    /// Compacts the history: a watch that resumes from an earlier version is told that it has expired, as
    /// after the hours that a real cluster keeps it. The API server caches some of it, so it is restarted as
    /// well.
    ///
    /// # Panics
    ///
    /// When etcd does not answer.
    pub fn expire_watches(&self) {
        let (host, port) = self.server.rsplit_once(':').expect("an address has a port");
        let port = port.parse::<u16>().expect("a port") + 1;
        let etcd = format!("{}:{port}/v3/kv", host.replace("https", "http"));
        let ask = |what: &str, body: &Value| {
            Answer::to(self.http.post(format!("{etcd}/{what}")).json(body)).expect(200).json()
        };
        let seen = ask("range", &serde_json::json!({ "key": "AA==" }));
        ask("compaction", &serde_json::json!({ "revision": seen["header"]["revision"] }));
        self.kill("kube-apiserver");
    }

    /// Waits until the API server responds again.
    #[track_caller]
    pub fn wait_until_ready(&self) {
        wait_until("the API server", PATIENCE, || {
            self.request(Method::GET, "/readyz").send().is_ok_and(|answer| answer.status().is_success())
        });
    }
}

impl Drop for TestCluster {
    fn drop(&mut self) {
        if let Some((process, _)) = &mut self.own {
            process.terminate();
            process.wait(PATIENCE);
        }
    }
}

/// While this exists, nobody else in this process has the real node.
struct Turn;

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

impl Turn {
    fn take() -> Self {
        while IS_TAKEN.swap(true, Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(100));
        }
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        IS_TAKEN.store(false, Ordering::Release);
    }
}

/// While this exists, a program of the control plane is stopped.
pub struct Absence(PathBuf);

impl Drop for Absence {
    fn drop(&mut self) {
        fs::remove_file(&self.0).expect("the file that keeps a program away is ours");
    }
}

/// A script of `tests/kubernetes`.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kubernetes").join(name)
}
