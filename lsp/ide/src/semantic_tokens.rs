//! What each word, number, text and comment is, for colours: what the checker knows of a name, and what the lexer
//! knows of the rest.

use plasma_check::{Named, VariableKind};
use plasma_diagnostic::Span;
use plasma_syntax::{LexemeKind, lexemes};

use crate::Analysis;
use crate::keywords::keyword;

/// A piece of the text, on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemanticToken {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether it is a thing of the language and not of this policy or its application.
    pub is_of_language: bool,
    /// Whether the policy cannot change it: a parameter.
    pub is_readonly: bool,
}

/// What a [`SemanticToken`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// A word of the language.
    Keyword,
    /// An actor type.
    Type,
    /// A property or a metric.
    Property,
    /// A function of an actor, an aggregate, or a behavior.
    Function,
    /// A variable.
    Variable,
    /// What a definition is about.
    Argument,
    /// A parameter of the policy.
    Param,
    /// A named condition or value.
    Definition,
    /// A rule.
    Rule,
    /// A module.
    Module,
    /// A number with its unit.
    Number,
    /// A text in quotes.
    Text,
    /// A comment.
    Comment,
    /// A comparison, an arrow, a sign of arithmetic.
    Operator,
}

impl TokenKind {
    /// Every kind, in an order that stays.
    pub const ALL: &[TokenKind] = &[
        TokenKind::Keyword,
        TokenKind::Type,
        TokenKind::Property,
        TokenKind::Function,
        TokenKind::Variable,
        TokenKind::Argument,
        TokenKind::Param,
        TokenKind::Definition,
        TokenKind::Rule,
        TokenKind::Module,
        TokenKind::Number,
        TokenKind::Text,
        TokenKind::Comment,
        TokenKind::Operator,
    ];
}

/// The tokens of a document, in the order of the text; none overlaps another.
pub fn semantic_tokens(analysis: &Analysis) -> Vec<SemanticToken> {
    let text = analysis.text();
    let names = analysis.checked.names.iter();
    let mut names = names
        .filter(|(span, _)| span.file == analysis.file)
        .peekable();
    let mut tokens = Vec::new();
    for lexeme in lexemes(text) {
        let span = Span::new(analysis.file, lexeme.start, lexeme.end());
        while names.next_if(|(name, _)| name.end <= span.start).is_some() {}
        let kind = match lexeme.kind {
            LexemeKind::Word => {
                let named = names.next_if(|(name, _)| name.start <= span.start);
                tokens.extend(word(span, lexeme.text, named.map(|(_, named)| named)));
                continue;
            }
            LexemeKind::Text => {
                // The names in the text of an alert stand between pieces of text.
                let mut start = span.start;
                while let Some((name, named)) = names.next_if(|(name, _)| name.end <= span.end) {
                    add(
                        &mut tokens,
                        text,
                        Span::new(span.file, start, name.start),
                        TokenKind::Text,
                    );
                    tokens.extend(word(*name, "", Some(named)));
                    start = name.end;
                }
                add(
                    &mut tokens,
                    text,
                    Span::new(span.file, start, span.end),
                    TokenKind::Text,
                );
                continue;
            }
            LexemeKind::Number => TokenKind::Number,
            LexemeKind::Comment { .. } => TokenKind::Comment,
            LexemeKind::Sign if is_operator(lexeme.text) => TokenKind::Operator,
            LexemeKind::Sign | LexemeKind::Bad => continue,
        };
        add(&mut tokens, text, span, kind);
    }
    tokens
}

fn is_operator(sign: &str) -> bool {
    !matches!(
        sign,
        "(" | ")" | "{" | "}" | "[" | "]" | "," | ";" | ":" | "."
    )
}

/// Adds a piece of text, line by line.
fn add(tokens: &mut Vec<SemanticToken>, text: &str, span: Span, kind: TokenKind) {
    let mut start = span.start;
    for line in text.get(span.range()).unwrap_or("").split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        if !shown.is_empty() {
            tokens.push(SemanticToken {
                span: Span::new(span.file, start, start + shown.len() as u32),
                kind,
                is_of_language: false,
                is_readonly: false,
            });
        }
        start += line.len() as u32;
    }
}

/// A word, as far as anything is known of it.
fn word(span: Span, text: &str, named: Option<&Named>) -> Option<SemanticToken> {
    let (kind, is_of_language) = match named {
        Some(named) => of_name(named),
        None => (TokenKind::Keyword, true),
    };
    (named.is_some() || is_keyword(text)).then_some(SemanticToken {
        span,
        kind,
        is_of_language,
        is_readonly: kind == TokenKind::Param,
    })
}

fn is_keyword(text: &str) -> bool {
    keyword(text).is_some()
        || plasma_model::aggregate_row(text).is_some()
        || plasma_model::window_function_row(text).is_some()
}

fn of_name(named: &Named) -> (TokenKind, bool) {
    match named {
        Named::Type(_) => (TokenKind::Type, false),
        Named::Any | Named::Client | Named::Server { .. } | Named::Host => {
            (TokenKind::Keyword, true)
        }
        Named::Variable {
            kind: VariableKind::Value(_),
            ..
        } => (TokenKind::Argument, false),
        Named::Variable { .. } | Named::OfTest { .. } => (TokenKind::Variable, false),
        Named::Property { .. } => (TokenKind::Property, false),
        Named::Function { .. } => (TokenKind::Function, false),
        Named::Param(_) => (TokenKind::Param, false),
        Named::Definition(_) => (TokenKind::Definition, false),
        Named::Module(_) => (TokenKind::Module, false),
        Named::Rule(_) => (TokenKind::Rule, false),
        Named::Behavior(_) => (TokenKind::Function, true),
        Named::Metric(_) | Named::Statistic(..) | Named::Resource(_) => (TokenKind::Property, true),
        // No word: its token is that of a number.
        Named::Figure { .. } => (TokenKind::Number, true),
    }
}
