//! Decisions tick by tick for people: tables that fit 40 columns, with the differences below their ticks.

use std::fmt::Write as _;

use plasma_eval::figure;
use plasma_model::Decision;
use plasma_scenario::{Cost, Difference, MeanPause};

use crate::document::replay::{Counted, rules_of};
use plasma_scenario::plan_text::action_text;
use plasma_scenario::visible;

/// At most so many differences of one tick are listed; the rest is counted.
const LINES_SHOWN_MAX: usize = 10;

/// The table so far.
#[derive(Debug, Default)]
pub(super) struct Table {
    has_rows: bool,
    /// How much was refused in the last row.
    refused: usize,
}

impl Table {
    /// The row of a decision: nothing where nothing is done, and no more refused than before.
    pub(super) fn decision(&mut self, decision: &Decision) -> String {
        let moves = decision
            .actions
            .iter()
            .filter(|action| action.body.is_move());
        let moves = moves.count();
        let others = decision.actions.len() - moves;
        let refused = decision.rejected.len();
        if decision.actions.is_empty() && refused == self.refused {
            return String::new();
        }
        self.refused = refused;
        let mut text = self.head(["moves", "others", "refused"]);
        let _ = writeln!(text, "{}", row(&time(decision.t), [moves, others, refused]));
        text
    }

    /// The row of a difference, with what it is.
    pub(super) fn difference(
        &mut self,
        difference: &Difference,
        old: &Decision,
        new: &Decision,
    ) -> String {
        let mut text = self.head(["added", "dropped", "changed"]);
        let counts = [
            difference.added.len(),
            difference.dropped.len(),
            difference.changed.len(),
        ];
        let _ = writeln!(text, "{}", row(&time(new.t), counts));
        let lines = lines(difference, old, new);
        for line in lines.iter().take(LINES_SHOWN_MAX) {
            let _ = writeln!(text, "  {}", visible(line));
        }
        if lines.len() > LINES_SHOWN_MAX {
            let _ = writeln!(text, "  and {} more", lines.len() - LINES_SHOWN_MAX);
        }
        text
    }

    fn head(&mut self, columns: [&str; 3]) -> String {
        let [a, b, c] = columns;
        match std::mem::replace(&mut self.has_rows, true) {
            true => String::new(),
            false => format!("{:>10}{a:>8}{b:>9}{c:>9}\n", "t"),
        }
    }
}

fn time(seconds: f64) -> String {
    format!("{seconds} s")
}

fn row(first: &str, [a, b, c]: [usize; 3]) -> String {
    format!("{first:>10}{a:>8}{b:>9}{c:>9}")
}

/// `+ fo1  s1 → s2  (hot_folder)` and the like; then what is only asked for.
fn lines(difference: &Difference, old: &Decision, new: &Decision) -> Vec<String> {
    let action = |decision: &Decision, place: usize| {
        let action = decision.actions.get(place)?;
        Some(action_text(&action.body))
    };
    let with_rules = |decision: &Decision, place: usize| {
        let rules = rules_of(decision, place).join(", ");
        Some(format!("{}  ({rules})", action(decision, place)?))
    };
    let mut lines = Vec::new();
    let added = difference.added.iter().filter_map(|p| with_rules(new, *p));
    lines.extend(added.map(|text| format!("+ {text}")));
    let dropped = difference
        .dropped
        .iter()
        .filter_map(|p| with_rules(old, *p));
    lines.extend(dropped.map(|text| format!("- {text}")));
    for change in &difference.changed {
        if let Some((new, old)) = with_rules(new, change.new).zip(action(old, change.old)) {
            lines.push(format!("~ {new}, was {old}"));
        }
    }
    for (sign, decision, places) in [
        ('+', new, &difference.asked),
        ('-', old, &difference.not_asked),
    ] {
        let intents = places
            .iter()
            .filter_map(|place| decision.intents.get(*place));
        lines.extend(intents.map(|intent| {
            let rule = intent
                .causes
                .first()
                .map_or("", |cause| cause.rule.as_ref());
            let priority = match intent.priority {
                0 => String::new(),
                priority => format!(" at priority {priority}"),
            };
            format!("{sign} asks {}{priority}  ({rule})", intent.goal)
        }));
    }
    lines
}

/// What the whole trace gave, below the table if that has rows.
pub(super) fn summary(
    Table { has_rows, .. }: &Table,
    counted: Counted,
    complete: bool,
    new: &Cost,
    old: Option<&Cost>,
    pause: MeanPause,
) -> String {
    let mut text = String::new();
    if *has_rows {
        text.push('\n');
    }
    let whole = if complete { "" } else { "; no further" };
    let _ = match old {
        None => writeln!(
            text,
            "{}, {} with actions{whole}",
            ticks(counted.ticks),
            counted.ticks_with_actions
        ),
        Some(_) => writeln!(
            text,
            "{}, {} different{whole}",
            ticks(counted.ticks),
            counted.ticks_with_differences
        ),
    };
    if counted.ticks_asking_differently > 0 {
        let _ = writeln!(
            text,
            "{} only ask otherwise",
            counted.ticks_asking_differently
        );
    }
    let columns: Vec<&Cost> = old.into_iter().chain([new]).collect();
    if old.is_some() {
        let _ = writeln!(text, "\n{:<12}{:>13}{:>13}", "", "old", "new");
    }
    let mut line = |name: &str, value: &dyn Fn(&Cost) -> String| {
        let _ = write!(text, "{name:<12}");
        for cost in &columns {
            let _ = write!(text, "{:>13}", value(cost));
        }
        text.push('\n');
    };
    line("moves", &|cost| cost.moves.to_string());
    if columns.iter().any(|cost| cost.other_actions > 0) {
        line("others", &|cost| cost.other_actions.to_string());
    }
    if columns.iter().any(|cost| cost.moves > 0) {
        line("state moved", &state);
    }
    if pause.seconds().is_some() && columns.iter().any(|cost| cost.moves > 0) {
        line("held calls", &|cost| {
            cost.held_calls(pause)
                .map_or_else(String::new, |calls| figure(calls, ""))
        });
    }
    text
}

fn ticks(count: usize) -> String {
    match count {
        1 => "1 tick".to_owned(),
        _ => format!("{count} ticks"),
    }
}

/// How much state moves: at least so much, where of some actors it is not known.
fn state(cost: &Cost) -> String {
    match cost.moves_of_unknown_state {
        0 => figure(cost.state_bytes, "B"),
        unknown if unknown == cost.moves => "unknown".to_owned(),
        _ => format!("≥ {}", figure(cost.state_bytes, "B")),
    }
}
