//! What is seen at a moment: stack frames, their scopes, and variables within variables.
//!
//! Each firing is a frame; then come the rules that do not fire, each for the binding that comes nearest. Whatever can
//! be opened has a handle, which is good until the moment is left.

use std::fmt::Display;

use plasma_check::program::Rule;
use plasma_columns::Columns;
use plasma_eval::{AtomReading, Derivation, explain, figure};
use plasma_model::{
    ActorId, Binding, Entity, PerResource, Resource, ServerId, Usage, Value, metric_row,
};

use crate::breakpoint::{firings, near_miss};
use crate::debuggee::Debuggee;
use crate::timeline::Moment;

/// Rules that do not fire of which the nearest miss is sought.
const MISSES_MAX: usize = 50;

/// Firings that are frames.
const FIRINGS_MAX: usize = 10_000;

/// A stack frame.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Which rule, for which binding; `None` where there is nothing but the tick.
    pub(crate) rule_index: Option<usize>,
    pub(crate) binding: Binding,
    /// Whether others are what there is to see here: the rule neither fires nor halts, and another one does.
    pub(crate) is_behind: bool,
    /// As the editor shows it.
    pub(crate) name: String,
}

/// Something with a name and a value, that may be opened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
    /// What it is opened by.
    pub(crate) opens: Option<Openable>,
}

impl Variable {
    fn plain(name: impl Into<String>, value: impl Display) -> Variable {
        Variable {
            name: name.into(),
            value: value.to_string(),
            opens: None,
        }
    }

    fn open(name: impl Into<String>, value: impl Display, opens: Openable) -> Variable {
        Variable {
            opens: Some(opens),
            ..Variable::plain(name, value)
        }
    }
}

/// What can be opened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Openable {
    /// The variables of a frame.
    Bindings(usize),
    /// The conditions of a frame.
    Conditions(usize),
    /// What a frame asks for, and what becomes of it.
    Wishes(usize),
    /// The servers.
    Cluster,
    /// What is to be done.
    Plan,
    /// What is refused.
    Refusals,
    Server(ServerId),
    Actor(ActorId),
    /// Names and values.
    Listed(Vec<(String, String)>),
}

/// The scopes of a frame, with what they are called.
pub(crate) fn scopes(frame: usize, is_of_rule: bool) -> Vec<(&'static str, Openable)> {
    let mut scopes = Vec::new();
    if is_of_rule {
        scopes.push(("Bindings", Openable::Bindings(frame)));
        scopes.push(("Conditions", Openable::Conditions(frame)));
        scopes.push(("Asks for", Openable::Wishes(frame)));
    }
    scopes.push(("Plan", Openable::Plan));
    scopes.push(("Refused", Openable::Refusals));
    scopes.push(("Servers", Openable::Cluster));
    scopes
}

/// The frames of a moment, those of the rule and bindings that halted it first.
pub(crate) fn frames(
    debuggee: &Debuggee,
    moment: &Moment,
    halted_by: &[(usize, Binding)],
) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut misses = Vec::new();
    let mut sought = 0;
    for rule in debuggee.rules() {
        let fired = firings(moment, rule.index).into_iter();
        let left = FIRINGS_MAX.saturating_sub(frames.len());
        frames.extend(fired.take(left).map(|binding| Frame {
            rule_index: Some(rule.index),
            name: frame_name(rule, &binding, ""),
            binding,
            is_behind: false,
        }));
        if sought < MISSES_MAX
            && let Some(miss) = near_miss(debuggee, moment, rule.index)
        {
            sought += 1;
            misses.push(Frame {
                rule_index: Some(rule.index),
                name: frame_name(rule, &miss.binding, " does not fire"),
                binding: miss.binding,
                is_behind: false,
            });
        }
    }
    let halts = |frame: &Frame| {
        let mut halting = halted_by.iter();
        halting
            .any(|(index, binding)| frame.rule_index == Some(*index) && frame.binding == *binding)
    };
    // Editors fold frames in grey: where there are no others, they would show none.
    let has_front = !frames.is_empty() || misses.iter().any(halts);
    for miss in &mut misses {
        miss.is_behind = has_front && !halts(miss);
    }
    frames.append(&mut misses);
    frames.sort_by_key(|frame| !halts(frame));
    if frames.is_empty() {
        frames.push(Frame {
            rule_index: None,
            binding: Binding::new(),
            is_behind: false,
            name: format!("t = {} s: there is no rule", moment.t_seconds()),
        });
    }
    frames
}

