//! What a word stands for, with its documentation.

use plasma_check::schema::{ActorType, Schema, TypeId};
use plasma_check::{Named, VariableKind};
use plasma_diagnostic::Span;
use plasma_model::{aggregate_row, metric_row, window_function_row};
use plasma_syntax::tree::{Item, MemberKind, Name};

use crate::Analysis;
use crate::keywords::keyword;
use crate::markdown::{
    aggregate_markdown, behavior_markdown, figure_markdown, function_markdown, keyword_markdown,
    metric_markdown, property_markdown, section, statistic_markdown, type_markdown,
    window_function_markdown,
};
use crate::value_types::value_type;
use crate::vicinity::lexemes_near;

/// What a word stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word.
    pub span: Span,
    /// Its signature and documentation.
    pub markdown: String,
}

/// What the word at a byte of the document stands for; `None` where there is nothing to say.
pub fn hover(analysis: &Analysis, offset: u32) -> Option<Hover> {
    if let Some((span, named)) = analysis.checked.name_at(analysis.file, offset) {
        let markdown = named_markdown(analysis, *span, named)?;
        return Some(Hover {
            span: *span,
            markdown,
        });
    }
    value_type_at(analysis, offset).or_else(|| keyword_at(analysis, offset))
}

fn keyword_at(analysis: &Analysis, offset: u32) -> Option<Hover> {
    let lexemes = lexemes_near(analysis, offset);
    let touched = lexemes
        .iter()
        .find(|lexeme| lexeme.is_word() && (lexeme.start..=lexeme.end()).contains(&offset))?;
    let span = Span::new(analysis.file, touched.start, touched.end());
    let aggregate = aggregate_row(touched.text).map(aggregate_markdown);
    let markdown = aggregate
        .or_else(|| window_function_row(touched.text).map(window_function_markdown))
        .or_else(|| keyword(touched.text).map(keyword_markdown))?;
    Some(Hover { span, markdown })
}

/// The type of a published value, in an actor declaration.
fn value_type_at(analysis: &Analysis, offset: u32) -> Option<Hover> {
    let members = analysis.tree().items().iter().flat_map(|item| match item {
        Item::Actor(actor) => actor.members.as_slice(),
        _ => &[],
    });
    let mut names = members.filter_map(|member| match member.kind {
        MemberKind::Property(property_type) => property_type?.name,
        MemberKind::Function => None,
    });
    let span = names.find(|name| name.span.touches(offset))?.span;
    let row = value_type(analysis.tree().text(span))?;
    let markdown = keyword_markdown(row);
    Some(Hover { span, markdown })
}

fn named_markdown(analysis: &Analysis, span: Span, named: &Named) -> Option<String> {
    let schema = analysis.schema();
    Some(match named {
        Named::Type(id) => type_markdown(schema.get(*id)?),
        Named::Any => keyword_markdown(keyword("any")?),
        Named::Client => keyword_markdown(keyword("client")?),
        Named::Server { host_of: None } => keyword_markdown(keyword("server")?),
        Named::Server {
            host_of: Some(actor),
        } => section(
            &format!("server: the host of {actor}"),
            &format!("The server that `{actor}` lives on: the rule's first actor variable."),
        ),
        Named::Host => host_markdown(analysis, span),
        Named::Variable { kind, rule, .. } => {
            let name = analysis.sources.slice(span);
            let what = match *rule {
                usize::MAX => "What the definition is about.",
                _ => "A variable of this rule.",
            };
            section(&format!("{name}: {}", kind_name(schema, *kind)), what)
        }
        Named::OfTest { kind, .. } => {
            let name = analysis.sources.slice(span);
            let what = match kind {
                VariableKind::Server => "A server of this test.",
                _ => "An actor of this test.",
            };
            section(&format!("{name}: {}", kind_name(schema, *kind)), what)
        }
        Named::Property { owner, name } => {
            let property = owners(schema, *owner).find_map(|t| Some((t, t.property(name)?)));
            let (owner, property) = property?;
            property_markdown(schema, owner, property)
        }
        Named::Function { owner, name } => {
            let function = owners(schema, *owner).find_map(|t| Some((t, t.function(name)?)));
            let (owner, function) = function?;
            function_markdown(owner, function)
        }
        Named::Param(place) => {
            let param = analysis.checked.program.params.get(*place)?;
            let value = analysis.param_default(param.span)?;
            section(&format!("param {} = {value};", param.name), &param.docs)
        }
        Named::Definition(place) => {
            let definition = analysis.checked.program.definitions.get(*place)?;
            section(&format!("def {}", definition.signature), &definition.docs)
        }
        Named::Module(place) => module_markdown(analysis, *place)?,
        Named::Rule(place) => {
            let rule = analysis.tree().rules().nth(*place)?;
            let name = rule
                .name()
                .map_or("", |name: Name| analysis.tree().name(name));
            section(&format!("rule {name}"), &analysis.tree().docs(rule.docs))
        }
        Named::Behavior(behavior) => behavior_markdown(behavior.row()),
        Named::Metric(metric) => metric_markdown(metric),
        Named::Statistic(metric, statistic) => {
            statistic_markdown(metric, metric.statistic(*statistic)?)
        }
        Named::Resource(resource) => metric_markdown(metric_row(resource.name())?),
        Named::Figure { unit } => figure_markdown(analysis.sources.slice(span), unit),
    })
}

