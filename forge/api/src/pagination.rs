//! `?page=` and `?limit=`, and the headers with links to the other pages.

use axum::{
    Json,
    extract::{FromRequestParts, OriginalUri, Query},
    http::{HeaderName, HeaderValue, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use hearth_app::App;
use hearth_core::{Error, Page, PageRequest};
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult};

pub(crate) const TOTAL: HeaderName = HeaderName::from_static("x-total-count");
/// Marks a response as the first part of a result whose rest cannot be requested.
pub(crate) const TRUNCATED: HeaderName = HeaderName::from_static("x-truncated");
const EXPOSED: HeaderValue = HeaderValue::from_static("Link, X-Total-Count");

/// The requested part of a list.
#[derive(Clone, Debug)]
pub struct Paging {
    request: PageRequest,
    uri: Uri,
}

#[derive(Deserialize)]
struct PageQuery {
    #[serde(default)]
    page: String,
    #[serde(default)]
    limit: String,
}

impl<S: Sync> FromRequestParts<S> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> ApiResult<Self> {
        let uri =
            parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.clone(), |uri| uri.0.clone());
        let asked = Query::<PageQuery>::try_from_uri(&uri).map_err(|_| Error::field("query", "malformed"))?;
        let request = PageRequest::new(number("page", &asked.page)?, number("limit", &asked.limit)?);
        Ok(Self { request, uri })
    }
}

/// A number; an empty one is 0, and one that is too large is the maximum.
fn number(field: &'static str, text: &str) -> ApiResult<u32> {
    if text.is_empty() {
        return Ok(0);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::field(field, "number").into());
    }
    Ok(text.parse().unwrap_or(u32::MAX))
}

impl Paging {
    pub fn request(&self) -> PageRequest {
        self.request
    }

    /// The items as an array, with `X-Total-Count` and `Link`.
    pub fn answer<T: Serialize>(&self, app: &App, page: &Page<T>) -> Response {
        self.wrap(app, page.total, &page.items)
    }

    /// Wraps a page of a list of `total` items that is part of another object.
    pub fn wrap<T: Serialize>(&self, app: &App, total: u64, body: &T) -> Response {
        let mut response = Json(body).into_response();
        let headers = response.headers_mut();
        headers.insert(TOTAL, total.into());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        let last = Page { items: Vec::<()>::new(), total, request: self.request }.last_page();
        let links = self.links(app.urls().root(), last);
        if let Ok(links) = HeaderValue::from_str(&links)
            && !links.is_empty()
        {
            headers.insert(header::LINK, links);
        }
        response
    }

    /// Cuts one page out of a complete list.
    pub fn cut<T>(&self, items: Vec<T>) -> Page<T> {
        let total = items.len() as u64;
        let skip = usize::try_from(self.request.offset()).unwrap_or(usize::MAX);
        let items = items.into_iter().skip(skip).take(self.request.size() as usize).collect();
        Page { items, total, request: self.request }
    }

    fn links(&self, root: &str, last: u32) -> String {
        let page = self.request.page();
        let mut wanted = Vec::new();
        if page < last {
            wanted.extend([(page + 1, "next"), (last, "last")]);
        }
        if page > 1 {
            wanted.extend([(1, "first"), (page - 1, "prev")]);
        }
        let links =
            wanted.into_iter().map(|(page, name)| format!("<{root}{}>; rel=\"{name}\"", self.at(page)));
        links.collect::<Vec<_>>().join(",")
    }

    /// This address at another page.
    fn at(&self, page: u32) -> String {
        let kept = url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        let kept = kept.filter(|(name, _)| name != "page" && name != "limit");
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        query.append_pair("limit", &self.request.size().to_string());
        query.append_pair("page", &page.to_string());
        format!("{}?{}", self.uri.path(), query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(page: u32, uri: &'static str) -> Paging {
        Paging { request: PageRequest::new(page, 10), uri: Uri::from_static(uri) }
    }

    #[test]
    fn links_keep_the_other_parameters() {
        let links = paging(2, "/api/v1/x?state=open&page=2").links("http://h", 3);
        assert_eq!(
            links,
            "<http://h/api/v1/x?state=open&limit=10&page=3>; rel=\"next\",\
             <http://h/api/v1/x?state=open&limit=10&page=3>; rel=\"last\",\
             <http://h/api/v1/x?state=open&limit=10&page=1>; rel=\"first\",\
             <http://h/api/v1/x?state=open&limit=10&page=1>; rel=\"prev\""
        );
        assert_eq!(paging(1, "/x").links("http://h", 1), "");
    }

    #[test]
    fn numbers_are_clamped_and_words_refused() {
        assert_eq!(number("page", "99999999999999").expect("a number"), u32::MAX);
        assert!(number("page", "-1").is_err());
        assert!(number("limit", "ten").is_err());
        assert_eq!(number("page", "").expect("the default"), 0);
    }
}
