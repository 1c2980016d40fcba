//! The Helm chart: rendered by Helm's own engine, and validated by a real API server without being installed.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use hearth_tests::{Process, TestCluster, TestServer};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(1);
const POLICY: &str = "ValidatingAdmissionPolicy";

/// Values for every option.
fn everything() -> Value {
    json!({
        "image": { "repository": "images.example/hearth", "tag": "1", "pullSecrets": ["registry"] },
        "rootUrl": "https://hearth.example.org",
        "database": { "existingSecret": "postgres", "key": "address", "connections": 12 },
        "storage": { "size": "1Ti", "className": "fast" },
        "config": "[site]\nregistration = \"closed\"\n",
        "env": { "HEARTH__SERVER__TRUSTED_PROXIES": "[\"10.0.0.1\"]" },
        "envFromSecrets": ["hearth-secrets"],
        "tasks": {
            "agentImage": "images.example/agent:1",
            "namespacePrefix": "lab-",
            "imagePullSecret": "registries",
            "devices": ["/dev/dri"],
            "drivers": ["/opt/vendor"],
        },
        "service": { "type": "NodePort", "port": 8080 },
        "ingress": {
            "enabled": true,
            "className": "nginx",
            "host": "hearth.example.org",
            "tlsSecret": "certificate",
            "annotations": { "example.org/body-size": "0" },
        },
        "nodeSelector": { "disk": "fast" },
        "tolerations": [{ "operator": "Exists" }],
        "affinity": { "nodeAffinity": {} },
        "podAnnotations": { "example.org/team": "lab" },
    })
}

fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path)
}

/// The chart rendered with these values, or the error. JSON is YAML, so values need no YAML here.
fn render(cluster: &TestCluster, values: &Value) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("values.yaml");
    std::fs::write(&file, values.to_string()).unwrap();
    let mut command = cluster.program("render-chart");
    command.arg("-namespace").arg("default").arg("-chart").arg(deploy("chart")).arg("-values").arg(&file);
    finish(command, "")
}

fn finish(mut command: Command, input: &str) -> Result<String, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// The objects as the API server would store them.
fn judged(cluster: &TestCluster, manifest: &str) -> Vec<Value> {
    let mut command = cluster.program("kubectl");
    command.args(["apply", "--server-side", "--dry-run=server", "--output=json", "--filename=-"]);
    objects(&finish(command, manifest).unwrap())
}

/// Objects that kubectl printed one after the other, or in a list.
fn objects(text: &str) -> Vec<Value> {
    let documents = serde_json::Deserializer::from_str(text).into_iter::<Value>().map(Result::unwrap);
    documents
        .flat_map(|object| match object["items"].as_array() {
            Some(items) => items.clone(),
            None => vec![object],
        })
        .collect()
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> &'a Value {
    objects.iter().find(|object| object["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {objects:?}"))
}

#[test]
fn the_chart_is_good_with_its_own_values_and_with_every_value_set() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let plain = judged(&cluster, &render(&cluster, &json!({})).unwrap());
    assert!(plain.iter().all(|object| object["kind"] != "ClusterRole"), "no tasks, no permissions");
    let pod = &of_kind(&plain, "StatefulSet")["spec"]["template"]["spec"];
    assert_eq!(pod["automountServiceAccountToken"], false);

    let whole = judged(&cluster, &render(&cluster, &everything()).unwrap());
    for kind in
        ["ConfigMap", "Ingress", "ClusterRole", "ClusterRoleBinding", "ServiceAccount", "Service", POLICY]
    {
        of_kind(&whole, kind);
    }
    let set = &of_kind(&whole, "StatefulSet")["spec"];
    assert_eq!(set["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"], "1Ti");
    assert_eq!(set["template"]["spec"]["containers"][0]["image"], "images.example/hearth:1");
    let mounts = &set["template"]["spec"]["containers"][0]["volumeMounts"];
    assert!(mounts.as_array().unwrap().iter().any(|mount| mount["mountPath"] == "/etc/hearth-registries"));
    let settings = &of_kind(&whole, "ConfigMap")["data"]["hearth.toml"];
    assert!(settings.as_str().unwrap().contains("server_address = \"http://hearth.default.svc:8080/\""));
}

