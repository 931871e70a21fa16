//! The words and signs of a text as an editor needs them: also of a text that no parser understands.

use std::ops::Range;

use plasma_diagnostic::FileId;

use crate::lexer::lex;
use crate::limit::POLICY_BYTES_MAX;
use crate::token::TokenKind;
use crate::tree::{Comment, CommentKind};

/// A word, a number, a sign or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexeme<'t> {
    /// What it is.
    pub kind: LexemeKind,
    /// Its text.
    pub text: &'t str,
    /// Its first byte.
    pub start: u32,
}

/// What a [`Lexeme`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LexemeKind {
    /// A name or a word of the language.
    Word,
    /// A number with its unit.
    Number,
    /// A text in quotes.
    Text,
    /// A sign, such as `=>` or `(`.
    Sign,
    /// What is nothing of the language.
    Bad,
    /// A comment.
    Comment {
        /// Whether what is typed directly behind it belongs to it too.
        goes_on: bool,
    },
}

impl Lexeme<'_> {
    /// One past its last byte.
    pub fn end(&self) -> u32 {
        self.start + self.text.len() as u32
    }

    /// Whether it is a name or a word of the language.
    pub fn is_word(&self) -> bool {
        self.kind == LexemeKind::Word
    }
}

/// The lexemes of a text in their order; none of a text beyond the bounds of a policy.
pub fn lexemes(text: &str) -> Vec<Lexeme<'_>> {
    if text.len() > POLICY_BYTES_MAX {
        return Vec::new();
    }
    let lexed = lex(FileId(0), text);
    let tokens = lexed.tokens.iter().map(|token| {
        let range = token.start as usize..token.end as usize;
        Lexeme {
            kind: kind(token.kind),
            text: text.get(range).unwrap_or(""),
            start: token.start,
        }
    });
    let mut comments = lexed.comments.iter().map(|c| comment(text, c)).peekable();
    let mut lexemes = Vec::with_capacity(lexed.tokens.len() + lexed.comments.len());
    for token in tokens {
        while let Some(comment) = comments.next_if(|comment| comment.start < token.start) {
            lexemes.push(comment);
        }
        lexemes.push(token);
    }
    lexemes.extend(comments);
    lexemes
}

/// The lexemes of a part of a text that begins and ends between two of them, at their places in the text.
pub fn lexemes_within(text: &str, part: Range<u32>) -> Vec<Lexeme<'_>> {
    let bytes = part.start as usize..part.end as usize;
    let mut lexemes = lexemes(text.get(bytes).unwrap_or(""));
    for lexeme in &mut lexemes {
        lexeme.start += part.start;
    }
    lexemes
}

fn kind(kind: TokenKind) -> LexemeKind {
    match kind {
        _ if kind.is_word() => LexemeKind::Word,
        TokenKind::Number | TokenKind::PointNumber => LexemeKind::Number,
        TokenKind::Text => LexemeKind::Text,
        TokenKind::Bad => LexemeKind::Bad,
        _ => LexemeKind::Sign,
    }
}

/// A comment up to the end of its line, blanks included.
fn comment<'t>(text: &'t str, comment: &Comment) -> Lexeme<'t> {
    let rest = text.get(comment.span.start as usize..).unwrap_or("");
    let is_block = comment.kind == CommentKind::Block;
    let length = if is_block {
        (comment.span.end - comment.span.start) as usize
    } else {
        rest.find('\n').unwrap_or(rest.len())
    };
    // `/*/` is not closed, and neither is a comment that an inner one leaves open; both reach to the
    // end of the text.
    let is_last = length == rest.len();
    let is_closed = is_block && (!is_last || lex_is_closed(rest));
    Lexeme {
        kind: LexemeKind::Comment {
            goes_on: !is_closed,
        },
        text: rest.get(..length).unwrap_or(""),
        start: comment.span.start,
    }
}

fn lex_is_closed(comment: &str) -> bool {
    !lex(FileId(0), comment).is_unclosed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_signs_and_comments_are_told_apart() {
        let kinds = |text| lexemes(text).iter().map(|l| l.kind).collect::<Vec<_>>();
        use LexemeKind::*;
        assert_eq!(kinds("f.cpu > 8.5%"), [Word, Sign, Word, Sign, Number]);
        assert_eq!(kinds("rule 'x' \"y\""), [Word, Bad, Text]);
        let texts = |text| lexemes(text).iter().map(|l| l.text).collect::<Vec<_>>();
        assert_eq!(texts("a // b \n/* c */ d"), ["a", "// b ", "/* c */", "d"]);
    }

    #[test]
    fn a_comment_goes_on_unless_it_is_closed() {
        for (text, expected) in [
            ("// a", true),
            ("/// a", true),
            ("/* a */", false),
            ("/*/", true),
            ("/* /* a */", true),
            ("/* /* a */ */", false),
        ] {
            let kind = lexemes(text).last().map(|l| l.kind);
            assert_eq!(
                kind,
                Some(LexemeKind::Comment { goes_on: expected }),
                "{text}"
            );
        }
    }
}
