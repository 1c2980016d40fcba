//! The permissions of Hearth's account in a cluster: its tasks run, and a stolen token gets no further.

use std::time::Duration;

use hearth_tests::{Answer, Site, TestCluster, wait_until};
use reqwest::Method;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(2);
const APPLY: &str = "application/apply-patch+yaml";
const MERGE: &str = "application/merge-patch+json";
const JSON: &str = "application/json-patch+json";

/// Tries a request as Hearth and returns the API server's response.
fn attempt(site: &Site, method: Method, path: &str, kind: &str, body: &Value) -> Answer {
    let request = site.as_hearth(method, path).header("Content-Type", kind).body(body.to_string());
    Answer::to(request)
}

fn secret(name: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": name }, "stringData": { "a": "b" } })
}

/// A Job that would run at once, with the test's changes to its pod.
fn job(name: &str, change: impl FnOnce(&mut Value)) -> Value {
    let security = json!({ "allowPrivilegeEscalation": false });
    let mut pod = json!({
        "restartPolicy": "Never",
        "automountServiceAccountToken": false,
        "containers": [{ "name": "main", "image": "hearth.test/python:1", "securityContext": security }],
    });
    change(&mut pod);
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": name },
        "spec": { "template": { "spec": pod } },
    })
}

#[track_caller]
fn refused(answer: &Answer) {
    assert_eq!(answer.status, 403, "{}", answer.body);
}

#[test]
fn the_account_of_hearth_changes_nothing_and_runs_nothing_outside_its_namespaces() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    let theirs = site.name("theirs").replacen("hearth-", "", 1);
    site.cluster.namespace(&theirs);
    let secrets = format!("/api/v1/namespaces/{theirs}/secrets");
    site.cluster.create(&secrets, &secret("database"));
    let labels = json!({ "metadata": { "labels": { "a": "b" } } });
    // It takes a moment until the API server knows a new policy.
    wait_until("the policy", PATIENCE, || {
        let namespace = json!({ "metadata": { "name": format!("{theirs}-2") } });
        attempt(&site, Method::POST, "/api/v1/namespaces?dryRun=All", "application/json", &namespace).status
            == 403
    });

    // Secrets of others: not readable, not writable, and not revealed in the error of a rejected change.
    let nothing = json!({});
    let system = "/api/v1/namespaces/kube-system/secrets/any";
    refused(&attempt(&site, Method::PATCH, system, MERGE, &nothing));
    let database = format!("{secrets}/database");
    let told = json!([{ "op": "copy", "from": "/data/a", "path": "/metadata/labels/a" }]);
    for (kind, change) in [(MERGE, &nothing), (APPLY, &secret("database")), (JSON, &told)] {
        refused(&attempt(&site, Method::PATCH, &format!("{database}?fieldManager=x"), kind, change));
    }
    for method in [Method::GET, Method::DELETE] {
        refused(&attempt(&site, method, &database, "application/json", &nothing));
    }
    refused(&attempt(&site, Method::POST, &secrets, "application/json", &secret("hearth-agents")));

    // Namespaces, services and pods of others.
    refused(&attempt(&site, Method::PATCH, &format!("/api/v1/namespaces/{theirs}"), MERGE, &labels));
    refused(&attempt(&site, Method::PATCH, "/api/v1/namespaces/kube-system", MERGE, &labels));
    let services = format!("/api/v1/namespaces/{theirs}/services");
    let service = json!({ "metadata": { "name": "x" }, "spec": { "clusterIP": "None" } });
    refused(&attempt(&site, Method::POST, &services, "application/json", &service));
    let pods = format!("/api/v1/namespaces/{theirs}/pods");
    let pod =
        json!({ "metadata": { "name": "x" }, "spec": { "containers": [{ "name": "x", "image": "x" }] } });
    refused(&attempt(&site, Method::POST, &pods, "application/json", &pod));
    let account = format!("/api/v1/namespaces/{theirs}/serviceaccounts/default");
    wait_until("the account of pods", PATIENCE, || site.cluster.look(&account).status == 200);
    site.cluster.create(&pods, &pod);
    refused(&attempt(&site, Method::DELETE, &format!("{pods}/x"), "application/json", &nothing));
    for namespace in [theirs.as_str(), "default", "hearth", "kube-system"] {
        let jobs = format!("/apis/batch/v1/namespaces/{namespace}/jobs");
        refused(&attempt(&site, Method::POST, &jobs, "application/json", &job("x", |_| {})));
    }
    site.cluster.get(&database);
    site.cluster.delete(&format!("/api/v1/namespaces/{theirs}"));
}

