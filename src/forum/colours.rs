//! The categories' colours as a stylesheet: style attributes are forbidden by the content security policy. Reads only.

use super::category_draft::is_colour;
use super::places::places;
use crate::db::Tx;
use crate::kit::Result;

/// One rule for each category. Colours are checked when they are set and again here, since nothing escapes this text.
///
/// # Errors
/// A fault where the database fails.
pub fn colours(tx: &mut Tx<'_>) -> Result<String> {
    Ok(places(tx)?
        .iter()
        .filter(|category| is_colour(&category.colour))
        .map(|category| format!(".cat-{} {{ --c: {} }}\n", category.id, category.colour))
        .collect())
}
