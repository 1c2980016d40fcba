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

use hearth_pages_compute as compute;
use hearth_pages_repository::repo;
use hearth_web::{Failure, Page, Web, assets, entered::Entered, error_page, headers, visit};

use crate::{
    about, admin, administering, api, diagram, explore, home, invitations, organization, overview, picture,
    preference, registry::REGISTRY, user,
};

/// All pages, with their middleware.
pub fn router(app: App) -> Router {
    let web = Web::new(app, &REGISTRY);
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
        .route("/", get(home::get))
        .route("/-/about", get(about::get))
        .route(hearth_core::urls::administering(), get_and_post(administering::get, administering::post))
        .route("/-/language", post(preference::language))
        .route("/-/theme", post(preference::theme))
        .merge(admin::routes())
        .merge(api::routes())
        .merge(explore::routes())
        .merge(compute::images::routes())
        .merge(invitations::routes())
        .merge(organization::routes())
        .merge(overview::routes())
        .merge(compute::tasks::routes())
        .merge(user::routes())
        .merge(repo::routes(&compute::repo::tasks::routes()))
}

fn files() -> Router<Web> {
    Router::new()
        .route("/assets/{file}", get(assets::get))
        .route("/-/diagram/{notation}/{signature}/{source}", get(diagram::get))
        .route("/-/picture/{signature}/{address}", get(picture::get))
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
