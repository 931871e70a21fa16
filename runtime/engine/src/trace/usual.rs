//! Calls as this program itself writes them: most lines of most traces, read without a parser.

use plasma_model::CallsView;

/// Greatest number of digits of a whole number that is surely exact.
const DIGITS_MAX: usize = 15;

/// The calls on a line with the usual fields in the usual order, whole numbers and no spaces; `None`
/// for every other line, right or wrong.
pub(super) fn calls(line: &str) -> Option<CallsView<'_>> {
    let rest = line.strip_prefix(r#"{"event":"calls","from":""#)?;
    let (from, rest) = text(rest)?;
    let (to, rest) = text(rest.strip_prefix(r#","to":""#)?)?;
    let (function, rest) = text(rest.strip_prefix(r#","fn":""#)?)?;
    let (count, rest) = whole_number(rest.strip_prefix(r#","count":"#)?)?;
    let mut calls = CallsView::new(from, to, function, count);
    let rest = match rest.strip_prefix(r#","size":"#) {
        Some(rest) => {
            let (size, rest) = whole_number(rest)?;
            calls.size = Some(size);
            rest
        }
        None => rest,
    };
    (rest == "}").then_some(calls)
}

/// A text without escape sequences up to its quotation mark, and what follows.
fn text(line: &str) -> Option<(&str, &str)> {
    let is_end = |byte: u8| byte == b'"' || byte == b'\\' || byte < b' ';
    let end = line.bytes().position(is_end)?;
    let (text, rest) = line.split_at_checked(end)?;
    Some((text, rest.strip_prefix('"')?))
}

/// A whole number, perhaps with `.0`, and what follows.
fn whole_number(line: &str) -> Option<(f64, &str)> {
    let mut number = 0u64;
    let mut digits = 0;
    for byte in line.bytes().take_while(u8::is_ascii_digit) {
        number = number * 10 + u64::from(byte - b'0');
        digits += 1;
        if digits > DIGITS_MAX {
            return None;
        }
    }
    // No number begins with 0 but 0.
    if digits == 0 || (digits > 1 && line.starts_with('0')) {
        return None;
    }
    let rest = line.get(digits..)?;
    let rest = match rest.strip_prefix(".0") {
        Some(rest) if rest.starts_with([',', '}']) => rest,
        Some(_) => return None,
        None => rest,
    };
    Some((number as f64, rest))
}