#[test]
fn a_value_that_the_chart_does_not_know_is_refused_by_name() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    for (values, name) in [
        (json!({ "databse": {} }), "databse"),
        (json!({ "service": { "port": "http" } }), "port"),
        (json!({ "ingress": { "enabled": true } }), "ingress"),
        (json!({ "rootUrl": "hearth.example.org" }), "rootUrl"),
    ] {
        let refusal = render(&cluster, &values).unwrap_err();
        assert!(refusal.contains(name), "{refusal}");
    }
}

#[test]
fn the_server_reads_the_configuration_that_the_chart_writes() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let mut values = everything();
    values["database"]["existingSecret"] = json!("");
    // In a pod this file comes from its Secret.
    values["tasks"]["imagePullSecret"] = json!("");
    let objects = judged(&cluster, &render(&cluster, &values).unwrap());
    let settings = of_kind(&objects, "ConfigMap")["data"]["hearth.toml"].as_str().unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("hearth.toml");
    std::fs::write(&file, settings).unwrap();
    let mut command = TestServer::program(home.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(&file);
    command.arg("--data").arg(home.path().join("data"));
    // Outside a cluster there is no service account; the server reports it and keeps running.
    Process::start(&mut command).wait_for_line("Hearth is ready at ", PATIENCE);
}

#[test]
fn the_chart_gives_the_permissions_of_the_plain_manifest_and_no_others() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let values = json!({ "tasks": { "agentImage": "images.example/agent:1" } });
    let chart = judged(&cluster, &render(&cluster, &values).unwrap());
    // The chart is rendered for another namespace.
    let plain = std::fs::read_to_string(deploy("kubernetes/rbac.yaml")).unwrap();
    let plain = plain
        .replace("system:serviceaccount:hearth:hearth", "system:serviceaccount:default:hearth")
        .replace("variables.place != \"hearth\"", "variables.place != \"default\"");
    cluster.namespace("hearth");
    let plain = judged(&cluster, &plain);
    for (kind, part, count) in [
        ("ClusterRole", "rules", 2),
        ("ClusterRoleBinding", "roleRef", 2),
        (POLICY, "spec", 2),
        ("ValidatingAdmissionPolicyBinding", "spec", 2),
    ] {
        let (ours, theirs) = (parts(&chart, kind, part), parts(&plain, kind, part));
        assert_eq!(ours.len(), count, "{kind}");
        assert_eq!(ours, theirs, "{kind}");
    }
    let subject = &of_kind(&chart, "ClusterRoleBinding")["subjects"][0];
    assert_eq!((&subject["name"], &subject["namespace"]), (&json!("hearth"), &json!("default")));
}

/// A field of all objects of a kind, without the name prefix that each installation may choose.
fn parts(objects: &[Value], kind: &str, part: &str) -> Vec<String> {
    let of_kind = objects.iter().filter(|object| object["kind"] == kind);
    of_kind.map(|object| object[part].to_string().replace("default-hearth", "hearth")).collect()
}

#[test]
fn an_operator_may_bind_the_role_of_owners_in_their_namespaces_alone() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let mut values = everything();
    values["tasks"]["bindings"] = json!("namespaces");
    values["tasks"]["namespaces"] = json!(["default", "kube-public"]);
    let objects = judged(&cluster, &render(&cluster, &values).unwrap());
    assert_eq!(parts(&objects, "ClusterRoleBinding", "roleRef").len(), 1);
    let bound = parts(&objects, "RoleBinding", "roleRef");
    assert!(bound.len() == 2 && bound.iter().all(|role| role.contains("hearth-owner")), "{bound:?}");
}
