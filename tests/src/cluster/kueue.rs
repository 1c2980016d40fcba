//! Objects that a Kueue administrator creates, with names unique to the test.

use serde_json::{Value, json};

use super::{Site, TestCluster};
use crate::skip;

/// The `LocalQueue` that pools of a [`Site`] name.
pub const LOCAL_QUEUE: &str = "research";
const KUEUE: &str = "/apis/kueue.x-k8s.io/v1beta2";

impl TestCluster {
    /// The shared cluster with Kueue; otherwise the test is skipped.
    pub fn with_kueue() -> Option<Self> {
        Self::of_this_run().filter(Self::has_kueue)
    }

    /// Whether Kueue runs in it. If not, the test is skipped with a message.
    pub fn has_kueue(&self) -> bool {
        let has = self.folder.join("kueue").join("ready").exists();
        if !has {
            skip("no Kueue runs in the cluster of HEARTH_TEST_KUBECONFIG; cargo xtask test starts one");
        }
        has
    }

    #[track_caller]
    fn make_for_kueue(&self, collection: &str, kind: &str, mut object: Value) {
        object["apiVersion"] = json!("kueue.x-k8s.io/v1beta2");
        object["kind"] = json!(kind);
        self.create(&format!("{KUEUE}/{collection}"), &object);
    }
}

impl Site {
    /// The name of this site's `ClusterQueue`, and of the machines that it covers.
    pub fn cluster_queue(&self) -> String {
        self.name("queue")
    }

    /// Creates a `ClusterQueue` with eight cards on machines with a label.
    #[track_caller]
    pub fn make_cluster_queue(&self, label: &str, value: &str) {
        let name = self.cluster_queue();
        let machines = json!({ "metadata": { "name": name }, "spec": { "nodeLabels": { label: value } } });
        self.cluster.make_for_kueue("resourceflavors", "ResourceFlavor", machines);
        let quotas = [("nvidia.com/gpu", "8"), ("cpu", "64"), ("memory", "512Gi")];
        let quotas = quotas.map(|(resource, most)| json!({ "name": resource, "nominalQuota": most }));
        let group = json!({
            "coveredResources": ["nvidia.com/gpu", "cpu", "memory"],
            "flavors": [{ "name": name, "resources": quotas }],
        });
        let queue = json!({
            "metadata": { "name": name },
            "spec": {
                "namespaceSelector": {},
                "preemption": { "withinClusterQueue": "LowerPriority" },
                "resourceGroups": [group],
            },
        });
        self.cluster.make_for_kueue("clusterqueues", "ClusterQueue", queue);
    }

    /// Creates mei's `LocalQueue` for it.
    #[track_caller]
    pub fn make_local_queue(&self) {
        let namespace = self.name("mei");
        self.cluster.namespace(&namespace);
        let queue = json!({
            "metadata": { "name": LOCAL_QUEUE }, "spec": { "clusterQueue": self.cluster_queue() },
        });
        self.cluster.make_for_kueue(&format!("namespaces/{namespace}/localqueues"), "LocalQueue", queue);
    }

    /// Stops the `ClusterQueue` and evicts what it has admitted.
    #[track_caller]
    pub fn drain_cluster_queue(&self) {
        let path = format!("{KUEUE}/clusterqueues/{}", self.cluster_queue());
        self.cluster.patch(&path, &json!({ "spec": { "stopPolicy": "HoldAndDrain" } }));
    }

    /// Creates a priority class far above the default.
    pub fn make_priority_class(&self) -> String {
        let name = self.name("urgent");
        let class = json!({ "metadata": { "name": name }, "value": 1000 });
        self.cluster.make_for_kueue("workloadpriorityclasses", "WorkloadPriorityClass", class);
        name
    }
}
