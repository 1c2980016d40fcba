kinds! {
    /// What happens to Git references.
    pub enum PushEvent {
        /// One reference was created, updated or deleted. Commit ids are hexadecimal; empty: none.
        Pushed = "push" {
            #[serde(rename = "ref")]
            ref_name: String,
            old: String,
            new: String,
            /// How many new commits it has; 0 where they were not counted.
            commits: u64,
            /// The titles of the newest of them.
            titles: Vec<String>,
        },
    }
}
