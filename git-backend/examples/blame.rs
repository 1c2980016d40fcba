//! How many milliseconds it takes to find where each line of a file comes from, the first time and the second time:
//! `cargo run --release --package hearth-git --example blame -- REPOSITORY REVISION PATH`. The repository is copied.

use std::{
    error::Error,
    io::{Write as _, stdout},
    path::Path,
    process::Command,
    time::Instant,
};

use hearth_git::{BranchName, ObjectId, RepositoryStore, StorageId, TreePath};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [source, revision, path] = words.as_slice() else {
        return Err("blame REPOSITORY REVISION PATH".into());
    };
    let source = std::path::absolute(source)?;
    let commit: ObjectId =
        git(&source, &["rev-parse", "--verify", &format!("{revision}^{{commit}}")])?.parse()?;
    let folder = tempfile::tempdir()?;
    let store = RepositoryStore::at(folder.path())?;
    let repository = store.create(&StorageId::from(1), &BranchName::new("main")?).await?;
    let source = source.to_str().ok_or("the path of the repository is not UTF-8")?;
    git(repository.path(), &["fetch", "--quiet", source, "+refs/heads/*:refs/heads/*"])?;
    for _ in 0..2 {
        let file = TreePath::new(path)?;
        let started = Instant::now();
        repository.run_expensive(move |git| git.blame(commit, &file).map(drop)).await?;
        writeln!(stdout(), "{:.3}", started.elapsed().as_secs_f64() * 1000.0)?;
    }
    Ok(())
}

fn git(folder: &Path, words: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new("git").arg("-C").arg(folder).args(words).output()?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into())
    }
}
