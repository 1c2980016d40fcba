use hearth_words::bytes;
use serde_json::Value;

use super::{Release, Scene};
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{self, Colour, Table, moment, one_line, paragraphs},
    thread,
};

#[derive(Debug, clap::Args)]
pub(in super::super) struct List {
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 30)]
    limit: u32,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  hearth release show\n  hearth release show v1.0 --json")]
pub(in super::super) struct Show {
    /// The tag (default: the latest release)
    tag: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

impl List {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let rows = thread::rows(&scene.client, &scene.path("/releases"), self.limit).await?;
        if self.json {
            output::line(&terminal::json(&Value::Array(rows)));
            return Ok(());
        }
        let mut table = Table::default();
        for row in &rows {
            let release: Release = thread::read(&scene.client, row)?;
            table.row([
                (release.tag_name.as_str(), None),
                (release.standing(), Some(Colour::Good)),
                (&moment(&release.published_at), Some(Colour::Quiet)),
                (&release.name, None),
            ]);
        }
        table.print();
        if rows.is_empty() {
            output::error(&format!("{} has no releases", scene.target.path()));
        }
        Ok(())
    }
}

impl Show {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let release = scene.release(self.tag.as_deref()).await?;
        if self.json {
            let found: Value = scene.client.get(&scene.path(&format!("/releases/{}", release.id))).await?;
            output::line(&terminal::json(&found));
            return Ok(());
        }
        output::line(&format!("{}  {}", one_line(&release.tag_name), one_line(&release.name)));
        thread::facts(&[
            ("state", release.standing().to_owned()),
            ("published", moment(&release.published_at)),
            ("page", release.html_url.clone()),
        ]);
        if !release.body.trim().is_empty() {
            output::line(&format!("\n{}", paragraphs(release.body.trim())));
        }
        if !release.assets.is_empty() {
            output::line("");
        }
        let mut table = Table::default();
        for asset in &release.assets {
            table.row([
                (asset.name.as_str(), None),
                (&bytes(asset.size), None),
                (&asset.sha256, Some(Colour::Quiet)),
            ]);
        }
        table.print();
        Ok(())
    }
}
