//! `wrong-argument`: arguments of the wrong number or kind.

pub(crate) mod count;
pub(crate) mod definition;
pub(crate) mod label;
pub(crate) mod message;
pub(crate) mod server;
pub(crate) mod window;

use plasma_diagnostic::{Code, Diagnostic, Edit, Fix, Span};
use plasma_model::{BehaviorRow, Parameter, Resource};

use super::suggest;

fn wrong(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::WrongArgument, span, message)
}

/// Completes `reserve(f)`, and `reserve(f.cpu)`, where a comma was meant.
fn missing_resource(argument: Span, text: &str) -> Fix {
    let dotted = text.rsplit_once('.');
    match dotted.filter(|(_, name)| Resource::from_name(name).is_some()) {
        Some((owner, resource)) => {
            let meant = format!("{owner}, {resource}");
            Fix::safe(format!("replace with `{meant}`"), argument, meant)
        }
        None => Fix::doubtful("add `cpu`", argument.after(), ", cpu"),
    }
}

/// A behavior with too many or too few arguments.
pub(crate) fn wrong_number(
    row: &BehaviorRow,
    call: Span,
    given: &[Span],
    texts: &[&str],
) -> Diagnostic {
    let expected = row.parameters.len();
    let plural = if expected == 1 { "" } else { "s" };
    let numbers = match row.arguments_min() {
        least if least < expected => format!("{least} or {expected}"),
        _ => expected.to_string(),
    };
    let message = format!(
        "`{}` takes {numbers} argument{plural}, not {}",
        row.name,
        given.len()
    );
    let place = match (given.get(expected), given.last()) {
        (Some(extra), Some(last)) => extra.cover(*last),
        _ => call,
    };
    let diagnostic = wrong(place, message).with_help(format!("it is `{}`", row.signature()));
    match (row.parameters, texts) {
        // `pin(a, b)` is meant for each of them.
        ([(_, Parameter::Actor | Parameter::Server)], [_, _, ..]) => {
            let calls = texts.iter().map(|text| format!("{}({text})", row.name));
            let text = calls.collect::<Vec<_>>().join("; ");
            let title = format!("`{}` each of them", row.name);
            diagnostic.with_fix(Fix::doubtful(title, call, text))
        }
        // `reserve(f)`: the resource is left out, mostly because it is always the processor.
        ([_, (_, Parameter::Resource)], [text]) => match given.last() {
            Some(last) => diagnostic.with_fix(missing_resource(*last, text)),
            None => diagnostic,
        },
        _ => diagnostic,
    }
}

/// `reserve(cpu, f)`: each argument is right in the other's place.
pub(crate) fn swapped(row: &BehaviorRow, spans: &[Span], texts: &[&str]) -> Diagnostic {
    let ([first, second], [first_text, second_text]) = (spans, texts) else {
        return wrong(Span::default(), String::new());
    };
    wrong(
        first.cover(*second),
        format!("the arguments of `{}` are the wrong way round", row.name),
    )
    .with_help(format!("it is `{}`", row.signature()))
    .with_fix(Fix {
        title: "swap them".to_owned(),
        safe: true,
        edits: vec![
            Edit {
                span: *first,
                text: (*second_text).to_owned(),
            },
            Edit {
                span: *second,
                text: (*first_text).to_owned(),
            },
        ],
    })
}

/// Something else where a behavior needs an actor. `noun` says what it is.
pub(crate) fn not_an_actor(row: &BehaviorRow, span: Span, text: &str, noun: &str) -> Diagnostic {
    wrong(
        span,
        format!("`{}` needs an actor here, `{text}` is {noun}", row.name),
    )
    .with_help(format!("it is `{}`", row.signature()))
}

/// Adds the actor that a wrong argument belongs to: the `owner` of `f.cpu` is `f`.
pub(crate) fn with_owner(diagnostic: Diagnostic, whole: Span, owner: &str) -> Diagnostic {
    diagnostic.with_fix(Fix::doubtful(
        format!("replace with `{owner}`"),
        whole,
        owner,
    ))
}

/// Says how the actor is named that a property refers to.
pub(crate) fn with_reference(diagnostic: Diagnostic, property: &str) -> Diagnostic {
    diagnostic.with_help(format!(
        "introduce the actor that it refers to in the condition: `Type(a) in ref({property})`"
    ))
}