#[test]
fn a_pod_of_hearth_has_nothing_of_its_machine_but_drivers() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    site.cluster.namespace(&site.namespace("mei"));
    let jobs = format!("/apis/batch/v1/namespaces/{}/jobs?dryRun=All", site.namespace("mei"));
    let create = |job: &Value| attempt(&site, Method::POST, &jobs, "application/json", job);
    let mount = |path: &str, is_read_only: bool| {
        job("x", |pod| {
            pod["volumes"] = json!([{ "name": "a", "hostPath": { "path": path } }]);
            pod["containers"][0]["volumeMounts"] =
                json!([{ "name": "a", "mountPath": "/a", "readOnly": is_read_only }]);
        })
    };
    let odd: [(&str, Value); 9] = [
        ("the machine's network", job("x", |pod| pod["hostNetwork"] = json!(true))),
        ("the machine's processes", job("x", |pod| pod["hostPID"] = json!(true))),
        ("an account", job("x", |pod| pod["automountServiceAccountToken"] = json!(true))),
        (
            "privileges",
            job("x", |pod| pod["containers"][0]["securityContext"] = json!({ "privileged": true })),
        ),
        (
            "capabilities",
            job("x", |pod| {
                pod["containers"][0]["securityContext"]["capabilities"] = json!({ "add": ["NET_RAW"] });
            }),
        ),
        ("the machine's root", mount("/", true)),
        ("a driver's neighbour", mount("/usr/local/dcmi-of-others", true)),
        ("a driver that is written", mount("/usr/local/dcmi", false)),
        (
            "another Secret",
            job("x", |pod| pod["volumes"] = json!([{ "name": "a", "secret": { "secretName": "b" } }])),
        ),
    ];
    wait_until("the policy", PATIENCE, || create(&odd[0].1).status == 403);
    for (what, job) in &odd {
        let answer = create(job);
        assert_eq!(answer.status, 403, "{what}: {}", answer.body);
    }
    let services = format!("/api/v1/namespaces/{}/services?dryRun=All", site.namespace("mei"));
    for (address, status) in [("", 403), ("None", 201)] {
        let spec = json!({ "clusterIP": address, "ports": [{ "port": 80 }] });
        let service = json!({ "metadata": { "name": "x" }, "spec": spec });
        let answer = attempt(&site, Method::POST, &services, "application/json", &service);
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    for good in [job("x", |_| {}), mount("/usr/local/dcmi", true), mount("/dev/dri/card0", false)] {
        assert_eq!(create(&good).status, 201, "{}", create(&good).body);
    }
}

#[test]
fn a_role_that_is_bound_in_one_namespace_is_enough_there_and_nothing_elsewhere() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    let (own, other) = (site.namespace("mei"), site.namespace("wei"));
    for namespace in [&own, &other] {
        site.cluster.namespace(namespace);
    }
    let of_own = format!("/api/v1/namespaces/{own}");
    site.cluster.create(&format!("{of_own}/serviceaccounts"), &json!({ "metadata": { "name": "narrow" } }));
    let binding = json!({
        "metadata": { "name": "narrow" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "hearth-owner" },
        "subjects": [{ "kind": "ServiceAccount", "name": "narrow", "namespace": own }],
    });
    let bindings = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{own}/rolebindings");
    site.cluster.create(&bindings, &binding);
    let asked = json!({ "spec": { "expirationSeconds": 3600 } });
    let token = site.cluster.create(&format!("{of_own}/serviceaccounts/narrow/token"), &asked);
    let token = token["status"]["token"].as_str().unwrap();
    let apply = |path: &str, object: &Value| {
        let request = site.cluster.request_of(token, Method::PATCH, &format!("{path}?fieldManager=hearth"));
        Answer::to(request.header("Content-Type", APPLY).body(object.to_string())).status
    };
    // What the first task of an owner does.
    let namespace = |name: &str| json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": { "a": "b" } } });
    wait_until("the binding", PATIENCE, || apply(&of_own, &namespace(&own)) == 200);
    assert_eq!(apply(&format!("{of_own}/secrets/hearth-agents"), &secret("hearth-agents")), 201);
    assert_eq!(apply(&format!("{of_own}/secrets/another"), &secret("another")), 403);
    let of_other = format!("/api/v1/namespaces/{other}");
    assert_eq!(apply(&of_other, &namespace(&other)), 403);
    assert_eq!(apply(&format!("{of_other}/secrets/hearth-agents"), &secret("hearth-agents")), 403);
}
