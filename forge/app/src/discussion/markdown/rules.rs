use crate::{App, Signer};

/// What the configuration of a site means for its texts.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Larger texts are shown as they were written.
    pub(super) most_bytes: u64,
    /// The site's own address: what is below it is not elsewhere.
    pub(super) root: String,
    /// Signs the addresses at which this site passes on pictures of others. None: they become links.
    pub(super) pictures: Option<Signer>,
    /// Signs the addresses of drawn diagrams. None: nothing draws them here.
    pub(super) diagrams: Option<Signer>,
}

impl Rules {
    pub(super) fn of(app: &App) -> Self {
        Self {
            most_bytes: app.limits().markdown_bytes,
            root: app.urls().root().to_owned(),
            pictures: app.settings().external_pictures.then(|| app.signer().clone()),
            diagrams: app.drawing().map(|_| app.signer().clone()),
        }
    }
}
