//! What kind of thing can stand at the cursor, told by the words of its item before it.

use plasma_model::{Parameter, aggregate_row, behavior_row, metric_row, window_function_row};
use plasma_syntax::{Lexeme, LexemeKind};

use super::item::{ItemKind, OpenItem, is_arrow};

/// What kind of thing can stand at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'t> {
    /// Something new, such as a name, or something that is not offered, such as a sign.
    Nothing,
    /// The path of a module, of which so many words and dots stand there.
    ModulePath(usize),
    /// An item of the file.
    Item,
    /// A behavior.
    Behavior,
    /// Another behavior of the rule, or the next item.
    BehaviorOrItem,
    /// A member of an actor declaration.
    Declaration,
    /// The type of a property.
    PropertyType,
    /// What a definition is about: a server, an actor or a value.
    About,
    /// The first attribute of a rule, or the next one.
    Attribute {
        /// For each of [`ATTRIBUTES`], whether there is one.
        given: [bool; ATTRIBUTES.len()],
    },
    /// The value of an attribute or a limit: a number or a parameter.
    Setting,
    /// A statement of a test.
    TestStatement,
    /// What a test expects.
    Expected,
    /// An actor or a server of a test.
    TestName,
    /// The name of a rule.
    RuleName,
    /// One of a few words.
    Words(&'static [&'static str]),
    /// The beginning of a condition.
    Operand,
    /// What something is compared with.
    Compared,
    /// What joins conditions.
    Connective {
        /// Whether what stands before can be an actor, so that `in` can follow.
        may_be_actor: bool,
    },
    /// `ref`, after `in`.
    Ref,
    /// An actor.
    Actor,
    /// A server: an argument.
    Server,
    /// An actor type within braces.
    Type,
    /// Actor types, with their braces.
    TypeSet,
    /// A resource: an argument.
    Resource,
    /// What an aggregate ranges over.
    Range,
    /// The member of a server.
    ServerMember,
    /// `call`, after `client.`.
    Call,
    /// A statistic of a metric.
    Statistic(&'t str),
    /// A member of an actor: a variable, or a type.
    Member(&'t str),
    /// A function of an actor.
    Function(&'t str),
    /// A reference of an actor.
    Reference(&'t str),
}

/// The attributes of a rule.
pub(super) const ATTRIBUTES: [&str; 4] = ["priority", "cooldown", "release", "allow"];

/// What can stand at the end of an item's lexemes.
pub(super) fn place<'t>(item: OpenItem<'_, 't>) -> Place<'t> {
    let lexemes = item.lexemes;
    match item.kind {
        ItemKind::Actor => in_actor(lexemes),
        // A new name, then a number.
        ItemKind::Param => Place::Nothing,
        ItemKind::Use => in_use(lexemes),
        ItemKind::Def => in_definition(lexemes),
        ItemKind::Limit => in_limit(lexemes),
        ItemKind::Require => in_requirement(lexemes),
        ItemKind::Test => in_test(lexemes),
        ItemKind::Rule if lexemes.is_empty() => Place::Item,
        ItemKind::Rule => in_rule(lexemes),
        ItemKind::NamedRule => match head_end(lexemes) {
            Some(end) => in_rule(lexemes.get(end..).unwrap_or(&[])),
            None => in_head(lexemes),
        },
    }
}

fn text<'t>(lexemes: &[Lexeme<'t>], at: usize) -> &'t str {
    lexemes.get(at).map_or("", |l| l.text)
}

/// The text `back` places before `at`; empty if there is none.
fn text_before<'t>(lexemes: &[Lexeme<'t>], at: usize, back: usize) -> &'t str {
    at.checked_sub(back).map_or("", |at| text(lexemes, at))
}

/// What comes after the last of these signs; all if there is none.
fn after_last<'a, 't>(lexemes: &'a [Lexeme<'t>], sign: &str) -> &'a [Lexeme<'t>] {
    let begin = lexemes.iter().rposition(|l| l.text == sign);
    lexemes.get(begin.map_or(0, |at| at + 1)..).unwrap_or(&[])
}

/// The place of the bracket that is open at the end.
fn enclosing(lexemes: &[Lexeme<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    lexemes.iter().rposition(|lexeme| match lexeme.text {
        ")" | "}" | "]" => {
            depth += 1;
            false
        }
        "(" | "{" | "[" if depth == 0 => true,
        "(" | "{" | "[" => {
            depth -= 1;
            false
        }
        _ => false,
    })
}

fn in_actor<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let Some(open) = lexemes.iter().position(|l| l.text == "{") else {
        return Place::Nothing;
    };
    let members = lexemes.get(open + 1..).unwrap_or(&[]);
    let member = after_last(members, ";").iter().map(|l| l.text);
    match member.collect::<Vec<_>>().as_slice() {
        [] => Place::Declaration,
        [_, ":"] | [_, ":", "["] => Place::PropertyType,
        _ => Place::Nothing,
    }
}

