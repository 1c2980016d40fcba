//! Pagination links below a list.

use std::fmt::Write;

use crate::words::{Html, Words, grouped};

/// Previous, the neighbours of the current page, first and last, next. Empty when there is only one page.
pub fn links(words: Words, path: &str, current: u32, last: u32) -> Html {
    if last <= 1 {
        return Html::default();
    }
    let mut markup = format!("<nav class=\"pages\" aria-label=\"{}\">", t!(words, "common-pages"));
    let step = |number: u32, is_there: bool, inside: &str, rel: &str| {
        if is_there {
            format!("<a rel=\"{rel}\" href=\"{}\">{inside}</a>", address(path, number))
        } else {
            format!("<span class=\"pages-off\">{inside}</span>")
        }
    };
    let previous = format!("{}{}", icon!("chevron-left"), t!(words, "common-pages-previous"));
    markup.push_str(&step(current.saturating_sub(1), current > 1, &previous, "prev"));
    let mut shown = 0;
    for number in [1, current.saturating_sub(1), current, current.saturating_add(1), last] {
        if number <= shown || number > last {
            continue;
        }
        if number > shown + 1 {
            markup.push_str("<span class=\"pages-gap\">…</span>");
        }
        shown = number;
        let text = grouped(u64::from(number));
        if number == current {
            let _ = write!(markup, "<span aria-current=\"page\">{text}</span>");
        } else {
            let _ = write!(markup, "<a href=\"{}\">{text}</a>", address(path, number));
        }
    }
    let next = format!("{}{}", t!(words, "common-pages-next"), icon!("chevron-right"));
    markup.push_str(&step(current.saturating_add(1), current < last, &next, "next"));
    markup.push_str("</nav>");
    Html::trusted(markup)
}

/// The same address with another `page`, escaped for an attribute.
fn address(path: &str, number: u32) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut pairs: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("page=")).collect();
    let page = format!("page={number}");
    if number > 1 {
        pairs.push(&page);
    }
    let whole = if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) };
    Html::text(&whole).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn filters_stay_in_the_address() {
        assert_eq!(address("/a/b/issues?q=is:open&page=2", 3), "/a/b/issues?q=is:open&amp;page=3");
        assert_eq!(address("/a/b/issues?page=2", 1), "/a/b/issues");
    }

    #[test]
    fn far_pages_are_left_out() {
        let html = links(Words::of(Language::En), "/x", 5, 9);
        let numbers: Vec<&str> =
            html.as_str().split("page=").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(numbers, ["4", "4", "6", "9", "6"]);
        assert_eq!(html.as_str().matches('…').count(), 2);
    }

    #[test]
    fn one_page_needs_no_links() {
        assert!(links(Words::of(Language::En), "/x", 1, 1).is_empty());
    }
}
