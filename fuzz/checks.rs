//! What must hold for any input. The fuzz targets try it, and the tests of the workspace replay the
//! corpus that they left (`tests/tests/corpus.rs`).

#![allow(dead_code, reason = "each fuzz target uses one of them")]

use std::io::Cursor;

use plasma_check::{Environment, Files, ModuleError, ModuleText, Modules, check_parsed};
use plasma_diagnostic::{Diagnostic, RenderOptions, SourceMap, Span, render};
use plasma_engine::trace::TraceReader;
use plasma_eval::{Past, evaluate, reference};
use plasma_model::PERIOD_SECONDS_DEFAULT;
use plasma_scenario::{LiteralCluster, Planner};
use plasma_syntax::{format, lexemes, parse, parse_cluster, parse_repl_input};

/// Lexemes lie in the text, one behind the other.
pub(crate) fn lexer(text: &str) {
    let mut end = 0;
    for lexeme in lexemes(text) {
        assert!(lexeme.start >= end && !lexeme.text.is_empty());
        end = lexeme.end();
        assert_eq!(&text[lexeme.start as usize..end as usize], lexeme.text);
    }
}

/// Mistakes are told at places in the text, however it is read.
pub(crate) fn parser(text: &str) {
    let (sources, file) = SourceMap::single("any.plasma", text);
    let parsed = parse(file, text);
    shown(&sources, &parsed.diagnostics);
    for item in parsed.tree.items() {
        assert!(is_place(text, item.span()));
    }
    shown(&sources, &parse_cluster(file, text).diagnostics);
    shown(&sources, &parse_repl_input(file, text).diagnostics);
}

/// The layout has the same comments and a layout of its own, itself.
pub(crate) fn formatter(text: &str) {
    let (_, file) = SourceMap::single("any.plasma", text);
    let before = parse(file, text);
    let Some(formatted) = format(&before) else {
        return;
    };
    let after = parse(file, formatted.as_str());
    assert_eq!(after.diagnostics, []);
    assert_eq!(before.tree.items().len(), after.tree.items().len());
    assert_eq!(before.tree.comments().len(), after.tree.comments().len());
    assert_eq!(format(&after), Some(formatted));
}

/// Checking any policy ends, and its mistakes are told at places in the texts. Behind a line `==== NAME`
/// stands a file that it can use.
pub(crate) fn checker(text: &str) {
    let (policy, files) = sections(text);
    let (mut sources, file) = SourceMap::single("any.plasma", policy);
    let parsed = parse(file, policy);
    let environment = Environment {
        modules: Modules::load(&parsed.tree, &mut sources, &Texts(files)),
        ..Environment::default()
    };
    let checked = check_parsed(&parsed, &environment);
    shown(&sources, &checked.diagnostics);
}

/// The fast evaluator finds what the naive one defines, on the cluster behind a line `====`.
pub(crate) fn evaluator(text: &str) {
    let (policy, files) = sections(text);
    let (_, file) = SourceMap::single("any.plasma", policy);
    let checked = check_parsed(&parse(file, policy), &Environment::default());
    let Some((_, cluster)) = files.first() else {
        return;
    };
    let parsed = parse_cluster(file, *cluster);
    if checked.has_errors() || !parsed.diagnostics.is_empty() {
        return;
    }
    let program = &checked.program;
    let mut literal = LiteralCluster::new(PERIOD_SECONDS_DEFAULT);
    if literal.say(&parsed.tree, &program.schema).is_err() {
        return;
    }
    let mut planner = Planner::new(program.clone());
    let mut rows = Past::of(program);
    for _ in 0..3 {
        let Ok(columns) = literal.observe() else {
            return;
        };
        let snapshot = columns.snapshot();
        let (past, reservations) = (planner.past(), planner.reservations());
        let found = evaluate(program, columns, past, &reservations);
        let defined = reference::evaluate(program, &snapshot, &rows, &reservations);
        rows.push(&snapshot);
        // Where either gave up, they may have done so at different places.
        if found.excesses.is_empty() && defined.excesses.is_empty() {
            assert_eq!(found, defined);
        }
        let decision = planner.plan(columns).decision;
        assert!(literal.carry_out(&decision).is_ok());
    }
}

/// A policy, and the files behind it, each behind a line `==== NAME`.
fn sections(text: &str) -> (&str, Vec<(&str, &str)>) {
    let mut sections = text.split("\n==== ");
    let policy = sections.next().unwrap_or("");
    let files = sections.map(|section| section.split_once('\n').unwrap_or((section, "")));
    (policy, files.collect())
}

/// Files by name.
#[derive(Debug)]
struct Texts<'t>(Vec<(&'t str, &'t str)>);

impl Files for Texts<'_> {
    fn module(&self, _: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        let place = path.join(".");
        match self.0.iter().find(|(name, _)| *name == place) {
            Some((name, text)) => Ok(ModuleText {
                name: (*name).to_owned(),
                text: (*text).into(),
            }),
            None => Err(ModuleError::Missing {
                place,
                known: self.0.iter().map(|(name, _)| (*name).to_owned()).collect(),
            }),
        }
    }
}

/// Any stream of bytes is read to its end, or to an error that says where, in every format.
pub(crate) fn trace_reader(bytes: &[u8]) {
    for name in ["any.jsonl", "any.msgpack"] {
        let input = Cursor::new(bytes.to_vec());
        let reader = TraceReader::new(name, Box::new(input));
        for error in reader.filter_map(Result::err) {
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}

fn is_place(text: &str, span: Span) -> bool {
    text.get(span.range()).is_some()
}

fn shown(sources: &SourceMap, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits);
        let spans = labels.chain(edits.map(|edit| edit.span));
        for span in spans.chain([diagnostic.primary]) {
            assert!(is_place(sources.text(span.file), span), "{diagnostic:?}");
        }
    }
    render(sources, diagnostics, RenderOptions::default());
}
