//! Portraits, drawn on the server from a colour and initials: an arcade of arches, different for every name.

use std::fmt::Write;

use crate::kit::stop::OrRefuse;
use crate::members;
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Shown};

/// The portrait of a name; `-` is nobody's.
pub async fn show(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    call.page(move |tx, _viewer| {
        let (display, hue, seed) = if name == "-" {
            (String::new(), 0, 0)
        } else {
            let card = members::seek_by_name(tx, &name)?.or_not_found()?;
            (card.display, card.hue, card.id.0)
        };
        let svg = draw(&display, hue, seed);
        let mut bytes = Bytes::new("image/svg+xml", svg.into_bytes());
        bytes.cache = Some("public, max-age=3600, stale-while-revalidate=604800");
        Ok(Shown::Bytes(bytes))
    })
    .await
}

/// Up to two letters: the first of the first and of the last word.
fn initials(display: &str) -> String {
    let mut words = display
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .take(2)
        .collect()
}

/// The drawing: 96 units square, no styles, nothing from elsewhere.
fn draw(display: &str, hue: i64, seed: i64) -> String {
    let nobody = display.is_empty();
    let saturation = if nobody { 0 } else { 34 };
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\" width=\"96\" height=\"96\">",
    );
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<rect width=\"96\" height=\"96\" fill=\"hsl({hue},{saturation}%,34%)\"/>"
    );
    // Arches rise from the floor; their number, height and tint come from the member's number.
    let mut bits = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = |below: u64| {
        bits ^= bits >> 29;
        bits = bits.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (bits >> 33) % below
    };
    let count = 2 + next(3);
    let width = 96 / count;
    for place in 0..count {
        let (x, rise, light) = (place * width, 34 + next(34), 40 + next(14));
        let (left, right, top, round) = (x + 3, x + width - 3, 96 - rise, (width - 6) / 2);
        let turned = (hue + next(50) as i64 - 25).rem_euclid(360);
        let _ = write!(
            svg,
            "<path d=\"M{left} 96V{top}a{round} {round} 0 0 1 {} 0V96z\" fill=\"hsl({turned},{saturation}%,{light}%)\"/>",
            right - left
        );
    }
    let letters: String = initials(display).chars().map(escaped).collect();
    let _ = write!(
        svg,
        "<text x=\"48\" y=\"61\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" font-size=\"38\" font-weight=\"600\" fill=\"#fff\">{letters}</text></svg>"
    );
    svg
}

fn escaped(c: char) -> String {
    match c {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_the_outer_words() {
        assert_eq!(initials("Ruth Adaeze Okoro"), "RO");
        assert_eq!(initials("ruth"), "R");
        assert_eq!(initials("  (mo) "), "M");
        assert_eq!(initials(""), "");
        assert_eq!(initials("<script> &"), "S");
    }

    #[test]
    fn a_portrait_holds_no_styles_and_stays_the_same() {
        let one = draw("Ruth Okoro", 200, 7);
        assert_eq!(one, draw("Ruth Okoro", 200, 7));
        assert_ne!(one, draw("Ruth Okoro", 200, 8));
        assert!(!one.contains("style") && one.ends_with("</svg>"));
    }
}
