//! The words and signs of a text, however broken it is: what completion goes by.

/// A word, a number or a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lexeme<'t> {
    /// Its text; a sign is one character, but for `=>`, `<=`, `>=`, `==` and `!=`.
    pub(crate) text: &'t str,
    /// Its first byte.
    pub(crate) start: usize,
}

impl Lexeme<'_> {
    /// One past its last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is a word or a number.
    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(is_letter)
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The lexemes of a text, without comments; `None` if its end lies within a comment.
pub(crate) fn scan(text: &str) -> Option<Vec<Lexeme<'_>>> {
    let mut lexemes = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let length = if rest.starts_with("//") {
            rest.find('\n')?
        } else if rest.starts_with("/*") {
            rest.find("*/")? + 2
        } else {
            let length = lexeme_length(rest);
            if let Some(text) = rest.get(..length).filter(|t| !t.trim().is_empty()) {
                lexemes.push(Lexeme { text, start });
            }
            length
        };
        start += length;
    }
    Some(lexemes)
}

fn lexeme_length(rest: &str) -> usize {
    if rest.starts_with(is_letter) {
        return rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
    }
    let pairs = ["=>", "<=", ">=", "==", "!="];
    match pairs.iter().find(|pair| rest.starts_with(**pair)) {
        Some(pair) => pair.len(),
        None => rest.chars().next().map_or(1, char::len_utf8),
    }
}
