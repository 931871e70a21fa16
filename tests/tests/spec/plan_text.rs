//! A decision as specification pages write it, one line an intent, an action or a rejection.

use plasma_model::{ActionBody, Bounds, Cause, Decision, Goal, Intent, REQUIREMENT_PRIORITY};

/// The lines of a decision; `nothing` if it has none. Intents and rejections are in the order of
/// the plan, moves by actor.
pub(super) fn plan_text(decision: &Decision) -> String {
    let mut lines: Vec<String> = decision.intents.iter().flat_map(intent_lines).collect();
    lines.extend(move_lines(decision));
    for rejection in &decision.rejected {
        let intent = decision.intents.get(rejection.intent);
        let goal = intent.map_or_else(|| "?".to_owned(), |intent| goal_text(&intent.goal));
        let word = match decision.unmet.contains(&rejection.intent) {
            true => "unmet",
            false => "rejected",
        };
        lines.push(format!("{word} {goal}: {}", rejection.reason));
    }
    if lines.is_empty() {
        lines.push("nothing".to_owned());
    }
    lines.join("\n") + "\n"
}

/// `intent reserve(f, cpu) by hot_folder {f: fo1, x: fi1}`; further causes on lines of their own.
fn intent_lines(intent: &Intent) -> Vec<String> {
    let goal = goal_text(&intent.goal);
    let priority = match intent.priority {
        0 => String::new(),
        REQUIREMENT_PRIORITY => " [required]".to_owned(),
        priority => format!(" [priority {priority}]"),
    };
    let mut causes = intent.causes.iter().map(cause_text);
    let first = causes.next().unwrap_or_default();
    let mut lines = vec![format!("intent {goal}{priority} by {first}")];
    lines.extend(causes.map(|cause| format!("  and by {cause}")));
    lines
}

fn cause_text(cause: &Cause) -> String {
    let binding: Vec<String> = cause
        .binding
        .iter()
        .map(|(name, entity)| format!("{name}: {entity}"))
        .collect();
    match binding.is_empty() {
        true => cause.rule.to_string(),
        false => format!("{} {{{}}}", cause.rule, binding.join(", ")),
    }
}

fn goal_text(goal: &Goal) -> String {
    let Goal::Balance {
        bounds: Bounds { upper, lower },
        ..
    } = goal
    else {
        return goal.to_string();
    };
    let text = |bound: &Option<f64>| bound.map_or(String::new(), |bound| bound.to_string());
    match (lower, upper) {
        (None, None) => goal.to_string(),
        _ => format!("{goal} within {}..{}", text(lower), text(upper)),
    }
}

/// `move f s1 -> s2 for reserve(f, cpu)`, `order checkpoint f for checkpoint(f)`.
fn move_lines(decision: &Decision) -> Vec<String> {
    let actions = decision.actions.iter().zip(&decision.action_intents);
    let mut moves: Vec<(String, String)> = actions
        .map(|(action, intents)| {
            let served = intents.iter().filter_map(|at| decision.intents.get(*at));
            let goals: Vec<String> = served.map(|intent| intent.goal.to_string()).collect();
            let done = match &action.body {
                ActionBody::Migrate { actor, from, to } => format!("move {actor} {from} -> {to}"),
                other => format!("order {other}"),
            };
            let line = format!("{done} for {}", goals.join(", "));
            let actor = action.body.actor().map(ToString::to_string);
            (actor.unwrap_or_default(), line)
        })
        .collect();
    moves.sort();
    moves.into_iter().map(|(_, line)| line).collect()
}

/// Whether a line is as expected. A move may leave out what it is for, a rejection its reason.
pub(super) fn line_matches(expected: &str, actual: &str) -> bool {
    let may_end = |word: &str, end: &str| {
        expected.starts_with(word)
            && actual
                .strip_prefix(expected)
                .is_some_and(|rest| rest.starts_with(end))
    };
    expected == actual
        || may_end("move ", " for ")
        || may_end("rejected ", ": ")
        || may_end("unmet ", ": ")
}
