//! The rules as a Nickel record of functions.

use nickel_lang_parser::ErrorTolerantParser;
use nickel_lang_parser::ast::AstAlloc;
use nickel_lang_parser::files::Files;
use nickel_lang_parser::grammar::TermParser;
use nickel_lang_parser::lexer::Lexer;
use plasma_benches::policy::{Form, Numbers, Rule, Subject};

use super::language::{Language, Step};

/// Parse.
pub(crate) fn language(rules: &[Rule]) -> Language {
    let fields = rules.iter().enumerate().map(|(place, r)| rule(place, r));
    Language {
        name: "nickel",
        texts: vec![format!("{{\n{}}}\n", fields.collect::<String>())],
        steps: vec![Step::new("parse", parse)],
    }
}

fn parse(texts: &[String]) -> Result<(), String> {
    let text = texts.concat();
    let alloc = AstAlloc::new();
    let file = Files::empty().add("rules.ncl", text.as_str());
    let parsed = TermParser::new().parse_strict(&alloc, file, Lexer::new(&text));
    parsed.map(drop).map_err(|errors| format!("{errors:?}"))
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
            format!("server.{resource}.perc > {high} || server.{resource}.perc < {low}"),
            format!("balance '{name} '{resource}"),
        ),
        Form::Own => (
            "a",
            format!("a.{resource}.perc > {low}"),
            format!("reserve a '{resource}"),
        ),
        Form::Busy => (
            "server",
            format!("server.{resource}.perc > {high}"),
            format!("balance '{name} '{resource}"),
        ),
        Form::Share => (
            "client a b",
            format!("(client.call a.{function}).perc > {share} && std.array.elem b a.{list}"),
            format!("reserve a '{resource}, colocate a b"),
        ),
        Form::Pair => (
            "a b",
            format!("(a.call b).count > {count} && b.{resource}.perc > {share}"),
            "colocate a b".to_owned(),
        ),
        Form::Level => (
            "server a",
            format!(
                "a.{value} > {count} && a.{resource}.perc > {share} && server.{resource}.perc > 60"
            ),
            format!("reserve a '{resource}"),
        ),
        Form::Long => {
            return format!(
                "
  # What clients ask for most gets room of its own.
  busy_{place} = {{ priority = {priority}, cooldown_seconds = {seconds}, rule = fun client servers a b =>
    if (client.call a.{function}).perc > {low} && std.array.elem b a.{list}
      && (a.{resource}.perc > {low} || a.{value} > {count} && a.server.{resource}.perc_over {seconds} > {high})
      && mean (std.array.map (fun s => s.{resource}.perc) servers) < {high} && !(b.{resource}.perc > {high})
    then [reserve a '{resource}, colocate a b] else [] }},
"
            );
        }
    };
    format!("  rule_{place} = fun {head} => if {condition} then [{actions}] else [],\n")
}
