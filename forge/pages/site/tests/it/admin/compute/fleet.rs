//! A site with clusters on which nothing is started, and its administrator.

use hearth_app::{
    accelerator, image,
    testing::{Choices, fleet},
};

use crate::site::Site;

/// A site with the clusters of [`fleet::clusters`].
pub(super) async fn site() -> Site {
    let site = Site::with(Choices { engines: fleet::clusters(), ..Choices::default() }).await;
    accelerator::insert_shipped(&site.hearth.app).await.expect("kinds of cards");
    image::insert_shipped(&site.hearth.app).await.expect("images");
    site
}
