//! Ids on a terminal: whoever chose them may have put anything into them.

use std::borrow::Cow;

/// The text with everything escaped that would not be seen but obeyed: control characters, line
/// breaks, and the marks that turn the direction of writing.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match is_obeyed(character) {
            true => escaped.extend(character.escape_default()),
            false => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

fn is_obeyed(character: char) -> bool {
    let turns_direction = matches!(
        character,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    character.is_control() || turns_direction
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_letters_of_all_scripts_stay() {
        assert_eq!(visible("s1\u{1b}[31m\n"), "s1\\u{1b}[31m\\n");
        assert_eq!(visible("a\u{202e}b\u{9b}c"), "a\\u{202e}b\\u{9b}c");
        assert_eq!(
            visible("サーバー cafe\u{301} 😀"),
            "サーバー cafe\u{301} 😀"
        );
    }
}