fn frame_name(rule: &Rule, binding: &Binding, what: &str) -> String {
    let pairs = binding
        .iter()
        .map(|(name, entity)| format!("{name} = {entity}"));
    let pairs: Vec<String> = pairs.collect();
    match pairs.is_empty() {
        true => format!("{}{what}", rule.name),
        false => format!("{}{what}: {}", rule.name, pairs.join(", ")),
    }
}

/// What is in something that was opened.
pub(crate) fn opened(
    debuggee: &Debuggee,
    moment: &Moment,
    frames: &[Frame],
    openable: &Openable,
) -> Vec<Variable> {
    let derivation = |frame: &usize| {
        let frame = frames.get(*frame)?;
        derived(debuggee, moment, frame.rule_index?, &frame.binding)
    };
    match openable {
        Openable::Bindings(frame) => match derivation(frame) {
            Some(derivation) => bindings(&derivation, &moment.columns),
            None => Vec::new(),
        },
        Openable::Conditions(frame) => {
            let atoms = derivation(frame).map_or_else(Vec::new, |found| found.atoms);
            atoms.iter().map(condition).collect()
        }
        Openable::Wishes(frame) => frames
            .get(*frame)
            .map_or_else(Vec::new, |frame| wishes(moment, frame)),
        Openable::Cluster => servers(&moment.columns),
        Openable::Plan => plan(moment),
        Openable::Refusals => refusals(moment),
        Openable::Server(id) => server(&moment.columns, id),
        Openable::Actor(id) => actor(&moment.columns, id),
        Openable::Listed(pairs) => pairs
            .iter()
            .map(|(name, value)| Variable::plain(name, value))
            .collect(),
    }
}

fn derived(
    debuggee: &Debuggee,
    moment: &Moment,
    rule_index: usize,
    binding: &Binding,
) -> Option<Derivation> {
    let (program, held) = (&debuggee.program, &moment.reservations);
    explain(program, moment.world(), held, rule_index, binding)
}

fn bindings(derivation: &Derivation, columns: &Columns) -> Vec<Variable> {
    let pairs = derivation.binding.iter().chain(&derivation.witnesses);
    pairs.map(|(name, of)| entity(name, of, columns)).collect()
}

fn entity(name: &str, of: &Entity, columns: &Columns) -> Variable {
    match of {
        Entity::Actor(id) => {
            let place = columns.type_of(id).zip(columns.host_of(id));
            let place = place.map_or(String::new(), |(kind, host)| format!(": {kind} on {host}"));
            Variable::open(name, format!("{id}{place}"), Openable::Actor(id.clone()))
        }
        Entity::Server(id) => Variable::open(name, id, Openable::Server(id.clone())),
    }
}

fn condition(atom: &AtomReading) -> Variable {
    let holds = atom.holds;
    let measured = match (&atom.measured, &atom.threshold) {
        (Some((_, value)), Some(_)) => format!(": {value}"),
        _ => String::new(),
    };
    let away = atom
        .distance()
        .map_or(String::new(), |by| format!(", {by} away"));
    let held = if atom.held {
        ", counts as true: reserved"
    } else {
        ""
    };
    let note = atom
        .note
        .as_ref()
        .map_or(String::new(), |note| format!(" ({note})"));
    Variable::plain(&atom.text, format!("{holds}{measured}{away}{held}{note}"))
}

/// What a firing asks for, with what becomes of it.
fn wishes(moment: &Moment, frame: &Frame) -> Vec<Variable> {
    let decision = &moment.plan.decision;
    let is_own = |place: &usize| {
        decision.intents[*place].causes.iter().any(|cause| {
            Some(cause.rule_index) == frame.rule_index && cause.binding == frame.binding
        })
    };
    let places = (0..decision.intents.len()).filter(is_own);
    let wish = |place: usize| {
        let serving = decision.actions.iter().zip(&decision.action_intents);
        let serving = serving.filter(|(_, intents)| intents.contains(&place));
        let actions: Vec<(String, String)> = serving
            .map(|(action, _)| (format!("#{}", action.id), action.body.to_string()))
            .collect();
        let refused = decision
            .rejected
            .iter()
            .find(|refused| refused.intent == place);
        let outcome = match (refused, actions.as_slice()) {
            (Some(refused), _) => format!("refused: {}", refused.reason),
            (None, []) => "holds already".to_owned(),
            (None, [(_, only)]) => only.clone(),
            (None, actions) => format!("{} actions", actions.len()),
        };
        let name = decision.intents[place].goal.to_string();
        match actions.len() {
            0 | 1 => Variable::plain(name, outcome),
            _ => Variable::open(name, outcome, Openable::Listed(actions)),
        }
    };
    places.map(wish).collect()
}

