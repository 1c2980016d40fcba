use hearth_http::download;

use super::{Drawn, FileView, Subject};
use crate::{Failure, words::Html};

/// Sound and video, which the browser plays from the address of their bytes.
pub(super) struct Media;

#[async_trait::async_trait]
impl FileView for Media {
    fn endings(&self) -> &'static [&'static str] {
        &["aac", "flac", "m4a", "mov", "mp3", "mp4", "oga", "ogg", "ogv", "wav", "webm"]
    }

    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure> {
        let name = subject.file.path.name();
        let element = if download::is_video(name) == Some(true) { "video" } else { "audio" };
        let (address, label) = (Html::text(&subject.bytes_address()), Html::text(name));
        let fallback = t!(subject.page, "repo-file-media-no");
        Ok(Drawn::View(Html::trusted(format!(
            "<div class=\"box-body picture\"><{element} controls preload=\"metadata\" src=\"{address}\" \
             aria-label=\"{label}\">{fallback}</{element}></div>"
        ))))
    }
}
