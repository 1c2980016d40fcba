//! What the machines of a cluster offer to Hearth: the allocatable resources without the machine's own pods,
//! and how much of that other workloads have requested.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use k8s_openapi::{
    api::core::v1::{Container, Node, NodeSpec, Pod, PodSpec, Taint},
    apimachinery::pkg::api::resource::Quantity,
};

use super::quantity::milli;
use crate::engine::{Card, Device, MachineCapacity, Occupied};

type Amounts = BTreeMap<String, i128>;

/// Taints that the cluster itself puts on an unhealthy machine: pods tolerate some of them for a while.
const ONLY_PREFERRED: &str = "PreferNoSchedule";

/// What pods that are not this Hearth's request on one machine.
#[derive(Default)]
struct ForeignRequests {
    /// Of pods that belong to the machine itself and never leave it.
    always: Amounts,
    now: Amounts,
}

/// The owners of pods that belong to a machine: one on each, or static pods from the machine's own files.
const MAKERS_OF_MACHINES: [&str; 2] = ["DaemonSet", "Node"];

/// Every machine of the cluster. `others`: pods on machines that are not this Hearth's.
pub(super) fn machines(nodes: &[Arc<Node>], others: &[Arc<Pod>], devices: &[Device]) -> Vec<MachineCapacity> {
    let mut taken: HashMap<&str, ForeignRequests> = HashMap::new();
    for pod in others {
        let Some(spec) = &pod.spec else { continue };
        let Some(machine) = spec.node_name.as_deref() else { continue };
        let mut makers = pod.metadata.owner_references.iter().flatten();
        let stays = makers.any(|maker| MAKERS_OF_MACHINES.contains(&maker.kind.as_str()));
        let asked = taken.entry(machine).or_default();
        add(if stays { &mut asked.always } else { &mut asked.now }, &requests(spec));
    }
    let mut machines: Vec<_> = nodes
        .iter()
        .filter_map(|node| {
            let name = node.metadata.name.as_deref()?;
            Some(machine(name, node, taken.get(name), devices))
        })
        .collect();
    machines.sort_by(|one, other| one.name.cmp(&other.name));
    machines
}

fn machine(name: &str, node: &Node, taken: Option<&ForeignRequests>, devices: &[Device]) -> MachineCapacity {
    let status = node.status.as_ref();
    let allocatable = status.and_then(|status| status.allocatable.as_ref());
    // Whole units available to tasks, and how many of them others occupy now.
    let amount = |resource: &str| {
        let all = allocatable
            .and_then(|all| all.get(resource))
            .and_then(|quantity| milli(&quantity.0))
            .unwrap_or(0);
        let of = |amounts: fn(&ForeignRequests) -> &Amounts| {
            taken.and_then(|taken| amounts(taken).get(resource)).copied().unwrap_or(0)
        };
        let whole = (all - of(|asked| &asked.always)).max(0);
        let free = (whole - of(|asked| &asked.now)).max(0);
        (whole / 1000, whole / 1000 - free / 1000)
    };
    let labels = node.metadata.labels.clone().unwrap_or_default();
    let here = devices_here(devices, &labels, |resource| {
        allocatable.is_some_and(|all| all.get(resource).is_some_and(|quantity| quantity.0 != "0"))
    });
    let small = |number: i128| u32::try_from(number).unwrap_or(u32::MAX);
    let large = |number: i128| u64::try_from(number).unwrap_or(u64::MAX);
    let ((cpus, cpus_held), (memory, memory_held)) = (amount("cpu"), amount("memory"));
    let cards_held = here
        .iter()
        .map(|device| (device.code.clone(), small(amount(&device.resource).1)))
        .filter(|(_, count)| *count > 0);
    let others =
        Occupied { cpus: small(cpus_held), memory_bytes: large(memory_held), cards: cards_held.collect() };
    MachineCapacity {
        name: name.to_owned(),
        cpus: small(cpus),
        memory_bytes: large(memory),
        cards: here.iter().flat_map(|device| cards(device, &labels, amount(&device.resource).0)).collect(),
        others,
        is_cordoned: is_cordoned(node, &here),
        labels,
    }
}

/// The device kinds whose cards this machine has. If two share a resource, the one whose label the machine
/// has.
fn devices_here<'a>(
    devices: &'a [Device],
    labels: &BTreeMap<String, String>,
    has: impl Fn(&str) -> bool,
) -> Vec<&'a Device> {
    let mut here: BTreeMap<&str, &Device> = BTreeMap::new();
    let is_labelled =
        |device: &Device| device.model_label.as_ref().is_some_and(|label| labels.contains_key(label));
    for device in devices.iter().filter(|device| has(&device.resource)) {
        let known = here.entry(&device.resource).or_insert(device);
        if !is_labelled(known) && is_labelled(device) {
            *known = device;
        }
    }
    here.into_values().collect()
}

