//! The rules as Starlark functions.

use plasma_benches::policy::{Form, Numbers, Rule, Subject};
use starlark::environment::{Globals, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};

use super::language::{Language, Step};

/// What the rules call.
const PRELUDE: &str = "\
def balance(actor_type, resource):
    return (\"balance\", actor_type, resource)

def reserve(actor, resource):
    return (\"reserve\", actor, resource)

def colocate(a, b):
    return (\"colocate\", a, b)

def mean(values):
    return sum(values) / len(values)

def sum(values):
    total = 0
    for value in values:
        total += value
    return total
";

/// Parse; parse and compile, names resolved.
pub(crate) fn language(rules: &[Rule]) -> Language {
    let functions = rules.iter().enumerate().map(|(place, r)| rule(place, r));
    Language {
        name: "starlark",
        texts: vec![PRELUDE.to_owned() + &functions.collect::<String>()],
        steps: vec![
            Step::new("parse", parse),
            Step::new("parse and compile", compile),
        ],
    }
}

fn ast(texts: &[String]) -> Result<AstModule, String> {
    let text = texts.concat();
    AstModule::parse("rules.star", text, &Dialect::Standard).map_err(|error| error.to_string())
}

fn parse(texts: &[String]) -> Result<(), String> {
    ast(texts).map(drop)
}

fn compile(texts: &[String]) -> Result<(), String> {
    let ast = ast(texts)?;
    let compiled = Module::with_temp_heap(|module| -> starlark::Result<()> {
        Evaluator::new(&module).eval_module(ast, &Globals::standard())?;
        Ok(())
    });
    compiled.map_err(|error| error.to_string())
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
    let (head, condition, actions) = match rule.form {
        Form::Band => (
            "server",
            format!("server.{resource}.perc > {high} or server.{resource}.perc < {low}"),
            format!("balance(\"{name}\", \"{resource}\")"),
        ),
        Form::Own => (
            "a",
            format!("a.{resource}.perc > {low}"),
            format!("reserve(a, \"{resource}\")"),
        ),
        Form::Busy => (
            "server",
            format!("server.{resource}.perc > {high}"),
            format!("balance(\"{name}\", \"{resource}\")"),
        ),
        Form::Share => (
            "client, a, b",
            format!("client.call(a.{function}).perc > {share} and b in a.{list}"),
            format!("reserve(a, \"{resource}\"), colocate(a, b)"),
        ),
        Form::Pair => (
            "a, b",
            format!("a.call(b).count > {count} and b.{resource}.perc > {share}"),
            "colocate(a, b)".to_owned(),
        ),
        Form::Level => (
            "server, a",
            format!(
                "a.{value} > {count} and a.{resource}.perc > {share} and server.{resource}.perc > 60"
            ),
            format!("reserve(a, \"{resource}\")"),
        ),
        Form::Long => {
            return format!(
                "
# What clients ask for most gets room of its own.
def busy_{place}(client, servers, a, b, priority = {priority}, cooldown_seconds = {seconds}):
    if (client.call(a.{function}).perc > {low} and b in a.{list} and
        (a.{resource}.perc > {low} or a.{value} > {count} and a.server.{resource}.perc_over({seconds}) > {high}) and
        mean([s.{resource}.perc for s in servers]) < {high} and not b.{resource}.perc > {high}):
        return [reserve(a, \"{resource}\"), colocate(a, b)]
    return []
"
            );
        }
    };
    format!(
        "
def rule_{place}({head}):
    return [{actions}] if {condition} else []
"
    )
}
