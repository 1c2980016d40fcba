//! The routes of all pages. Each folder of pages defines its own.

use axum::{
    Extension, Router,
    extract::{OriginalUri, State},
    middleware,
};
use hearth_app::App;
use hearth_core::{Error, Kind};
use hearth_http::routing::{get, get_and_post, post};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{Failure, Page, Web, assets, entered::Entered, error_page, headers, pages, visit};

/// All pages, with their middleware.
pub fn router(app: App) -> Router {
    let web = Web::new(app);
    table()
        .fallback(not_found)
        .method_not_allowed_fallback(not_found)
        .layer(CatchPanicLayer::custom(error_page::from_panic))
        .layer(middleware::from_fn_with_state(web.clone(), visit::layer))
        .merge(files())
        .layer(middleware::from_fn(headers::layer))
        .layer(CompressionLayer::new())
        .with_state(web)
}

fn table() -> Router<Web> {
    Router::new()
        .route("/", get(pages::home::get))
        .route("/-/about", get(pages::about::get))
        .route(
            hearth_core::urls::administering(),
            get_and_post(pages::administering::get, pages::administering::post),
        )
        .route("/-/language", post(pages::preference::language))
        .route("/-/theme", post(pages::preference::theme))
        .merge(pages::admin::routes())
        .merge(pages::explore::routes())
        .merge(pages::images::routes())
        .merge(pages::invitations::routes())
        .merge(pages::organization::routes())
        .merge(pages::tasks::routes())
        .merge(pages::user::routes())
        .merge(pages::repo::routes())
}

fn files() -> Router<Web> {
    Router::new()
        .route("/assets/{file}", get(assets::get))
        .route("/-/diagram/{notation}/{signature}/{source}", get(pages::diagram::get))
        .route("/-/picture/{signature}/{address}", get(pages::picture::get))
        .route("/favicon.ico", get(assets::favicon))
}

/// An unknown page; in a repository or an organisation that the reader may see, it stays inside.
async fn not_found(
    State(web): State<Web>,
    page: Page,
    Extension(entered): Extension<Entered>,
    OriginalUri(uri): OriginalUri,
) -> Failure {
    match entered.by_address(&web, &page, &uri).await {
        Ok(()) => Error::NotFound(Kind::Page).into(),
        Err(error) => error.into(),
    }
}
