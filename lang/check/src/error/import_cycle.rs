//! `import-cycle`: a module that uses itself, perhaps through others.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// The `use` that closes a circle of files, beginning with the file that it names.
pub(crate) fn import_cycle<'a>(
    span: Span,
    circle: impl Iterator<Item = &'a str>,
    closing: &str,
) -> Diagnostic {
    let files: Vec<&str> = circle.collect();
    let diagnostic = match files.as_slice() {
        [_] => Diagnostic::new(Code::ImportCycle, span, "this file uses itself"),
        _ => {
            let way = [files.as_slice(), &[closing]].concat().join(" uses ");
            let message = format!("this `use` closes a circle back to {closing}");
            Diagnostic::new(Code::ImportCycle, span, message).with_note(way)
        }
    };
    diagnostic.with_help("put what both need into a third module, and use that in each")
}
