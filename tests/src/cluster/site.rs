//! A Hearth whose tasks run in the test cluster, and what its administrator configures there.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{
    Answer, FakeNode, Git, LOCAL_QUEUE, Person, Session, TestCluster, TestServer, wait_for, wait_until,
};
use reqwest::{Method, blocking::RequestBuilder};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

const PATIENCE: Duration = Duration::from_mins(2);

/// One test's server, its administrator, and the cluster.
pub struct Site {
    pub cluster: Arc<TestCluster>,
    pub server: TestServer,
    pub mei: Person,
    admin: Session,
    /// The prefix of this site's namespaces and pools.
    pub prefix: String,
    account: NamedTempFile,
}

impl Site {
    /// With the repository `mei/llm`, whose `train.py` is never run if agents are played.
    pub fn on(cluster: TestCluster, program: &str) -> Self {
        Self::at(cluster, "127.0.0.1", program)
    }

    /// Listens on this address of the machine.
    pub fn at(cluster: TestCluster, address: &str, program: &str) -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        // With the prefix that the policy of the plain manifest requires.
        let prefix = format!("hearth-t{}-{}-", std::process::id(), LAST.fetch_add(1, Ordering::Relaxed));
        let account = account(&cluster);
        let engine = format!(
            "[{{name=\"test\",kubeconfig=\"{}\",agent_image=\"hearth.test/agent:1\",namespace_prefix=\"{prefix}\"}}]",
            account.path().display()
        );
        let server = TestServer::builder()
            .address(address)
            .setting("engine.kubernetes", &engine)
            .setting("engine.local.enabled", "false")
            .setting("limits.active_tasks", "5000")
            .start();
        let mei = server.admin("mei");
        mei.create_repository("llm");
        Git::of(&mei).begin("llm", &mei.clone_address("llm"), &[("train.py", program)]);
        let admin = Session::of(&mei);
        Self { cluster: Arc::new(cluster), server, mei, admin, prefix, account }
    }

    /// A request to the cluster with the permissions of Hearth's account.
    pub fn as_hearth(&self, method: Method, path: &str) -> RequestBuilder {
        let text = std::fs::read(self.account.path()).expect("the account's kubeconfig is there");
        let config: Value = serde_json::from_slice(&text).expect("JSON");
        let token = config["users"][0]["user"]["token"].as_str().expect("an account has a token");
        self.cluster.request_of(token, method, path)
    }

    /// The namespace of a user of this site.
    pub fn namespace(&self, person: &str) -> String {
        format!("{}{person}", self.prefix)
    }

    /// Selects this site's objects by label.
    pub fn selector(&self) -> String {
        format!("hearth.dev/instance={}", self.prefix.trim_end_matches('-'))
    }

    /// A fake node in one of this site's pools.
    pub fn node(&self, pool: &str) -> FakeNode {
        FakeNode::of_pool(&self.pool_label(pool))
    }

    pub fn pool_label(&self, pool: &str) -> String {
        format!("{}{pool}", self.prefix)
    }

    /// A node name that is unique among tests.
    pub fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Creates a pool of the nodes with its label.
    #[track_caller]
    pub fn make_pool(&self, code: &str, accelerator: &str, card_memory: &str) {
        let selector = format!("pool={}", self.pool_label(code));
        self.make_pool_of(code, accelerator, card_memory, &selector);
    }

    #[track_caller]
    pub fn make_pool_of(&self, code: &str, accelerator: &str, card_memory: &str, selector: &str) {
        self.make_pool_with(code, accelerator, &[("card_memory", card_memory), ("node_selector", selector)]);
    }

    /// Creates a pool whose Jobs wait in a Kueue queue.
    #[track_caller]
    pub fn make_queued_pool(&self, code: &str, accelerator: &str, selector: &str) {
        self.make_pool_with(code, accelerator, &[("node_selector", selector), ("local_queue", LOCAL_QUEUE)]);
    }

    #[track_caller]
    fn make_pool_with(&self, code: &str, accelerator: &str, more: &[(&str, &str)]) {
        let fields = [
            ("code", code),
            ("label", code),
            ("engine", "test"),
            ("accelerator", accelerator),
            ("reserved_cards", "0"),
        ];
        self.make("pools", &[&fields, more].concat());
    }

    /// Creates a spec with one core and 2 GiB; `accelerator` may be `*`.
    #[track_caller]
    pub fn make_spec(&self, code: &str, accelerator: &str, cards: u32, card_memory: &str) {
        let cards = cards.to_string();
        let fields = [("cards", cards.as_str()), ("card_memory", card_memory), ("memory", "2 GiB")];
        self.make_spec_with(code, accelerator, &fields);
    }

    /// Creates a spec without cards and with little memory.
    #[track_caller]
    pub fn make_small_spec(&self, code: &str, memory: &str) {
        self.make_spec_with(code, "", &[("cards", "0"), ("memory", memory)]);
    }

    #[track_caller]
    fn make_spec_with(&self, code: &str, accelerator: &str, more: &[(&str, &str)]) {
        let fields = [
            ("code", code),
            ("accelerator", accelerator),
            ("cpus", "1"),
            ("shared_memory", "64 MiB"),
            ("is_on_shelf", "true"),
        ];
        self.make("specs", &[&fields, more].concat());
    }

    /// Creates an image with a variant for each family.
    #[track_caller]
    pub fn make_image(&self, code: &str, variants: &[(&str, &str)]) {
        self.make_image_of(code, "PyTorch", variants);
    }

    #[track_caller]
    pub fn make_image_of(&self, code: &str, framework: &str, variants: &[(&str, &str)]) {
        let fields = [
            ("code", code),
            ("label", code),
            ("framework", framework),
            ("framework_version", "2.9"),
            ("python_version", "3.11"),
            ("is_enabled", "true"),
        ];
        self.make("images", &fields);
        for (family, reference) in variants {
            let page = format!("/-/admin/compute/images/{code}");
            let fields = [("family", *family), ("toolkit", "12"), ("reference", *reference)];
            expect_done(&self.admin.submit_to(&page, &format!("{page}/variants"), &fields));
        }
    }

    /// Limits the cards that an owner may use at once.
    #[track_caller]
    pub fn make_quota(&self, code: &str, owner: &str, nominal: u32, borrow: &str) {
        let nominal = nominal.to_string();
        let fields =
            [("code", code), ("owner", owner), ("nominal_cards", &nominal), ("borrow_cards", borrow)];
        self.make("quotas", &fields);
    }

    #[track_caller]
    fn make(&self, what: &str, fields: &[(&str, &str)]) {
        expect_done(&self.admin.submit(&format!("/-/admin/compute/{what}/new"), fields));
    }

    /// Launches `train.py` as mei and returns the task's number.
    #[track_caller]
    pub fn launch(&self, spec: &str, image: &str) -> u64 {
        self.launch_with(&self.mei, &json!({ "spec": spec, "image": image }))
    }

    /// Another user, with a repository of the same name.
    #[track_caller]
    pub fn person(&self, name: &str) -> Person {
        let person = self.server.person(name);
        person.create_repository("llm");
        Git::of(&person).begin("llm", &person.clone_address("llm"), &[("train.py", "")]);
        person
    }

    /// Launches `train.py` as a user, with a spec and an image at least. Waits for a machine that was just
    /// added.
    #[track_caller]
    pub fn launch_with(&self, person: &Person, more: &Value) -> u64 {
        let mut asked = more.clone();
        asked["boot_file"] = json!("train.py");
        let path = person.repository_api("llm", "/tasks");
        let answer = wait_for("a machine that is large enough", PATIENCE, || {
            Some(person.api.post(&path, &asked)).filter(|answer| !answer.body.contains("fits-nowhere"))
        });
        let task = answer.expect(201).json();
        task["id"].as_u64().expect("a task has a number")
    }

    #[track_caller]
    pub fn task(&self, id: u64) -> Value {
        self.mei.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json()
    }

    /// How many tasks of the repository are in a state.
    #[track_caller]
    pub fn count(&self, state: &str) -> usize {
        let path = self.mei.repository_api("llm", &format!("/tasks?limit=1&state={state}"));
        self.mei
            .api
            .get(&path)
            .expect(200)
            .header("x-total-count")
            .parse()
            .expect("a list says how long it is")
    }

    /// Launches many tasks concurrently, as a script with several processes would.
    #[track_caller]
    pub fn launch_many(&self, count: usize, asked: &Value) -> Vec<u64> {
        const HANDS: usize = 8;
        let share = |hand: usize| (hand..count).step_by(HANDS).map(|_| self.launch_with(&self.mei, asked));
        std::thread::scope(|scope| {
            let hands: Vec<_> =
                (0..HANDS).map(|hand| scope.spawn(move || share(hand).collect::<Vec<_>>())).collect();
            hands.into_iter().flat_map(|hand| hand.join().expect("a launch does not panic")).collect()
        })
    }

    pub fn state(&self, id: u64) -> String {
        self.task(id)["state"].as_str().unwrap_or_default().to_owned()
    }

    pub fn timeline(&self, id: u64) -> String {
        self.mei.api.get(&format!("/api/v1/tasks/{id}/timeline?limit=50")).body
    }

    pub fn log(&self, id: u64) -> String {
        self.log_of(id, 0)
    }

    /// The log of one node of several.
    pub fn log_of(&self, id: u64, node: u32) -> String {
        self.mei.api.get(&format!("/api/v1/tasks/{id}/log?node={node}&offset=0")).body
    }

    /// A page, as mei sees it.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        let answer = self.admin.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// Polls a page until it contains everything that is wanted.
    #[track_caller]
    pub fn wait_for_words(&self, path: &str, wanted: &[&str]) {
        let mut shown = String::new();
        let all = || {
            shown = self.page(path);
            wanted.iter().all(|words| shown.contains(words))
        };
        if !holds_within(PATIENCE, all) {
            let missing: Vec<_> = wanted.iter().filter(|words| !shown.contains(**words)).collect();
            panic!("{path} does not say {missing:?}: {shown}");
        }
    }

    /// Asks a task to stop. A task that has just started may refuse for a moment.
    #[track_caller]
    pub fn stop(&self, id: u64) {
        let path = format!("/api/v1/tasks/{id}/stop");
        wait_until("the stop to be taken", PATIENCE, || self.mei.api.post(&path, &json!({})).status < 300);
    }

    /// The pods of a task's attempt, by rank.
    #[track_caller]
    pub fn pods(&self, task: u64, attempt: u32) -> Vec<Value> {
        let selector = format!("{},hearth.dev/attempt=hearth-{task}-{attempt}", self.selector());
        let mut pods = self.cluster.list(&format!("/api/v1/pods?labelSelector={selector}"));
        pods.sort_by_key(|pod| pod["metadata"]["name"].as_str().map(str::to_owned));
        pods
    }

    /// Waits for a state. Fails if the task ends in another one.
    #[track_caller]
    pub fn wait_for_state(&self, id: u64, wanted: &str) {
        self.wait_for_state_within(id, wanted, PATIENCE);
    }

    #[track_caller]
    pub fn wait_for_state_within(&self, id: u64, wanted: &str, limit: Duration) {
        wait_until(&format!("task {id} to be {wanted}"), limit, || {
            let now = self.state(id);
            let over = ["SUCCEEDED", "FAILED", "STOPPED", "CREATED_FAILED"].contains(&now.as_str());
            assert!(now == wanted || !over, "task {id} is {now}: {}", self.timeline(id));
            now == wanted
        });
    }

    /// Waits until the queue says why the task waits.
    #[track_caller]
    pub fn wait_for_reason(&self, id: u64, reason: &str) {
        wait_until(&format!("task {id} to wait for {reason}"), PATIENCE, || {
            self.timeline(id).contains(reason) || self.task(id).to_string().contains(reason)
        });
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let path = format!("/api/v1/namespaces?labelSelector={}", self.selector());
        let Some(found) = Answer::attempt(self.cluster.request(Method::GET, &path)) else { return };
        let list: Value = serde_json::from_str(&found.body).unwrap_or_default();
        for namespace in list["items"].as_array().into_iter().flatten() {
            let name = namespace["metadata"]["name"].as_str().unwrap_or_default();
            let path = format!("/api/v1/namespaces/{name}");
            drop(Answer::attempt(self.cluster.request(Method::DELETE, &path)));
        }
    }
}

