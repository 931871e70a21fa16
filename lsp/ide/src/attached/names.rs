//! Names that the attached cluster has: the labels of its servers, and what these say.

use std::collections::BTreeSet;

use plasma_diagnostic::Span;
use plasma_syntax::{Lexeme, LexemeKind};

use super::Attached;
use crate::markdown::section;
use crate::vicinity::lexemes_near;
use crate::{Analysis, CompletionItem, CompletionKind};

/// What can stand in the quotes around a byte of the document; nothing if there are none.
pub fn live_names(analysis: &Analysis, offset: u32, attached: &Attached) -> Vec<CompletionItem> {
    let mut code = lexemes_near(analysis, offset);
    code.retain(|lexeme| !matches!(lexeme.kind, LexemeKind::Comment { .. }));
    let Some(place) = code.iter().position(|lexeme| is_around(lexeme, offset)) else {
        return Vec::new();
    };
    let text = code.get(place).map_or("", |lexeme| lexeme.text);
    let start = code.get(place).map_or(offset, |lexeme| lexeme.start) + 1;
    let closed = text.len() > 1 && text.ends_with('"');
    let end = start - 1 + text.len() as u32 - u32::from(closed);
    let before = |back: usize| {
        let place = place.checked_sub(back)?;
        code.get(place).map(|lexeme| lexeme.text)
    };
    let servers = attached.columns.servers().values();
    let mut names: BTreeSet<(&str, String)> = BTreeSet::new();
    match (before(2), before(1)) {
        (Some("label"), Some("(")) | (_, Some("by")) => {
            let labels = servers.flat_map(|server| server.labels.keys());
            names.extend(labels.map(|name| (name.as_str(), "label".to_owned())));
        }
        (Some(")"), Some("==" | "!=")) if before(5) == Some("label") => {
            let label = before(3).unwrap_or("").trim_matches('"');
            let values = servers.filter_map(|server| server.labels.get(label));
            names.extend(values.map(|value| (value.as_str(), format!("label {label}"))));
        }
        _ => {}
    }
    let items = names.into_iter().map(|(name, detail)| CompletionItem {
        label: name.to_owned(),
        kind: CompletionKind::Value,
        docs: section(&format!("\"{name}\""), &format!("In {}.", attached.name)),
        detail,
        insert: name.to_owned(),
        snippet: None,
        replace: Span::new(analysis.file, start, end.max(start)),
        also: None,
    });
    items.collect()
}

/// Whether a text in quotes is around a place.
fn is_around(lexeme: &Lexeme<'_>, offset: u32) -> bool {
    let is_text = matches!(lexeme.kind, LexemeKind::Text | LexemeKind::Bad);
    is_text && lexeme.text.starts_with('"') && lexeme.start < offset && offset <= lexeme.end()
}
