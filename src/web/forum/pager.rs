//! Links to the pages of a list or a thread.

use serde::Serialize;

/// Links to other pages; nothing of it is drawn where there is only one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// Is there anything to draw?
    pub shown: bool,
    /// The page before, or empty.
    pub prev: String,
    /// The page after, or empty.
    pub next: String,
    /// Numbered pages; none for lists that go on by key.
    pub pages: Vec<Number>,
}

/// One numbered page, or a gap between two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Number {
    /// Its number.
    pub number: i64,
    /// Its address.
    pub href: String,
    /// It is the one shown.
    pub current: bool,
    /// It stands for those left out.
    pub gap: bool,
}

impl Pager {
    /// A list that goes on by key: back to its beginning, and on.
    #[must_use]
    pub fn keyed(path: &str, is_first: bool, next: Option<&str>) -> Self {
        Self {
            shown: !is_first || next.is_some(),
            prev: if is_first {
                String::new()
            } else {
                path.to_owned()
            },
            next: next.map_or_else(String::new, |key| format!("{path}?after={key}")),
            pages: Vec::new(),
        }
    }

    /// Numbered pages: the first, the last, and those around the one shown.
    #[must_use]
    pub fn numbered(page: i64, pages: i64, href: impl Fn(i64) -> String) -> Self {
        let near = |n: i64| n == 1 || n == pages || (n - page).abs() <= 2;
        let mut numbers = Vec::new();
        let wanted = (1..=pages.min(1)).chain((page - 2).max(2)..=(page + 2).min(pages));
        let mut before = 0;
        for n in wanted.chain([pages]).filter(|n| near(*n)) {
            if n <= before {
                continue;
            }
            if n > before + 1 {
                numbers.push(Number {
                    gap: true,
                    ..Number::default()
                });
            }
            before = n;
            numbers.push(Number {
                number: n,
                href: href(n),
                current: n == page,
                gap: false,
            });
        }
        Self {
            shown: pages > 1,
            prev: if page > 1 {
                href(page - 1)
            } else {
                String::new()
            },
            next: if page < pages {
                href(page + 1)
            } else {
                String::new()
            },
            pages: numbers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(page: i64, pages: i64) -> String {
        let pager = Pager::numbered(page, pages, |n| n.to_string());
        let words: Vec<String> = pager
            .pages
            .iter()
            .map(|n| match (n.gap, n.current) {
                (true, _) => "…".to_owned(),
                (false, true) => format!("[{}]", n.number),
                (false, false) => n.number.to_string(),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn far_pages_are_left_out() {
        assert_eq!(drawn(1, 1), "[1]");
        assert_eq!(drawn(1, 4), "[1] 2 3 4");
        assert_eq!(drawn(10, 21), "1 … 8 9 [10] 11 12 … 21");
        assert_eq!(drawn(21, 21), "1 … 19 20 [21]");
    }
}