fn cards(device: &Device, labels: &BTreeMap<String, String>, count: i128) -> Vec<Card> {
    let label = |name: &Option<String>| name.as_ref().and_then(|name| labels.get(name));
    // Without a label, the plugin's own name: `huawei.com/Ascend910` is an `Ascend910`.
    let plain = device.resource.rsplit('/').next().unwrap_or_default();
    let model = label(&device.model_label).map_or(plain, String::as_str);
    let memory_bytes = label(&device.memory_label).and_then(|text| mebibytes(text)).unwrap_or(0) << 20;
    let count = u32::try_from(count).unwrap_or(0);
    let card = |index| Card { vendor: device.code.clone(), model: model.to_owned(), index, memory_bytes };
    (0..count).map(card).collect()
}

/// Parses `81920`, or the number with its unit.
fn mebibytes(text: &str) -> Option<u64> {
    let number = text.trim().trim_end_matches("MiB").trim_end_matches("Mi").trim();
    number.parse().ok().filter(|mebibytes| *mebibytes < 1 << 40)
}

/// Nothing new may start there: cordoned, unhealthy, or tainted against the pods that Hearth creates.
fn is_cordoned(node: &Node, here: &[&Device]) -> bool {
    let conditions = node.status.as_ref().and_then(|status| status.conditions.as_ref());
    let is_ready = conditions
        .into_iter()
        .flatten()
        .any(|condition| condition.type_ == "Ready" && condition.status == "True");
    let spec = node.spec.as_ref();
    let taints = spec.and_then(|spec: &NodeSpec| spec.taints.as_deref()).unwrap_or_default();
    let keeps_off = |taint: &&Taint| {
        taint.effect != ONLY_PREFERRED && !here.iter().any(|device| tolerates(device, taint))
    };
    !is_ready
        || spec.and_then(|spec| spec.unschedulable) == Some(true)
        || taints.iter().any(|taint| keeps_off(&taint))
}

fn tolerates(device: &Device, taint: &Taint) -> bool {
    device.tolerations.iter().any(|toleration| {
        toleration.key == taint.key
            && toleration.effect.as_ref().is_none_or(|effect| *effect == taint.effect)
            && toleration
                .value
                .as_deref()
                .is_none_or(|value| value == taint.value.as_deref().unwrap_or_default())
    })
}

/// What the scheduler counts for a pod: the sum of its containers, or its largest init step if that is more.
fn requests(spec: &PodSpec) -> Amounts {
    let mut together = Amounts::new();
    for container in &spec.containers {
        add(&mut together, &asked(container));
    }
    let mut beside = Amounts::new();
    let mut most = Amounts::new();
    for container in spec.init_containers.iter().flatten() {
        let mut step = asked(container);
        if container.restart_policy.as_deref() == Some("Always") {
            add(&mut beside, &step);
            step = beside.clone();
        } else {
            add(&mut step, &beside);
        }
        raise(&mut most, &step);
    }
    add(&mut together, &beside);
    raise(&mut together, &most);
    add(&mut together, &spec.overhead.as_ref().map(amounts).unwrap_or_default());
    together
}

fn asked(container: &Container) -> Amounts {
    let resources = container.resources.as_ref();
    let requests = resources.and_then(|resources| resources.requests.as_ref());
    let mut asked = requests.map(amounts).unwrap_or_default();
    // A limit without a request counts as a request.
    for (name, limit) in
        resources.and_then(|resources| resources.limits.as_ref()).map(amounts).unwrap_or_default()
    {
        asked.entry(name).or_insert(limit);
    }
    asked
}

fn amounts(quantities: &BTreeMap<String, Quantity>) -> Amounts {
    quantities.iter().filter_map(|(name, quantity)| Some((name.clone(), milli(&quantity.0)?))).collect()
}

fn add(to: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        *to.entry(name.clone()).or_default() += amount;
    }
}