/// `balance(Folder, cpu)`: types stand in braces.
pub(crate) fn types_without_braces(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    let braced = format!("{{{text}}}");
    wrong(
        span,
        format!("`{}` needs a set of actor types in braces", row.name),
    )
    .with_fix(Fix::safe(format!("replace with `{braced}`"), span, braced))
}

/// `balance(Folder(f), cpu)`: a behavior about types takes no variable.
pub(crate) fn variable_as_types(row: &BehaviorRow, span: Span, actor_type: &str) -> Diagnostic {
    let braced = format!("{{{actor_type}}}");
    wrong(
        span,
        format!(
            "`{}` needs a set of actor types in braces, not one actor",
            row.name
        ),
    )
    .with_fix(Fix::doubtful(
        format!("replace with `{braced}`"),
        span,
        braced,
    ))
}

/// Something else where a behavior needs types.
pub(crate) fn not_types(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    wrong(
        span,
        format!(
            "`{}` needs a set of actor types in braces here, not `{text}`",
            row.name
        ),
    )
    .with_help(format!("it is `{}`", row.signature()))
}

/// Something else than a type between the braces. `candidates` are the types that there are.
pub(crate) fn not_a_type<'a>(
    row: &BehaviorRow,
    span: Span,
    text: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!(
        "between the braces of `{}` stand actor types, not `{text}`",
        row.name
    );
    suggest(wrong(span, message), span, text, candidates, "there are")
}

/// Something else where a behavior needs a resource.
pub(crate) fn not_a_resource(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    let names = ["cpu", "mem", "net"];
    // What other systems call the resources.
    let near = match text.trim_matches('"') {
        "memory" | "ram" => "mem",
        "network" | "bandwidth" => "net",
        "processor" => "cpu",
        bare => bare,
    };
    let message = format!("`{}` needs a resource here, not `{text}`", row.name);
    let diagnostic = wrong(span, message);
    match names.contains(&near) && near != text {
        true => diagnostic
            .with_help(format!("did you mean `{near}`?"))
            .with_fix(Fix::safe(format!("replace with `{near}`"), span, near)),
        false => suggest(diagnostic, span, text, names, "the resources are"),
    }
}

/// `Folder(f, g)`, `any()`: one variable stands in the parentheses.
pub(crate) fn not_one_variable(span: Span, kind: &str) -> Diagnostic {
    let variable = kind.chars().next().map_or('v', |c| c.to_ascii_lowercase());
    wrong(
        span,
        format!("`{kind}(..)` introduces one variable, such as `{kind}({variable})`"),
    )
}

/// `Folder(f.open)`: what belongs behind the parenthesis stands in it.
pub(crate) fn members_inside(
    (span, kind): (Span, &str),
    variable: &str,
    (members, text): (Span, &str),
) -> Diagnostic {
    let meant = format!("{kind}({variable}){text}");
    wrong(
        members,
        format!("the parentheses of `{kind}(..)` hold a variable and nothing more"),
    )
    .with_help(format!("write `{meant}`"))
    .with_fix(Fix::safe(format!("replace with `{meant}`"), span, meant))
}

