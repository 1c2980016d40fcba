//! What pages say: the words of `hearth-words`, and sentences that carry markup.

mod html;

pub use hearth_words::{Words, bytes, duration, grouped, place, points, short_hash};
pub use html::{Html, Piece, RichArgument};

/// A message whose arguments are markup; the sentence around them is escaped.
///
/// `rich!(page, "repo-issues-show-opened", author = link, time = time)` with values of type [`Html`].
#[macro_export]
macro_rules! rich {
    ($page:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        const PLACE: usize = $crate::words::place(
            $key,
            &[$(stringify!($name)),+],
            concat!("no message `", $key, "` with the arguments", $(" `", stringify!($name), "`",)+ " in templates/locales/en"),
        );
        $crate::words::Html::filled($page.words(), PLACE, &[$((stringify!($name), &$value as &dyn $crate::words::RichArgument)),+])
    }};
}
