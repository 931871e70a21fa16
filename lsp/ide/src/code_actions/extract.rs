//! Gives a part of a rule a name of its own: a number becomes a parameter, a condition or a number that is
//! calculated a definition. Offered only where the text is as good afterwards as before.

mod definition;
mod param;

use plasma_diagnostic::{Diagnostic, Edit, Span};

use super::changed;
use crate::Analysis;

pub(super) use definition::definition;
pub(super) use param::param;

/// What a change does, and how.
type Change = (String, Vec<Edit>);

/// Whether the text has no mistake after these changes that it did not have before.
fn is_as_good(analysis: &Analysis, edits: &[Edit]) -> bool {
    let errors = |found: &[Diagnostic]| found.iter().filter(|d| d.is_error()).count();
    let before = errors(&analysis.checked.diagnostics);
    let after = analysis.diagnostics_of(&changed(analysis.text(), edits));
    errors(&after) <= before
}

/// A change that puts a line of its own before an item, and before what is said of it.
fn line_before(analysis: &Analysis, item: Span, line: &str) -> Edit {
    let start = crate::lines::line_before(analysis.text(), item.start);
    let place = Span::new(item.file, start, start);
    Edit {
        span: place,
        text: format!("{line}\n"),
    }
}

/// A span without the blanks at its ends.
fn trimmed(analysis: &Analysis, span: Span) -> Option<Span> {
    let text = analysis.text().get(span.range())?;
    let start = span.start + (text.len() - text.trim_start().len()) as u32;
    let end = start + text.trim().len() as u32;
    (start < end).then(|| Span::new(span.file, start, end))
}

/// Whether one span lies in another.
fn lies_in(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}
