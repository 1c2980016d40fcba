//! Common frameworks. They ship without any reference: which images of which registries to trust is each
//! administrator's decision, so they are disabled until then.

use hearth_core::Timestamp;
use hearth_store::image::NewImage;

/// Code, and the official spelling of the framework's name.
const SHIPPED: [(&str, &str); 7] = [
    ("pytorch", "PyTorch"),
    ("tensorflow", "TensorFlow"),
    ("paddlepaddle", "PaddlePaddle"),
    ("mindspore", "MindSpore"),
    ("megengine", "MegEngine"),
    ("jittor", "Jittor"),
    ("oneflow", "OneFlow"),
];

pub(super) fn rows(now: Timestamp) -> impl Iterator<Item = NewImage> {
    SHIPPED.into_iter().map(move |(code, name)| NewImage {
        code: code.to_owned(),
        label: name.to_owned(),
        framework: code.to_owned(),
        framework_version: String::new(),
        python_version: String::new(),
        interpreter: None,
        reference: None,
        digest: None,
        created_at: now,
    })
}
