//! Lines as editors count them.

/// The first byte of each line of a text; `\n`, `\r\n` and a lone `\r` end one. Never empty, begins with 0.
pub fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    let ends = bytes.iter().enumerate();
    let ends = ends.filter(|(_, byte)| matches!(byte, b'\n' | b'\r'));
    for (at, byte) in ends {
        if *byte == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at + 1);
        }
    }
    starts
}

/// Where a line of its own can be put before the item that begins at a byte: before the comments right above it. If
/// something else stands on the item's line, at the item itself.
pub(crate) fn line_before(text: &str, item: u32) -> u32 {
    let text = text.get(..item as usize).unwrap_or("");
    let begin = |text: &str| text.rfind('\n').map_or(0, |end| end + 1);
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    let mut start = begin(text);
    if !text.get(start..).unwrap_or("").trim().is_empty() {
        return item;
    }
    while let Some(above) = text.get(..start).and_then(|text| text.strip_suffix('\n'))
        && above.get(begin(above)..).is_some_and(is_comment)
    {
        start = begin(above);
    }
    start as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_before_what_is_said_of_an_item() {
        for (text, expected) in [
            ("rule", 0),
            ("/// a\nrule", 0),
            ("x;\n// a\n  /// b\n rule", 3),
            ("x;\n\nrule", 4),
            ("x; rule", 3),
        ] {
            let item = text.find("rule").expect("an item") as u32;
            assert_eq!(line_before(text, item), expected, "{text:?}");
        }
    }
}
