//! The rules in Rego, for regorus.

use std::num::NonZeroUsize;

use plasma_benches::policy::{Form, Numbers, Rule, Subject};
use regorus::{Engine, PolicyLengthConfig, Rc};

use super::language::{Language, Step};

const HEAD: &str = "package policy\n";

/// Parse; parse and prepare for evaluation.
pub(crate) fn language(rules: &[Rule]) -> Language {
    let written = rules.iter().enumerate().map(|(place, r)| rule(place, r));
    Language {
        name: "regorus",
        texts: vec![HEAD.to_owned() + &written.collect::<String>()],
        steps: vec![
            Step::new("parse", parse),
            Step::new("parse and prepare", prepare),
        ],
    }
}

fn engine(texts: &[String]) -> Result<Engine, String> {
    let mut engine = Engine::new();
    // Its bounds are meant for smaller policies.
    let (lines, bytes) = (NonZeroUsize::MAX, NonZeroUsize::MAX);
    let config = PolicyLengthConfig {
        max_lines: lines,
        max_file_bytes: bytes,
        ..PolicyLengthConfig::default()
    };
    engine.set_policy_length_config(config);
    let added = engine.add_policy("policy.rego".to_owned(), texts.concat());
    added.map_err(|error| error.to_string())?;
    Ok(engine)
}

fn parse(texts: &[String]) -> Result<(), String> {
    engine(texts).map(drop)
}

fn prepare(texts: &[String]) -> Result<(), String> {
    let mut engine = engine(texts)?;
    let compiled = engine.compile_with_entrypoint(&Rc::from("data.policy.actions"));
    compiled.map(drop).map_err(|error| error.to_string())
}

fn rule(place: usize, rule: &Rule) -> String {
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
        // Either is a body of its own.
        Form::Band => format!(
            "
actions contains [\"balance\", \"{name}\", \"{resource}\"] if input.server.{resource}.perc > {high}

actions contains [\"balance\", \"{name}\", \"{resource}\"] if input.server.{resource}.perc < {low}
"
        ),
        Form::Own => format!(
            "
actions contains [\"reserve\", a.id, \"{resource}\"] if {{
	some a in input.actors.{name}
	a.{resource}.perc > {low}
}}
"
        ),
        Form::Busy => format!(
            "
actions contains [\"balance\", \"{name}\", \"{resource}\"] if input.server.{resource}.perc > {high}
"
        ),
        Form::Share => format!(
            "
actions contains action if {{
	some a in input.actors.{name}
	input.client.calls[a.id].{function}.perc > {share}
	some b in a.{list}
	some action in [[\"reserve\", a.id, \"{resource}\"], [\"colocate\", a.id, b]]
}}
"
        ),
        Form::Pair => format!(
            "
actions contains [\"colocate\", a.id, b.id] if {{
	some a in input.actors.{name}
	some call in a.calls
	call.count > {count}
	b := input.by_id[call.callee]
	b.{resource}.perc > {share}
}}
"
        ),
        Form::Level => format!(
            "
actions contains [\"reserve\", a.id, \"{resource}\"] if {{
	some a in input.actors.{name}
	a.{value} > {count}
	a.{resource}.perc > {share}
	input.servers[a.server].{resource}.perc > 60
}}
"
        ),
        Form::Long => format!(
            "
# What clients ask for most gets room of its own.
# priority {priority}, cooldown {seconds} s
actions contains action if {{
	some a in input.actors.{name}
	input.client.calls[a.id].{function}.perc > {low}
	some b in a.{list}
	busy_{place}(a)
	loads := [s.{resource}.perc | some s in input.servers]
	sum(loads) / count(loads) < {high}
	not input.by_id[b].{resource}.perc > {high}
	some action in [[\"reserve\", a.id, \"{resource}\"], [\"colocate\", a.id, b]]
}}

busy_{place}(a) if a.{resource}.perc > {low}

busy_{place}(a) if {{
	a.{value} > {count}
	input.servers[a.server].{resource}.over_seconds[{seconds}] > {high}
}}
"
        ),
    }
}
