//! Makes a part of a condition a definition: what it names from outside becomes its arguments.

use std::collections::BTreeMap;

use plasma_check::program::Scope;
use plasma_check::{Named, VariableKind};
use plasma_diagnostic::{Edit, Span};
use plasma_syntax::tree::{ExprKind, Item, Rule, Tree, WordKind};

use super::super::headline::rule_at;
use super::super::{changed, free_name};
use super::{Change, is_as_good, lies_in, line_before, trimmed};
use crate::Analysis;
use crate::hover::kind_name;

/// The change that makes what is selected a definition; `None` unless that is a whole condition or a
/// calculation of a rule.
pub(in super::super) fn definition(analysis: &Analysis, place: Span) -> Option<Change> {
    let tree = analysis.tree();
    let selected = trimmed(analysis, place)?;
    let rule = rule_at(tree, selected)?;
    let condition = tree.expr(rule.condition).span;
    let is_condition = kind_of(tree, selected)?;
    if !lies_in(selected, condition) {
        return None;
    }
    let outside = Outside::of(analysis, rule, selected)?;
    let name = free_name(analysis, if is_condition { "condition" } else { "value" });
    let body = outside.body(analysis, selected);
    let about: Vec<String> = outside
        .about
        .values()
        .map(|about| format!("{}: {}", about.name, about.kind))
        .collect();
    let given: Vec<&str> = outside
        .about
        .values()
        .map(|about| about.given.as_str())
        .collect();
    let line = format!("def {name}({}) = {body};", about.join(", "));
    let item = tree
        .items()
        .iter()
        .map(Item::span)
        .find(|item| lies_in(selected, *item))?;
    let edits = vec![
        line_before(analysis, item, &line),
        Edit {
            span: selected,
            text: format!("{name}({})", given.join(", ")),
        },
    ];
    is_as_good(analysis, &edits).then(|| (format!("extract into the definition `{name}`"), edits))
}

