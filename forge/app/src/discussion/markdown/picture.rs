//! Pictures of other hosts: a page contacts no other host, so this site passes them on, or shows links to them.

use std::{borrow::Cow, fmt::Write as _};

use data_encoding::BASE64URL_NOPAD;
use hearth_core::urls;
use hearth_outbound::Url;

use super::Rules;
use crate::picture;

const TAG: &str = "<img ";

/// Where a page gets a picture of another host from; none if the address cannot be that of a picture.
pub(super) fn address<'u>(rules: &Rules, url: &'u str) -> Option<Cow<'u, str>> {
    let whole = if url.starts_with("//") { Cow::Owned(format!("https:{url}")) } else { Cow::Borrowed(url) };
    let parsed = Url::parse(&whole).ok().filter(Url::has_host)?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.as_str().len() > picture::MOST_ADDRESS_BYTES {
        return None;
    }
    let Some(signer) = &rules.pictures else {
        return Some(whole);
    };
    let signature = signer.sign(picture::PURPOSE, parsed.as_str());
    Some(Cow::Owned(urls::picture_of_others(&signature, &BASE64URL_NOPAD.encode(parsed.as_str().as_bytes()))))
}

/// Replaces the pictures of other hosts in sanitised HTML by links to them; within a link, by their description.
pub(super) fn link(html: String) -> String {
    if !html.contains(TAG) {
        return html;
    }
    let mut linked = String::with_capacity(html.len());
    let mut rest = html.as_str();
    let mut is_in_link = false;
    while let Some(start) = rest.find('<') {
        let end = start + tag_length(&rest[start..]);
        let tag = &rest[start..end];
        match tag {
            _ if tag.starts_with("<a ") || tag == "<a>" => is_in_link = true,
            "</a>" => is_in_link = false,
            _ => {}
        }
        linked.push_str(&rest[..start]);
        match value(tag, "src").filter(|_| tag.starts_with(TAG)) {
            Some(source) if source.starts_with("http:") || source.starts_with("https:") => {
                let shown = value(tag, "alt").filter(|alt| !alt.is_empty()).unwrap_or(source);
                let _ = if is_in_link {
                    linked.write_str(shown)
                } else {
                    write!(linked, "<a href=\"{source}\" rel=\"nofollow noopener noreferrer\">{shown}</a>")
                };
            }
            _ => linked.push_str(tag),
        }
        rest = &rest[end..];
    }
    linked.push_str(rest);
    linked
}

/// How long the tag is at the beginning of sanitised HTML: `>` may be in an attribute's value, `"` may not.
fn tag_length(html: &str) -> usize {
    let mut is_quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

/// The value of an attribute as it is written, escaped.
fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut pieces = tag.split('"');
    while let (Some(before), Some(value)) = (pieces.next(), pieces.next()) {
        if before
            .strip_suffix('=')
            .and_then(|before| before.strip_suffix(name))
            .is_some_and(|left| left.ends_with(' '))
        {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_become_links_with_their_description() {
        let html = "<p><img src=\"https://a.test/x?a=1&amp;b=2\" alt=\"x > y\"> <a href=\"/b\"><img alt=\"\" src=\"http://a.test/\"></a> \
            <img src=\"/own.png\" alt=\"https:\"></p>";
        assert_eq!(
            link(html.into()),
            "<p><a href=\"https://a.test/x?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer\">x > y</a> <a href=\"/b\">http://a.test/</a> \
             <img src=\"/own.png\" alt=\"https:\"></p>"
        );
    }
}
