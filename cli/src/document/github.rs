//! `plasma check --format github`: workflow commands, which GitHub shows at the lines of a change.

use std::fmt::Write as _;

use plasma_diagnostic::{Diagnostic, SourceMap};

use crate::found::Found;

/// One command for each diagnostic, and one for each reason why something could not be checked.
pub(crate) fn document(found: &Found) -> String {
    let mut text = String::new();
    for diagnostic in &found.diagnostics {
        command(&mut text, &found.sources, diagnostic);
    }
    for reason in found.reasons() {
        let _ = writeln!(text, "::error::{}", data(reason));
    }
    text
}

fn command(text: &mut String, sources: &SourceMap, diagnostic: &Diagnostic) {
    let (start, end) = sources.range(diagnostic.primary);
    let file = property(sources.name(diagnostic.primary.file));
    let (severity, code) = (diagnostic.severity, diagnostic.code);
    let _ = write!(
        text,
        "::{severity} file={file},line={},col={}",
        start.line, start.column
    );
    // Columns of two different lines are refused.
    let end_column = (end.line == start.line).then_some(end.column);
    let _ = write!(text, ",endLine={}", end.line);
    if let Some(column) = end_column {
        let _ = write!(text, ",endColumn={column}");
    }
    let title = property(&format!("{code} {}", code.name()));
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let _ = write!(message, "\nplasma explain {code}");
    let _ = writeln!(text, ",title={title}::{}", data(&message));
}

/// Text behind the `::`.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D");
    text.replace('\n', "%0A")
}

/// A value before the `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_commands_are_made_of_is_escaped() {
        assert_eq!(data("80%: a,\r\nb"), "80%25: a,%0D%0Ab");
        assert_eq!(property("C:\\a,b%"), "C%3A\\a%2Cb%25");
    }
}
