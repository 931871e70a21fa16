//! From text to tokens. Never fails: what is no token is reported and becomes a `Bad` token, or the
//! token that was meant.

mod scan;

use plasma_diagnostic::{Diagnostic, FileId, Span};

use crate::error::bad_token;
use crate::limit::SYNTAX_ERRORS_MAX;
use crate::token::{Token, TokenKind};
use crate::tree::{Comment, CommentKind};

/// The tokens of a text, and what stands between them.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// The tokens in order.
    pub(crate) tokens: Vec<Token>,
    /// The comments in order.
    pub(crate) comments: Vec<Comment>,
    /// The lines of `///` comments in order.
    pub(crate) docs: Vec<DocLine>,
    /// What is no token.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether a comment is still open at the end.
    pub(crate) is_unclosed: bool,
}

/// A line of a `///` comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocLine {
    /// Its text.
    pub(crate) span: Span,
    /// Where the next token begins, which may be an item that it documents.
    pub(crate) next: u32,
}

/// Reads a text of at most [`crate::POLICY_BYTES_MAX`] bytes.
pub(crate) fn lex(file: FileId, text: &str) -> Lexed {
    lex_from(file, text, 0)
}

/// Reads a text from a byte on, which lies behind a token.
pub(crate) fn lex_from(file: FileId, text: &str, from: usize) -> Lexed {
    // A byte order mark is no part of the policy.
    let has_mark = from == 0 && text.starts_with('\u{feff}');
    let begin = if has_mark { 3 } else { from };
    let mut lexer = Lexer {
        file,
        text,
        start: begin,
        end: begin,
        lexed: Lexed::default(),
        undocumented: 0,
    };
    lexer.lexed.tokens.reserve((text.len() - begin) / 3);
    while lexer.lexed.diagnostics.len() < SYNTAX_ERRORS_MAX && lexer.step() {}
    lexer.name_next_tokens(text.len() as u32);
    lexer.lexed
}

struct Lexer<'t> {
    file: FileId,
    text: &'t str,
    /// The first byte of the token that is being read.
    start: usize,
    /// One past its last byte.
    end: usize,
    lexed: Lexed,
    /// Number of doc lines whose next token is known.
    undocumented: usize,
}

impl Lexer<'_> {
    /// Reads one token or comment; `false` at the end of the text.
    fn step(&mut self) -> bool {
        let Some(kind) = self.scan() else {
            return false;
        };
        match kind {
            TokenKind::LineComment => self.line_comment(),
            TokenKind::BlockComment => self.block_comment(),
            TokenKind::Text => self.text_in_quotes(),
            TokenKind::Bad => self.bad_text(),
            kind if !kind.is_foreign() => self.push(kind),
            kind => match bad_token::foreign(kind, self.span(), self.slice()) {
                None => self.push(kind),
                Some((meant, diagnostic)) => {
                    self.lexed.diagnostics.push(diagnostic);
                    if let Some(kind) = meant {
                        self.push(kind);
                    }
                }
            },
        }
        true
    }

    fn span(&self) -> Span {
        Span::new(self.file, self.start as u32, self.end as u32)
    }

    fn slice(&self) -> &str {
        self.text.get(self.start..self.end).unwrap_or("")
    }

    /// What stands behind the token.
    fn remainder(&self) -> &str {
        self.text.get(self.end..).unwrap_or("")
    }

    fn push(&mut self, kind: TokenKind) {
        let span = self.span();
        self.name_next_tokens(span.start);
        self.lexed.tokens.push(Token {
            kind,
            start: span.start,
            end: span.end,
        });
    }

    /// Tells the doc lines since the last token where the next one begins.
    fn name_next_tokens(&mut self, next: u32) {
        if self.undocumented == self.lexed.docs.len() {
            return;
        }
        for doc in self.lexed.docs.iter_mut().skip(self.undocumented) {
            doc.next = next;
        }
        self.undocumented = self.lexed.docs.len();
    }

    fn line_comment(&mut self) {
        let mut span = self.span();
        let text = self.slice();
        let is_doc = text.starts_with("///") && !text.starts_with("////");
        span.end -= (text.len() - text.trim_end().len()) as u32;
        let kind = if is_doc {
            self.lexed.docs.push(DocLine { span, next: 0 });
            CommentKind::Doc
        } else {
            CommentKind::Line
        };
        self.lexed.comments.push(Comment { span, kind });
    }

    /// Block comments nest, so that a commented piece may hold comments.
    fn block_comment(&mut self) {
        let mut depth = 1usize;
        let rest = self.remainder().as_bytes();
        let mut at = 0;
        while depth > 0 && at < rest.len() {
            match rest.get(at..at + 2) {
                Some(b"/*") => (depth, at) = (depth + 1, at + 2),
                Some(b"*/") => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
        }
        let opening = self.span();
        self.end += at;
        let comment = Comment {
            span: self.span(),
            kind: CommentKind::Block,
        };
        self.lexed.comments.push(comment);
        if depth > 0 {
            self.lexed.is_unclosed = true;
            let diagnostic = bad_token::unclosed_comment(opening);
            self.lexed.diagnostics.push(diagnostic);
        }
    }

    /// A text ends at the next quote of its line that no backslash precedes.
    fn text_in_quotes(&mut self) {
        let mut is_escaped = false;
        let mut length = None;
        for (at, c) in self.remainder().char_indices() {
            match c {
                '\n' => break,
                '"' if !is_escaped => {
                    length = Some(at + 1);
                    break;
                }
                _ => is_escaped = c == '\\' && !is_escaped,
            }
        }
        let opening = self.span();
        if let Some(length) = length {
            self.end += length;
            self.push(TokenKind::Text);
        } else {
            let rest = self.remainder();
            self.end += rest.find('\n').unwrap_or(rest.len());
            self.push(TokenKind::Bad);
            let diagnostic = bad_token::unclosed_text(opening);
            self.lexed.diagnostics.push(diagnostic);
        }
    }

    /// Text that no rule knows: one token for all of it, up to a blank or something known. A word
    /// with letters that names cannot have is one token too.
    fn bad_text(&mut self) {
        let mut start = self.start;
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        if self.slice() == "'" {
            // A text in single quotes is one mistake, not two and a word.
            let line = self.remainder().lines().next().unwrap_or("");
            self.end += line.find('\'').map_or(0, |at| at + 1);
        } else if self.slice().starts_with(is_letter) {
            let rest = self.remainder();
            let length = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
            self.end += length;
            start = self.take_word_before(start);
        } else {
            let rest = self.remainder();
            let is_known = |c: char| c.is_ascii_graphic() || c.is_whitespace() || is_letter(c);
            self.end += rest.find(is_known).unwrap_or(rest.len());
        }
        let span = Span {
            start: start as u32,
            ..self.span()
        };
        let text = self.text.get(span.range()).unwrap_or("");
        let diagnostic = bad_token::unexpected_text(span, text);
        self.push(TokenKind::Bad);
        if let Some(token) = self.lexed.tokens.last_mut() {
            token.start = span.start;
        }
        self.lexed.diagnostics.push(diagnostic);
    }

    /// Takes back the word that ends at `start`, and returns where it begins.
    fn take_word_before(&mut self, start: usize) -> usize {
        match self.lexed.tokens.last() {
            Some(token) if token.kind.is_word() && token.end as usize == start => {
                let start = token.start as usize;
                self.lexed.tokens.pop();
                start
            }
            _ => start,
        }
    }
}
