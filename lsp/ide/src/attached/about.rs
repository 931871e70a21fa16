//! What the word at the cursor comes to in the attached cluster.

use plasma_check::Named;
use plasma_check::program::Rule;
use plasma_diagnostic::Span;
use plasma_syntax::tree::ExprKind;

use super::Attached;
use super::title::{binding_text, firings_text, mark, reading};
use super::values::values_of;
use crate::Analysis;

/// What there is to say about the word at a byte of the document, in markdown; `None` for nothing.
pub fn attached_hover(analysis: &Analysis, offset: u32, attached: &Attached) -> Option<String> {
    let (span, named) = analysis.checked.name_at(analysis.file, offset)?;
    let told = match named {
        Named::Rule(place) => {
            let rule = analysis.tree().rules().nth(*place)?;
            let name = analysis.tree().name(rule.name()?);
            format!("```text\n{}```", firings_text(attached, name))
        }
        Named::Type(id) => {
            let name = &analysis.schema().get(*id)?.name;
            let columns = &attached.columns;
            let number = columns.type_names().get(name);
            let alive = number.map_or(0, |number| columns.frame().of_type(number).len());
            format!("{alive} alive")
        }
        Named::Metric(_)
        | Named::Statistic(..)
        | Named::Function { .. }
        | Named::Property { .. } => {
            let rule = rule_at(analysis, offset)?;
            let feature = feature_at(analysis, *span)?;
            let text = analysis.sources.slice(feature);
            let values = values_of(analysis, rule, text, attached)?;
            match reading_at(analysis, rule, offset, attached) {
                Some(reading) => format!("`{text}`: {values}\n\n{reading}"),
                None => format!("`{text}`: {values}"),
            }
        }
        Named::Figure { .. } => reading_at(analysis, rule_at(analysis, offset)?, offset, attached)?,
        _ => return None,
    };
    Some(format!(
        "**{}, t = {} s**\n\n{told}",
        attached.name,
        attached.t_seconds()
    ))
}

/// The rule that a byte of the document lies in.
fn rule_at(analysis: &Analysis, offset: u32) -> Option<&Rule> {
    let mut rules = analysis.checked.program.rules_and_requirements();
    rules.find(|rule| rule.span.file == analysis.file && rule.span.touches(offset))
}

/// The whole measured value that a word belongs to: `client.call(f.open).perc`.
fn feature_at(analysis: &Analysis, word: Span) -> Option<Span> {
    let members = analysis.tree().exprs().filter_map(|(_, expr)| {
        let is_around = expr.span.start <= word.start && word.end <= expr.span.end;
        (is_around && matches!(expr.kind, ExprKind::Member { .. })).then_some(expr.span)
    });
    members.max_by_key(|span| span.len())
}

/// What the condition at a byte comes to where its rule fires, or comes nearest to it.
fn reading_at(
    analysis: &Analysis,
    rule: &Rule,
    offset: u32,
    attached: &Attached,
) -> Option<String> {
    let derivation = attached.rules.get(&rule.name)?.derivation.as_ref()?;
    let parts = plasma_eval::parts_of(&analysis.checked.program, rule);
    let part = parts
        .iter()
        .find(|part| part.span.file == analysis.file && part.span.touches(offset))?;
    let atom = derivation
        .atoms
        .iter()
        .find(|atom| atom.text == part.text)?;
    let what = match derivation.holds.is_true() {
        true => "The rule fires",
        false => "The rule comes nearest to firing",
    };
    Some(format!(
        "{what}{}:\n`{} {}`",
        binding_text(derivation),
        mark(atom.holds),
        reading(atom)
    ))
}
