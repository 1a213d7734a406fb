//! Addresses: the numbers decide, the words beside them are for people.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::limits::PER_PAGE;
use crate::kit::ids::{CategoryId, ThreadId};

/// What stays as it is in one segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

fn segment(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, SEGMENT)
}

/// The address of a thread.
#[must_use]
pub fn thread_path(slug: &str, id: ThreadId) -> String {
    format!("/t/{}/{id}", segment(slug))
}

/// The address of a page of a thread; the first page is the thread itself.
#[must_use]
pub fn thread_page_path(slug: &str, id: ThreadId, page: i64) -> String {
    let path = thread_path(slug, id);
    if page <= 1 {
        path
    } else {
        format!("{path}?page={page}")
    }
}

/// The permalink of a post.
#[must_use]
pub fn post_path(slug: &str, id: ThreadId, number: i64) -> String {
    format!("{}/{number}", thread_path(slug, id))
}

/// Where a post stands on its page: the thread's page with the post's mark.
#[must_use]
pub fn post_anchor_path(slug: &str, id: ThreadId, number: i64) -> String {
    format!(
        "{}#post-{number}",
        thread_page_path(slug, id, page_of(number))
    )
}

/// The address of a category.
#[must_use]
pub fn category_path(slug: &str, id: CategoryId) -> String {
    format!("/c/{}/{id}", segment(slug))
}

/// The address of a tag.
#[must_use]
pub fn tag_path(name: &str) -> String {
    format!("/tag/{}", segment(name))
}

/// The page of a thread on which a number stands, counted from 1.
#[must_use]
pub const fn page_of(number: i64) -> i64 {
    if number < 1 {
        1
    } else {
        (number - 1) / PER_PAGE + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_on_their_pages() {
        assert_eq!([0, 1, 20, 21, 40, 41].map(page_of), [1, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn any_slug_is_one_segment() {
        assert_eq!(thread_path("a/b?c#d", ThreadId(3)), "/t/a%2Fb%3Fc%23d/3");
        assert_eq!(post_path("über", ThreadId(3), 21), "/t/%C3%BCber/3/21");
        assert_eq!(
            post_anchor_path("x", ThreadId(3), 21),
            "/t/x/3?page=2#post-21"
        );
    }
}
