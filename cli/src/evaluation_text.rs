//! How a policy was evaluated, for people: the steps of each rule with their rows and times, and what rules
//! shared.

use std::fmt::Write as _;

use plasma_eval::figure;
use plasma_model::{EvaluationPlan, PlanStats, PlanStep, PlanTest, RulePlan};

use plasma_scenario::visible;

/// At most so many rules are shown step by step, those that took longest; the rest is counted.
const RULES_SHOWN_MAX: usize = 50;

/// The text of an evaluation.
pub(crate) fn text(evaluation: &EvaluationPlan, stats: PlanStats) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} servers, {} actors in columns of {}: evaluated in {}, arbitrated in {}",
        stats.servers,
        stats.actors,
        figure(evaluation.columns_bytes as f64, "B"),
        figure(stats.evaluate_seconds, "s"),
        figure(stats.arbitrate_seconds, "s"),
    );
    rules(&mut text, &evaluation.rules);
    aggregates(&mut text, evaluation);
    text
}

fn rules(text: &mut String, rules: &[RulePlan]) {
    let mut by_time: Vec<&RulePlan> = rules.iter().collect();
    let seconds = |rule: &RulePlan| rule.search_seconds.unwrap_or(0.0);
    by_time.sort_by(|left, right| seconds(right).total_cmp(&seconds(left)));
    by_time.truncate(RULES_SHOWN_MAX);
    for rule in rules {
        if by_time.iter().any(|shown| std::ptr::eq(*shown, rule)) {
            one_rule(text, rule);
        }
    }
    let left_out = rules.len() - by_time.len();
    if left_out > 0 {
        let _ = writeln!(text, "\n{left_out} more rules took less");
    }
}

fn one_rule(text: &mut String, rule: &RulePlan) {
    let matches = match rule.matches {
        1 => "1 match".to_owned(),
        matches => format!("{matches} matches"),
    };
    let _ = write!(text, "\n{}: {matches}", visible(&rule.rule));
    if let Some(seconds) = rule.search_seconds {
        let _ = write!(text, " in {}", figure(seconds, "s"));
    }
    text.push('\n');
    steps(text, &rule.steps, "  ");
}

fn steps(text: &mut String, steps: &[PlanStep], indent: &str) {
    let sources: Vec<String> = steps.iter().map(|s| visible(&s.source).into()).collect();
    let figures: Vec<String> = steps.iter().map(figures).collect();
    let width = sources.iter().map(|source| source.chars().count()).max();
    let width = width.unwrap_or(0);
    for (no, ((step, source), figures)) in (1..).zip(steps.iter().zip(&sources).zip(&figures)) {
        let _ = writeln!(text, "{indent}{no}. {source:<width$}  {figures}");
        for test in &step.tests {
            one_test(text, test, &format!("{indent}     "));
        }
    }
}

fn figures(step: &PlanStep) -> String {
    let rows = match step.rows_tried {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    };
    let seconds = step
        .seconds
        .map(|seconds| format!(" in {}", figure(seconds, "s")));
    format!(
        "{rows}, {} kept{}",
        step.rows_kept,
        seconds.unwrap_or_default()
    )
}

fn one_test(text: &mut String, test: &PlanTest, indent: &str) {
    let how = test.how.words();
    let _ = writeln!(text, "{indent}{}  ({how})", visible(&test.text));
    let is_one = test.searches.len() == 1;
    for search in &test.searches {
        if !is_one {
            let _ = writeln!(text, "{indent}  either");
        }
        steps(text, search, &format!("{indent}  "));
    }
}

fn aggregates(text: &mut String, evaluation: &EvaluationPlan) {
    if evaluation.aggregates.is_empty() && evaluation.over_time.is_empty() {
        return;
    }
    text.push_str("\ncalculated once\n");
    for aggregate in &evaluation.aggregates {
        let value = match aggregate.value {
            Some(value) => figure(value, &aggregate.unit),
            None => "unknown".to_owned(),
        };
        let rules = visible(&aggregate.rules.join(", ")).into_owned();
        let of = visible(&aggregate.text);
        let _ = writeln!(text, "  {of} = {value}, for {rules}");
    }
    for over_time in &evaluation.over_time {
        let _ = writeln!(
            text,
            "  {}: calculated {} times, asked for {} times",
            visible(&over_time.text),
            over_time.calculated,
            over_time.rows
        );
    }
}
