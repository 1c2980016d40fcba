//! Fake nodes: the scheduler places pods on them, and KWOK sets the pods to running.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{TestCluster, wait_until};

/// The properties of a fake node.
#[derive(Clone)]
pub struct FakeNode {
    labels: Map<String, Value>,
    taints: Vec<Value>,
    capacity: Map<String, Value>,
}

impl FakeNode {
    /// A machine with 128 cores and a TiB of memory but no cards, in a pool of its own.
    pub fn of_pool(pool: &str) -> Self {
        let capacity = json!({ "cpu": "128", "memory": "1Ti", "pods": "250", "ephemeral-storage": "1Ti" });
        let mut node = Self { labels: Map::new(), taints: Vec::new(), capacity: Map::new() };
        node.capacity.extend(capacity.as_object().expect("an object").clone());
        node.label("pool", pool)
    }

    /// With NVIDIA cards, labelled and tainted as by NVIDIA's operator.
    #[must_use]
    pub fn nvidia(self, model: &str, memory_mib: u32, cards: u32) -> Self {
        let memory = memory_mib.to_string();
        self.cards("nvidia.com/gpu", cards)
            .label("nvidia.com/gpu.present", "true")
            .label("nvidia.com/gpu.product", model)
            .label("nvidia.com/gpu.memory", &memory)
            .label("nvidia.com/gpu.count", &cards.to_string())
    }

    /// With Ascend 910B cards, labelled as by the vendor.
    #[must_use]
    pub fn ascend(self, cards: u32) -> Self {
        self.cards("huawei.com/Ascend910", cards)
            .label("kubernetes.io/arch", "arm64")
            .label("accelerator", "huawei-Ascend910")
            .label("accelerator-type", "module-910b-8")
            .label("node.kubernetes.io/npu.chip.name", "910B3")
    }

    #[must_use]
    pub fn label(mut self, name: &str, value: &str) -> Self {
        self.labels.insert(name.to_owned(), value.into());
        self
    }

    fn cards(mut self, resource: &str, cards: u32) -> Self {
        self.capacity.insert(resource.to_owned(), cards.to_string().into());
        self.taints.push(json!({ "key": resource, "value": "present", "effect": "NoSchedule" }));
        self
    }
}

impl TestCluster {
    /// Adds `count` nodes named `{prefix}-0`… and waits until they are ready. They are removed with the
    /// guard.
    #[track_caller]
    #[must_use]
    pub fn add_nodes(&self, prefix: &str, count: usize, node: &FakeNode) -> NodeGuard<'_> {
        let names: Vec<String> = (0..count).map(|number| format!("{prefix}-{number}")).collect();
        for name in &names {
            self.add_node(name, node);
        }
        wait_until("the fake nodes", Duration::from_mins(1), || {
            names.iter().all(|name| is_ready(&self.get(&format!("/api/v1/nodes/{name}"))))
        });
        NodeGuard { cluster: self, names }
    }

    fn add_node(&self, name: &str, node: &FakeNode) {
        let mut labels = node.labels.clone();
        labels.insert("kubernetes.io/hostname".to_owned(), name.into());
        labels.entry("kubernetes.io/arch").or_insert_with(|| "amd64".into());
        let object = json!({
            "metadata": {
                "name": name,
                "labels": labels,
                "annotations": { "kwok.x-k8s.io/node": "fake" },
            },
            "spec": { "taints": node.taints },
            "status": { "capacity": node.capacity, "allocatable": node.capacity },
        });
        self.create("/api/v1/nodes", &object);
    }
}

fn is_ready(node: &Value) -> bool {
    let conditions = node["status"]["conditions"].as_array().into_iter().flatten();
    conditions.into_iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
}

/// Nodes of one test. Dropping it removes them.
pub struct NodeGuard<'a> {
    cluster: &'a TestCluster,
    names: Vec<String>,
}

impl NodeGuard<'_> {
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Removes the machine: its pods end when the cluster notices.
    #[track_caller]
    pub fn lose(&mut self, name: &str) {
        self.names.retain(|other| other != name);
        self.cluster.delete(&format!("/api/v1/nodes/{name}"));
    }
}

impl Drop for NodeGuard<'_> {
    fn drop(&mut self) {
        for name in &self.names {
            let request = self.cluster.request(reqwest::Method::DELETE, &format!("/api/v1/nodes/{name}"));
            // A test that broke its cluster cannot clean it up, and need not.
            drop(request.send());
        }
    }
}
