//! What a text leaves unsaid, to be shown between its letters: units, default statistics, whose host a
//! bare `server` is, what definitions stand for, and which argument a number is.

use std::collections::BTreeMap;

use plasma_check::program::Defined;
use plasma_check::{Named, quantity_of};
use plasma_diagnostic::Span;
use plasma_model::behavior_row;
use plasma_syntax::tree::{DefDecl, ExprId, ExprKind, ExprList, Item, Name, Tree};

use crate::Analysis;
use crate::markdown::statistic_markdown;

/// What a hint tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HintKind {
    /// What a definition stands for.
    Type,
    /// The unit of a number that is written without one.
    Unit,
    /// The statistic of a metric that is named alone.
    Statistic,
    /// The actor whose host a bare `server` is.
    Server,
    /// The name of an argument.
    Parameter,
    /// What a condition comes to in the attached cluster.
    Value,
}

/// Something to be shown between the letters of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    /// The byte before which it stands.
    pub offset: u32,
    /// What it tells.
    pub kind: HintKind,
    /// What is shown.
    pub label: String,
    /// What there is to say about it, in markdown; empty for nothing.
    pub docs: String,
    /// Whether the label may be typed there as it is, and the text means the same.
    pub is_source: bool,
}

/// The hints for a part of the document, in its order.
pub fn inlay_hints(analysis: &Analysis, within: Span) -> Vec<InlayHint> {
    let mut hints = Vec::new();
    of_names(analysis, within, &mut hints);
    for item in analysis.tree().items() {
        if !item.span().meets(within) {
            continue;
        }
        match item {
            Item::Def(definition) => hints.extend(of_definition(analysis, definition)),
            Item::Rule(rule) | Item::Require(rule) => {
                for behavior in analysis.tree().behaviors(rule) {
                    of_behavior(
                        analysis.tree(),
                        behavior.name,
                        analysis.tree().list(behavior.args),
                        &mut hints,
                    );
                }
            }
            _ => {}
        }
    }
    hints.retain(|hint| (within.start..=within.end).contains(&hint.offset));
    hints.sort_by_key(|hint| (hint.offset, hint.kind));
    hints
}

/// Hints at the names in the text, and at its numbers.
fn of_names(analysis: &Analysis, within: Span, hints: &mut Vec<InlayHint>) {
    let names = &analysis.checked.names;
    let begin =
        names.partition_point(|(span, _)| (span.file, span.end) < (within.file, within.start));
    let names = names.get(begin..).unwrap_or(&[]).iter();
    let near = names.take_while(|(span, _)| span.file == within.file && span.start <= within.end);
    let text = analysis.text();
    let mut uses = Vec::new();
    for (span, named) in near {
        let after = text.get(span.end as usize..).unwrap_or("");
        let hint = match named {
            Named::Metric(metric) => of_metric(metric, *span, after),
            Named::Figure { unit } => of_figure(unit, *span),
            Named::Server {
                host_of: Some(actor),
            } => Some(InlayHint {
                offset: span.start,
                kind: HintKind::Server,
                label: format!("{actor}."),
                docs: format!(
                    "The server that `{actor}` lives on: the rule's first actor variable."
                ),
                is_source: true,
            }),
            Named::Definition(place) => {
                uses.push((*place, *span));
                None
            }
            _ => None,
        };
        hints.extend(hint);
    }
    if !uses.is_empty() {
        of_uses(analysis, &uses, hints);
    }
}

/// The statistic that is meant where a metric stands alone.
fn of_metric(metric: &plasma_model::Metric, span: Span, after: &str) -> Option<InlayHint> {
    let row = metric.statistic(metric.default_statistic)?;
    let name = row.statistic.name();
    // `call(Folder(f).open)`: the statistic stands behind the parentheses.
    let offset = match after.starts_with('(') {
        true => span.end + closing(after)?,
        false => span.end,
    };
    let rest = after.get((offset - span.end) as usize..)?;
    let is_named = rest.trim_start().starts_with('.');
    (!name.is_empty() && metric.statistics.len() > 1 && !is_named).then(|| InlayHint {
        offset,
        kind: HintKind::Statistic,
        label: format!(".{name}"),
        docs: statistic_markdown(metric, row),
        is_source: true,
    })
}

