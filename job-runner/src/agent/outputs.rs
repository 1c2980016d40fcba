use std::{fs, io, path::Path};

use reqwest::{Body, Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::client::{Attempt, Client, Patience, Silence};
use crate::{
    protocol::{OutputEntry, OutputStatus},
    record::hash_file,
    spec::{Limits, is_plain_path},
};

/// What the program left below its output path.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) entries: Vec<OutputEntry>,
    /// Files that are not sent, and why.
    pub(crate) left_out: Vec<(String, String)>,
    pub(crate) is_over_limit: bool,
}

/// Finds and hashes the outputs, in the order of their names. Links are not followed. Blocks.
pub(crate) fn collect(folder: &Path, limits: &Limits) -> Collected {
    let mut found = Vec::new();
    let mut collected = Collected::default();
    walk(folder, "", &mut found, &mut collected.left_out);
    found.sort();
    let mut bytes = 0_u64;
    for (path, size_bytes) in found {
        let is_one_too_many = collected.entries.len() as u64 >= limits.output_files;
        if is_one_too_many || bytes.saturating_add(size_bytes) > limits.output_bytes {
            collected.is_over_limit = true;
            collected.left_out.push((path, "limit".to_owned()));
            continue;
        }
        match hash_file(&folder.join(&path)) {
            Ok(sha256) => {
                bytes += size_bytes;
                collected.entries.push(OutputEntry { path, size_bytes, sha256 });
            }
            Err(_) => collected.left_out.push((path, "unreadable".to_owned())),
        }
    }
    collected
}

/// How many bytes lie below a folder, as far as can be seen. Blocks.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let mut found = Vec::new();
    walk(folder, "", &mut found, &mut Vec::new());
    found.into_iter().map(|(_, size)| size).sum()
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<(String, u64)>, left_out: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        left_out.push((prefix.to_owned(), "unreadable".to_owned()));
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let relative = join(prefix, &name.to_string_lossy());
        let Ok(facts) = entry.path().symlink_metadata() else { continue };
        if name.to_str().is_none() || !is_plain_path(&relative) {
            left_out.push((relative, "name".to_owned()));
        } else if facts.is_dir() {
            walk(&entry.path(), &relative, found, left_out);
        } else if facts.is_file() {
            found.push((relative, facts.len()));
        } else {
            let why = if facts.is_symlink() { "link" } else { "special" };
            left_out.push((relative, why.to_owned()));
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") }
}

/// Where the outputs of a node lie in the record: the first one's are the task's, the others' have a folder each.
pub(crate) fn place_of(rank: u32, path: &str) -> String {
    if rank == 0 { path.to_owned() } else { format!("node-{rank}/{path}") }
}

/// Sends every output. One that the server does not take is moved to those left out.
pub(crate) async fn upload(
    client: &Client,
    folder: &Path,
    rank: u32,
    collected: &mut Collected,
) -> Result<(), Silence> {
    for found in std::mem::take(&mut collected.entries) {
        let file = folder.join(&found.path);
        let entry = OutputEntry { path: place_of(rank, &found.path), ..found };
        match send(client, &file, &entry).await? {
            None => collected.entries.push(entry),
            Some(why) => {
                collected.is_over_limit |= why == "limit";
                collected.left_out.push((entry.path, why.to_owned()));
            }
        }
    }
    Ok(())
}

/// Sends one output from where the server has it. An answer is the reason why it was not taken.
async fn send(client: &Client, file: &Path, entry: &OutputEntry) -> Result<Option<&'static str>, Silence> {
    let mut patience = Patience::new();
    let mut mismatches = 0;
    loop {
        let mut query = vec![
            ("path", entry.path.clone()),
            ("size", entry.size_bytes.to_string()),
            ("sha256", entry.sha256.clone()),
        ];
        let asked = client.attempt(client.request_with(Method::GET, "outputs", &query)).await;
        let Some(answer) = patience.next(asked).await? else { continue };
        let Ok(OutputStatus { received, complete }) = answer.json().await else {
            patience.next(Attempt::Nothing).await?;
            continue;
        };
        if complete {
            return Ok(None);
        }
        let Ok(body) = rest_of(file, received, entry.size_bytes).await else { return Ok(Some("unreadable")) };
        query.push(("offset", received.to_string()));
        let request = client
            .request_with(Method::PUT, "outputs", &query)
            .header(reqwest::header::CONTENT_LENGTH, entry.size_bytes.saturating_sub(received))
            .body(body);
        let Some(answer) = patience.next(client.attempt(request).await).await? else { continue };
        match answer.status() {
            StatusCode::PAYLOAD_TOO_LARGE => return Ok(Some("limit")),
            StatusCode::UNPROCESSABLE_ENTITY if mismatches == 2 => return Ok(Some("changed")),
            StatusCode::UNPROCESSABLE_ENTITY => mismatches += 1,
            StatusCode::CONFLICT => {
                patience.next(Attempt::Nothing).await?;
            }
            _ => patience = Patience::new(),
        }
    }
}

async fn rest_of(file: &Path, from: u64, size: u64) -> io::Result<Body> {
    let mut file = tokio::fs::File::open(file).await?;
    file.seek(io::SeekFrom::Start(from)).await?;
    Ok(Body::wrap_stream(ReaderStream::with_capacity(file.take(size.saturating_sub(from)), 256 << 10)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(folder.path().join("sub/model.bin"), b"weights").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("stolen")).unwrap();
        let collected = collect(folder.path(), &Limits::default());
        assert_eq!(collected.entries.len(), 1);
        assert_eq!(
            (collected.entries[0].path.as_str(), collected.entries[0].size_bytes),
            ("sub/model.bin", 7)
        );
        assert_eq!(collected.left_out, [("stolen".to_owned(), "link".to_owned())]);
    }

    #[test]
    fn what_is_over_the_limit_is_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(name), [0; 10]).unwrap();
        }
        let collected = collect(folder.path(), &Limits { output_bytes: 20, ..Limits::default() });
        assert!(collected.is_over_limit);
        assert_eq!(collected.entries.len(), 2);
        assert_eq!(collected.left_out, [("c".to_owned(), "limit".to_owned())]);
    }
}
