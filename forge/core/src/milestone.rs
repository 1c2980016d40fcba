text_enum! {
    /// Whether a milestone is still worked towards.
    pub enum MilestoneState {
        Open = "open",
        Closed = "closed",
    }
}