/// One past the colon of a rule's head: the first one after the name, `]` or, where `]` is missing,
/// after an attribute's number.
fn head_end(lexemes: &[Lexeme<'_>]) -> Option<usize> {
    let ends = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| lexemes.get(at));
        let is_number = before.is_some_and(|l| l.kind == LexemeKind::Number);
        text(lexemes, at) == ":" && (at <= 2 || is_number || text(lexemes, at - 1) == "]")
    };
    (0..lexemes.len()).find(|at| ends(*at)).map(|at| at + 1)
}

fn in_head<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let attributes = lexemes.get(3..).unwrap_or(&[]);
    let is_closed = attributes.iter().any(|l| l.text == "]");
    if text(lexemes, 2) != "[" || is_closed {
        return Place::Nothing;
    }
    match after_last(attributes, ",") {
        [] => {}
        // A text, a second one, then a third behind `until`.
        [name] if name.text == "allow" => return Place::Nothing,
        [name] if ATTRIBUTES.contains(&name.text) => return Place::Setting,
        _ => return Place::Nothing,
    }
    let attributes: Vec<_> = attributes.split(|l| l.text == ",").collect();
    let is_given =
        |name: &str| name != "allow" && attributes.iter().any(|given| text(given, 0) == name);
    Place::Attribute {
        given: ATTRIBUTES.map(is_given),
    }
}

fn in_requirement<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let rest = lexemes.get(1..).unwrap_or(&[]);
    if let Some(at) = rest.iter().rposition(|l| l.text == "where") {
        return in_condition(rest.get(at + 1..).unwrap_or(&[]));
    }
    match rest.last().map(|l| l.text) {
        None => Place::Behavior,
        Some(")") if enclosing(rest).is_none() => Place::Words(&["where"]),
        Some(_) => in_behaviors(rest),
    }
}

/// The words that expectations begin with.
const EXPECTATIONS: [&str; 4] = ["expect", "eventually", "never", "always"];

fn in_test<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    if !lexemes.iter().any(|l| l.text == "{") {
        return match lexemes.last().map(|l| l.text) {
            Some("[") => Place::Words(&["period"]),
            _ => Place::Nothing,
        };
    }
    let begin = lexemes
        .iter()
        .rposition(|l| matches!(l.text, ";" | "{" | "}"));
    let statement = lexemes.get(begin.map_or(0, |at| at + 1)..).unwrap_or(&[]);
    let Some(last) = statement.last() else {
        return Place::TestStatement;
    };
    let word = statement
        .iter()
        .rposition(|l| EXPECTATIONS.contains(&l.text));
    let Some(word) = word else {
        return match last.text {
            "on" | "->" => Place::TestName,
            _ => Place::Nothing,
        };
    };
    let expected = statement.get(word + 1..).unwrap_or(&[]);
    match last.text {
        text if EXPECTATIONS.contains(&text) => Place::Expected,
        "not" if expected.len() == 1 => Place::Expected,
        "no" => Place::Words(&["actions"]),
        "by" => Place::RuleName,
        "on" | "(" | "," => Place::TestName,
        ")" => Place::Words(&["by", "at", "within", "and", "or"]),
        _ => in_condition(expected),
    }
}

fn in_use<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let path = lexemes.get(1..).unwrap_or(&[]);
    let ends_with_name = path.last().is_some_and(Lexeme::is_word);
    match path.iter().any(|l| l.text == "with") {
        false if ends_with_name => Place::Words(&["with"]),
        false => Place::ModulePath(path.len()),
        true => Place::Nothing,
    }
}

fn in_definition<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    if let Some(at) = lexemes.iter().position(|l| l.text == "=") {
        return in_condition(lexemes.get(at + 1..).unwrap_or(&[]));
    }
    match lexemes.last().map(|l| l.text) {
        Some(":") => Place::About,
        _ => Place::Nothing,
    }
}

fn in_limit<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let texts: Vec<&str> = lexemes.iter().map(|l| l.text).collect();
    match texts.as_slice() {
        ["limit"] => Place::Words(&["migrations", "servers"]),
        ["limit", _] | ["limit", "migrations", _, "per"] => Place::Setting,
        ["limit", "migrations", _] => Place::Words(&["per"]),
        ["limit", "migrations", _, "per", _] => Place::Words(&["each"]),
        ["limit", "migrations", _, "per", _, "each"] => Place::Type,
        _ => Place::Nothing,
    }
}

fn in_rule<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    match lexemes.iter().rposition(|l| is_arrow(l.text)) {
        Some(arrow) => in_behaviors(lexemes.get(arrow + 1..).unwrap_or(&[])),
        None => in_condition(lexemes),
    }
}

fn in_behaviors<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let behavior = after_last(lexemes, ";");
    if behavior.is_empty() {
        return if lexemes.is_empty() {
            Place::Behavior
        } else {
            Place::BehaviorOrItem
        };
    }
    let last = text_before(behavior, behavior.len(), 1);
    match enclosing(behavior) {
        Some(open) if text(behavior, open) == "{" && matches!(last, "{" | ",") => Place::Type,
        // The parentheses of the behavior itself, not those of a variable within.
        Some(1) if matches!(last, "(" | ",") => argument(behavior),
        _ => Place::Nothing,
    }
}