fn raise(to: &mut Amounts, least: &Amounts) {
    for (name, amount) in least {
        let known = to.entry(name.clone()).or_default();
        *known = (*known).max(*amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Toleration, kubernetes::sample};

    fn node(change: impl FnOnce(&mut serde_json::Value)) -> Arc<Node> {
        let mut node = serde_json::json!({
            "metadata": { "name": "a-0", "labels": { "nvidia.com/gpu.product": "A100-80GB", "nvidia.com/gpu.memory": "81920" } },
            "spec": { "taints": [{ "key": "nvidia.com/gpu", "effect": "NoSchedule" }] },
            "status": {
                "allocatable": { "cpu": "63500m", "memory": "512Gi", "nvidia.com/gpu": "8", "pods": "110" },
                "conditions": [{ "type": "Ready", "status": "True" }],
            },
        });
        change(&mut node);
        Arc::new(serde_json::from_value(node).unwrap())
    }

    fn nvidia() -> Device {
        Device {
            code: "nvidia".into(),
            resource: "nvidia.com/gpu".into(),
            model_label: Some("nvidia.com/gpu.product".into()),
            memory_label: Some("nvidia.com/gpu.memory".into()),
            tolerations: vec![Toleration { key: "nvidia.com/gpu".into(), value: None, effect: None }],
            ..sample::device()
        }
    }

    fn pod(spec: &serde_json::Value) -> Arc<Pod> {
        Arc::new(serde_json::from_value(serde_json::json!({ "metadata": {}, "spec": spec })).unwrap())
    }

    fn one(nodes: &[Arc<Node>], others: &[Arc<Pod>]) -> MachineCapacity {
        machines(nodes, others, &[nvidia(), sample::device()]).remove(0)
    }

    #[test]
    fn a_node_tells_its_cards_by_its_labels() {
        let found = one(&[node(|_| {})], &[]);
        assert_eq!((found.cpus, found.memory_bytes, found.is_cordoned), (63, 512 << 30, false));
        assert_eq!(found.cards.len(), 8);
        assert_eq!((found.cards[7].vendor.as_str(), found.cards[7].model.as_str()), ("nvidia", "A100-80GB"));
        assert_eq!((found.cards[7].index, found.cards[7].memory_bytes), (7, 80 << 30));
    }

    #[test]
    fn what_others_asked_for_is_theirs_and_what_a_machine_runs_itself_is_not_there() {
        let container = |requests: serde_json::Value| serde_json::json!({ "name": "c", "resources": { "requests": requests } });
        let theirs = pod(&serde_json::json!({
            "nodeName": "a-0",
            "containers": [container(serde_json::json!({ "cpu": "500m", "nvidia.com/gpu": "3" })), { "name": "d", "resources": { "limits": { "cpu": "1" } } }],
            "initContainers": [container(serde_json::json!({ "cpu": "1", "memory": "12Gi" }))],
        }));
        let elsewhere = pod(
            &serde_json::json!({ "nodeName": "b-0", "containers": [container(serde_json::json!({ "cpu": "9" }))] }),
        );
        let of_the_machine = serde_json::json!({
            "metadata": { "ownerReferences": [{ "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "d", "uid": "1" }] },
            "spec": { "nodeName": "a-0", "containers": [container(serde_json::json!({ "cpu": "2", "memory": "1Gi" }))] },
        });
        let of_the_machine = Arc::new(serde_json::from_value(of_the_machine).unwrap());
        let found = one(&[node(|_| {})], &[theirs, elsewhere, of_the_machine]);
        assert_eq!((found.cpus, found.memory_bytes, found.cards.len()), (61, 511 << 30, 8));
        let cards = BTreeMap::from([("nvidia".to_owned(), 3)]);
        assert_eq!(found.others, Occupied { cpus: 1, memory_bytes: 12 << 30, cards });
    }

    #[test]
    fn a_machine_where_nothing_may_start_is_cordoned() {
        let cordoned = |change: fn(&mut serde_json::Value)| one(&[node(change)], &[]).is_cordoned;
        assert!(cordoned(|node| node["spec"]["unschedulable"] = true.into()));
        assert!(cordoned(|node| node["status"]["conditions"][0]["status"] = "Unknown".into()));
        assert!(cordoned(|node| {
            node["spec"]["taints"][0]["key"] = "node-role.kubernetes.io/control-plane".into();
        }));
        assert!(!cordoned(|node| node["spec"]["taints"][0]["effect"] = "PreferNoSchedule".into()));
    }

    #[test]
    fn cards_without_a_label_are_called_as_their_plugin_calls_them() {
        let found = one(
            &[node(|node| {
                node["spec"] = serde_json::json!({});
                node["status"]["allocatable"] =
                    serde_json::json!({ "cpu": "8", "huawei.com/Ascend910": "2" });
            })],
            &[],
        );
        assert_eq!(found.cards.len(), 2);
        assert_eq!((found.cards[0].vendor.as_str(), found.cards[0].model.as_str()), ("ascend", "Ascend910"));
    }
}