/// `Folder(F)`: a variable that looks like an actor type.
pub(crate) fn upper_variable(span: Span, text: &str, kind: &str) -> Diagnostic {
    let lower = lower_first(text);
    wrong(
        span,
        format!("`{kind}(..)` introduces a variable, and `{text}` is no name for one"),
    )
    .with_primary_label("variables start with a lower-case letter")
    .with_help(format!(
        "write `{lower}`, here and wherever the rule uses it"
    ))
    .with_fix(Fix::doubtful(
        format!("rename it to `{lower}`"),
        span,
        lower,
    ))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// Arguments behind a metric or a statistic.
pub(crate) fn no_arguments(span: Span, name: &str) -> Diagnostic {
    wrong(span, format!("`{name}` takes no arguments")).with_fix(Fix::doubtful(
        "remove them",
        span,
        "",
    ))
}

/// `client.call` without what is called.
pub(crate) fn call_without_function(span: Span) -> Diagnostic {
    wrong(span, "`call` needs to know what is called".to_owned())
        .with_help("name an actor and its function: `client.call(Folder(f).open)`")
}

/// `client.call(..)` with too many or too few arguments.
pub(crate) fn call_arguments(span: Span, given: usize) -> Diagnostic {
    wrong(span, format!("`call` takes 1 argument, not {given}"))
        .with_help("name an actor and its function: `client.call(Folder(f).open)`")
}

/// Something behind the function of a call feature.
pub(crate) fn after_function(span: Span, function: &str) -> Diagnostic {
    wrong(
        span,
        format!("nothing may follow the function `{function}`"),
    )
    .with_fix(Fix::doubtful("remove it", span, ""))
}

/// Something behind the property in `ref(..)`.
pub(crate) fn after_property(span: Span, property: &str) -> Diagnostic {
    wrong(
        span,
        format!("nothing may follow the property `{property}`"),
    )
    .with_fix(Fix::doubtful("remove it", span, ""))
}

/// `abs` with too many or too few arguments.
pub(crate) fn abs_arguments(span: Span, given: usize) -> Diagnostic {
    wrong(span, format!("`abs` takes 1 argument, not {given}"))
}

/// `avg(server.cpu)`: of what? `of` is the one argument, if there is one.
pub(crate) fn aggregate_of_one(span: Span, name: &str, of: Option<&str>) -> Diagnostic {
    let diagnostic = wrong(span, format!("`{name}` needs several numbers"));
    let example = match (name, of) {
        ("count", _) => "count(Folder(f) where f.cpu.perc > 10)".to_owned(),
        _ => format!("{name}(s.cpu.perc for server(s))"),
    };
    diagnostic.with_help(format!("over the cluster it is written `{example}`"))
}

/// `avg(f.cpu where ..)`: over which variables?
pub(crate) fn aggregate_without_for(span: Span, name: &str) -> Diagnostic {
    wrong(span, format!("`{name}` does not say what it ranges over")).with_help(format!(
        "name it behind `for`: `{name}(f.cpu.perc for Folder(f) where f.cpu.perc > 10)`"
    ))
}

/// `avg(File.cpu for server(s))`: which file?
pub(crate) fn bare_type_in_aggregate(span: Span) -> Diagnostic {
    wrong(
        span,
        "an actor in an aggregate needs a variable: which one is meant is open".to_owned(),
    )
    .with_help("range over all of them: `avg(f.cpu.perc for Folder(f))`")
}

/// Something else than a variable with its type behind `for`.
pub(crate) fn not_a_range(span: Span, text: &str) -> Diagnostic {
    wrong(
        span,
        format!("behind `for` stands a variable with its type, not `{text}`"),
    )
    .with_help("for example `for Folder(f)` or `for server(s)`")
}

/// `server.label` without the label's name.
pub(crate) fn label_without_name(span: Span) -> Diagnostic {
    wrong(span, "`label` needs the name of a label".to_owned())
        .with_help("for example `server.label(\"zone\")`")
}

/// `server.label(zone)`
pub(crate) fn label_without_quotes(span: Span, text: &str) -> Diagnostic {
    let quoted = format!("\"{text}\"");
    wrong(span, "the name of a label is a text in quotes".to_owned())
        .with_help(format!("write `{quoted}`"))
        .with_fix(Fix::safe(format!("replace with `{quoted}`"), span, quoted))
}

/// A limit on something else than there is, or in the form of another one.
pub(crate) fn limit(what_span: Span, whole: Span, what: &str, is_range: bool) -> Diagnostic {
    let form = |what: &str| match what {
        "servers" => "limit servers 2..16;",
        _ => "limit migrations 20 per 10s;",
    };
    if matches!(what, "migrations" | "servers") {
        let message = format!("`limit {what}` is written otherwise");
        return wrong(whole, message).with_help(format!("for example `{}`", form(what)));
    }
    let message = format!("there is no limit on `{what}`");
    let diagnostic = wrong(what_span, message);
    let meant = if is_range { "servers" } else { "migrations" };
    diagnostic
        .with_help(format!("for example `{}`", form(meant)))
        .with_fix(Fix::doubtful(
            format!("replace with `{meant}`"),
            what_span,
            meant,
        ))
}

/// `each f`: not an actor type.
pub(crate) fn each_of_no_type(span: Span, text: &str) -> Diagnostic {
    wrong(span, format!("`each` needs an actor type, not `{text}`"))
        .with_help("for example `limit migrations 1 per 60s each Folder;`")
}

/// `require balance(..)`
pub(crate) fn not_required(span: Span, name: &str) -> Diagnostic {
    wrong(span, format!("`{name}` is a goal and cannot be required"))
        .with_help("`separate`, `colocate`, `reserve` and `pin` can be; a rule asks for the others")
}