/// A kubeconfig for the account of `deploy/kubernetes`, so that the tests run with exactly these permissions.
fn account(cluster: &TestCluster) -> NamedTempFile {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kubernetes/rbac.yaml");
    let mut kubectl = cluster.program("kubectl");
    kubectl.args(["apply", "--server-side", "--force-conflicts", "--filename"]).arg(manifest);
    let output = kubectl.output().expect("kubectl can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let asked = json!({ "spec": { "expirationSeconds": 86400 } });
    let path = "/api/v1/namespaces/hearth/serviceaccounts/hearth/token";
    let token = cluster.create(path, &asked)["status"]["token"].clone();
    let text = std::fs::read(cluster.kubeconfig()).expect("the cluster has a kubeconfig");
    let mut config: Value = serde_json::from_slice(&text).expect("JSON");
    config["users"][0]["user"]["token"] = token;
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(config.to_string().as_bytes()).expect("it can be written");
    file
}

/// Whether a condition holds in time.
fn holds_within(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !holds() {
        if Instant::now() > deadline {
            return false;
        }
        sleep(Duration::from_millis(100));
    }
    true
}

/// An accepted form redirects; a rejected one is shown again with what is wrong.
#[track_caller]
fn expect_done(answer: &Answer) {
    assert_eq!(answer.status, 303, "{}", mistakes(&answer.body));
}

/// The error messages of a form that is shown again.
fn mistakes(page: &str) -> String {
    let lines = page.lines().filter(|line| line.contains("href=\"#field-"));
    lines.collect::<Vec<_>>().join("\n")
}
