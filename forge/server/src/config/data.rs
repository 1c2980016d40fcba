use std::path::PathBuf;

use hearth_app::disk::DiskSettings;
use serde::{Deserialize, Serialize};

/// Section `[data]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DataConfig {
    pub directory: PathBuf,
    /// When less than this, or less than a twentieth of the disk, is free, new tasks and uploads are refused.
    pub reserve_bytes: u64,
    /// Large files up to this size are verified whenever they are read.
    pub verify_read_bytes: u64,
    /// How fast stored large files are verified in the background; 0 for not at all.
    pub check_bytes_per_second: u64,
}

impl DataConfig {
    pub(crate) fn disk(&self) -> DiskSettings {
        DiskSettings {
            reserve_bytes: self.reserve_bytes,
            verify_read_bytes: self.verify_read_bytes,
            check_bytes_per_second: self.check_bytes_per_second,
        }
    }
}

impl Default for DataConfig {
    fn default() -> Self {
        let disk = DiskSettings::default();
        Self {
            directory: "hearth-data".into(),
            reserve_bytes: disk.reserve_bytes,
            verify_read_bytes: disk.verify_read_bytes,
            check_bytes_per_second: disk.check_bytes_per_second,
        }
    }
}
