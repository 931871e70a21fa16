//! What can be done at a place: the fixes of its diagnostics, and changes of good text into other good
//! text.

mod extract;
mod gap;
mod headline;
mod name_rule;
mod silence;
mod witness;

use plasma_diagnostic::{Diagnostic, Edit, Span, mend};

use crate::diagnostics::problem;
use crate::{Analysis, Problem};

/// Something that can be done with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAction {
    /// What it does.
    pub title: String,
    /// What kind of change it is.
    pub kind: ActionKind,
    /// Whether it is the one to take without a further look: the diagnostic's only fix, and safe.
    pub is_preferred: bool,
    /// The changes of the document, which do not overlap.
    pub edits: Vec<Edit>,
    /// What it resolves, if it resolves something.
    pub problem: Option<Problem>,
}

/// What kind of change something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// It resolves a problem.
    QuickFix,
    /// It gives a part of the text a name of its own.
    Extract,
    /// It says the same in another way.
    Rewrite,
}

/// What can be done about the diagnostics that touch a place.
pub fn code_actions(analysis: &Analysis, place: Span) -> Vec<CodeAction> {
    let found = analysis.checked.diagnostics.iter();
    let mut actions = Vec::new();
    for diagnostic in found.filter(|d| d.primary.meets(place)) {
        let mut resolve = |title: String, is_preferred: bool, edits: Vec<Edit>| {
            actions.push(CodeAction {
                title,
                kind: ActionKind::QuickFix,
                is_preferred,
                edits,
                problem: Some(problem(diagnostic)),
            });
        };
        for fix in own_fixes(analysis, diagnostic) {
            let is_preferred = fix.safe && diagnostic.fixes.len() == 1;
            resolve(fix.title.clone(), is_preferred, fix.edits.clone());
        }
        let others = [
            gap::gap(analysis, diagnostic),
            witness::test_of_witness(analysis, diagnostic),
        ];
        for (title, edit) in others.into_iter().flatten() {
            resolve(title, false, vec![edit]);
        }
        for (title, edit) in silence::silence(analysis, diagnostic) {
            resolve(title, false, vec![edit]);
        }
    }
    actions
}

/// What can be made of the text at a place, or of what is selected.
pub fn refactorings(analysis: &Analysis, place: Span) -> Vec<CodeAction> {
    let changes = [
        name_rule::name_rule(analysis, place).map(|change| (ActionKind::Rewrite, change)),
        extract::param(analysis, place).map(|change| (ActionKind::Extract, change)),
        extract::definition(analysis, place).map(|change| (ActionKind::Extract, change)),
    ];
    let changes = changes.into_iter().flatten();
    changes
        .map(|(kind, (title, edits))| CodeAction {
            title,
            kind,
            is_preferred: false,
            edits,
            problem: None,
        })
        .collect()
}

/// The fixes that change the document alone: the schema is another one.
fn own_fixes<'d>(
    analysis: &Analysis,
    diagnostic: &'d Diagnostic,
) -> impl Iterator<Item = &'d plasma_diagnostic::Fix> {
    let file = analysis.file;
    let fixes = diagnostic.fixes.iter();
    fixes.filter(move |fix| fix.edits.iter().all(|edit| edit.span.file == file))
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

/// The text with changes that do not overlap.
fn changed(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut changed = String::with_capacity(text.len());
    let mut end = 0;
    for edit in edits {
        changed.push_str(text.get(end..edit.span.start as usize).unwrap_or(""));
        changed.push_str(&edit.text);
        end = edit.span.end as usize;
    }
    changed.push_str(text.get(end..).unwrap_or(""));
    changed
}

/// A name that nothing of the document has: the given one, with a number if it must be.
fn free_name(analysis: &Analysis, wanted: &str) -> String {
    let words: std::collections::BTreeSet<&str> = plasma_syntax::lexemes(analysis.text())
        .iter()
        .filter(|lexeme| lexeme.is_word())
        .map(|lexeme| lexeme.text)
        .collect();
    let is_free = |name: &str| !words.contains(name) && crate::keyword(name).is_none();
    if is_free(wanted) {
        return wanted.to_owned();
    }
    let numbered = (2u32..).map(|number| format!("{wanted}_{number}"));
    let mut free = numbered.filter(|name| is_free(name));
    free.next().unwrap_or_else(|| wanted.to_owned())
}
