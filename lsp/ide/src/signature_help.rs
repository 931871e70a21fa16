//! What can stand in the parentheses around the cursor, and which part of it is being typed: works in
//! broken text.

use std::ops::Range;

use plasma_model::{aggregate_row, behavior_row, metric_row, window_function_row};
use plasma_syntax::{Lexeme, LexemeKind, lexemes};

use crate::Analysis;

/// How something with parentheses is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHelp {
    /// The usage: `reserve(actor, resource)`.
    pub label: String,
    /// What it does, in markdown.
    pub docs: String,
    /// The bytes of each parameter in the label.
    pub parameters: Vec<Range<usize>>,
    /// Which of them is being typed; `None` if there are more than it takes.
    pub active: Option<usize>,
}

/// The usage of what the innermost parentheses around a byte of the document belong to.
pub fn signature_help(analysis: &Analysis, offset: u32) -> Option<SignatureHelp> {
    let all = lexemes(analysis.text());
    let is_quiet = |lexeme: &&Lexeme<'_>| {
        let is_past = lexeme.start < offset && offset < lexeme.end();
        matches!(lexeme.kind, LexemeKind::Comment { .. }) && is_past
    };
    if all.iter().any(|lexeme| is_quiet(&lexeme)) {
        return None;
    }
    let before: Vec<_> = all
        .into_iter()
        .filter(|lexeme| lexeme.start < offset)
        .filter(|lexeme| !matches!(lexeme.kind, LexemeKind::Comment { .. }))
        .collect();
    let mut end = before.len();
    // Parentheses of a variable, `Folder(f`, stand within those of what it is given to.
    while let Some(open) = open_parenthesis(before.get(..end)?) {
        let inside = before.get(open + 1..)?;
        let head = before.get(..open)?;
        if let Some(usage) = usage(analysis, head) {
            return Some(usage.at(inside));
        }
        end = open;
    }
    None
}

/// The place of the last parenthesis that is still open, within one statement.
fn open_parenthesis(lexemes: &[Lexeme<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    for (place, lexeme) in lexemes.iter().enumerate().rev() {
        match lexeme.text {
            ")" | "}" | "]" => depth += 1,
            "(" if depth == 0 => return Some(place),
            ";" | "=>" if depth == 0 => return None,
            "(" | "{" | "[" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// How something is used, and what ends each of its parameters.
struct Usage {
    label: String,
    docs: String,
    /// Between the parameters.
    separators: &'static [&'static str],
}

/// The usage of what the words before a parenthesis name.
fn usage(analysis: &Analysis, head: &[Lexeme<'_>]) -> Option<Usage> {
    let word = head.last().filter(|lexeme| lexeme.is_word())?.text;
    let is_member = head.len() >= 2 && head.get(head.len() - 2).is_some_and(|l| l.text == ".");
    let plain = |label: String, docs: &str| Usage {
        label,
        docs: docs.to_owned(),
        separators: &[","],
    };
    if is_member {
        let owner = head.len().checked_sub(3).and_then(|at| head.get(at));
        return match word {
            "call" => Some(plain(
                "call(ACTOR.FUNCTION)".to_owned(),
                metric_row("call")?.doc,
            )),
            "label" => Some(plain(
                "label(\"NAME\")".to_owned(),
                crate::keyword("label")?.doc,
            )),
            _ => definition(analysis, &format!("{}.{word}", owner?.text)),
        };
    }
    if let Some(row) = behavior_row(word) {
        return Some(plain(row.signature(), row.doc));
    }
    if let Some(row) = aggregate_row(word) {
        let label = match word {
            "count" => format!("{word}(TYPE(VARIABLE) where CONDITION)"),
            _ => format!("{word}(NUMBER for TYPE(VARIABLE) where CONDITION)"),
        };
        return Some(Usage {
            label,
            docs: row.doc.to_owned(),
            separators: &["for", "where"],
        });
    }
    if let Some(row) = window_function_row(word) {
        return Some(Usage {
            label: row.usage.to_owned(),
            docs: row.doc.to_owned(),
            separators: &[",", "over"],
        });
    }
    match word {
        "abs" => {
            let row = crate::keyword("abs")?;
            Some(plain("abs(NUMBER)".to_owned(), row.doc))
        }
        "ref" => Some(plain(
            "ref(ACTOR.PROPERTY)".to_owned(),
            crate::keyword("ref")?.doc,
        )),
        _ => definition(analysis, word),
    }
}

fn definition(analysis: &Analysis, name: &str) -> Option<Usage> {
    let mut definitions = analysis.checked.program.definitions.iter();
    let found = definitions.find(|definition| *definition.name == *name)?;
    Some(Usage {
        label: found.signature.to_string(),
        docs: found.docs.clone(),
        separators: &[","],
    })
}

impl Usage {
    /// With what stands in the parentheses so far.
    fn at(self, inside: &[Lexeme<'_>]) -> SignatureHelp {
        let mut depth = 0usize;
        let mut place = 0;
        for lexeme in inside {
            match lexeme.text {
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => depth = depth.saturating_sub(1),
                // `count` has no `for`, so that what stands behind `where` is its second part.
                text if depth == 0 && self.separators.contains(&text) => place += 1,
                _ => {}
            }
        }
        let parameters = parameters(&self.label, self.separators);
        SignatureHelp {
            active: (place < parameters.len()).then_some(place),
            label: self.label,
            docs: self.docs,
            parameters,
        }
    }
}

/// The bytes of the parameters in a usage: the pieces between its outermost parentheses.
fn parameters(label: &str, separators: &[&str]) -> Vec<Range<usize>> {
    let Some(open) = label.find('(') else {
        return Vec::new();
    };
    let all = lexemes(label);
    let inside = all.iter().filter(|lexeme| lexeme.start as usize > open);
    let mut parameters: Vec<Range<usize>> = Vec::new();
    let mut depth = 0usize;
    let mut is_open = false;
    for lexeme in inside {
        match lexeme.text {
            "(" | "{" | "[" => depth += 1,
            ")" if depth == 0 => break,
            ")" | "}" | "]" => depth = depth.saturating_sub(1),
            text if depth == 0 && separators.contains(&text) => {
                is_open = false;
                continue;
            }
            _ => {}
        }
        let bytes = lexeme.start as usize..lexeme.end() as usize;
        match parameters.last_mut().filter(|_| is_open) {
            Some(last) => last.end = bytes.end,
            None => parameters.push(bytes),
        }
        is_open = true;
    }
    parameters
}