fn plan(moment: &Moment) -> Vec<Variable> {
    let actions = moment.plan.decision.actions.iter();
    actions
        .map(|action| Variable::plain(format!("#{}", action.id), &action.body))
        .collect()
}

fn refusals(moment: &Moment) -> Vec<Variable> {
    let decision = &moment.plan.decision;
    let named = decision.rejected.iter().filter_map(|refused| {
        let intent = decision.intents.get(refused.intent)?;
        Some(Variable::plain(intent.goal.to_string(), &refused.reason))
    });
    named.collect()
}

fn servers(columns: &Columns) -> Vec<Variable> {
    let rows = columns.servers().iter();
    rows.map(|(id, row)| {
        let state = match (row.stale, row.draining) {
            (true, _) => ", silent",
            (false, true) => ", draining",
            (false, false) => "",
        };
        let hosted = columns.hosted_on(id);
        let shares = shares(&row.usage);
        let value = format!("{shares}, {hosted} actors{state}");
        Variable::open(id.to_string(), value, Openable::Server(id.clone()))
    })
    .collect()
}

/// `cpu 91 %, mem 3 %`
fn shares(usage: &PerResource<Usage>) -> String {
    let known = usage.iter().filter_map(|(resource, of)| {
        let share = figure(of.perc?, "%");
        Some(format!("{resource} {share}"))
    });
    let known: Vec<String> = known.collect();
    match known.is_empty() {
        true => "nothing known".to_owned(),
        false => known.join(", "),
    }
}

fn usage(of: &PerResource<Usage>) -> Vec<Variable> {
    let mut variables = Vec::new();
    for (resource, usage) in of.iter() {
        let unit = size_unit(resource);
        let figures = [
            ("perc", usage.perc.map(|value| figure(value, "%"))),
            ("size", usage.size.map(|value| figure(value, unit))),
            ("capacity", usage.capacity.map(|value| figure(value, unit))),
        ];
        for (name, value) in figures {
            if let Some(value) = value {
                variables.push(Variable::plain(format!("{resource}.{name}"), value));
            }
        }
    }
    variables
}

/// The unit of an amount of a resource.
fn size_unit(resource: Resource) -> &'static str {
    let metric = metric_row(resource.name());
    let size = metric.and_then(|metric| metric.statistic(plasma_model::Statistic::Size));
    size.map_or("", |size| size.unit)
}

fn server(columns: &Columns, id: &ServerId) -> Vec<Variable> {
    let Some(row) = columns.servers().get(id) else {
        return vec![Variable::plain("state", "not there")];
    };
    let mut variables = usage(&row.usage);
    variables.push(Variable::plain("actors", columns.hosted_on(id)));
    let labels = row.labels.iter();
    variables.extend(labels.map(|(name, value)| Variable::plain(format!("label {name}"), value)));
    for (name, is_so) in [("silent", row.stale), ("draining", row.draining)] {
        if is_so {
            variables.push(Variable::plain(name, true));
        }
    }
    variables
}

fn actor(columns: &Columns, id: &ActorId) -> Vec<Variable> {
    let row = columns
        .live_actor(id)
        .and_then(|no| columns.row(columns.frame(), no));
    let Some(row) = row else {
        return vec![Variable::plain("state", "not there")];
    };
    let host = Openable::Server(row.server.clone());
    let mut variables = vec![
        Variable::plain("type", &row.actor_type),
        Variable::open("server", &row.server, host),
    ];
    variables.extend(usage(&row.usage));
    let gauges = [
        ("mailbox", row.mailbox.map(|queued| queued.to_string())),
        ("idle", row.idle_seconds.map(|time| figure(time, "s"))),
        ("age", row.age_seconds.map(|time| figure(time, "s"))),
        ("moves", row.moves.map(|moves| moves.to_string())),
    ];
    for (name, value) in gauges {
        if let Some(value) = value {
            variables.push(Variable::plain(name, value));
        }
    }
    for (name, value) in &row.values {
        let value = match value {
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => figure(*value, ""),
            Value::Text(text) => format!("{text:?}"),
        };
        variables.push(Variable::plain(name.to_string(), value));
    }
    for (name, members) in &row.refs {
        let listed = members.iter().enumerate();
        let listed = listed.map(|(place, member)| (format!("[{place}]"), member.to_string()));
        let (many, listed) = (members.len(), Openable::Listed(listed.collect()));
        variables.push(Variable::open(
            name.to_string(),
            format!("{many} actors"),
            listed,
        ));
    }
    variables
}
