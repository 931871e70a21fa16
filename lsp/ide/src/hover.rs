//! What a word stands for, with its documentation.

use std::fmt::Write;

use plasma_check::schema::{ActorType, Function, Property, PropertyKind, Schema, TypeId};
use plasma_check::{Named, VariableKind};
use plasma_diagnostic::Span;
use plasma_model::{BehaviorRow, Metric, Parameter, StatisticRow, metric_row};
use plasma_syntax::lexemes;
use plasma_syntax::tree::{Item, MemberKind, Name, ParamDecl};

use crate::Analysis;
use crate::keywords::{Keyword, keyword};
use crate::value_types::value_type;

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
    let lexemes = lexemes(analysis.text());
    let touched = lexemes
        .iter()
        .find(|lexeme| lexeme.is_word() && (lexeme.start..=lexeme.end()).contains(&offset))?;
    let span = Span::new(analysis.file, touched.start, touched.end());
    let markdown = keyword_markdown(keyword(touched.text)?);
    Some(Hover { span, markdown })
}

/// The type of a published value, in an actor declaration.
fn value_type_at(analysis: &Analysis, offset: u32) -> Option<Hover> {
    let members = analysis.tree.items().iter().flat_map(|item| match item {
        Item::Actor(actor) => actor.members.as_slice(),
        Item::Param(_) | Item::Rule(_) => &[],
    });
    let mut names = members.filter_map(|member| match member.kind {
        MemberKind::Property(property_type) => property_type?.name,
        MemberKind::Function => None,
    });
    let span = names.find(|name| name.span.touches(offset))?.span;
    let row = value_type(analysis.tree.text(span))?;
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
        Named::Variable { kind, .. } => {
            let name = analysis.sources.slice(span);
            section(
                &format!("{name}: {}", kind_name(schema, *kind)),
                "A variable of this rule.",
            )
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
            let declaration = param_declaration(analysis, param.span)?;
            let value = analysis.tree.expr(declaration.value).span;
            let value = analysis.tree.text(value);
            section(&format!("param {} = {value};", param.name), &param.docs)
        }
        Named::Rule(place) => {
            let rule = analysis.tree.rules().nth(*place)?;
            let name = rule
                .name()
                .map_or("", |name: Name| analysis.tree.name(name));
            section(&format!("rule {name}"), &analysis.tree.docs(rule.docs))
        }
        Named::Behavior(behavior) => behavior_markdown(behavior.row()),
        Named::Metric(metric) => metric_markdown(metric),
        Named::Statistic(metric, statistic) => {
            statistic_markdown(metric, metric.statistic(*statistic)?)
        }
        Named::Resource(resource) => metric_markdown(metric_row(resource.name())?),
    })
}

/// The declaration of the parameter whose name stands there.
fn param_declaration(analysis: &Analysis, name: Span) -> Option<&ParamDecl> {
    let mut items = analysis.tree.items().iter();
    items.find_map(|item| match item {
        Item::Param(param) if param.name? == (Name { span: name }) => Some(param),
        _ => None,
    })
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

fn kind_name(schema: &Schema, kind: VariableKind) -> &str {
    match kind {
        VariableKind::Actor(id) => schema.get(id).map_or("any", |t| t.name.as_ref()),
        VariableKind::AnyActor => "any",
        VariableKind::Server => "server",
        VariableKind::Unknown => "unknown",
    }
}

/// A signature, and what there is to say about it.
pub(crate) fn section(signature: &str, docs: &str) -> String {
    let mut markdown = format!("```plasma\n{signature}\n```");
    if !docs.is_empty() {
        // Writing into a string cannot fail.
        let _ = write!(markdown, "\n\n{docs}");
    }
    markdown
}

pub(crate) fn keyword_markdown(keyword: &Keyword) -> String {
    section(keyword.usage, keyword.doc)
}

pub(crate) fn type_markdown(actor: &ActorType) -> String {
    section(&format!("actor {}", actor.name), &actor.docs)
}

pub(crate) fn property_type(schema: &Schema, property: &Property) -> String {
    match property.kind {
        PropertyKind::Value(value) => value.name().to_owned(),
        PropertyKind::Reference { target, arity } => match target.and_then(|id| schema.get(id)) {
            Some(target) => arity.source(&target.name),
            None => "references".to_owned(),
        },
    }
}

pub(crate) fn property_markdown(schema: &Schema, owner: &ActorType, property: &Property) -> String {
    let kind = property_type(schema, property);
    section(
        &format!("{}.{}: {kind}", owner.name, property.name),
        &property.docs,
    )
}

pub(crate) fn function_markdown(owner: &ActorType, function: &Function) -> String {
    section(
        &format!("fn {}.{}", owner.name, function.name),
        &function.docs,
    )
}

pub(crate) fn signature(row: &BehaviorRow) -> String {
    let parameters = row.parameters.iter().map(|(name, kind)| match kind {
        Parameter::Types => format!("{{{name}}}"),
        Parameter::Actor | Parameter::Resource => (*name).to_owned(),
    });
    format!(
        "{}({})",
        row.name,
        parameters.collect::<Vec<_>>().join(", ")
    )
}

pub(crate) fn behavior_markdown(row: &BehaviorRow) -> String {
    section(&signature(row), row.doc)
}

pub(crate) fn metric_markdown(metric: &Metric) -> String {
    let mut markdown = section(metric.name, metric.doc);
    markdown.push('\n');
    for row in metric.statistics {
        let default = if row.statistic == metric.default_statistic {
            ", the default"
        } else {
            ""
        };
        let name = row.statistic.name();
        let _ = write!(
            markdown,
            "\n- `{name}` ({}{default}): {}",
            row.unit, row.doc
        );
    }
    markdown
}

pub(crate) fn statistic_markdown(metric: &Metric, row: &StatisticRow) -> String {
    let signature = format!("{}.{}: {}", metric.name, row.statistic.name(), row.unit);
    section(&signature, row.doc)
}
