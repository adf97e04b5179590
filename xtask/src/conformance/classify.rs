//! What kind of difference there is between two answers.

use super::Row;
use super::code;

/// The class of the difference; `None` when the row counts them as equal after all.
pub(crate) fn class(row: Row, ours: &[u8], theirs: &[u8]) -> Option<String> {
    match row {
        Row::Marshal => match code::first_difference(ours, theirs) {
            Ok(Some(difference)) => Some(difference.class),
            Ok(None) => Some("which objects are shared".to_owned()),
            Err(message) => Some(message),
        },
    }
}
