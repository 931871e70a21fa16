//! How two policies differ, for people.

use std::fmt::Write as _;

use plasma_scenario::{
    Example, ExampleState, Only, PolicyDiff, Proved, RuleDiff, TraceDifferences, Verdict,
};

use plasma_scenario::visible;

/// The text of a comparison, and of what a trace shows.
pub(super) fn text(diff: &PolicyDiff, in_trace: Option<&TraceDifferences>) -> String {
    let mut text = format!("{}\n", policies(diff));
    let is_same = |rule: &&RuleDiff| rule.verdict == Verdict::Equivalent;
    for rule in diff.rules.iter().filter(|rule| !is_same(rule)) {
        rule_text(&mut text, rule);
    }
    let same: Vec<String> = diff.rules.iter().filter(is_same).map(names).collect();
    if !same.is_empty() {
        let _ = writeln!(text, "\nequivalent: {}", visible(&same.join(", ")));
    }
    list(&mut text, "limits", &diff.limits);
    list(&mut text, "parameters", &diff.params);
    if let Some(found) = in_trace {
        trace(&mut text, found);
    }
    text
}

fn policies(diff: &PolicyDiff) -> &'static str {
    let Proved {
        nothing_lost,
        nothing_added,
    } = diff.proved;
    match diff.verdict {
        Verdict::Equivalent => "equivalent: both policies ask for the same",
        Verdict::More => "more: the new policy asks for all that the old one does, and for more",
        Verdict::Less => {
            "less: the new policy asks for less, and for nothing that the old one does not"
        }
        Verdict::Incomparable => "incomparable: each policy asks for something the other does not",
        Verdict::Unknown if nothing_lost && nothing_added => {
            "unknown: both policies ask for the same, which counts otherwise"
        }
        Verdict::Unknown => {
            "unknown: what the policies ask for is neither proved to be the same nor \
                             wholly shown to differ"
        }
    }
}

fn rule_text(text: &mut String, rule: &RuleDiff) {
    let word = match (&rule.old, &rule.new) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => word(rule),
    };
    let _ = writeln!(text, "\n{}: {word}", visible(&names(rule)));
    for change in &rule.changes {
        let _ = writeln!(text, "  {}", visible(change));
    }
    for example in &rule.examples {
        example_text(text, example);
    }
}

/// `hot_folder`, or `#2 (was #5)`.
fn names(rule: &RuleDiff) -> String {
    match (&rule.old, &rule.new) {
        (Some(old), Some(new)) if old != new => format!("{new} (was {old})"),
        (old, new) => {
            let name = new.as_ref().or(old.as_ref());
            name.map_or_else(String::new, |name| name.to_string())
        }
    }
}

fn word(rule: &RuleDiff) -> &'static str {
    let Proved {
        nothing_lost,
        nothing_added,
    } = rule.proved;
    match (rule.verdict, nothing_lost, nothing_added) {
        (Verdict::Unknown, true, true) => "unknown: it asks for the same, which counts otherwise",
        (Verdict::Unknown, true, false) => {
            "unknown: it asks for all that it asked for, perhaps more"
        }
        (Verdict::Unknown, false, true) => "unknown: it asks for no more than before, perhaps less",
        (verdict, ..) => verdict.name(),
    }
}

fn example_text(text: &mut String, example: &Example) {
    let asked = example.asked.join(", ");
    match &example.state {
        ExampleState::Tick { t } => {
            let line = match example.only {
                Only::New => format!("at t = {t} s it asks for {asked}, and did not before"),
                Only::Old => format!("at t = {t} s it asked for {asked}, and does not now"),
            };
            let _ = writeln!(text, "  {}", visible(&line));
        }
        ExampleState::Test(test) => {
            for line in test.lines() {
                let _ = writeln!(text, "  {}", visible(line));
            }
        }
    }
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for line in lines {
        let _ = writeln!(text, "  {}", visible(line));
    }
}

fn trace(text: &mut String, found: &TraceDifferences) {
    let _ = match found.acting {
        0 => writeln!(
            text,
            "\ntrace: both do the same at each of its {} ticks",
            found.ticks
        ),
        acting => {
            let times = found.acting_at.iter().map(|t| format!("{t} s"));
            let times = times.collect::<Vec<_>>().join(", ");
            let more = match acting > found.acting_at.len() {
                true => ", ..",
                false => "",
            };
            writeln!(
                text,
                "\ntrace: they do otherwise at {acting} of its {} ticks: {times}{more}",
                found.ticks
            )
        }
    };
}
