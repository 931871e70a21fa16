//! The pages: one of a policy, one that lists them all.

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use plasma_check::program::{CheckedProgram, Rule};
use plasma_diagnostic::Span;
use plasma_eval::measured_in;
use plasma_model::{BEHAVIORS, BehaviorRow};

use super::markdown::html_of;
use super::{Documented, INDEX};

/// How the pages look, light or dark as the reader's system is.
const STYLE: &str = include_str!("page.css");

/// The page that lists all policies.
pub(super) fn index(documented: &[Documented]) -> String {
    let body = html! {
        h1 { "Policies" }
        table {
            thead { tr { th { "policy" } th { "what it is for" } th { "rules" } th { "tests" } } }
            tbody {
                @for policy in documented {
                    tr {
                        td { a href=(policy.page) { code { (policy.name) } } }
                        td { (html_of(first_paragraph(&introduction(&policy.text)))) }
                        td .number { (own(policy, &policy.program.rules, |rule| rule.span).len()) }
                        td .number { (policy.program.tests.len()) }
                    }
                }
            }
        }
    };
    page("Policies", &body)
}

/// The page of one policy.
pub(super) fn policy(policy: &Documented) -> String {
    let program = &policy.program;
    let rules = own(policy, &program.rules, |rule| rule.span);
    let requirements = own(policy, &program.requirements, |rule| rule.span);
    let limits = own(policy, &program.limits, |limit| limit.span);
    let source = |span: Span| policy.text.get(span.start as usize..span.end as usize);
    let body = html! {
        nav { a href=(INDEX) { "All policies" } }
        h1 { code { (policy.name) } }
        (html_of(&introduction(&policy.text)))
        (params(policy))
        (modules(policy))
        (definitions(policy))
        @if !rules.is_empty() {
            h2 { "Rules" }
            @for rule in rules { (section(program, rule, source(rule.span))) }
        }
        @if !requirements.is_empty() {
            h2 { "Requirements" }
            p { "No plan violates them, whatever the rules ask for." }
            @for rule in requirements { (section(program, rule, source(rule.span))) }
        }
        @if !limits.is_empty() {
            h2 { "Limits" }
            @for limit in limits { pre { code { (source(limit.span).unwrap_or_default()) } } }
        }
        (behaviors(program))
        @if !program.tests.is_empty() {
            h2 { "Tests" }
            ul { @for test in &program.tests { li { (test.name) } } }
        }
        @if !program.schema.types.is_empty() {
            h2 { "Actors" }
            pre { code { (program.schema.to_source()) } }
        }
    };
    page(&policy.name, &body)
}

/// What stands in the policy itself, and not in a module that it uses.
fn own<'p, T>(policy: &'p Documented, all: &'p [T], span: impl Fn(&T) -> Span) -> Vec<&'p T> {
    let is_own = |one: &&T| policy.program.is_own(span(one));
    all.iter().filter(is_own).collect()
}

fn params(policy: &Documented) -> Markup {
    let params = own(policy, &policy.program.params, |param| param.span);
    html! {
        @if !params.is_empty() {
            h2 { "Parameters" }
            table {
                thead { tr { th { "parameter" } th { "default" } th { "meaning" } } }
                tbody {
                    @for param in params {
                        tr id={ "param." (param.name) } {
                            td { code { (param.name) } }
                            td .number { (default_after(&policy.text, param.span)) }
                            td { (html_of(&param.docs)) }
                        }
                    }
                }
            }
        }
    }
}

/// The modules that the policy itself uses, each with what it adds.
fn modules(policy: &Documented) -> Markup {
    let program = &policy.program;
    let used = program.modules.iter().skip(1);
    let used: Vec<_> = used
        .filter(|m| m.prefix.matches('.').count() == 1)
        .collect();
    let names = |prefix: &str| {
        let rules = program.rules_and_requirements().map(|rule| &rule.name);
        let of_module = rules.filter(|name| name.starts_with(prefix));
        of_module.map(ToString::to_string).collect::<Vec<_>>()
    };
    html! {
        @if !used.is_empty() {
            h2 { "Modules" }
            table {
                thead { tr { th { "module" } th { "its rules" } } }
                tbody {
                    @for module in used {
                        tr {
                            td { code { (module.prefix.trim_end_matches('.')) } }
                            td { @for name in names(&module.prefix) { code { (name) } " " } }
                        }
                    }
                }
            }
        }
    }
}

fn definitions(policy: &Documented) -> Markup {
    let definitions = own(policy, &policy.program.definitions, |d| d.span);
    html! {
        @if !definitions.is_empty() {
            h2 { "Definitions" }
            @for definition in definitions {
                section id={ "def." (definition.name) } {
                    h3 { code { (definition.signature) } }
                    (html_of(&definition.docs))
                    pre { code { (definition.text) } }
                }
            }
        }
    }
}

fn section(program: &CheckedProgram, rule: &Rule, source: Option<&str>) -> Markup {
    let measured = measured_in(program, rule);
    html! {
        section id={ "rule." (rule.name.trim_start_matches('#')) } {
            h3 { code { (rule.name) } }
            (html_of(&rule.docs))
            pre { code { (source.unwrap_or_default()) } }
            @if !measured.is_empty() {
                table {
                    thead { tr { th { "measures" } th { "unit" } th { "meaning" } } }
                    tbody {
                        @for feature in measured {
                            tr {
                                td { code { (feature.text) } }
                                td { (feature.unit) }
                                td { (html_of(feature.doc)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the behaviors mean that the policy asks for.
fn behaviors(program: &CheckedProgram) -> Markup {
    let asked = program
        .rules_and_requirements()
        .flat_map(|rule| &rule.behaviors);
    let names: BTreeSet<&str> = asked.map(|behavior| behavior.kind.name()).collect();
    let rows: Vec<&BehaviorRow> = BEHAVIORS
        .iter()
        .filter(|row| names.contains(row.name))
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 { "What is asked for" }
            dl {
                @for row in rows {
                    dt { code { (row.name) } }
                    dd { (html_of(row.doc)) }
                }
            }
        }
    }
}

fn page(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Plasma" }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    page.into_string()
}

/// The `//` lines at the beginning of a policy, up to the first blank line.
fn introduction(text: &str) -> String {
    let lines = text.trim_start_matches('\u{feff}').lines();
    let comments = lines.map_while(|line| match line.strip_prefix("//") {
        Some(rest) if !rest.starts_with('/') => Some(rest.strip_prefix(' ').unwrap_or(rest)),
        _ => None,
    });
    comments.collect::<Vec<_>>().join("\n")
}

fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or_default()
}

/// The default of a parameter as it is written, given where its name stands.
fn default_after(text: &str, name: Span) -> &str {
    let rest = text.get(name.end as usize..).unwrap_or_default();
    let value = rest.split(';').next().unwrap_or_default();
    value.trim_start_matches([' ', '=']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_introduction_is_what_stands_first() {
        let text = "// Folders.\n//\n//   run it\n\n// not this\nparam a = 1;";
        assert_eq!(introduction(text), "Folders.\n\n  run it");
        assert_eq!(first_paragraph(&introduction(text)), "Folders.");
        assert_eq!(introduction("/// docs\nrule"), "");
    }
}