/// Whether what is selected is a condition; `None` if it is no whole condition and no calculation.
fn kind_of(tree: &Tree, selected: Span) -> Option<bool> {
    let whole = tree.exprs().filter(|(_, expr)| expr.span == selected);
    let mut whole = whole.filter_map(|(id, _)| match tree.kind(tree.unparenthesized(id)) {
        ExprKind::Compare { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::InRef { .. }
        | ExprKind::On { .. }
        | ExprKind::Sustained { .. } => Some(true),
        ExprKind::Arithmetic { .. }
        | ExprKind::Minus(_)
        | ExprKind::Windowed { .. }
        | ExprKind::Aggregate { .. }
        | ExprKind::Member { .. } => Some(false),
        _ => None,
    });
    whole
        .next()
        .or_else(|| is_run(tree, selected).then_some(true))
}

/// Whether something is a run of the conditions that stand beside each other: `b and c` of `a and b and c`.
fn is_run(tree: &Tree, selected: Span) -> bool {
    tree.exprs().any(|(_, expr)| {
        let (ExprKind::And(list) | ExprKind::Or(list)) = expr.kind else {
            return false;
        };
        let mut spans = tree.list(list).iter().map(|id| tree.expr(*id).span);
        let begins = spans.any(|span| span.start == selected.start && span.file == selected.file);
        begins && spans.any(|span| span.end == selected.end)
    })
}

/// What a selected piece of text names from outside.
struct Outside {
    /// By where it is introduced.
    about: BTreeMap<Span, About>,
    /// Changes of the piece so that it can stand by itself.
    edits: Vec<Edit>,
}

/// An argument of the definition.
struct About {
    name: String,
    /// Its type.
    kind: String,
    /// What the rule gives.
    given: String,
}

impl Outside {
    /// What a piece of a rule names from outside; `None` if it cannot be given to a definition.
    fn of(analysis: &Analysis, rule: &Rule, selected: Span) -> Option<Outside> {
        let program = &analysis.checked.program;
        let checked = program
            .rules_and_requirements()
            .find(|r| r.span == rule.span)?;
        let is_own = |introduced: Span| {
            let mut own = checked.variables.iter();
            own.any(|v| v.span == introduced && v.scope == Scope::Aggregate)
        };
        let mut outside = Outside {
            about: BTreeMap::new(),
            edits: Vec::new(),
        };
        let names = analysis.checked.names.iter();
        for (span, named) in names.filter(|(span, _)| lies_in(*span, selected)) {
            match named {
                Named::Variable {
                    introduced, kind, ..
                } if !is_own(*introduced) => {
                    outside.variable(analysis, *span, *introduced, *kind, selected)?;
                }
                Named::Server {
                    host_of: Some(actor),
                } => {
                    outside.host(analysis, rule, *span, actor)?;
                }
                // Some server, the same one in the whole rule: there is nothing that could be given.
                Named::Server { host_of: None } => return None,
                _ => {}
            }
        }
        bare_types(analysis.tree(), selected)
            .is_none()
            .then_some(outside)
    }

    /// A variable where it is named: `f`, or `Folder(f)`, which the rule keeps.
    fn variable(
        &mut self,
        analysis: &Analysis,
        span: Span,
        introduced: Span,
        kind: VariableKind,
        selected: Span,
    ) -> Option<()> {
        let name = analysis.sources.slice(span);
        let whole = introduction(analysis.tree(), span).filter(|whole| lies_in(*whole, selected));
        if let Some(whole) = whole {
            self.edits.push(Edit {
                span: whole,
                text: name.to_owned(),
            });
        }
        let given = whole.map_or(name, |whole| analysis.sources.slice(whole));
        let about = self.about.entry(introduced).or_insert(About {
            name: name.to_owned(),
            kind: kind_of_variable(analysis, kind)?,
            given: given.to_owned(),
        });
        if span == introduced {
            given.clone_into(&mut about.given);
        }
        Some(())
    }

    /// A bare `server`: the host of the rule's first actor.
    fn host(&mut self, analysis: &Analysis, rule: &Rule, span: Span, actor: &str) -> Option<()> {
        let names = analysis.checked.names.iter();
        let mut of_rule = names.filter(|(span, _)| lies_in(*span, rule.span));
        let (introduced, kind) = of_rule.find_map(|(span, named)| match named {
            Named::Variable {
                introduced, kind, ..
            } if analysis.sources.slice(*span) == actor => Some((*introduced, *kind)),
            _ => None,
        })?;
        self.edits.push(Edit {
            span: span.before(),
            text: format!("{actor}."),
        });
        let kind = kind_of_variable(analysis, kind)?;
        self.about.entry(introduced).or_insert(About {
            name: actor.to_owned(),
            kind,
            given: actor.to_owned(),
        });
        Some(())
    }

    /// The piece of text as it stands by itself.
    fn body(&self, analysis: &Analysis, selected: Span) -> String {
        let moved = |span: Span| {
            Span::new(
                span.file,
                span.start - selected.start,
                span.end - selected.start,
            )
        };
        let edits = self.edits.iter().map(|edit| Edit {
            span: moved(edit.span),
            text: edit.text.clone(),
        });
        let edits: Vec<Edit> = edits.collect();
        changed(analysis.sources.slice(selected), &edits)
    }
}

/// `Folder(f)`, by its `f`.
fn introduction(tree: &Tree, variable: Span) -> Option<Span> {
    tree.exprs().find_map(|(_, expr)| match expr.kind {
        ExprKind::Call { word, args } if word.kind != WordKind::Lower => match tree.list(args) {
            [arg] if tree.expr(*arg).span == variable => Some(expr.span),
            _ => None,
        },
        _ => None,
    })
}

/// A type without a variable, `Folder.cpu`: the same actor in the whole rule, which nothing names.
fn bare_types(tree: &Tree, selected: Span) -> Option<Span> {
    tree.exprs().find_map(|(_, expr)| match expr.kind {
        ExprKind::Word(word) if matches!(word.kind, WordKind::Upper | WordKind::Any) => {
            lies_in(expr.span, selected).then_some(expr.span)
        }
        _ => None,
    })
}

/// The type of a variable as a definition writes it; `None` if it is unclear.
fn kind_of_variable(analysis: &Analysis, kind: VariableKind) -> Option<String> {
    let is_clear = kind != VariableKind::Unknown;
    is_clear.then(|| kind_name(analysis.schema(), kind).to_owned())
}
