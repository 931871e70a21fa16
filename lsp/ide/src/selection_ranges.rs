//! What a selection grows to: the word at a byte, then ever more of what is around it.

use plasma_diagnostic::Span;
use plasma_syntax::lexemes;
use plasma_syntax::tree::{Item, TestStatement};

use crate::Analysis;

/// The texts around a byte of the document, from the smallest to the whole document; each lies within the next.
pub fn selection_ranges(analysis: &Analysis, offset: u32) -> Vec<Span> {
    let text = analysis.text();
    let file = analysis.file;
    let whole = Span::new(file, 0, text.len() as u32);
    let mut around = vec![whole];
    // Of two words that touch, the one that begins here.
    let touching = lexemes(text)
        .into_iter()
        .rev()
        .map(|lexeme| Span::new(file, lexeme.start, lexeme.end()));
    around.extend(touching.clone().find(|span| span.touches(offset)));
    let exprs = analysis.tree().exprs().map(|(_, expr)| expr.span);
    around.extend(exprs.filter(|span| span.touches(offset)));
    for item in analysis.tree().items() {
        if !item.span().touches(offset) {
            continue;
        }
        around.push(item.span());
        around.extend(
            within(analysis, item)
                .into_iter()
                .filter(|span| span.touches(offset)),
        );
    }
    around.sort_by_key(|span| (span.range().len(), span.start));
    around.dedup();
    // Where two only touch, the smaller one leads.
    let mut nested: Vec<Span> = Vec::new();
    for span in around {
        let holds = |last: &Span| span.start <= last.start && last.end <= span.end;
        if !span.range().is_empty() && nested.last().is_none_or(holds) {
            nested.push(span);
        }
    }
    nested
}

/// The parts of an item that are no expressions.
fn within(analysis: &Analysis, item: &Item) -> Vec<Span> {
    match item {
        Item::Actor(actor) => actor.members.iter().map(|member| member.span).collect(),
        Item::Rule(rule) | Item::Require(rule) => {
            let behaviors = analysis.tree().behaviors(rule);
            let mut parts: Vec<Span> = behaviors.iter().map(|call| call.span).collect();
            if let ([first, ..], [.., last]) = (behaviors, behaviors) {
                parts.push(first.span.cover(last.span));
            }
            parts.extend(rule.head.iter().map(|head| head.span));
            let attributes = rule.head.iter().flat_map(|head| &head.attributes);
            parts.extend(attributes.map(|attribute| attribute.span));
            parts
        }
        Item::Test(test) => {
            let mut parts = Vec::new();
            for statement in &test.statements {
                match statement {
                    TestStatement::Cluster(statement) => parts.push(statement.span()),
                    TestStatement::Expectation(expectation) => parts.push(expectation.span),
                    TestStatement::At {
                        span, statements, ..
                    } => {
                        parts.push(*span);
                        parts.extend(statements.iter().map(|statement| statement.span()));
                    }
                }
            }
            parts
        }
        _ => Vec::new(),
    }
}
