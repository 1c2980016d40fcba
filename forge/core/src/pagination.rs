/// Which page of a list is requested. Pages count from 1; sizes are clamped, never rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    page: u32,
    size: u32,
}

impl PageRequest {
    /// The most rows in one response.
    pub const LARGEST: u32 = 50;
    pub const DEFAULT_SIZE: u32 = 30;

    /// Zero means "the default size"; anything over the maximum is clamped.
    pub fn new(page: u32, size: u32) -> Self {
        let size = if size == 0 { Self::DEFAULT_SIZE } else { size.min(Self::LARGEST) };
        Self { page: page.max(1), size }
    }

    /// The page as given in a query string: anything that is not a number means the first one.
    pub fn asked(page: &str, size: u32) -> Self {
        Self::new(page.parse().unwrap_or(1), size)
    }

    pub const fn page(self) -> u32 {
        self.page
    }

    pub const fn size(self) -> u32 {
        self.size
    }

    pub fn limit(self) -> i64 {
        i64::from(self.size)
    }

    pub fn offset(self) -> i64 {
        (i64::from(self.page) - 1) * i64::from(self.size)
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::new(1, 0)
    }
}

/// One page of a list, and the length of the whole list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total: u64,
    pub request: PageRequest,
}

impl<T> Page<T> {
    /// Counts the whole list only where this page does not show its end.
    pub async fn of<E>(
        items: Vec<T>,
        request: PageRequest,
        count: impl Future<Output = Result<u64, E>>,
    ) -> Result<Self, E> {
        let (here, before) = (items.len() as u64, request.offset().unsigned_abs());
        let shows_end = here < u64::from(request.size()) && (here > 0 || before == 0);
        let total = if shows_end { before + here } else { count.await? };
        Ok(Self { items, total, request })
    }

    /// The number of the last page, at least 1.
    pub fn last_page(&self) -> u32 {
        let pages = self.total.div_ceil(u64::from(self.request.size())).max(1);
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    pub fn has_next(&self) -> bool {
        self.request.page() < self.last_page()
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), total: self.total, request: self.request }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    #[test]
    fn sizes_are_clamped_and_pages_start_at_one() {
        let request = PageRequest::new(0, 100_000);
        assert_eq!((request.page(), request.size(), request.offset()), (1, PageRequest::LARGEST, 0));
        assert_eq!(PageRequest::new(u32::MAX, 50).offset(), 214_748_364_700);
    }

    #[test]
    fn an_address_that_names_no_page_means_the_first() {
        for (asked, page) in [("3", 3), ("", 1), ("0", 1), ("-1", 1), ("two", 1)] {
            assert_eq!(PageRequest::asked(asked, 10), PageRequest::new(page, 10), "{asked:?}");
        }
    }

    #[test]
    fn a_list_is_counted_only_where_its_end_is_not_shown() {
        let total = |page, items, counted: Option<u64>| {
            let count = std::future::ready(counted.ok_or("counted"));
            let page = pin!(Page::of(vec![(); items], PageRequest::new(page, 10), count));
            match page.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(page) => page.map(|page| page.total),
                Poll::Pending => Err("it waits for nothing"),
            }
        };
        assert_eq!(total(1, 0, None), Ok(0));
        assert_eq!(total(3, 4, None), Ok(24));
        assert_eq!(total(1, 10, Some(10)), Ok(10));
        // Beyond the end.
        assert_eq!(total(9, 0, Some(7)), Ok(7));
    }

    #[test]
    fn an_empty_list_has_one_page() {
        let page = Page::<()> { items: vec![], total: 0, request: PageRequest::default() };
        assert_eq!((page.last_page(), page.has_next()), (1, false));
    }
}
