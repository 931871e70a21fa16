//! A plan for people: what fired and on which figures, what moves and for which rule, what was
//! refused and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_eval::{Derivation, Past};
use plasma_model::{ActionBody, Binding, Cause, Decision, Rejection, Reservations};

use crate::visible::visible;

/// At most so many firings of one rule are derived; the rest is counted.
const FIRINGS_SHOWN_MAX: usize = 3;

/// At most so many actions, and so many rejections, are listed; the rest is counted.
const LINES_SHOWN_MAX: usize = 40;

/// At most so many intents of one action are listed; the rest is counted.
const WISHES_SHOWN_MAX: usize = 4;

/// The text of a decision on a snapshot.
pub fn text(
    program: &CheckedProgram,
    (columns, past): (&Columns, &Past),
    decision: &Decision,
) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "t = {} s: {} servers, {} actors",
        columns.frame().t,
        columns.servers().len(),
        columns.frame().live().len()
    );
    firings(&mut text, program, (columns, past), decision);
    actions(&mut text, decision);
    rejections(&mut text, decision);
    text
}

/// Each rule that fired, with the derivation of its first bindings.
fn firings(
    text: &mut String,
    program: &CheckedProgram,
    (columns, past): (&Columns, &Past),
    decision: &Decision,
) {
    let mut fired: BTreeMap<usize, BTreeMap<&Binding, Vec<String>>> = BTreeMap::new();
    for intent in &decision.intents {
        for Cause {
            rule_index,
            binding,
            ..
        } in &intent.causes
        {
            let asked = fired
                .entry(*rule_index)
                .or_default()
                .entry(binding)
                .or_default();
            asked.push(intent.goal.to_string());
        }
    }
    if fired.is_empty() {
        text.push_str("\nno rule fires\n");
    }
    for (rule_index, bindings) in fired {
        for (binding, asked) in bindings.iter().take(FIRINGS_SHOWN_MAX) {
            let nothing_held = Reservations::default();
            let derivation =
                plasma_eval::explain(program, (columns, past), &nothing_held, rule_index, binding);
            if let Some(derivation) = derivation {
                firing(text, &derivation, asked);
            }
        }
        let more = bindings.len().saturating_sub(FIRINGS_SHOWN_MAX);
        if more > 0 {
            let name = program
                .rule(rule_index)
                .map_or("", |rule| rule.name.as_ref());
            let _ = writeln!(text, "{name} fires for {more} more");
        }
    }
}

fn firing(text: &mut String, derivation: &Derivation, asked: &[String]) {
    derived(text, derivation);
    let _ = writeln!(text, "  asks: {}", visible(&asked.join(", ")));
}

/// That a rule fires, for whom, and on which figures.
pub fn derived(text: &mut String, derivation: &Derivation) {
    let _ = write!(text, "\n{} fires", derivation.rule);
    if !derivation.binding.is_empty() {
        let _ = write!(text, " for {}", visible(&binding_text(&derivation.binding)));
    }
    text.push('\n');
    for atom in &derivation.atoms {
        let _ = writeln!(text, "    {}", visible(&atom.to_string()));
    }
}

/// A binding for people: `f = fo1, x = fi1`.
pub fn binding_text(binding: &Binding) -> String {
    let pairs: Vec<String> = binding
        .iter()
        .map(|(name, entity)| format!("{name} = {entity}"))
        .collect();
    pairs.join(", ")
}

fn actions(text: &mut String, decision: &Decision) {
    let count = decision.actions.len();
    if count == 0 {
        text.push_str("\nplan: nothing moves\n");
        return;
    }
    let only_moves = decision.actions.iter().all(|action| action.body.is_move());
    let noun = match (only_moves, count) {
        (true, 1) => "move",
        (true, _) => "moves",
        (false, 1) => "action",
        (false, _) => "actions",
    };
    let _ = writeln!(text, "\nplan: {count} {noun}");
    let served = decision.actions.iter().zip(&decision.action_intents);
    let mut before: &[usize] = &[];
    for (action, intents) in served.take(LINES_SHOWN_MAX) {
        let done = action_text(&action.body);
        // A group moves whole, each of it for all that is asked of the group.
        let reasons = match intents.len() > 1 && intents == before {
            true => "the same intents".to_owned(),
            false => wishes(decision, intents),
        };
        before = intents;
        let line = format!("{done}  for {reasons}");
        let _ = writeln!(text, "  {}", visible(&line));
    }
    more(text, count);
}

/// The intents that an action serves; of many the first.
fn wishes(decision: &Decision, intents: &[usize]) -> String {
    let shown = intents.iter().take(WISHES_SHOWN_MAX);
    let wishes: Vec<String> = shown.filter_map(|place| wish(decision, *place)).collect();
    let wishes = wishes.join(", ");
    match intents.len().saturating_sub(WISHES_SHOWN_MAX) {
        0 => wishes,
        more => format!("{wishes} and {more} more"),
    }
}

/// `fo1  s1 → s2`, or what else is done.
pub fn action_text(action: &ActionBody) -> String {
    match action {
        ActionBody::Migrate { actor, from, to } => format!("{actor}  {from} → {to}"),
        other => other.to_string(),
    }
}

fn rejections(text: &mut String, decision: &Decision) {
    if decision.rejected.is_empty() {
        return;
    }
    let is_unmet = |rejection: &&Rejection| decision.unmet.contains(&rejection.intent);
    let (unmet, refused): (Vec<_>, Vec<_>) = decision.rejected.iter().partition(is_unmet);
    for (title, rejected) in [("requirements not met", unmet), ("not honoured", refused)] {
        if rejected.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{title}:");
        for rejection in rejected.iter().take(LINES_SHOWN_MAX) {
            let wish = wish(decision, rejection.intent).unwrap_or_default();
            let line = format!("{wish}: {}", rejection.reason);
            let _ = writeln!(text, "  {}", visible(&line));
        }
        more(text, rejected.len());
    }
}

/// An intent with the rule of its first cause.
fn wish(decision: &Decision, place: usize) -> Option<String> {
    let intent = decision.intents.get(place)?;
    let rule = intent
        .causes
        .first()
        .map_or("?", |cause| cause.rule.as_ref());
    Some(format!("{} ({rule})", intent.goal))
}

fn more(text: &mut String, count: usize) {
    if count > LINES_SHOWN_MAX {
        let _ = writeln!(text, "  and {} more", count - LINES_SHOWN_MAX);
    }
}