/// How far it is past the parenthesis that ends what the text begins with.
fn closing(text: &str) -> Option<u32> {
    let mut depth = 0u32;
    let end = text.bytes().position(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(end as u32 + 1)
}

fn of_figure(unit: &'static str, span: Span) -> Option<InlayHint> {
    (!unit.is_empty()).then(|| {
        let is_source = quantity_of(unit).is_some();
        InlayHint {
            offset: span.end,
            kind: HintKind::Unit,
            label: match is_source {
                true => unit.to_owned(),
                false => format!(" {unit}"),
            },
            docs: "The unit of what it is compared with.".to_owned(),
            is_source,
        }
    })
}

/// What a definition stands for, behind what it is about.
fn of_definition(analysis: &Analysis, decl: &DefDecl) -> Option<InlayHint> {
    let tree = analysis.tree();
    let definitions = &analysis.checked.program.definitions;
    let defined = definitions.iter().find(|d| d.span == decl.name.span)?;
    let label = match defined.result? {
        Defined::Condition => ": condition".to_owned(),
        Defined::Text => ": text".to_owned(),
        Defined::Number(Some("")) => ": number".to_owned(),
        Defined::Number(Some(unit)) => format!(": {unit}"),
        Defined::Number(None) | Defined::Unclear => return None,
    };
    let before = tree.text(Span::new(
        decl.span.file,
        decl.name.span.end,
        tree.expr(decl.body).span.start,
    ));
    let end = before.rfind(')')? as u32 + 1;
    Some(InlayHint {
        offset: decl.name.span.end + end,
        kind: HintKind::Type,
        label,
        docs: "What the definition stands for.".to_owned(),
        is_source: false,
    })
}

/// The names of a behavior's arguments, where they are numbers.
fn of_behavior(tree: &Tree, name: Option<Name>, args: &[ExprId], hints: &mut Vec<InlayHint>) {
    let row = name.and_then(|name| behavior_row(tree.name(name)));
    let parameters = row.map_or(&[][..], |row| row.parameters);
    let names = parameters.iter().map(|(name, _)| *name);
    hints.extend(named_arguments(tree, names, args));
}

/// The names of the arguments of definitions where they are used, if those are constants.
fn of_uses(analysis: &Analysis, uses: &[(usize, Span)], hints: &mut Vec<InlayHint>) {
    let tree = analysis.tree();
    let arguments = arguments_behind(tree, uses);
    for (place, name) in uses {
        let definition = analysis.checked.program.definitions.get(*place);
        // The name where it is declared has none behind it.
        let (Some(definition), Some(args)) = (definition, arguments.get(name)) else {
            continue;
        };
        let about = definition
            .signature
            .split_once('(')
            .map_or("", |(_, about)| about);
        let names = about.trim_end_matches(')').split(',');
        let names = names.map(|about| about.split(':').next().unwrap_or("").trim());
        hints.extend(named_arguments(tree, names, tree.list(*args)));
    }
}

/// What stands in the parentheses behind names, which are in the order of the text.
fn arguments_behind(tree: &Tree, names: &[(usize, Span)]) -> BTreeMap<Span, ExprList> {
    let is_asked = |name: Span| names.binary_search_by_key(&name, |(_, name)| *name).is_ok();
    let calls = tree.exprs().filter_map(|(_, expr)| match expr.kind {
        ExprKind::Call { word, args } => Some((word.name.span, args)),
        ExprKind::Member {
            name: Some(member),
            args: Some(args),
            ..
        } => Some((member.span, args)),
        _ => None,
    });
    calls.filter(|(name, _)| is_asked(*name)).collect()
}

fn named_arguments<'a>(
    tree: &'a Tree,
    names: impl Iterator<Item = &'a str> + 'a,
    args: &'a [ExprId],
) -> impl Iterator<Item = InlayHint> + 'a {
    let constants = names.zip(args).filter(|(_, arg)| {
        let arg = tree.unparenthesized(**arg);
        matches!(
            tree.kind(arg),
            ExprKind::Number(_) | ExprKind::Bool(_) | ExprKind::Text
        )
    });
    constants.map(|(name, arg)| InlayHint {
        offset: tree.expr(*arg).span.start,
        kind: HintKind::Parameter,
        label: format!("{name}: "),
        docs: String::new(),
        is_source: false,
    })
}
