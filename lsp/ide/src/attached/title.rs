//! What a rule did in the attached cluster, in a line or in some.

use std::fmt::Write as _;

use plasma_eval::{AtomReading, Derivation, Truth};
use plasma_model::Binding;

use super::{Attached, Firings};

/// What a rule did, in a few words: `fires now for 3 bindings`, `fired 14 times in trace.jsonl`.
pub fn firings_title(attached: &Attached, rule: &str) -> String {
    let name = &attached.name;
    let Some(firings) = attached.rules.get(rule) else {
        return format!("not in {name}");
    };
    match (attached.ticks, firings.ticks, firings.bindings_now) {
        (1, 0, _) => format!("does not fire in {name}{}", missing(firings)),
        (1, _, now) => format!("fires for {} in {name}", bindings(now)),
        (ticks, 0, _) => format!("never fired in {ticks} ticks of {name}{}", missing(firings)),
        (_, fired, 0) => format!("fired {} in {name}", times(fired)),
        (_, fired, now) => format!(
            "fired {} in {name}, now for {}",
            times(fired),
            bindings(now)
        ),
    }
}

/// What keeps a rule from firing where it comes nearest to it.
fn missing(firings: &Firings) -> String {
    let Some(derivation) = &firings.derivation else {
        return String::new();
    };
    let failing = derivation.atoms.iter().find(|atom| !atom.holds.is_true());
    failing.map_or(String::new(), |atom| match &atom.measured {
        Some((_, value)) => format!(
            "; nearest: {value} of {}",
            atom.threshold.as_deref().unwrap_or("")
        ),
        None => "; a link is missing".to_owned(),
    })
}

/// What a rule did, in some lines of plain text: when, and why or why not at the last tick.
pub fn firings_text(attached: &Attached, rule: &str) -> String {
    let mut text = format!("{rule}: {}\n", firings_title(attached, rule));
    let Some(firings) = attached.rules.get(rule) else {
        return text;
    };
    if attached.ticks > 1 && !firings.times.is_empty() {
        let times: Vec<String> = firings.times.iter().map(|t| format!("{t} s")).collect();
        let which = match firings.ticks > firings.times.len() {
            true => "last at",
            false => "at",
        };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{which} {}", times.join(", "));
    }
    if let Some(derivation) = &firings.derivation {
        let _ = write!(
            text,
            "\n{}",
            derivation_text(derivation, attached.t_seconds())
        );
    }
    text
}

/// Why a rule fires for a binding, or what keeps it from that.
fn derivation_text(derivation: &Derivation, t_seconds: f64) -> String {
    let what = match derivation.holds.is_true() {
        true => "it fires",
        false => "nearest to firing",
    };
    let mut text = format!("t = {t_seconds} s, {what}{}\n", binding_text(derivation));
    for atom in &derivation.atoms {
        let _ = writeln!(text, "  {} {}", mark(atom.holds), reading(atom));
    }
    text
}

/// ` for f = fo1, x = fi1`
pub(super) fn binding_text(derivation: &Derivation) -> String {
    let pairs = |binding: &Binding| -> Vec<String> {
        let pairs = binding.iter();
        pairs
            .map(|(name, entity)| format!("{name} = {entity}"))
            .collect()
    };
    let mut named = pairs(&derivation.binding);
    named.extend(pairs(&derivation.witnesses));
    match named.is_empty() {
        true => String::new(),
        false => format!(" for {}", named.join(", ")),
    }
}

/// What was measured, and how far it is from its threshold.
pub(super) fn reading(atom: &AtomReading) -> String {
    match atom.distance() {
        Some(distance) => format!("{atom}: {distance} away"),
        None => atom.to_string(),
    }
}

pub(super) fn mark(holds: Truth) -> &'static str {
    match holds {
        Truth::True => "✓",
        Truth::False => "✗",
        Truth::Unknown => "?",
    }
}

fn bindings(count: usize) -> String {
    match count {
        1 => "1 binding".to_owned(),
        count => format!("{count} bindings"),
    }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}
