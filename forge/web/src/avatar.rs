//! Account pictures on pages.

use hearth_http::figure::Figure;

use crate::words::Html;

/// The figure of a name, in one of the colours of `components/avatar.css`.
pub fn draw(name: &str, size: u32) -> Html {
    let Figure { path, colour } = Figure::of(name);
    Html::trusted(format!(
        "<svg class=\"avatar avatar-{colour}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 7 7\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    ))
}
