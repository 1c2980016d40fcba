//! What the address of a remote tells about the server and the repository.

use url::Url;

use super::known;

/// What the address of a remote reveals.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) repository: Option<(String, String)>,
}

/// Where a remote is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A web server, by its address.
    Web(String),
    /// A host that is reached over SSH, whose web server has another address.
    Host(String),
    Elsewhere,
}

impl Found {
    /// Whether it is on this server; over SSH, on its host.
    pub(super) fn is_on(&self, server: &str) -> bool {
        match &self.place {
            Place::Web(there) => there == server,
            Place::Host(host) => {
                let is_it = |there: String| there.eq_ignore_ascii_case(host);
                known::host_of(server).is_some_and(is_it) || known::server_at(host) == server
            }
            Place::Elsewhere => false,
        }
    }

    /// The address of the web server.
    pub(super) fn server(&self) -> Option<String> {
        match &self.place {
            Place::Web(server) => Some(server.clone()),
            Place::Host(host) => Some(known::server_at(host)),
            Place::Elsewhere => None,
        }
    }
}

pub(super) fn parse(address: &str) -> Found {
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => of_web(url),
        Ok(url) if matches!(url.scheme(), "ssh" | "git+ssh" | "ssh+git") => {
            let place = url.host_str().map_or(Place::Elsewhere, |host| Place::Host(host.to_owned()));
            Found { place, repository: last_two(url.path()).0 }
        }
        _ => of_words(address),
    }
}

/// Of `https://host/owner/name.git`, perhaps below a folder.
fn of_web(mut url: Url) -> Found {
    // Credentials in the address are only for git.
    url.set_username("").and_then(|()| url.set_password(None)).ok();
    let (repository, mut above) = last_two(url.path());
    if above.last().is_some_and(|kind| matches!(kind.as_str(), "models" | "datasets")) {
        above.pop();
    }
    let above = above.iter().fold(String::new(), |path, word| format!("{path}/{word}"));
    Found { place: Place::Web(format!("{}{above}", url.origin().ascii_serialization())), repository }
}

/// Of `git@host:owner/name.git`. Anything else is a folder.
fn of_words(address: &str) -> Found {
    // A single letter is a drive, two colons follow the name of a helper program, two slashes any other kind of address.
    let is_host = |host: &str, path: &str| {
        !host.contains('/') && host.len() > 1 && !path.starts_with(':') && !path.starts_with("//")
    };
    let Some((host, path)) = address.split_once(':').filter(|(host, path)| is_host(host, path)) else {
        return Found { place: Place::Elsewhere, repository: None };
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    Found { place: Place::Host(host.to_owned()), repository: last_two(path).0 }
}

/// Owner and name at the end of a path, and the words above.
fn last_two(path: &str) -> (Option<(String, String)>, Vec<String>) {
    let mut words: Vec<String> = path.split('/').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let name = words.pop().map(|name| name.trim_end_matches(".git").to_owned());
    let owner = words.pop();
    (owner.zip(name), words)
}

/// The repository that the address of a remote names, if it is on this server.
pub(crate) fn repository_at(remote: &str, server: &str) -> Option<(String, String)> {
    let found = parse(remote);
    if found.is_on(server) { found.repository } else { None }
}

/// The address of another repository on the same server, reached in the same way as the first one.
pub(crate) fn sibling(remote: &str, owner: &str, name: &str) -> Option<String> {
    let is_plain = |word: &str| {
        let is_name = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        !word.is_empty() && word.chars().all(is_name) && !word.starts_with(['-', '.'])
    };
    parse(remote).repository.filter(|_| is_plain(owner) && is_plain(name))?;
    let whole = remote.trim_end_matches('/');
    let (above, _) = whole.rsplit_once('/')?;
    let end = above.rfind(['/', ':'])? + 1;
    Some(format!("{}{owner}/{name}.git", &above[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(server: &str, repository: Option<(&str, &str)>) -> Found {
        found(Place::Web(server.to_owned()), repository)
    }

    fn host(name: &str, repository: (&str, &str)) -> Found {
        found(Place::Host(name.to_owned()), Some(repository))
    }

    fn found(place: Place, repository: Option<(&str, &str)>) -> Found {
        Found { place, repository: repository.map(|(owner, name)| (owner.to_owned(), name.to_owned())) }
    }

    #[test]
    fn the_address_of_a_remote_tells_server_and_repository() {
        let llm = ("mei", "llm");
        for (address, expected) in [
            ("http://127.0.0.1:3000/mei/llm.git", web("http://127.0.0.1:3000", Some(llm))),
            ("https://mei:secret@hearth.test/mei/llm", web("https://hearth.test", Some(llm))),
            ("https://site.test/forge/mei/llm.git/", web("https://site.test/forge", Some(llm))),
            ("https://hearth.test/datasets/mei/llm.git", web("https://hearth.test", Some(llm))),
            ("https://hearth.test/", web("https://hearth.test", None)),
            ("git@hearth.test:mei/llm.git", host("hearth.test", llm)),
            ("hearth.test:/mei/llm", host("hearth.test", llm)),
            ("ssh://git@hearth.test:2222/mei/llm.git", host("hearth.test", llm)),
            ("ssh://git@[::1]:2222/models/mei/llm.git", host("[::1]", llm)),
            ("/home/mei/llm", found(Place::Elsewhere, None)),
            ("file:///home/mei/llm", found(Place::Elsewhere, None)),
            ("ext::sh -c id", found(Place::Elsewhere, None)),
            ("C:\\Users\\mei", found(Place::Elsewhere, None)),
        ] {
            assert_eq!(parse(address), expected, "{address}");
        }
    }

    #[test]
    fn a_fork_is_reached_as_the_repository_beside_it_is() {
        for (remote, expected) in [
            ("https://hearth.test/mei/llm.git", "https://hearth.test/lin/fork.git"),
            ("git@hearth.test:mei/llm.git", "git@hearth.test:lin/fork.git"),
            ("ssh://git@hearth.test:2222/mei/llm", "ssh://git@hearth.test:2222/lin/fork.git"),
        ] {
            assert_eq!(sibling(remote, "lin", "fork").as_deref(), Some(expected));
        }
        assert_eq!(sibling("https://hearth.test/mei/llm.git", "-o", "x"), None);
        assert_eq!(sibling("https://hearth.test/mei/llm.git", "../a", "x"), None);
        assert_eq!(sibling("/srv/llm", "lin", "fork"), None);
    }
}
