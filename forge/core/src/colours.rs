text_enum! {
    /// The colour scheme that a person chose for their pages; none: follow the system's.
    pub enum Colours {
        Light = "light",
        Dark = "dark",
    }
}