/// The next argument of a behavior.
fn argument<'t>(behavior: &[Lexeme<'t>]) -> Place<'t> {
    let mut depth = 0usize;
    let mut place = 0;
    for lexeme in behavior.get(2..).unwrap_or(&[]) {
        match lexeme.text {
            "(" | "{" | "[" => depth += 1,
            ")" | "}" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => place += 1,
            _ => {}
        }
    }
    let row = behavior_row(text(behavior, 0));
    match row.and_then(|row| row.parameters.get(place)) {
        Some((_, Parameter::Actor)) => Place::Actor,
        Some((_, Parameter::Resource)) => Place::Resource,
        Some((_, Parameter::Server)) => Place::Server,
        Some((_, Parameter::Types)) => Place::TypeSet,
        Some((_, Parameter::Message)) => Place::Nothing,
        Some((_, Parameter::Count)) => Place::Setting,
        Some((_, Parameter::Label)) => Place::Words(&["by"]),
        None => Place::Nothing,
    }
}

fn in_condition<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let Some(last) = lexemes.last() else {
        return Place::Operand;
    };
    if last.text == "." {
        return after_dot(lexemes);
    }
    if let Some(open) = enclosing(lexemes) {
        let head = open.checked_sub(1).and_then(|at| lexemes.get(at));
        match head {
            _ if text(lexemes, open) != "(" => return Place::Nothing,
            Some(head) if is_operator(head.text) || !head.is_word() => {}
            Some(head) if calculates(head.text) => {}
            Some(head) if takes_actor(head.text) && last.text == "(" => return Place::Actor,
            Some(_) => return Place::Nothing,
            None => {}
        }
    }
    match (last.text, last.kind) {
        ("(" | "and" | "or" | "not" | "where", _) => Place::Operand,
        ("<" | ">" | "<=" | ">=" | "==" | "!=" | "=", _) => Place::Compared,
        ("+" | "-" | "*" | "/", _) => Place::Operand,
        ("for", _) if is_in_calculation(lexemes) => Place::Range,
        ("for" | "over", _) => Place::Setting,
        ("on", _) => Place::Operand,
        ("in", _) => Place::Ref,
        ("ref", _) if text_before(lexemes, lexemes.len(), 2) == "in" => Place::Nothing,
        ("true" | "false", _) | (_, LexemeKind::Number) => Place::Connective {
            may_be_actor: false,
        },
        (")", _) | (_, LexemeKind::Word) => Place::Connective { may_be_actor: true },
        _ => Place::Nothing,
    }
}

fn is_operator(word: &str) -> bool {
    matches!(
        word,
        "and" | "or" | "not" | "in" | "on" | "for" | "over" | "where"
    )
}

/// Whether numbers stand in the parentheses after this word.
fn calculates(word: &str) -> bool {
    word == "abs" || aggregate_row(word).is_some() || window_function_row(word).is_some()
}

/// Whether the innermost open parentheses are those of a calculation.
fn is_in_calculation(lexemes: &[Lexeme<'_>]) -> bool {
    let head = enclosing(lexemes).map(|open| text_before(lexemes, open, 1));
    head.is_some_and(calculates)
}

/// Whether an actor stands in the parentheses after this word.
fn takes_actor(word: &str) -> bool {
    matches!(word, "call" | "ref")
}

/// What can follow a dot at the end of a condition.
fn after_dot<'t>(lexemes: &[Lexeme<'t>]) -> Place<'t> {
    let before = lexemes.get(..lexemes.len() - 1).unwrap_or(&[]);
    let Some(base) = before.last() else {
        return Place::Nothing;
    };
    // The word whose member is meant: `f` of `f.`, `Folder` of `Folder(f).`.
    let at = match base.text {
        ")" => {
            enclosing(before.get(..before.len() - 1).unwrap_or(&[])).and_then(|o| o.checked_sub(1))
        }
        _ => Some(before.len() - 1),
    };
    let Some((at, word)) = at.and_then(|at| Some((at, before.get(at)?))) else {
        return Place::Nothing;
    };
    if !word.is_word() || is_operator(word.text) {
        return Place::Nothing;
    }
    let is_member = text_before(before, at, 1) == ".";
    match word.text {
        "server" => Place::ServerMember,
        metric if is_member && metric_row(metric).is_some() => Place::Statistic(metric),
        _ if is_member => Place::Nothing,
        "client" => Place::Call,
        actor => {
            let open = enclosing(before.get(..at).unwrap_or(&[]));
            match open.map_or("", |open| text_before(before, open, 1)) {
                "call" => Place::Function(actor),
                "ref" => Place::Reference(actor),
                _ => Place::Member(actor),
            }
        }
    }
}
