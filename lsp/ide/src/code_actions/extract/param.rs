//! Makes a number a parameter: one place to change it, and `--param` from outside.

use plasma_check::{Named, quantity_of};
use plasma_diagnostic::{Edit, Span};
use plasma_syntax::tree::{Attribute, Expr, ExprId, ExprKind, Item, LimitShape};

use super::super::free_name;
use super::{Change, is_as_good, lies_in, line_before, trimmed};
use crate::Analysis;

/// The change that makes the number at a place a parameter.
pub(in super::super) fn param(analysis: &Analysis, place: Span) -> Option<Change> {
    let selected = trimmed(analysis, place).unwrap_or(place);
    let (id, number) = number_at(analysis, selected)?;
    let span = number.span;
    let items = analysis.tree().items();
    let item = items.iter().find(|item| lies_in(span, item.span()))?;
    if matches!(item, Item::Param(_) | Item::Use(_) | Item::Test(_)) {
        return None;
    }
    let name = free_name(analysis, &wanted_name(analysis, item, id, span));
    let value = format!("{}{}", analysis.tree().text(span), unit_of(analysis, span));
    // Parameters stand together.
    let params = items
        .iter()
        .take_while(|other| other.span().start < item.span().start);
    let last = params
        .filter(|other| matches!(other, Item::Param(_)))
        .last();
    let line = format!("param {name} = {value};");
    let declaration = match last {
        Some(last) => Edit {
            span: last.span().after(),
            text: format!("\n{line}"),
        },
        None => line_before(analysis, item.span(), &line),
    };
    let edits = vec![
        declaration,
        Edit {
            span,
            text: name.clone(),
        },
    ];
    is_as_good(analysis, &edits).then(|| {
        (
            format!("extract `{value}` into the parameter `{name}`"),
            edits,
        )
    })
}

/// The number at a place; a selection must be all of it.
fn number_at(analysis: &Analysis, place: Span) -> Option<(ExprId, &Expr)> {
    let is_meant = |span: Span| match place.is_empty() {
        true => span.meets(place),
        false => span == place,
    };
    let mut exprs = analysis.tree().exprs();
    exprs.find(|(_, expr)| matches!(expr.kind, ExprKind::Number(_)) && is_meant(expr.span))
}

/// The unit that a number without one has at its place, where a parameter can have it.
fn unit_of(analysis: &Analysis, span: Span) -> &'static str {
    match analysis.checked.name_at(span.file, span.start) {
        Some((named, Named::Figure { unit })) if *named == span && quantity_of(unit).is_some() => {
            unit
        }
        _ => "",
    }
}

/// What the number is, in a word or two.
fn wanted_name(analysis: &Analysis, item: &Item, id: ExprId, span: Span) -> String {
    let tree = analysis.tree();
    if let Item::Rule(rule) = item {
        let attributes = rule.head.iter().flat_map(|head| &head.attributes);
        let is_value = |attribute: &&Attribute| tree.expr(attribute.value).span == span;
        if let Some(attribute) = attributes.clone().find(is_value) {
            let rule = rule.name().map_or("rule", |name| tree.name(name));
            return format!("{rule}_{}", attribute.name.word());
        }
    }
    if let Item::Limit(limit) = item {
        let what = tree.name(limit.what);
        return match limit.shape {
            LimitShape::Rate { window, .. } if window == id => format!("{what}_window"),
            LimitShape::Rate { .. } => format!("{what}_max"),
            LimitShape::Range { least, .. } if least == id => format!("{what}_min"),
            LimitShape::Range { .. } => format!("{what}_max"),
        };
    }
    let compared = tree.exprs().find_map(|(_, expr)| match expr.kind {
        ExprKind::Compare { left, right, .. } if tree.unparenthesized(left) == id => Some(right),
        ExprKind::Compare { left, right, .. } if tree.unparenthesized(right) == id => Some(left),
        _ => None,
    });
    let metric = compared.and_then(|other| metric_in(analysis, tree.expr(other).span));
    match metric {
        Some(metric) => format!("{metric}_bound"),
        None => "value".to_owned(),
    }
}

/// The first metric, property or function that is named in a piece of text.
fn metric_in(analysis: &Analysis, span: Span) -> Option<&str> {
    let names = analysis.checked.names.iter();
    let mut within = names.filter(|(name, _)| lies_in(*name, span));
    within.find_map(|(name, named)| match named {
        Named::Metric(_) | Named::Property { .. } | Named::Definition(_) => {
            Some(analysis.sources.slice(*name))
        }
        _ => None,
    })
}
