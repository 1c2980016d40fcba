//! The table of pages.

use axum::{
    Router, middleware,
    routing::{get, post},
};
use hearth_app::App;
use hearth_core::{Error, Kind, urls};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{Failure, Web, assets, error_page, headers, pages, respond::see_other, visit};

/// All pages, with the layers that make them pages.
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
        .route("/-/language", post(pages::preference::language))
        .route("/-/theme", post(pages::preference::theme))
        .route("/user/login", get(pages::user::login::get).post(pages::user::login::post))
        .route("/user/login/{secret}", get(pages::user::link::get).post(pages::user::link::post))
        .route("/user/forgot", get(pages::user::forgot::get).post(pages::user::forgot::post))
        .route("/user/reset/{secret}", get(pages::user::reset::get).post(pages::user::reset::post))
        .route("/user/logout", post(pages::user::logout::post))
        .merge(admin())
        .merge(explore())
        .merge(tasks())
        .merge(user_settings())
        .merge(repositories())
        .route("/user/sign_up", get(pages::user::sign_up::get).post(pages::user::sign_up::post))
        .route("/{owner}", get(pages::user::show::get))
}

fn admin() -> Router<Web> {
    use pages::admin::{audit, invites, jobs, mail, overview, users};
    Router::new()
        .route("/-/admin", get(overview::get))
        .route("/-/admin/audit", get(audit::get))
        .nest("/-/admin/compute", compute())
        .route("/-/admin/invites", get(invites::get).post(invites::post))
        .route("/-/admin/invites/{id}/delete", post(invites::delete))
        .route("/-/admin/jobs", get(jobs::get))
        .route("/-/admin/jobs/{id}/{act}", post(jobs::act))
        .route("/-/admin/mail", get(mail::get).post(mail::post))
        .route("/-/admin/users", get(users::get))
        .route("/-/admin/users/{name}/{act}", post(users::act))
}

fn compute() -> Router<Web> {
    use pages::admin::compute::{
        accelerator, accelerators, forecasts, image, images, matrix, nodes, overview, pool, quota, quotas,
        row, scene, scenes, spec, specs,
    };
    Router::new()
        .route("/", get(overview::get))
        .route("/accelerators", get(accelerators::get))
        .merge(row::routes::<accelerator::Accelerator>())
        .route("/forecasts", get(forecasts::get))
        .route("/images", get(images::get))
        .merge(row::routes::<image::Image>())
        .route("/images/{code}/variants", post(image::put_variant))
        .route("/images/{code}/variants/{family}/{act}", post(image::act_on_variant))
        .route("/matrix", get(matrix::get).post(matrix::post))
        .route("/nodes", get(nodes::get).post(nodes::post))
        .merge(row::routes::<pool::Pool>())
        .route("/pools/{code}/delete", post(pool::delete))
        .route("/pools/{code}/pause", post(pool::pause))
        .route("/pools/{code}/resume", post(pool::resume))
        .route("/quotas", get(quotas::get))
        .merge(row::routes::<quota::Quota>())
        .merge(row::deletion::<quota::Quota>())
        .route("/scenes", get(scenes::get))
        .merge(row::routes::<scene::Scene>())
        .merge(row::deletion::<scene::Scene>())
        .route("/specs", get(specs::get))
        .merge(row::routes::<spec::Spec>())
}

fn explore() -> Router<Web> {
    use pages::explore::{repositories, users};
    Router::new()
        .route("/explore", get(|| async { see_other(&urls::explore("repos")) }))
        .route("/explore/repos", get(repositories::get))
        .route("/explore/repositories", get(|| async { see_other(&urls::explore("repos")) }))
        .route("/explore/users", get(users::get))
}

