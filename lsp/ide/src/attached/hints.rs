//! The figures of the attached cluster, behind the conditions that ask for them.

use std::collections::VecDeque;

use plasma_check::program::Rule;
use plasma_diagnostic::Span;
use plasma_eval::{AtomReading, parts_of};

use super::Attached;
use super::title::{binding_text, mark, reading};
use crate::{Analysis, HintKind, InlayHint};

/// What the conditions in a part of the document come to: for a binding for which their rule fires, or the one
/// that comes nearest to it.
pub fn value_hints(analysis: &Analysis, within: Span, attached: &Attached) -> Vec<InlayHint> {
    let program = &analysis.checked.program;
    let rules = program.rules_and_requirements();
    let mut hints = Vec::new();
    for rule in rules.filter(|rule| rule.span.meets(within)) {
        hints.extend(of_rule(analysis, rule, attached));
    }
    hints.retain(|hint| (within.start..=within.end).contains(&hint.offset));
    hints.sort_by_key(|hint| hint.offset);
    hints
}

fn of_rule(analysis: &Analysis, rule: &Rule, attached: &Attached) -> Vec<InlayHint> {
    let firings = attached.rules.get(&rule.name);
    let Some(derivation) = firings.and_then(|firings| firings.derivation.as_ref()) else {
        return Vec::new();
    };
    let mut readings: VecDeque<&AtomReading> = derivation.atoms.iter().collect();
    let mut hints = Vec::new();
    for part in parts_of(&analysis.checked.program, rule) {
        // The text may have changed since: what is not found again has no figures.
        let Some(place) = readings.iter().position(|atom| atom.text == part.text) else {
            continue;
        };
        let Some(atom) = readings.remove(place) else {
            continue;
        };
        if part.span.file != analysis.file {
            continue;
        }
        let value = atom.measured.as_ref().map(|(_, value)| format!(" {value}"));
        hints.push(InlayHint {
            offset: part.span.end,
            kind: HintKind::Value,
            label: format!(" {}{}", mark(atom.holds), value.unwrap_or_default()),
            docs: format!(
                "{}\n\n{}, t = {} s{}",
                reading(atom),
                attached.name,
                attached.t_seconds(),
                binding_text(derivation)
            ),
            is_source: false,
        });
    }
    hints
}
