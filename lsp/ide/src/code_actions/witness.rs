//! Makes a test of the cluster that shows what a lint says.

use plasma_diagnostic::{Diagnostic, Edit};

use crate::Analysis;

/// The change that adds the test; `None` if nothing shows what the diagnostic says.
pub(super) fn test_of_witness(
    analysis: &Analysis,
    diagnostic: &Diagnostic,
) -> Option<(String, Edit)> {
    let witness = diagnostic.witness.as_ref()?;
    let span = witness.place;
    if span.file != analysis.file {
        return None;
    }
    let before = analysis.text().get(..span.start as usize)?;
    let break_before = match before {
        "" => "",
        before if before.ends_with("\n\n") => "",
        before if before.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let edit = Edit {
        span,
        text: format!("{break_before}{}\n", witness.test),
    };
    Some(("add a test that shows this".to_owned(), edit))
}
