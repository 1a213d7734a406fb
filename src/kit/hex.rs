//! Bytes as text.

use std::fmt::Write;

/// Hexadecimal digits, lower case, two for each byte.
pub fn hex<'b>(bytes: impl IntoIterator<Item = &'b u8>) -> String {
    bytes.into_iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(hex(&[0_u8, 10, 255]), "000aff");
        assert_eq!(hex([1_u8, 2].iter().take(1)), "01");
    }
}
