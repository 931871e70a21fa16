//! The JSON parser's messages in the words of the format.

use serde_json::error::Category;

/// Words that other programs write for numbers that JSON does not have.
const NO_NUMBERS: [&str; 4] = ["nan", "inf", "infinity", "infinit"];

/// The message about an event of which each field by itself is right.
pub(super) fn of_event(message: &str) -> String {
    let message = without_position(message);
    match message.strip_prefix("duplicate field ") {
        Some(name) => format!("the field {name} stands there twice; expected it once"),
        None => message.to_owned(),
    }
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
