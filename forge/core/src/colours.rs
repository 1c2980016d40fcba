text_enum! {
    /// The colours that an account asks its pages to have; none: as the system has it.
    pub enum Colours {
        Light = "light",
        Dark = "dark",
    }
}
