//! What can be folded: items and blocks of more than one line, runs of comments, runs of `use`.

use plasma_diagnostic::Span;
use plasma_syntax::tree::{Item, TestStatement};
use plasma_syntax::{LexemeKind, lexemes};

use crate::Analysis;

/// Something that can be folded to its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoldingRange {
    /// All of its text: more than one line.
    pub span: Span,
    /// What it is.
    pub kind: FoldingKind,
}

/// What a [`FoldingRange`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldingKind {
    /// An item, or a block within one.
    Region,
    /// Comments, one line after the other.
    Comment,
    /// Modules that are used.
    Imports,
}

/// What can be folded in a document, in the order of the text.
pub fn folding_ranges(analysis: &Analysis) -> Vec<FoldingRange> {
    let text = analysis.text();
    let mut ranges = comments(analysis, text);
    let items = analysis.tree().items();
    for run in items.chunk_by(|a, b| is_use(a) && is_use(b)) {
        if let ([first, .., last], true) = (run, run.first().is_some_and(is_use)) {
            ranges.push(FoldingRange {
                span: first.span().cover(last.span()),
                kind: FoldingKind::Imports,
            });
        }
    }
    for item in items {
        let mut spans = vec![item.span()];
        if let Item::Test(test) = item {
            spans.extend(
                test.statements
                    .iter()
                    .filter_map(|statement| match statement {
                        TestStatement::At { span, .. } => Some(*span),
                        TestStatement::Cluster(statement) => Some(statement.span()),
                        TestStatement::Expectation(_) => None,
                    }),
            );
        }
        ranges.extend(spans.into_iter().map(|span| FoldingRange {
            span,
            kind: FoldingKind::Region,
        }));
    }
    ranges.retain(|range| {
        let folded = text.get(range.span.range()).unwrap_or("");
        folded.trim_end().contains('\n')
    });
    ranges.sort_by_key(|range| (range.span.start, range.span.end));
    ranges
}

fn is_use(item: &Item) -> bool {
    matches!(item, Item::Use(_))
}

/// Comments that stand one behind the other, with nothing but blanks and one line's end between them.
fn comments(analysis: &Analysis, text: &str) -> Vec<FoldingRange> {
    let mut runs: Vec<Span> = Vec::new();
    for lexeme in lexemes(text) {
        if !matches!(lexeme.kind, LexemeKind::Comment { .. }) {
            continue;
        }
        let span = Span::new(analysis.file, lexeme.start, lexeme.end());
        match runs.last_mut() {
            Some(run) if is_next_line(text, *run, span) => *run = run.cover(span),
            _ => runs.push(span),
        }
    }
    let kind = FoldingKind::Comment;
    runs.into_iter()
        .map(|span| FoldingRange { span, kind })
        .collect()
}

fn is_next_line(text: &str, before: Span, span: Span) -> bool {
    let between = text.get(before.end as usize..span.start as usize);
    between.is_some_and(|between| between.trim().is_empty() && between.matches('\n').count() <= 1)
}
