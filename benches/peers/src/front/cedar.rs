//! The rules as Cedar policies: whom an action is permitted for.

use std::fmt::Write as _;
use std::str::FromStr;

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use plasma_benches::policy::{Form, Numbers, Rule, SUBJECTS, Subject};

use super::language::{Language, Step};

/// Parse; parse and validate against the schema, which stands in the first text.
pub(crate) fn language(rules: &[Rule]) -> Language {
    let policies = rules.iter().enumerate().map(|(place, r)| rule(place, r));
    Language {
        name: "cedar",
        texts: vec![schema(), policies.collect()],
        steps: vec![
            Step::new("parse", parse),
            Step::new("parse and validate", validate),
        ],
    }
}

fn policies(texts: &[String]) -> Result<PolicySet, String> {
    PolicySet::from_str(&texts[1]).map_err(|error| error.to_string())
}

fn parse(texts: &[String]) -> Result<(), String> {
    policies(texts).map(drop)
}

fn validate(texts: &[String]) -> Result<(), String> {
    let schema = Schema::from_cedarschema_str(&texts[0]);
    let (schema, _) = schema.map_err(|error| error.to_string())?;
    let policies = policies(texts)?;
    let result = Validator::new(schema).validate(&policies, ValidationMode::Strict);
    match result.validation_errors().next() {
        Some(error) => Err(error.to_string()),
        None => Ok(()),
    }
}

/// The actors and what is measured of them.
fn schema() -> String {
    let mut text = String::from(
        "entity Server = { cpu: Long, mem: Long, net: Long, cpu_over: Long, mem_over: Long, net_over: Long };\n",
    );
    for Subject {
        name,
        function,
        list,
        listed,
        value,
    } in &SUBJECTS
    {
        let _ = writeln!(
            text,
            "entity {name} = {{ cpu: Long, mem: Long, net: Long, calls: Long, server: Server, {function}: Long, {list}: Set<{listed}>, {value}: Long }};"
        );
    }
    let names: Vec<&str> = SUBJECTS.iter().map(|subject| subject.name).collect();
    let names = names.join(", ");
    let _ = writeln!(
        text,
        "action balance, reserve, colocate appliesTo {{ principal: [{names}], resource: [{names}], context: {{ server: Server, mean: Server }} }};"
    );
    text
}

fn rule(place: usize, rule: &Rule) -> String {
    let Subject {
        name,
        function,
        list,
        listed,
        value,
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
            "permit (principal is {name}, action == Action::\"balance\", resource)
when {{ context.server.{resource} > {high} || context.server.{resource} < {low} }};
"
        ),
        Form::Own => format!(
            "permit (principal is {name}, action == Action::\"reserve\", resource)
when {{ principal.{resource} > {low} }};
"
        ),
        Form::Busy => format!(
            "permit (principal is {name}, action == Action::\"balance\", resource)
when {{ context.server.{resource} > {high} }};
"
        ),
        Form::Share => format!(
            "permit (principal is {name}, action in [Action::\"reserve\", Action::\"colocate\"], resource is {listed})
when {{ principal.{function} > {share} && principal.{list}.contains(resource) }};
"
        ),
        Form::Pair => format!(
            "permit (principal is {name}, action == Action::\"colocate\", resource is {listed})
when {{ principal.calls > {count} && resource.{resource} > {share} }};
"
        ),
        Form::Level => format!(
            "permit (principal is {name}, action == Action::\"reserve\", resource)
when {{ principal.{value} > {count} && principal.{resource} > {share} && context.server.{resource} > 60 }};
"
        ),
        Form::Long => format!(
            "
// What clients ask for most gets room of its own.
@id(\"busy_{place}\")
@priority(\"{priority}\")
@cooldown(\"{seconds}s\")
permit (principal is {name}, action in [Action::\"reserve\", Action::\"colocate\"], resource is {listed})
when {{
  principal.{function} > {low} && principal.{list}.contains(resource)
  && (principal.{resource} > {low} || principal.{value} > {count} && principal.server.{resource}_over > {high})
  && context.mean.{resource} < {high}
}}
unless {{ resource.{resource} > {high} }};
"
        ),
    }
}
