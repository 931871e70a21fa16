//! Why something is decided, for people.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use plasma_columns::Columns;
use plasma_eval::{Derivation, figure};
use plasma_model::{Entity, OutcomeResult, PlanIntent};
use plasma_scenario::{Ask, Firing, RecordedFate, Subject, Why};
use serde_json::Value as Json;

use crate::command::why::Decided;
use plasma_scenario::plan_text::{action_text, binding_text, derived};
use plasma_scenario::visible;

/// At most so many actions of one intent are listed; the rest is counted.
const ACTIONS_SHOWN_MAX: usize = 5;

/// At most so many recorded actions, and so many refusals, are listed.
const RECORDED_SHOWN_MAX: usize = 10;

/// At most so many intents of a recorded action are listed.
const WISHES_SHOWN_MAX: usize = 3;

/// The explanation of one subject, called `name`.
pub(crate) fn text(why: &Why, subject: &Subject, name: &str, columns: &Columns) -> String {
    let about = match subject {
        Subject::RuleFor(_, entity) => format!(" for {entity}"),
        Subject::Rule(_) | Subject::Entity(_) => String::new(),
    };
    let mut text = format!(
        "{}{}: t = {} s{}\n",
        visible(name),
        visible(&about),
        columns.frame().t,
        visible(&place_of(subject, columns))
    );
    let mut told = Told::new();
    for firing in &why.firings {
        fired(&mut text, firing, why, &mut told);
    }
    if why.firings_more > 0 {
        let _ = writeln!(text, "\nand {} more firings", why.firings_more);
    }
    if why.firings.is_empty() {
        missed(&mut text, why, subject);
    }
    text
}

/// `, Folder on s1`
fn place_of(subject: &Subject, columns: &Columns) -> String {
    let Some(entity) = subject.entity() else {
        return String::new();
    };
    match entity {
        Entity::Actor(id) => match columns.type_of(id).zip(columns.host_of(id)) {
            Some((actor_type, host)) => format!(", {actor_type} on {host}"),
            None => String::new(),
        },
        Entity::Server(id) => format!(", {} actors", columns.hosted_on(id)),
    }
}

/// Places of the actions that have been listed.
type Told = BTreeSet<usize>;

fn fired(text: &mut String, firing: &Firing, why: &Why, told: &mut Told) {
    derived(text, &firing.derivation);
    chosen(text, &firing.derivation);
    if firing.asks.is_empty() {
        text.push_str("  asks for nothing: it is about one actor and itself\n");
    }
    for ask in &firing.asks {
        asked(text, ask, why, told);
    }
}

fn asked(text: &mut String, ask: &Ask, why: &Why, told: &mut Told) {
    let decision = &why.plan.decision;
    let Some(intent) = decision.intents.get(ask.intent) else {
        return;
    };
    let _ = writeln!(text, "  asks: {}", visible(&intent.goal.to_string()));
    listed(text, ask, why, told);
    match &ask.refused {
        Some(reason) => {
            let word = match ask.actions.is_empty() {
                true => "refused",
                false => "refused in part",
            };
            let _ = writeln!(text, "    {word}: {}", visible(&reason.to_string()));
        }
        None if ask.actions.is_empty() => text.push_str("    holds without an action of its own\n"),
        None => {}
    }
}

/// The actions for a goal. A group moves whole, for each of its goals: what is listed already is counted, unless
/// it is one action.
fn listed(text: &mut String, ask: &Ask, why: &Why, told: &mut Told) {
    let (again, new): (Vec<usize>, Vec<usize>) =
        ask.actions.iter().partition(|place| told.contains(*place));
    let is_counted = again.len() > 1;
    let listed = match is_counted {
        true => &new,
        false => &ask.actions,
    };
    let actions = &why.plan.decision.actions;
    let shown = listed.iter().filter_map(|place| actions.get(*place));
    for action in shown.take(ACTIONS_SHOWN_MAX) {
        let _ = writeln!(text, "    → {}", visible(&action_text(&action.body)));
    }
    if listed.len() > ACTIONS_SHOWN_MAX {
        let more = listed.len() - ACTIONS_SHOWN_MAX;
        let _ = writeln!(text, "    and {more} more");
    }
    if is_counted {
        let _ = writeln!(text, "    → {} actions listed above", again.len());
    }
    told.extend(&ask.actions);
}

fn missed(text: &mut String, why: &Why, subject: &Subject) {
    let is_nothing_near = why.misses.is_empty();
    let nothing = match subject {
        Subject::Rule(_) if is_nothing_near => {
            "it does not fire: there is nothing that its variables could stand for".to_owned()
        }
        Subject::Rule(_) => "it does not fire; what comes nearest:".to_owned(),
        Subject::RuleFor(_, entity) if is_nothing_near => {
            format!("it cannot fire for {entity}: it is about nothing that this could be")
        }
        Subject::RuleFor(_, entity) => {
            format!("it does not fire for {entity}; what comes nearest:")
        }
        Subject::Entity(Entity::Server(_)) if is_nothing_near => {
            "no rule asks anything about a server that it could be; ask about its actors".to_owned()
        }
        Subject::Entity(_) if is_nothing_near => "no rule could be about it".to_owned(),
        Subject::Entity(_) => "nothing fires about it; what comes nearest:".to_owned(),
    };
    let _ = writeln!(text, "\n{}", visible(&nothing));
    let tells_distance = matches!(subject, Subject::RuleFor(..));
    for miss in &why.misses {
        miss_text(text, miss, tells_distance);
    }
    let more = why.misses_more;
    let noun = match (subject, more) {
        (Subject::Rule(_) | Subject::RuleFor(..), 1) => "binding does",
        (Subject::Rule(_) | Subject::RuleFor(..), _) => "bindings do",
        (Subject::Entity(_), 1) => "rule does",
        (Subject::Entity(_), _) => "rules do",
    };
    match (more, why.is_cut) {
        (0, _) => {}
        (_, true) => {
            let _ = writeln!(
                text,
                "\n{more} more {noun} not fire; the others were not looked at"
            );
        }
        (_, false) => {
            let _ = writeln!(text, "\n{more} more {noun} not fire");
        }
    }
}

