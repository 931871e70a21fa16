//! The rules as CEL expressions, one a rule: a condition, and the list of actions.

use cel::Program;
use plasma_benches::policy::{Form, Numbers, Rule, Subject};

use super::language::{Language, Step};

/// Parse; this implementation checks no types.
pub(crate) fn language(rules: &[Rule]) -> Language {
    Language {
        name: "cel",
        texts: rules.iter().map(rule).collect(),
        steps: vec![Step::new("parse", parse)],
    }
}

fn parse(texts: &[String]) -> Result<(), String> {
    let programs = texts.iter().map(|text| Program::compile(text));
    let programs: Result<Vec<_>, _> = programs.collect();
    programs.map(drop).map_err(|error| format!("{error:?}"))
}

fn rule(rule: &Rule) -> String {
    let Subject {
        name,
        function,
        list,
        value,
        ..
    } = rule.subject;
    let resource = rule.resource;
    let Numbers {
        high,
        low,
        share,
        count,
        priority,
        seconds,
        ..
    } = rule.numbers;
    match rule.form {
        Form::Band => format!(
            "server.{resource}.perc > {high} || server.{resource}.perc < {low} ? [balance('{name}', '{resource}')] : []"
        ),
        Form::Own => format!("a.{resource}.perc > {low} ? [reserve(a, '{resource}')] : []"),
        Form::Busy => format!(
            "server.{resource}.perc > {high} ? [balance('{name}', '{resource}')] : []"
        ),
        Form::Share => format!(
            "client.call(a.{function}).perc > {share} && b in a.{list} ? [reserve(a, '{resource}'), colocate(a, b)] : []"
        ),
        Form::Pair => format!(
            "a.call(b).count > {count} && b.{resource}.perc > {share} ? [colocate(a, b)] : []"
        ),
        Form::Level => format!(
            "a.{value} > {count} && a.{resource}.perc > {share} && server.{resource}.perc > 60 ? [reserve(a, '{resource}')] : []"
        ),
        Form::Long => format!(
            "// What clients ask for most gets room of its own.
client.call(a.{function}).perc > {low} && b in a.{list}
  && (a.{resource}.perc > {low} || a.{value} > {count} && a.server.{resource}.over(duration('{seconds}s')) > {high})
  && mean(servers.map(s, s.{resource}.perc)) < {high} && !(b.{resource}.perc > {high})
  ? rule({{'priority': {priority}, 'cooldown': duration('{seconds}s')}}, [reserve(a, '{resource}'), colocate(a, b)]) : []"
        ),
    }
}
