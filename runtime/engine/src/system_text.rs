//! What the operating system says of an error, in the style of our messages.

use std::io;

/// The system's text in lower case and without its number: `no such file or directory`.
pub fn system_text(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => text.to_owned(),
    }
}
