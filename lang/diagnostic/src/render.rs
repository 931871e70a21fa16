//! How diagnostics look on a terminal. The only user of codespan-reporting.

mod view;

use std::collections::BTreeMap;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::term::{self, StylesWriter, termcolor};

use crate::{Diagnostic, FileId, Label, Severity, SourceMap, WITNESS};
use view::View;

/// How to render.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenderOptions {
    /// Whether to colour, with ANSI escapes.
    pub color: bool,
    /// Columns of the terminal, to break long notes; `None` leaves them on one line.
    pub width: Option<usize>,
}

/// Diagnostics for people: message, source with the places underlined, help, notes. A blank line
/// after each one.
pub fn render(sources: &SourceMap, diagnostics: &[Diagnostic], options: RenderOptions) -> String {
    let mut views: BTreeMap<FileId, View<'_>> = BTreeMap::new();
    let mut out = termcolor::Buffer::no_color();
    if options.color {
        out = termcolor::Buffer::ansi();
    }
    let config = term::Config::default();
    let styles = term::Styles::default();
    for diagnostic in diagnostics {
        let file = diagnostic.primary.file;
        let view = views
            .entry(file)
            .or_insert_with(|| View::new(sources, file));
        let (labels, elsewhere) = labels_in(diagnostic, file);
        let excerpt = view.excerpt(diagnostic.primary);
        let shown = excerpt.as_ref().unwrap_or(view);
        let (labels, hidden) = visible(labels, shown);
        let mut notes = notes(diagnostic);
        let others = hidden.into_iter().chain(elsewhere);
        notes.extend(others.map(|label| note_of(sources, label)));
        let report = codespan::Diagnostic::new(severity(diagnostic.severity))
            .with_code(diagnostic.code.number())
            .with_message(&diagnostic.message)
            .with_labels(labels)
            .with_notes(with_witness(broken(notes, options.width), diagnostic));
        let mut writer = StylesWriter::new(&mut out, &styles);
        // The buffer takes everything, and the view knows every place that it is asked for; should
        // it not, the short form says what matters.
        if term::emit_to_write_style(&mut writer, &config, shown, &report).is_err() {
            let line = render_short(sources, diagnostic);
            let _ = std::io::Write::write_all(&mut out, line.as_bytes());
        }
    }
    String::from_utf8_lossy(out.as_slice()).into_owned()
}

/// A diagnostic on one line: `FILE:LINE:COL: error[E0102]: MESSAGE`.
pub fn render_short(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let Diagnostic {
        code,
        severity,
        message,
        primary,
        ..
    } = diagnostic;
    let position = sources.position(primary.file, primary.start);
    let name = sources.name(primary.file);
    let (line, column) = (position.line, position.column);
    format!("{name}:{line}:{column}: {severity}[{code}]: {message}\n")
}

fn severity(severity: Severity) -> codespan::Severity {
    match severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
    }
}

/// The labels in the file of the primary one, that one first, and those in other files.
fn labels_in(diagnostic: &Diagnostic, file: FileId) -> (Vec<(bool, Label)>, Vec<Label>) {
    let primary = Label {
        span: diagnostic.primary,
        message: diagnostic.primary_label.clone(),
    };
    let (here, elsewhere): (Vec<Label>, Vec<Label>) = diagnostic
        .labels
        .iter()
        .cloned()
        .partition(|label| label.span.file == file);
    let secondary = here.into_iter().map(|label| (false, label));
    let all = std::iter::once((true, primary)).chain(secondary);
    (all.collect(), elsewhere)
}

/// The labels that the view shows, and those that lie outside of it.
fn visible(labels: Vec<(bool, Label)>, view: &View<'_>) -> (Vec<codespan::Label<()>>, Vec<Label>) {
    let mut shown = Vec::new();
    let mut hidden = Vec::new();
    for (is_primary, label) in labels {
        match view.range(label.span) {
            None => hidden.push(label),
            Some(range) => {
                let style = if is_primary {
                    codespan::LabelStyle::Primary
                } else {
                    codespan::LabelStyle::Secondary
                };
                shown.push(codespan::Label::new(style, (), range).with_message(label.message));
            }
        }
    }
    (shown, hidden)
}

/// Help first, then the notes.
fn notes(diagnostic: &Diagnostic) -> Vec<String> {
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    let notes = diagnostic.notes.iter().map(|note| format!("note: {note}"));
    help.chain(notes).collect()
}

/// The test of a witness keeps its lines, whatever the width: it is there to be copied.
fn with_witness(mut notes: Vec<String>, diagnostic: &Diagnostic) -> Vec<String> {
    let witness = diagnostic.witness.iter();
    notes.extend(witness.map(|witness| format!("note: {WITNESS}\n{}", witness.test)));
    notes
}

fn note_of(sources: &SourceMap, label: Label) -> String {
    let position = sources.position(label.span.file, label.span.start);
    let name = sources.name(label.span.file);
    let (line, column) = (position.line, position.column);
    format!("note: {name}:{line}:{column}: {}", label.message)
}

/// Narrower than this, breaking lines would only make them harder to read.
const WIDTH_MIN: usize = 30;

/// Columns that the border and the bullet before a note take.
const NOTE_INDENT: usize = 6;

/// Breaks notes at blanks so that they fit the terminal.
fn broken(notes: Vec<String>, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else {
        return notes;
    };
    let width = width.max(WIDTH_MIN).saturating_sub(NOTE_INDENT);
    notes.iter().map(|note| broken_lines(note, width)).collect()
}

fn broken_lines(note: &str, width: usize) -> String {
    let mut text = String::with_capacity(note.len());
    let mut column = 0;
    for (place, word) in note.split(' ').enumerate() {
        let length = word.chars().count();
        if place > 0 && column + 1 + length > width {
            text.push('\n');
            column = 0;
        } else if place > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text
}
