//! The JSON parser's messages in the words of the format.

use serde_json::error::Category;

/// What the parser's expectations are called in the format.
const EXPECTED: [(&str, &str); 9] = [
    ("f64", "a number"),
    ("u64", "a whole number, 0 or more"),
    ("u32", "a whole number, 0 or more"),
    ("usize", "a whole number, 0 or more"),
    ("i64", "a whole number"),
    ("a string", "a text"),
    ("a boolean", "true or false"),
    ("a sequence", "a list"),
    ("a map", "an object"),
];

/// What the parser's findings are called in JSON; the value follows some of them.
const FOUND: [(&str, &str); 6] = [
    ("integer ", "the number "),
    ("floating point ", "the number "),
    ("string ", "the text "),
    ("boolean ", ""),
    ("sequence", "a list"),
    ("map", "an object"),
];

/// Words that other programs write for numbers that JSON does not have.
const NO_NUMBERS: [&str; 4] = ["nan", "inf", "infinity", "infinit"];

/// The message about a field: what was found, and what was expected.
pub(super) fn of_field(message: &str) -> String {
    let message = without_position(message);
    let found = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, expected)) = found.and_then(|rest| rest.split_once(", expected ")) {
        return format!(
            "{}; expected {}",
            found_text(found),
            expected_text(expected)
        );
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("the field {name} is missing");
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        return format!("the field {name} stands there twice; expected it once");
    }
    message.to_owned()
}

/// The message about a line that is no JSON.
pub(super) fn of_line(line: &str, error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = without_position(&message);
    if error.classify() == Category::Syntax
        && let Some(word) = no_number_at(line, error.column())
    {
        return format!("`{word}` is no number in JSON; a missing sample is `null`");
    }
    match message {
        "number out of range" => {
            "the number is out of range; expected a finite one, a missing sample is `null`"
        }
        "expected ident" => "the line is not JSON",
        "expected value" => "a value is missing",
        "trailing characters" => "something follows the object",
        "recursion limit exceeded" => "the line is nested too deeply",
        other => other,
    }
    .to_owned()
}

/// The message about bytes that are no MessagePack, or none that an event could be.
pub(super) fn of_packed(error: &rmp_serde::decode::Error) -> String {
    match error {
        rmp_serde::decode::Error::DepthLimitExceeded => "the data is nested too deeply".to_owned(),
        rmp_serde::decode::Error::Utf8Error(_) => "a text is not UTF-8".to_owned(),
        // An extension, or a name that is no text.
        _ => "the data is none of texts, numbers, true, false, nil, lists and maps".to_owned(),
    }
}

/// The parser counts lines of its own.
fn without_position(message: &str) -> &str {
    match message.rfind(" at line ") {
        Some(end) => &message[..end],
        None => message,
    }
}

fn found_text(found: &str) -> String {
    for (theirs, ours) in FOUND {
        if let Some(value) = found.strip_prefix(theirs) {
            return format!("{ours}{}", value.replace('`', ""));
        }
    }
    found.to_owned()
}

fn expected_text(expected: &str) -> &str {
    let known = EXPECTED.iter().find(|(theirs, _)| *theirs == expected);
    known.map_or(expected, |(_, ours)| ours)
}

/// The word at the column where the parser stopped, if it stands for no finite number.
fn no_number_at(line: &str, column: usize) -> Option<&str> {
    let is_word = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'-';
    let bytes = line.as_bytes();
    let at = column.saturating_sub(1).min(bytes.len());
    let before = bytes[..at].iter().rev().take_while(|b| is_word(b)).count();
    let after = bytes[at..].iter().take_while(|b| is_word(b)).count();
    let word = line.get(at - before..at + after)?;
    let bare = word.trim_start_matches('-').to_ascii_lowercase();
    NO_NUMBERS.contains(&bare.as_str()).then_some(word)
}
