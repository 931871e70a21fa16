//! What of rules, limits and parameters has changed besides what they ask for.

use plasma_check::compare::{SideBySide, fires_as_often};
use plasma_check::program::{BehaviorKind, CheckedProgram, Limit, NumberUnit, ParamValue, Rule};
use plasma_eval::figure;
use plasma_model::{Bounds, RELEASE_PERIODS_DEFAULT};

use super::Proved;

/// Whether what two rules ask for counts the same: in arbitration, and for how long.
pub(super) fn has_same_attributes(old: &Rule, new: &Rule) -> bool {
    old.priority == new.priority
        && old.cooldown_seconds == new.cooldown_seconds
        && old.release_periods == new.release_periods
        && bounds(old) == bounds(new)
}

/// What has changed about a rule besides its condition, for people.
pub(super) fn attributes(old: &Rule, new: &Rule, proved: Proved) -> Vec<String> {
    let mut changes = Vec::new();
    let mut change = |what: &str, before: String, after: String| {
        if before != after {
            changes.push(format!("{what} {before} → {after}"));
        }
    };
    change(
        "priority",
        old.priority.to_string(),
        new.priority.to_string(),
    );
    let cooldown = |rule: &Rule| match rule.cooldown_seconds {
        Some(seconds) => figure(seconds, "s"),
        None => "none".to_owned(),
    };
    change("cooldown", cooldown(old), cooldown(new));
    let release = |rule: &Rule| match rule.release_periods {
        RELEASE_PERIODS_DEFAULT => format!("{RELEASE_PERIODS_DEFAULT} periods (default)"),
        periods => format!("{periods} periods"),
    };
    change("release", release(old), release(new));
    change("behaviors", behaviors(old), behaviors(new));
    change("bounds", bounds_text(old), bounds_text(new));
    // The same behaviors for the same firings, and not the same is asked for.
    let is_other = !(proved.nothing_lost || proved.nothing_added);
    if changes.is_empty() && is_other && fires_as_often(new, old) && fires_as_often(old, new) {
        changes.push("the arguments of its behaviors".to_owned());
    }
    changes
}

/// `reserve, colocate`: each with its arguments only where they are no variables.
fn behaviors(rule: &Rule) -> String {
    let names = rule.behaviors.iter().map(|behavior| match &behavior.kind {
        BehaviorKind::Reserve { resource, .. } => format!("reserve {resource}"),
        BehaviorKind::Balance { resource, .. } => format!("balance {resource}"),
        BehaviorKind::Spread { by: Some(by), .. } => format!("spread by {by:?}"),
        BehaviorKind::ScaleOut(count) => format!("scale_out({count})"),
        BehaviorKind::ScaleIn(count) => format!("scale_in({count})"),
        other => other.name().to_owned(),
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.join(", ")
}

fn bounds(rule: &Rule) -> Vec<Bounds> {
    let bounds = rule
        .behaviors
        .iter()
        .filter_map(|behavior| match behavior.kind {
            BehaviorKind::Balance { bounds, .. } => Some(bounds),
            _ => None,
        });
    bounds.collect()
}

fn bounds_text(rule: &Rule) -> String {
    let bounds = bounds(rule)
        .into_iter()
        .map(|bounds| match (bounds.lower, bounds.upper) {
            (Some(lower), Some(upper)) => format!("{lower} to {upper} %"),
            (Some(lower), None) => format!("from {lower} %"),
            (None, Some(upper)) => format!("to {upper} %"),
            (None, None) => "mean ± 10 points".to_owned(),
        });
    bounds.collect::<Vec<_>>().join(", ")
}

/// Limits that only one of the policies has, for people.
pub(super) fn limits(sides: &SideBySide) -> Vec<String> {
    let only = |limits: &[Limit], others: &[Limit], what: &str| {
        let only = limits.iter().filter(|limit| {
            let count = |all: &[Limit]| all.iter().filter(|l| l.kind == limit.kind).count();
            count(limits) > count(others)
        });
        let lines = only.map(|limit| format!("{what}: {}", limit.text));
        lines.collect::<Vec<String>>()
    };
    let (old, new) = (&sides.old_limits, &sides.new_limits);
    let mut changes = only(old, new, "removed");
    changes.extend(only(new, old, "added"));
    changes
}

/// Parameters that have another value, or are only in one of the policies, for people.
pub(super) fn params(old: &CheckedProgram, new: &CheckedProgram) -> Vec<String> {
    let mut changes = Vec::new();
    for param in &old.params {
        let after = new.params.iter().find(|other| other.name == param.name);
        let before = value_text(&param.value, old);
        match after.map(|after| value_text(&after.value, new)) {
            Some(after) if after == before => {}
            Some(after) => changes.push(format!("{} {before} → {after}", param.name)),
            None => changes.push(format!("removed: {} = {before}", param.name)),
        }
    }
    for param in &new.params {
        if old.params.iter().all(|other| other.name != param.name) {
            let value = value_text(&param.value, new);
            changes.push(format!("added: {} = {value}", param.name));
        }
    }
    changes
}

fn value_text(value: &ParamValue, program: &CheckedProgram) -> String {
    match value {
        ParamValue::Truth(value) => value.to_string(),
        ParamValue::Type(None) => "any".to_owned(),
        ParamValue::Type(Some(id)) => {
            let of_type = program.schema.get(*id);
            of_type.map_or_else(String::new, |of_type| of_type.name.to_string())
        }
        ParamValue::Number { value, unit } => {
            let unit = match unit {
                NumberUnit::Bare => "",
                NumberUnit::Percent => "%",
                NumberUnit::Duration => "s",
                NumberUnit::Bytes => "B",
                NumberUnit::BytesPerSecond => "B/s",
                NumberUnit::PerSecond => "/s",
            };
            figure(*value, unit)
        }
    }
}
