//! A report: the source, what is said about it, and the text after each fix. Every fix is checked:
//! the text still parses, and what it was for is not said any more.

use std::collections::BTreeMap;
use std::fmt::Write;

use plasma_check::{Date, Environment, Modules, check_parsed, schema_of};
use plasma_diagnostic::{Code, Diagnostic, FileId, Fix, RenderOptions, SourceMap, render};

use crate::texts::Texts;

/// The report on a policy without a schema.
pub(crate) fn report(source: &str) -> String {
    Report::new(source).text()
}

/// The report on a policy of one mistake.
#[track_caller]
pub(crate) fn single_report(source: &str) -> String {
    let shown = report(source);
    assert_eq!(shown.matches("┌─").count(), 1, "\n{shown}");
    shown
}

/// The report on a policy with the schema that another file declares.
pub(crate) fn report_with_schema(schema: &str, source: &str) -> String {
    Report {
        schema: Some(schema),
        ..Report::new(source)
    }
    .text()
}

/// The report on a policy whose parameters are set from outside: `high=70%`.
pub(crate) fn report_with_params(params: &[&str], source: &str) -> String {
    Report {
        params: params.to_vec(),
        ..Report::new(source)
    }
    .text()
}

/// The report on a policy that uses modules, files by name.
pub(crate) fn report_with_modules(modules: &[(&str, &str)], source: &str) -> String {
    Report {
        modules: modules.to_vec(),
        ..Report::new(source)
    }
    .text()
}

struct Report<'a> {
    source: &'a str,
    schema: Option<&'a str>,
    modules: Vec<(&'a str, &'a str)>,
    params: Vec<&'a str>,
}

impl<'a> Report<'a> {
    fn new(source: &'a str) -> Report<'a> {
        Report {
            source,
            schema: None,
            modules: Vec::new(),
            params: Vec::new(),
        }
    }

    fn text(&self) -> String {
        let (sources, diagnostics) = self.check(self.source);
        let mut out = String::new();
        if let Some(schema) = self.schema {
            let _ = writeln!(out, "----- schema.plasma\n{}", schema.trim_end());
        }
        for (name, text) in &self.modules {
            let _ = writeln!(out, "----- {name}\n{}", text.trim_end());
        }
        let _ = writeln!(out, "----- policy.plasma\n{}", self.source.trim_end());
        for param in &self.params {
            let _ = writeln!(out, "----- --param {param}");
        }
        let rendered = render(&sources, &diagnostics, RenderOptions::default());
        let _ = writeln!(out, "----- report\n{}", rendered.trim_end());
        for diagnostic in &diagnostics {
            for fix in &diagnostic.fixes {
                let fixed = self.apply(diagnostic, fix);
                let kind = if fix.safe { "safe" } else { "doubtful" };
                let _ = writeln!(
                    out,
                    "----- fix, {kind}: {}\n{}",
                    fix.title,
                    changed(self.source, &fixed)
                );
            }
        }
        out
    }

    fn check(&self, source: &str) -> (SourceMap, Vec<Diagnostic>) {
        let (mut sources, file) = SourceMap::single("policy.plasma", source);
        let schema = self.schema.map(|text| {
            let file = sources.add("schema.plasma", text);
            let (schema, diagnostics) = schema_of(&plasma_syntax::parse(file, text).tree);
            assert_eq!(diagnostics, [], "the schema of a test has no mistakes");
            schema
        });
        let params = self.params.iter().filter_map(|p| p.split_once('='));
        let params = params
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let parsed = plasma_syntax::parse(file, source);
        let texts = Texts::new(self.modules.iter().copied());
        let modules = Modules::load(&parsed.tree, &mut sources, &texts);
        let environment = Environment {
            schema,
            modules,
            params,
            today: Date::from_text("2026-07-01"),
            leaves_out_tests: false,
            notes_names: false,
        };
        let checked = check_parsed(&parsed, &environment);
        (sources, checked.diagnostics)
    }

    /// The text after a fix, which must parse and no longer have the mistake.
    fn apply(&self, diagnostic: &Diagnostic, fix: &Fix) -> String {
        let mut edits: BTreeMap<_, _> = BTreeMap::new();
        for edit in &fix.edits {
            assert_eq!(
                edit.span.file,
                FileId(0),
                "{}: edits another file",
                fix.title
            );
            edits.insert((edit.span.start, edit.span.end), edit.text.as_str());
        }
        let mut fixed = self.source.to_owned();
        for ((start, end), text) in edits.into_iter().rev() {
            fixed.replace_range(start as usize..end as usize, text);
        }
        let before = self.check(self.source).1;
        let after = self.check(&fixed).1;
        let is_syntax = |d: &&Diagnostic| matches!(d.code, Code::BadToken | Code::SyntaxError);
        let syntax_errors = |all: &[Diagnostic]| all.iter().filter(is_syntax).count();
        assert!(
            syntax_errors(&after) <= syntax_errors(&before),
            "{}: the text does not parse any more:\n{fixed}",
            fix.title
        );
        let same = |d: &&Diagnostic| d.code == diagnostic.code && d.message == diagnostic.message;
        assert!(
            after.iter().filter(same).count() < before.iter().filter(same).count(),
            "{}: the mistake is still there:\n{fixed}",
            fix.title
        );
        fixed
    }
}

/// The lines that a fix changed, as they are afterwards.
fn changed(before: &str, after: &str) -> String {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let same_start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let ends = old[same_start..]
        .iter()
        .rev()
        .zip(new[same_start..].iter().rev());
    let same_end = ends.take_while(|(a, b)| a == b).count();
    new[same_start..new.len() - same_end].join("\n")
}
