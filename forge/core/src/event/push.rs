kinds! {
    /// What happens to references.
    pub enum PushEvent {
        /// One reference moved, was made or went. Ids are hexadecimal; empty: none.
        Pushed = "push" {
            #[serde(rename = "ref")]
            ref_name: String,
            old: String,
            new: String,
            /// How many commits are new in it; 0 where nobody looked.
            commits: u64,
            /// Titles of the newest of them.
            titles: Vec<String>,
        },
    }
}
