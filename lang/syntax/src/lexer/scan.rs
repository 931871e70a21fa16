//! Where the next token ends, and what it is: one look at each byte.

use super::Lexer;
use crate::token::TokenKind;

impl Lexer<'_> {
    /// Goes to the next token, behind blanks; `None` at the end of the text. Of a text in quotes and of a block
    /// comment this is only the beginning. A character that begins no token is [`TokenKind::Bad`].
    pub(super) fn scan(&mut self) -> Option<TokenKind> {
        let bytes = self.text.as_bytes();
        let mut at = self.end;
        while matches!(bytes.get(at)?, b' ' | b'\t' | b'\r' | b'\n' | 0x0C) {
            at += 1;
        }
        self.start = at;
        let first = *bytes.get(at)?;
        let kind = match first {
            b'a'..=b'z' | b'_' => {
                self.end = word_end(bytes, at + 1);
                return Some(word(bytes.get(at..self.end).unwrap_or(&[])));
            }
            b'A'..=b'Z' => {
                self.end = word_end(bytes, at + 1);
                return Some(TokenKind::Upper);
            }
            b'0'..=b'9' => {
                self.end = number_end(bytes, at + 1);
                return Some(TokenKind::Number);
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                self.end = line_end(self.text, at);
                return Some(TokenKind::LineComment);
            }
            b'#' => {
                self.end = line_end(self.text, at);
                return Some(TokenKind::ForeignComment);
            }
            b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                self.end = unit_end(bytes, digits_end(bytes, at + 1));
                return Some(TokenKind::PointNumber);
            }
            b'.' if bytes.get(at + 1) == Some(&b'.') => (TokenKind::DotDot, 2),
            b'.' => (TokenKind::Dot, 1),
            b'(' => (TokenKind::LeftParen, 1),
            b')' => (TokenKind::RightParen, 1),
            b'{' => (TokenKind::LeftBrace, 1),
            b'}' => (TokenKind::RightBrace, 1),
            b',' => (TokenKind::Comma, 1),
            b';' => (TokenKind::Semicolon, 1),
            b':' => (TokenKind::Colon, 1),
            b'>' if bytes.get(at + 1) != Some(&b'=') => (TokenKind::Greater, 1),
            b'=' if bytes.get(at + 1) == Some(&b'>') => (TokenKind::FatArrow, 2),
            _ => sign(self.text.get(at..).unwrap_or("")),
        };
        self.end = at + kind.1;
        Some(kind.0)
    }
}

/// For each byte, whether a word can go on with it.
const GOES_ON: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
};

fn word_end(bytes: &[u8], at: usize) -> usize {
    end_of(bytes, at, |byte| GOES_ON[usize::from(*byte)])
}

fn digits_end(bytes: &[u8], at: usize) -> usize {
    end_of(bytes, at, u8::is_ascii_digit)
}

fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest.find('\n').unwrap_or(rest.len())
}

fn end_of(bytes: &[u8], at: usize, belongs: impl Fn(&u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let length = rest.iter().position(|byte| !belongs(byte));
    at + length.unwrap_or(rest.len())
}

/// The end of a number whose digits may go on at `at`: `80`, `0.5`, `40%`, `4KiB/s`.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let mut end = digits_end(bytes, at);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits_end(bytes, end + 1);
    }
    end = unit_end(bytes, end);
    match bytes.get(end..end + 2) {
        Some(b"/s") => word_end(bytes, end + 2),
        _ => end,
    }
}

/// The end of the unit behind digits, if there is one.
fn unit_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'%') => at + 1,
        Some(b'0'..=b'9') | None => at,
        Some(_) => word_end(bytes, at),
    }
}

/// A word that begins with a lower-case letter.
fn word(letters: &[u8]) -> TokenKind {
    match letters {
        b"in" => TokenKind::In,
        b"or" => TokenKind::Or,
        b"and" => TokenKind::And,
        b"any" => TokenKind::Any,
        b"not" => TokenKind::Not,
        b"true" => TokenKind::True,
        b"false" => TokenKind::False,
        b"client" => TokenKind::Client,
        b"server" => TokenKind::Server,
        _ => TokenKind::Lower,
    }
}

/// Signs, each before those that it begins with.
const SIGNS: &[(&str, TokenKind)] = &[
    ("==>", TokenKind::ForeignFatArrow),
    ("===", TokenKind::ForeignEqualEqual),
    ("==", TokenKind::EqualEqual),
    ("=<", TokenKind::ForeignLessEqual),
    ("=", TokenKind::Equal),
    ("<=", TokenKind::LessEqual),
    ("<>", TokenKind::ForeignNotEqual),
    ("<", TokenKind::Less),
    (">=", TokenKind::GreaterEqual),
    ("[", TokenKind::LeftBracket),
    ("]", TokenKind::RightBracket),
    ("\"", TokenKind::Text),
    ("->", TokenKind::ThinArrow),
    ("-", TokenKind::Minus),
    ("+", TokenKind::Plus),
    ("*", TokenKind::Star),
    ("/*", TokenKind::BlockComment),
    ("/", TokenKind::Slash),
    ("?", TokenKind::Question),
    ("%", TokenKind::Percent),
    ("!==", TokenKind::ForeignNotEqual),
    ("!=", TokenKind::NotEqual),
    ("!>", TokenKind::ForeignLessEqual),
    ("!<", TokenKind::ForeignGreaterEqual),
    ("!", TokenKind::ForeignNot),
    ("⇒", TokenKind::FatArrow),
    ("¬", TokenKind::ForeignNot),
    ("≤", TokenKind::ForeignLessEqual),
    ("≥", TokenKind::ForeignGreaterEqual),
    ("≠", TokenKind::ForeignNotEqual),
    ("→", TokenKind::ForeignThinArrow),
    ("&&", TokenKind::ForeignAnd),
    ("&", TokenKind::ForeignAnd),
    ("||", TokenKind::ForeignOr),
    ("|", TokenKind::ForeignOr),
];

/// The sign at the beginning of a text, and its bytes.
fn sign(text: &str) -> (TokenKind, usize) {
    let found = SIGNS.iter().find(|(sign, _)| text.starts_with(sign));
    match found {
        Some((sign, kind)) => (*kind, sign.len()),
        None => (
            TokenKind::Bad,
            text.chars().next().map_or(1, char::len_utf8),
        ),
    }
}
