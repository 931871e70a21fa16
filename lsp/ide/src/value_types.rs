//! The VALUE_TYPES table: documentation of the types that a published value can have.

use crate::keywords::Keyword;

const fn row(name: &'static str, usage: &'static str, doc: &'static str) -> Keyword {
    Keyword { name, usage, doc }
}

/// Every type of a published value.
pub const VALUE_TYPES: &[Keyword] = &[
    row("int", "PROPERTY: int;", "A whole number."),
    row("float", "PROPERTY: float;", "A number."),
    row("bool", "PROPERTY: bool;", "True or false."),
    row("text", "PROPERTY: text;", "A text."),
    row("bytes", "PROPERTY: bytes;", "A size in bytes."),
    row("duration", "PROPERTY: duration;", "A time in seconds."),
    row("percent", "PROPERTY: percent;", "A share, from 0 to 100."),
];

/// The row of a value type.
pub fn value_type(name: &str) -> Option<&'static Keyword> {
    VALUE_TYPES.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use plasma_check::schema::ValueType;

    use super::*;

    #[test]
    fn the_table_is_complete_and_in_order() {
        let names = VALUE_TYPES.iter().map(|row| row.name);
        assert!(names.eq(ValueType::ALL.map(ValueType::name)));
    }
}