fn miss_text(text: &mut String, miss: &Derivation, tells_distance: bool) {
    let _ = write!(text, "\n{} does not fire", miss.rule);
    if !miss.binding.is_empty() {
        let _ = write!(text, " for {}", visible(&binding_text(&miss.binding)));
    }
    text.push('\n');
    let mut failing = miss
        .atoms
        .iter()
        .filter(|atom| !atom.holds.is_true())
        .peekable();
    if failing.peek().is_none() {
        let _ = writeln!(text, "    its condition is {}", miss.holds);
    }
    for atom in failing {
        let distance = atom.distance().filter(|_| tells_distance);
        let distance = distance.map_or(String::new(), |distance| format!(": {distance} away"));
        let _ = writeln!(text, "    {}", visible(&format!("{atom}{distance}")));
    }
    chosen(text, miss);
}

/// What stands for a bare `server` without an actor, and for the variables of one side of an `or`.
fn chosen(text: &mut String, derivation: &Derivation) {
    if !derivation.witnesses.is_empty() {
        let line = format!("with {}", binding_text(&derivation.witnesses));
        let _ = writeln!(text, "    {}", visible(&line));
    }
}

/// What a recording tells of the decision then.
pub(crate) fn decided(decided: Decided<'_>, subject: &Subject, name: &str) -> String {
    let recorded = decided.recorded;
    let who = match decided.is_by_same_policy() {
        true => format!("this policy ({}) was in charge", recorded.policy),
        false => format!(
            "another policy was in charge ({}; this one is {})",
            recorded.policy, decided.own_hash
        ),
    };
    let nothing = |what: &str| {
        let line = format!("recorded: {who}; {what}");
        format!("\n{}\n", visible(&line))
    };
    let Some(about) = decided.about(subject, name) else {
        return nothing(&format!(
            "its rule {name} is another one, for rules without a name are called by their place"
        ));
    };
    if about.actions.is_empty() && about.refused.is_empty() {
        return nothing(&match subject {
            Subject::Rule(_) => format!("it decided nothing for a rule {name}"),
            Subject::RuleFor(_, entity) => {
                format!("it decided nothing for a rule {name} about {entity}")
            }
            Subject::Entity(_) => format!("it decided nothing about {name}"),
        });
    }
    let mut text = format!("\nrecorded: {}; it decided\n", visible(&who));
    let (actions, refused) = (about.actions.len(), about.refused.len());
    for (action, fate) in about.actions.into_iter().take(RECORDED_SHOWN_MAX) {
        let intents = &recorded.plan.intents;
        let asked = action
            .intents
            .iter()
            .filter_map(|place| intents.get(*place));
        let wishes: Vec<String> = asked.take(WISHES_SHOWN_MAX).map(wish).collect();
        let more = match action.intents.len() > wishes.len() {
            true => ", ..",
            false => "",
        };
        let done = action_text(&action.body);
        let line = format!("{done}  for {}{more}", wishes.join(", "));
        let _ = writeln!(text, "  → {}", visible(&line));
        let _ = writeln!(text, "    {}", visible(&fate_text(fate)));
    }
    more(&mut text, actions);
    for (intent, refused) in about.refused.into_iter().take(RECORDED_SHOWN_MAX) {
        let line = format!("{} was refused: {}", wish(intent), refused.reason);
        let _ = writeln!(text, "  {}", visible(&line));
    }
    more(&mut text, refused);
    if let Some(cut) = &recorded.cut {
        let _ = writeln!(
            text,
            "  (what followed could not be read: {})",
            visible(cut)
        );
    }
    text
}

fn more(text: &mut String, count: usize) {
    if count > RECORDED_SHOWN_MAX {
        let _ = writeln!(text, "  and {} more", count - RECORDED_SHOWN_MAX);
    }
}

fn fate_text(fate: RecordedFate<'_>) -> String {
    match fate {
        RecordedFate::NotOrdered => "not ordered before the next plan took its place".to_owned(),
        RecordedFate::Unknown => "ordered; how it ended is not recorded".to_owned(),
        RecordedFate::Ended(OutcomeResult::Failed { error, .. }) => format!("failed: {error}"),
        RecordedFate::Ended(OutcomeResult::Done { pause, bytes, .. }) => format!(
            "done: pause {}, {}",
            figure(*pause, "s"),
            figure(*bytes as f64, "B")
        ),
    }
}

/// `reserve(fo1, cpu) (hot_folder)`, as it was recorded.
fn wish(intent: &PlanIntent) -> String {
    let arguments: Vec<String> = intent.args.iter().map(argument).collect();
    format!(
        "{}({}) ({})",
        intent.behavior,
        arguments.join(", "),
        intent.rule
    )
}

fn argument(argument: &Json) -> String {
    match argument {
        Json::String(text) => text.strip_prefix("server:").unwrap_or(text).to_owned(),
        Json::Array(types) => {
            let names: Vec<&str> = types.iter().filter_map(Json::as_str).collect();
            format!("{{{}}}", names.join(", "))
        }
        other => other.to_string(),
    }
}
