use crate::ReleaseId;

kinds! {
    /// What happens to the releases of a repository. Nobody hears of a draft.
    pub enum ReleaseEvent {
        Drafted = "release.drafted" { release: ReleaseId },
        Published = "release.published" { release: ReleaseId, tag: String, title: String, is_prerelease: bool },
        Edited = "release.edited" { release: ReleaseId, tag: String, title: String },
        Deleted = "release.deleted" { release: ReleaseId, tag: String, title: String },
        AssetAdded = "release.asset_added" { release: ReleaseId, tag: String, name: String },
        AssetEdited = "release.asset_edited" { release: ReleaseId, tag: String, name: String },
        AssetRemoved = "release.asset_removed" { release: ReleaseId, tag: String, name: String },
    }
}
