//! The accelerator types that ship with Hearth, named as in the vendors' device plugins and manuals.
//!
//! Not tested on hardware: vendors have several plugins that disagree, so administrators can change every
//! value.

use hearth_core::Timestamp;
use hearth_store::{
    Json,
    accelerator::{Accelerator, Mount, Toleration},
};

struct Shipped {
    code: &'static str,
    vendor: &'static str,
    label: &'static str,
    resource: &'static str,
    family: &'static str,
    model_label: Option<&'static str>,
    memory_label: Option<&'static str>,
    runtime_class: Option<&'static str>,
    environment: &'static [(&'static str, &'static str)],
    writable: &'static [&'static str],
    read_only: &'static [&'static str],
    probe: &'static [&'static str],
}

const NONE: Shipped = Shipped {
    code: "",
    vendor: "",
    label: "",
    resource: "",
    family: "",
    model_label: None,
    memory_label: None,
    runtime_class: None,
    environment: &[],
    writable: &[],
    read_only: &[],
    probe: &[],
};

/// What CANN needs from the node if its container runtime does not provide it.
const ASCEND_DRIVER: &[&str] = &[
    "/usr/local/Ascend/driver/lib64",
    "/usr/local/Ascend/driver/tools",
    "/usr/local/Ascend/driver/version.info",
    "/usr/local/dcmi",
    "/usr/local/bin/npu-smi",
    "/etc/ascend_install.info",
];

const SHIPPED: &[Shipped] = &[
    Shipped {
        code: "nvidia",
        vendor: "NVIDIA",
        label: "NVIDIA GPU",
        resource: "nvidia.com/gpu",
        family: "cuda",
        model_label: Some("nvidia.com/gpu.product"),
        memory_label: Some("nvidia.com/gpu.memory"),
        runtime_class: Some("nvidia"),
        environment: &[("NVIDIA_DRIVER_CAPABILITIES", "compute,utility")],
        probe: &["nvidia-smi", "-L"],
        ..NONE
    },
    Shipped {
        code: "amd",
        vendor: "AMD",
        label: "AMD Instinct",
        resource: "amd.com/gpu",
        family: "rocm",
        model_label: Some("amd.com/gpu.product-name"),
        memory_label: Some("amd.com/gpu.vram"),
        probe: &["rocm-smi"],
        ..NONE
    },
    Shipped {
        code: "ascend-910",
        vendor: "Huawei",
        label: "Ascend 910",
        resource: "huawei.com/Ascend910",
        family: "cann",
        model_label: Some("node.kubernetes.io/npu.chip.name"),
        read_only: ASCEND_DRIVER,
        probe: &["npu-smi", "info"],
        ..NONE
    },
    Shipped {
        code: "ascend-310p",
        vendor: "Huawei",
        label: "Ascend 310P",
        resource: "huawei.com/Ascend310P",
        family: "cann",
        model_label: Some("node.kubernetes.io/npu.chip.name"),
        read_only: ASCEND_DRIVER,
        probe: &["npu-smi", "info"],
        ..NONE
    },
    Shipped {
        code: "cambricon",
        vendor: "Cambricon",
        label: "Cambricon MLU",
        resource: "cambricon.com/mlu",
        family: "neuware",
        probe: &["cnmon"],
        ..NONE
    },
    Shipped {
        code: "enflame",
        vendor: "Enflame",
        label: "Enflame GCU",
        resource: "enflame.com/gcu",
        family: "topsrider",
        probe: &["efsmi"],
        ..NONE
    },
    Shipped {
        code: "hygon",
        vendor: "Hygon",
        label: "Hygon DCU",
        resource: "hygon.com/dcu",
        family: "dtk",
        writable: &["/dev/kfd", "/dev/mkfd", "/dev/dri"],
        read_only: &["/opt/hyhal"],
        probe: &["hy-smi"],
        ..NONE
    },
    Shipped {
        code: "iluvatar",
        vendor: "Iluvatar CoreX",
        label: "Iluvatar BI",
        resource: "iluvatar.com/gpu",
        family: "corex",
        read_only: &["/usr/local/corex"],
        probe: &["ixsmi"],
        ..NONE
    },
    Shipped {
        code: "metax",
        vendor: "MetaX",
        label: "MetaX GPU",
        resource: "metax-tech.com/gpu",
        family: "maca",
        writable: &["/dev/mxcd", "/dev/dri"],
        probe: &["mx-smi"],
        ..NONE
    },
    Shipped {
        code: "biren",
        vendor: "Biren",
        label: "Biren GPU",
        resource: "birentech.com/gpu",
        family: "birensupa",
        probe: &["brsmi"],
        ..NONE
    },
    Shipped {
        code: "moore-threads",
        vendor: "Moore Threads",
        label: "Moore Threads GPU",
        resource: "mthreads.com/gpu",
        family: "musa",
        runtime_class: Some("mthreads"),
        probe: &["mthreads-gmi"],
        ..NONE
    },
    Shipped {
        code: "kunlunxin",
        vendor: "Kunlunxin",
        label: "Kunlunxin XPU",
        resource: "kunlunxin.com/xpu",
        family: "xpu",
        probe: &["xpu-smi"],
        ..NONE
    },
];

/// The rows to insert at first start.
pub(super) fn rows(now: Timestamp) -> impl Iterator<Item = Accelerator> {
    SHIPPED.iter().map(move |shipped| row(shipped, now))
}

fn row(shipped: &Shipped, now: Timestamp) -> Accelerator {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let mount = |path: &&str, read_only| Mount { path: (*path).to_owned(), read_only };
    let writable = shipped.writable.iter().map(|path| mount(path, false));
    let read_only = shipped.read_only.iter().map(|path| mount(path, true));
    Accelerator {
        code: shipped.code.to_owned(),
        vendor: shipped.vendor.to_owned(),
        label: shipped.label.to_owned(),
        resource_name: shipped.resource.to_owned(),
        family: shipped.family.to_owned(),
        model_label: owned(shipped.model_label),
        memory_label: owned(shipped.memory_label),
        runtime_class: owned(shipped.runtime_class),
        // Clusters commonly taint accelerator nodes with the name of the resource.
        tolerations: Json(vec![Toleration { key: shipped.resource.to_owned(), value: None, effect: None }]),
        environment: Json(
            shipped.environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        ),
        mounts: Json(writable.chain(read_only).collect()),
        probe_command: Json(shipped.probe.iter().map(|word| (*word).to_owned()).collect()),
        is_enabled: true,
        created_at: now,
        updated_at: now,
    }
}
