//! What can be done with the parts of a document at a click: its tests run, its coverage measured, its
//! plan made, the firings of its rules listed.

use std::collections::BTreeMap;

use plasma_diagnostic::Span;
use plasma_syntax::tree::Item;

use crate::Analysis;

/// What can be done at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLens {
    /// The line above which it is offered.
    pub span: Span,
    /// What it does.
    pub task: Task,
}

/// What a lens does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Runs the test of this name.
    RunTest(String),
    /// Runs so many tests: all of the document.
    RunTests(usize),
    /// Tells what of the document its tests reach.
    Coverage,
    /// Plans on the cluster that is attached.
    Plan,
    /// Lists where this rule fires in the trace that is attached, or comes nearest to it.
    Firings(String),
}

/// What can be done with the parts of the document, in its order.
pub fn code_lenses(analysis: &Analysis) -> Vec<CodeLens> {
    let tree = analysis.tree();
    let mut lenses = Vec::new();
    let top = Span::new(analysis.file, 0, 0);
    let tests = tree.tests().count();
    let top_of = |task| CodeLens { span: top, task };
    if tests > 0 {
        lenses.push(top_of(Task::RunTests(tests)));
        lenses.push(top_of(Task::Coverage));
    }
    let program = &analysis.checked.program;
    let names: BTreeMap<Span, _> = program
        .rules
        .iter()
        .map(|rule| (rule.span, &rule.name))
        .collect();
    if !names.is_empty() || !program.requirements.is_empty() {
        lenses.push(top_of(Task::Plan));
    }
    for item in tree.items() {
        match item {
            Item::Test(test) => lenses.push(CodeLens {
                span: test.name,
                task: Task::RunTest(tree.text_value(test.name)),
            }),
            Item::Rule(rule) => {
                // A rule with a mistake fires nowhere.
                lenses.extend(names.get(&rule.span).map(|name| CodeLens {
                    span: rule.span,
                    task: Task::Firings(name.to_string()),
                }));
            }
            _ => {}
        }
    }
    lenses
}
