//! Where the submodules of a repository are on the web.

use hearth_core::urls::RepositoryUrls;

/// The page of the repository that an address in `.gitmodules` names: one on the web, or one beside this one.
pub fn repository_page(urls: &RepositoryUrls, address: &str) -> Option<String> {
    let address = address.strip_suffix(".git").unwrap_or(address).trim_end_matches('/');
    if address.starts_with("https://") || address.starts_with("http://") {
        return Some(address.to_owned());
    }
    if address.starts_with("../") || address.starts_with("./") {
        let mut segments: Vec<&str> = urls.home().split('/').filter(|segment| !segment.is_empty()).collect();
        for segment in address.split('/') {
            match segment {
                "." | "" => {}
                ".." => drop(segments.pop()?),
                name => segments.push(name),
            }
        }
        return Some(format!("/{}", hearth_core::urls::path(&segments.join("/"))));
    }
    let (host, path) = address.strip_prefix("git@")?.split_once(':')?;
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-';
    host.chars().all(is_host).then(|| format!("https://{host}/{}", hearth_core::urls::path(path)))
}

#[cfg(test)]
mod tests {
    use hearth_core::RepositoryKind;

    use super::*;

    #[test]
    fn a_submodule_leads_to_the_page_of_its_repository() {
        let urls = RepositoryUrls::new(RepositoryKind::Code, "mei", "llm");
        let page = |address| repository_page(&urls, address);
        assert_eq!(page("https://example.org/a/b.git").as_deref(), Some("https://example.org/a/b"));
        assert_eq!(page("git@example.org:a/b.git").as_deref(), Some("https://example.org/a/b"));
        assert_eq!(page("../tools.git").as_deref(), Some("/mei/tools"));
        assert_eq!(page("../../lin/tools").as_deref(), Some("/lin/tools"));
        for address in ["javascript:alert(1)", "file:///etc", "../../../../x", "git@a\"b:c", "/srv/git/a"] {
            assert_eq!(page(address), None, "{address}");
        }
    }
}
