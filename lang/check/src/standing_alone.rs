//! An expression of a rule by itself.

use plasma_syntax::lexemes;

use crate::program::{Range, Rule, Scope, TypeSet, Variable};
use crate::schema::Schema;

/// An expression of a rule as it can be checked by itself, with [`check_expression`](crate::check_expression):
/// each variable of the rule introduced, `f.cpu` as `Folder(f).cpu`, and a bare `server` as the host that it is.
pub fn standing_alone(schema: &Schema, rule: &Rule, text: &str) -> String {
    let lexemes = lexemes(text);
    let mut result = String::new();
    let mut copied = 0;
    for (place, lexeme) in lexemes.iter().enumerate() {
        let behind = lexemes.get(place + 1).map(|lexeme| lexeme.text);
        let is_bare_server = lexeme.text == "server" && behind != Some("(");
        let variable = match is_bare_server {
            // The host of the rule's first actor, as in its condition.
            true => first_actor(rule),
            false => rule.variables.iter().find(|v| *v.name == *lexeme.text),
        };
        let Some(variable) = variable.filter(|v| &*v.name != "server") else {
            continue;
        };
        let before = |back: usize| {
            let place = place.checked_sub(back)?;
            lexemes.get(place).map(|lexeme| lexeme.text)
        };
        let is_kind = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_uppercase()) || matches!(word, "any" | "server")
        };
        let is_introduced = before(1) == Some("(") && before(2).is_some_and(is_kind);
        if before(1) == Some(".") || is_introduced {
            continue;
        }
        let (start, end) = (lexeme.start as usize, lexeme.end() as usize);
        result.push_str(text.get(copied..start).unwrap_or(""));
        let kind = kind_of(schema, &variable.range);
        let host = if is_bare_server { ".server" } else { "" };
        result.push_str(&format!("{kind}({}){host}", variable.name));
        copied = end;
    }
    result.push_str(text.get(copied..).unwrap_or(""));
    result
}

/// The first actor variable of a rule's bindings.
fn first_actor(rule: &Rule) -> Option<&Variable> {
    let is_actor = |variable: &&Variable| {
        variable.scope == Scope::Rule && !matches!(variable.range, Range::Servers)
    };
    rule.variables.iter().find(is_actor)
}

/// The word that introduces a variable.
fn kind_of<'s>(schema: &'s Schema, range: &Range) -> &'s str {
    let types = match range {
        Range::Servers => return "server",
        Range::Actors(types) | Range::Callers { types, .. } => types,
    };
    let only = match types {
        TypeSet::Any => None,
        TypeSet::Of(ids) => ids.first().filter(|_| ids.len() == 1),
    };
    let only = only.and_then(|id| schema.get(*id));
    only.map_or("any", |only| only.name.as_ref())
}
