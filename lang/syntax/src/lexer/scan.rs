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
                return Some(word(self.slice()));
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
                self.end = line_end(bytes, at);
                return Some(TokenKind::LineComment);
            }
            b'#' => {
                self.end = line_end(bytes, at);
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
            b',' => (TokenKind::Comma, 1),
            b';' => (TokenKind::Semicolon, 1),
            b'>' if bytes.get(at + 1) != Some(&b'=') => (TokenKind::Greater, 1),
            _ => sign(self.text.get(at..).unwrap_or("")),
        };
        self.end = at + kind.1;
        Some(kind.0)
    }
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    end_of(bytes, at, is_letter)
}

fn digits_end(bytes: &[u8], at: usize) -> usize {
    end_of(bytes, at, u8::is_ascii_digit)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    end_of(bytes, at, |byte| *byte != b'\n')
}

fn end_of(bytes: &[u8], at: usize, belongs: impl Fn(&u8) -> bool) -> usize {
    let mut end = at;
    while bytes.get(end).is_some_and(&belongs) {
        end += 1;
    }
    end
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
fn word(text: &str) -> TokenKind {
    match text {
        "and" => TokenKind::And,
        "any" => TokenKind::Any,
        "client" => TokenKind::Client,
        "false" => TokenKind::False,
        "in" => TokenKind::In,
        "not" => TokenKind::Not,
        "or" => TokenKind::Or,
        "server" => TokenKind::Server,
        "true" => TokenKind::True,
        _ => TokenKind::Lower,
    }
}

/// Signs, each before those that it begins with.
const SIGNS: &[(&str, TokenKind)] = &[
    ("=>", TokenKind::FatArrow),
    ("==>", TokenKind::ForeignFatArrow),
    ("===", TokenKind::ForeignEqualEqual),
    ("==", TokenKind::EqualEqual),
    ("=<", TokenKind::ForeignLessEqual),
    ("=", TokenKind::Equal),
    ("<=", TokenKind::LessEqual),
    ("<>", TokenKind::ForeignNotEqual),
    ("<", TokenKind::Less),
    (">=", TokenKind::GreaterEqual),
    (":", TokenKind::Colon),
    ("{", TokenKind::LeftBrace),
    ("}", TokenKind::RightBrace),
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
        None => (TokenKind::Bad, text.chars().next().map_or(1, char::len_utf8)),
    }
}
