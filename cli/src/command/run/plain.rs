//! A run as plain lines: one a period, for logs, pipes and CI.

use plasma_model::{ActionBody, OutcomeResult};

use super::loads;
use super::period::{PeriodView, seconds_text};
use plasma_scenario::visible;

/// At most so many moves, and so many other orders, are named in a period's lines; the rest is counted.
const ACTIONS_SHOWN_MAX: usize = 4;

/// At most so many servers are shown one by one; more are summarised.
const SERVERS_SHOWN_MAX: usize = 8;

/// The lines of one period.
pub(super) fn lines(view: &PeriodView) -> Vec<String> {
    let mut lines = vec![summary(view)];
    if !view.fired.is_empty() {
        let fired: Vec<String> = view
            .fired
            .iter()
            .map(|(rule, times)| format!("{rule} ×{times}"))
            .collect();
        lines.push(format!("          fired {}", fired.join(", ")));
    }
    let (moves, others): (Vec<_>, Vec<_>) = view
        .actions
        .iter()
        .map(|action| &action.body)
        .partition(|body| body.is_move());
    let (alerts, orders): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|body| matches!(body, ActionBody::Alert { .. }));
    for (title, actions) in [("moves", moves), ("orders", orders)] {
        if !actions.is_empty() {
            lines.push(format!("          {title} {}", some_of(&actions)));
        }
    }
    let texts = alerts.iter().filter_map(|body| match body {
        ActionBody::Alert { text } => Some(visible(text)),
        _ => None,
    });
    let shown = texts.take(ACTIONS_SHOWN_MAX);
    lines.extend(shown.map(|text| format!("          alert {text}")));
    let more = alerts.len().saturating_sub(ACTIONS_SHOWN_MAX);
    if more > 0 {
        lines.push(format!("          and {more} more alerts"));
    }
    for outcome in &view.outcomes {
        if let OutcomeResult::Failed { error, .. } = &outcome.result {
            lines.push(format!("          move {} failed: {error}", outcome.id));
        }
    }
    let failed = view.other_outcomes.iter();
    let failed: Vec<String> = failed
        .filter_map(|other| match &other.outcome.result {
            OutcomeResult::Failed { error, .. } => Some(format!("{} failed: {error}", other.body)),
            OutcomeResult::Done { .. } => None,
        })
        .collect();
    let shown = failed.iter().take(ACTIONS_SHOWN_MAX);
    lines.extend(shown.map(|text| format!("          {text}")));
    let more = failed.len().saturating_sub(ACTIONS_SHOWN_MAX);
    if more > 0 {
        lines.push(format!("          and {more} more orders failed"));
    }
    lines
}

fn summary(view: &PeriodView) -> String {
    let servers = match view.servers.len() {
        ..=SERVERS_SHOWN_MAX => each_server(view),
        _ => loads::summary(view),
    };
    format!(
        "{}  {servers}  {:7.0} calls/s  p50 {:>8}  p99 {:>8}",
        view.time_text(),
        view.throughput,
        seconds_text(view.p50),
        seconds_text(view.p99),
    )
}

fn each_server(view: &PeriodView) -> String {
    let servers = view.servers_in_order().into_iter().map(|(id, server)| {
        let cpu = server
            .cpu
            .map_or("   ?".into(), |cpu| format!("{cpu:3.0}%"));
        let mark = if server.contended { "!" } else { "" };
        format!("{id} {cpu}{mark} {:3}", server.actors)
    });
    servers.collect::<Vec<_>>().join("  ")
}

/// The first of some actions, and how many more there are.
fn some_of(actions: &[&ActionBody]) -> String {
    let mut shown: Vec<String> = actions
        .iter()
        .take(ACTIONS_SHOWN_MAX)
        .map(|body| match body {
            ActionBody::Migrate { actor, from, to } => format!("{actor} {from}→{to}"),
            other => other.to_string(),
        })
        .collect();
    let more = actions.len().saturating_sub(ACTIONS_SHOWN_MAX);
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}
