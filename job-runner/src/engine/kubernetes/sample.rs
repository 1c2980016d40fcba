//! A sample launch and options for the tests of this folder.

use std::{collections::BTreeMap, time::Duration};

use hearth_core::{Program, TaskId, TaskKind};

use super::KubernetesOptions;
use crate::{
    Secret, TaskSpec,
    engine::{AgentLaunch, Device, DeviceMount, Placement, Toleration},
    spec::{Accelerator, Code, Image, Limits, Node, Resources},
};

pub(super) fn launch() -> AgentLaunch {
    let card = |index| Accelerator { vendor: "ascend".into(), model: "910B3".into(), index };
    AgentLaunch {
        spec: TaskSpec {
            task: TaskId(7),
            attempt: 1,
            kind: TaskKind::Train,
            code: Code { repository: "mei/digits".into(), commit: "a".repeat(40), patch_sha256: None },
            program: Program::script("train.py", vec![]),
            image: Image {
                label: "PyTorch".into(),
                reference: Some("registry.example:5000/ai/torch:2.6-cann8".into()),
                digest: None,
                python: "python3".into(),
            },
            resources: Resources {
                cpus: 4,
                memory_bytes: 8 << 30,
                shared_memory_bytes: 1 << 30,
                processes: 4096,
                accelerators: vec![card(0), card(1)],
            },
            limits: Limits::default(),
            network: false,
            inputs: vec![],
            environment: BTreeMap::new(),
            secrets: BTreeMap::new(),
            node: Node::SINGLE,
            seed: None,
            resume: false,
            requirements_of: None,
        },
        server: "http://10.0.0.5:3000/".parse().unwrap(),
        token: Secret::new("a-token-of-one-attempt"),
        placement: Placement {
            owner: "mei".into(),
            pool: "ascend-910b".into(),
            machines: vec!["ascend-0".into()],
            node_selector: BTreeMap::from([("accelerator".into(), "huawei-Ascend910".into())]),
            device: Some(device()),
            local_queue: None,
        },
    }
}

pub(super) fn device() -> Device {
    Device {
        code: "ascend".into(),
        resource: "huawei.com/Ascend910".into(),
        model_label: Some("node.kubernetes.io/npu.chip.name".into()),
        memory_label: None,
        runtime_class: Some("ascend".into()),
        tolerations: vec![Toleration { key: "npu".into(), value: None, effect: None }],
        environment: BTreeMap::from([("ASCEND_RUNTIME_OPTIONS".into(), "NODRV".into())]),
        mounts: vec![DeviceMount { path: "/usr/local/Ascend/driver/lib64".into(), read_only: true }],
    }
}

pub(super) fn options() -> KubernetesOptions {
    KubernetesOptions {
        name: "gpu".into(),
        kubeconfig: None,
        context: None,
        namespace_prefix: "hearth-".into(),
        agent_image: "registry.example/hearth-agent:1".into(),
        image_pull_secret_file: None,
        server: "http://10.0.0.5:3000/".parse().unwrap(),
        server_ca_file: None,
        blocked_networks: vec![],
        run_as_user: None,
        image_patience: Duration::from_mins(2),
    }
}