/// A module: what it is for, and the rules that it adds.
fn module_markdown(analysis: &Analysis, place: usize) -> Option<String> {
    let program = &analysis.checked.program;
    let module = program.modules.get(place)?;
    let name = module.prefix.trim_end_matches('.');
    let of_module = |full_name: &str| {
        let own = full_name.strip_prefix(&*module.prefix);
        own.is_some_and(|own| !own.contains('.'))
    };
    let listed = |noun: &str, names: Vec<String>| match names.is_empty() {
        true => String::new(),
        false => format!("{noun}: {}.", names.join(", ")),
    };
    let quoted = |name: &str| format!("`{name}`");
    let rules = program.rules.iter().filter(|rule| of_module(&rule.name));
    let rules = rules.map(|rule| quoted(&rule.name)).collect();
    let definitions = program.definitions.iter().filter(|d| of_module(&d.name));
    let definitions = definitions.map(|d| quoted(&d.signature)).collect();
    let lines = [listed("Rules", rules), listed("Definitions", definitions)];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    let file = analysis.sources.name(module.file);
    Some(section(&format!("use {name}: {file}"), &lines.join("\n\n")))
}

/// `server` behind an actor, `f.server`, or before a variable, `server(s)`.
fn host_markdown(analysis: &Analysis, span: Span) -> String {
    let before = analysis.text().get(..span.start as usize).unwrap_or("");
    let Some(actor) = before.trim_end().strip_suffix('.') else {
        return section(
            "server(VARIABLE)",
            "Introduces a variable for a server. It is the same one wherever the rule names it.",
        );
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')');
    let start = actor.trim_end_matches(is_part).len();
    let actor = balanced(actor.get(start..).unwrap_or(""));
    section(
        &format!("{actor}.server"),
        &format!("The host of `{actor}`: the server that it lives on."),
    )
}

/// The text behind the last parenthesis that is opened and not closed.
fn balanced(text: &str) -> &str {
    let mut depth = 0usize;
    let open = text.char_indices().rev().find(|(_, c)| {
        match c {
            ')' => depth += 1,
            '(' if depth == 0 => return true,
            '(' => depth -= 1,
            _ => {}
        }
        false
    });
    open.and_then(|(at, _)| text.get(at + 1..)).unwrap_or(text)
}

fn owners(schema: &Schema, owner: Option<TypeId>) -> impl Iterator<Item = &ActorType> {
    let types = schema.types.iter().enumerate();
    types
        .filter(move |(place, _)| owner.is_none_or(|id| id.0 as usize == *place))
        .map(|(_, actor)| actor)
}

/// The type of a variable, as a definition writes it.
pub(crate) fn kind_name(schema: &Schema, kind: VariableKind) -> &str {
    match kind {
        VariableKind::Actor(id) => schema.get(id).map_or("any", |t| t.name.as_ref()),
        VariableKind::AnyActor => "any",
        VariableKind::Server => "server",
        VariableKind::Value(value) => value.name(),
        VariableKind::Unknown => "unknown",
    }
}
