//! What can be done about the diagnostics at a place: their fixes.

use plasma_diagnostic::{Edit, Span, mend};

use crate::diagnostics::problem;
use crate::{Analysis, Problem};

/// A fix of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAction {
    /// What it does.
    pub title: String,
    /// Whether it is the one to take without a further look: the diagnostic's only fix, and safe.
    pub is_preferred: bool,
    /// The changes of the document, which do not overlap.
    pub edits: Vec<Edit>,
    /// What it resolves.
    pub problem: Problem,
}

/// The fixes of the diagnostics that touch a place.
pub fn code_actions(analysis: &Analysis, place: Span) -> Vec<CodeAction> {
    let touches = |span: Span| {
        span.file == analysis.file && span.start <= place.end && place.start <= span.end
    };
    let mut actions = Vec::new();
    for diagnostic in &analysis.checked.diagnostics {
        if !touches(diagnostic.primary) {
            continue;
        }
        for fix in &diagnostic.fixes {
            // The schema is another document.
            if fix.edits.iter().any(|edit| edit.span.file != analysis.file) {
                continue;
            }
            actions.push(CodeAction {
                title: fix.title.clone(),
                is_preferred: fix.safe && diagnostic.fixes.len() == 1,
                edits: fix.edits.clone(),
                problem: problem(analysis, diagnostic),
            });
        }
    }
    actions
}

/// The change that applies every safe fix of the document, as `plasma check --fix` does; `None` if
/// there is none.
pub fn fix_all(analysis: &Analysis) -> Option<Edit> {
    let text = analysis.text();
    let mended = mend(text, analysis.file, |text| analysis.diagnostics_of(text));
    let is_same = |(old, new): &(char, char)| old == new;
    let after = &mended.text;
    let common = text.chars().zip(after.chars()).take_while(is_same);
    let start: usize = common.map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (text.get(start..)?, after.get(start..)?);
    let common = old.chars().rev().zip(new.chars().rev()).take_while(is_same);
    let end: usize = common.map(|(c, _)| c.len_utf8()).sum();
    let new = new.get(..new.len() - end)?;
    (!mended.fixed.is_empty()).then(|| Edit {
        span: Span::new(analysis.file, start as u32, (text.len() - end) as u32),
        text: new.to_owned(),
    })
}
