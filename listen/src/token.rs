//! The secret that lets requests in from outside this machine, and lets them change anything.

use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// Fewer characters are guessed too easily.
const CHARACTERS_MIN: usize = 8;

/// A secret that a client shows as `Authorization: Bearer TOKEN`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A text that can be no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token has at least {CHARACTERS_MIN} characters, all of them visible ASCII")]
pub struct BadToken;

impl Token {
    /// A token of this text.
    ///
    /// # Errors
    /// If it is too short, or cannot stand in a header.
    pub fn new(text: impl Into<String>) -> Result<Token, BadToken> {
        let text = text.into();
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        match is_visible && text.len() >= CHARACTERS_MIN {
            true => Ok(Token(text)),
            false => Err(BadToken),
        }
    }

    /// What a client sends in the header `Authorization`.
    pub fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// Whether the request shows this token.
    pub(crate) fn is_shown(&self, headers: &HeaderMap) -> bool {
        let shown = headers
            .get(AUTHORIZATION)
            .map(|value| value.as_bytes().trim_ascii());
        let shown = shown.and_then(|value| {
            let (scheme, token) = value.split_at_checked("Bearer ".len())?;
            scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
        });
        shown.is_some_and(|shown| is_equal(shown.trim_ascii(), self.0.as_bytes()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Compares without telling by its time how much of the secret was right.
fn is_equal(shown: &[u8], secret: &[u8]) -> bool {
    let differences = shown.iter().zip(secret).map(|(a, b)| a ^ b);
    shown.len() == secret.len() && differences.fold(0, |all, one| all | one) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_enough_and_fits_a_header() {
        for text in ["", "short", "with a space", "ümlauts-are-none"] {
            assert_eq!(Token::new(text), Err(BadToken), "{text}");
        }
        let token = Token::new("correct-horse").expect("a token");
        assert_eq!(format!("{token:?}"), "Token(..)");
    }

    #[test]
    fn only_the_whole_token_is_the_token() {
        let token = Token::new("correct-horse").expect("a token");
        let is_shown = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().expect("a value"));
            token.is_shown(&headers)
        };
        assert!(is_shown("Bearer correct-horse") && is_shown("bearer  correct-horse "));
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer correct-hors",
            "Bearer correct-horse2",
            "Basic correct-horse",
            "correct-horse",
        ] {
            assert!(!is_shown(wrong), "{wrong}");
        }
        assert!(!token.is_shown(&HeaderMap::new()));
    }
}