fn tasks() -> Router<Web> {
    use pages::tasks;
    Router::new()
        .route("/tasks", get(tasks::list::get))
        .route("/tasks/{id}", get(tasks::overview::get))
        .route("/tasks/{id}/delete", post(tasks::act::delete))
        .route("/tasks/{id}/events", get(tasks::live::events))
        .route("/tasks/{id}/files", get(tasks::files::get))
        .route("/tasks/{id}/files/{name}", get(tasks::files::file))
        .route("/tasks/{id}/lineage", get(tasks::lineage::get))
        .route("/tasks/{id}/log", get(tasks::log::get))
        .route("/tasks/{id}/log/download", get(tasks::log::file))
        .route("/tasks/{id}/log/stream", get(tasks::live::log_lines))
        .route("/tasks/{id}/metrics", get(tasks::metrics::get))
        .route("/tasks/{id}/metrics/download", get(tasks::metrics::file))
        .route("/tasks/{id}/outputs", get(tasks::outputs::get))
        .route("/tasks/{id}/outputs/{*path}", get(tasks::outputs::file))
        .route("/tasks/{id}/priority", post(tasks::act::priority))
        .route("/tasks/{id}/publish", get(tasks::publish::get).post(tasks::publish::post))
        .route("/tasks/{id}/rerun", post(tasks::act::rerun))
        .route("/tasks/{id}/resources", get(tasks::resources::get))
        .route("/tasks/{id}/stop", post(tasks::act::stop))
        .route("/tasks/{id}/switch", post(tasks::act::switch))
        .route("/tasks/{id}/undelivered/discard", post(tasks::outputs::discard))
        .route("/tasks/{id}/undelivered/store", post(tasks::outputs::store))
}

fn user_settings() -> Router<Web> {
    use pages::user::settings::{account, appearance, applications, keys, profile};
    Router::new()
        .route("/user/settings", get(|| async { see_other(&urls::user_settings("profile")) }))
        .route("/user/settings/account", get(account::get))
        .route("/user/settings/account/email", post(account::email))
        .route("/user/settings/account/password", post(account::password))
        .route("/user/settings/account/sessions", post(account::sessions))
        .route("/user/settings/appearance", get(appearance::get).post(appearance::post))
        .route("/user/settings/applications", get(applications::get).post(applications::post))
        .route("/user/settings/applications/{id}/delete", post(applications::delete))
        .route("/user/settings/keys", get(keys::get).post(keys::post))
        .route("/user/settings/keys/{id}/delete", post(keys::delete))
        .route("/user/settings/profile", get(profile::get).post(profile::post))
}

/// The pages of one repository, at its address; each kind has its own space of names.
fn repositories() -> Router<Web> {
    Router::new()
        .route(urls::repository_new(), get(pages::repo::create::get).post(pages::repo::create::post))
        .nest("/{owner}/{name}", repository())
        .nest("/models/{owner}/{name}", repository())
        .nest("/datasets/{owner}/{name}", repository())
}

fn repository() -> Router<Web> {
    use pages::repo::{
        activity, archive, branches, commit, commits, home, issues, labels, markdown, models, raw, settings,
        shortcut, source, tags, tasks,
    };
    Router::new()
        .route("/", get(home::get))
        .route("/activity", get(activity::get))
        .route("/archive/{*file}", get(archive::get))
        .route("/blob/{*rest}", get(shortcut::get))
        .route("/branches", get(branches::get))
        .route("/commit/{id}", get(commit::get))
        .route("/commits/{kind}/{*rest}", get(commits::get))
        .merge(issues::routes())
        .merge(labels::routes())
        .route("/markdown", post(markdown::post))
        .route("/media/{kind}/{*rest}", get(raw::media))
        .route("/models", get(models::get))
        .route("/raw/{kind}/{*rest}", get(raw::get))
        .route("/settings", get(settings::get).post(settings::post))
        .route("/settings/delete", post(settings::delete))
        .route("/settings/rename", post(settings::rename))
        .route("/settings/visibility", post(settings::visibility))
        .route("/src/{kind}/{*rest}", get(source::get))
        .route("/tags", get(tags::get))
        .route("/tasks", get(tasks::list::get))
        .route("/tasks/new", get(tasks::new::get).post(tasks::new::post))
        .route("/tree/{*rest}", get(shortcut::get))
}

fn files() -> Router<Web> {
    Router::new().route("/assets/{file}", get(assets::get)).route("/favicon.ico", get(assets::favicon))
}

async fn not_found() -> Failure {
    Error::NotFound(Kind::Page).into()
}
