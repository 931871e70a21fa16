//! The head of a rule, `rule NAME [..]:`, and how something is put into it; and names for rules.

use plasma_diagnostic::{Edit, Span};
use plasma_model::behavior_row;
use plasma_syntax::tree::{ExprKind, Rule, Tree, WordKind};

use super::free_name;
use crate::Analysis;

/// The change that gives a rule an attribute, and a name if it has none.
pub(super) fn with_attribute(analysis: &Analysis, rule: &Rule, attribute: &str) -> Option<Edit> {
    let Some(head) = &rule.head else {
        let name = name_for(analysis, rule);
        return Some(Edit {
            span: rule.span.before(),
            text: format!("rule {name} [{attribute}]: "),
        });
    };
    if let Some(last) = head.attributes.last() {
        return Some(Edit {
            span: last.span.after(),
            text: format!(", {attribute}"),
        });
    }
    let text = analysis.tree().text(head.span);
    Some(match text.find('[') {
        // `rule a []:`
        Some(open) => Edit {
            span: Span::new(
                head.span.file,
                head.span.start + open as u32 + 1,
                head.span.start + open as u32 + 1,
            ),
            text: attribute.to_owned(),
        },
        None => Edit {
            span: head.name?.span.after(),
            text: format!(" [{attribute}]"),
        },
    })
}

/// A name for a rule that has none: what it does, and with what.
pub(super) fn name_for(analysis: &Analysis, rule: &Rule) -> String {
    let tree = analysis.tree();
    let behaviors = tree.behaviors(rule).iter();
    let mut named = behaviors.filter_map(|behavior| Some((behavior, tree.name(behavior.name?))));
    let Some((behavior, name)) = named.find(|(_, name)| behavior_row(name).is_some()) else {
        return free_name(analysis, "rule");
    };
    let start = behavior.span.start;
    let args = tree.exprs().filter(|(_, expr)| {
        expr.span.file == behavior.span.file
            && expr.span.start >= start
            && expr.span.end <= behavior.span.end
    });
    let mut subjects = args.filter_map(|(_, expr)| match expr.kind {
        ExprKind::Word(word) => subject(analysis, word.kind, word.name.span),
        ExprKind::Call { word, .. } => subject(analysis, word.kind, word.name.span),
        _ => None,
    });
    match subjects.next() {
        Some(subject) => free_name(analysis, &format!("{name}_{}", snake(&subject))),
        None => free_name(analysis, &format!("{name}_on_{}", cause(analysis, rule))),
    }
}

/// What a rule looks at first: a metric.
fn cause<'a>(analysis: &'a Analysis, rule: &Rule) -> &'a str {
    let condition = analysis.tree().expr(rule.condition).span;
    let names = analysis.checked.names.iter();
    let mut looked_at = names.filter(|(span, named)| {
        let is_metric = matches!(named, plasma_check::Named::Metric(_));
        is_metric
            && span.file == condition.file
            && condition.range().contains(&(span.start as usize))
    });
    let first = looked_at.next();
    first.map_or("condition", |(span, _)| analysis.sources.slice(*span))
}

/// What a word is about: an actor type, or a server.
fn subject(analysis: &Analysis, kind: WordKind, span: Span) -> Option<String> {
    match kind {
        WordKind::Upper => Some(analysis.sources.slice(span).to_owned()),
        WordKind::Server => Some("server".to_owned()),
        WordKind::Any => Some("actor".to_owned()),
        WordKind::Client => None,
        WordKind::Lower => {
            let (_, named) = analysis.checked.name_at(span.file, span.start)?;
            let plasma_check::Named::Variable { kind, .. } = named else {
                return None;
            };
            Some(match kind {
                plasma_check::VariableKind::Actor(id) => {
                    analysis.schema().get(*id)?.name.to_string()
                }
                plasma_check::VariableKind::AnyActor => "actor".to_owned(),
                plasma_check::VariableKind::Server => "server".to_owned(),
                _ => return None,
            })
        }
    }
}

/// `FolderTree` as `folder_tree`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && was_lower {
            snake.push('_');
        }
        was_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The rule or requirement that a place lies in.
pub(super) fn rule_at(tree: &Tree, place: Span) -> Option<&Rule> {
    let mut rules = tree.rules().chain(tree.requirements());
    rules.find(|rule| {
        rule.span.file == place.file && rule.span.start <= place.start && place.end <= rule.span.end
    })
}
