//! `type-mismatch`: something of one kind where the place needs another.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

use super::label_declared;

fn mismatch(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, message)
}

/// One variable with two types in a rule. The types are nouns: ``a `Folder` ``.
pub(crate) fn two_types(
    span: Span,
    name: &str,
    found: &str,
    introduced: Span,
    known: &str,
) -> Diagnostic {
    mismatch(
        span,
        format!("`{name}` is {known} in this rule, not {found}"),
    )
    .with_label(introduced, format!("{known} here"))
    .with_help("give one of the two another name")
}

/// A feature by itself where a condition is needed.
pub(crate) fn number_as_condition(span: Span, text: &str) -> Diagnostic {
    mismatch(span, format!("`{text}` is a number, not a condition"))
        .with_help(format!("compare it with something: `{text} > 80`"))
}

/// `server.cpu over 80` where a condition is needed. `over` is the word in between.
pub(crate) fn window_as_condition(span: Span, text: &str, over: Span) -> Diagnostic {
    mismatch(span, format!("`{text}` is a number, not a condition"))
        .with_help("`over` is about time: for “greater than” write `>`")
        .with_fix(Fix::doubtful("replace with `>`", over, ">"))
}

/// A text by itself where a condition is needed.
pub(crate) fn text_as_condition(span: Span, text: &str) -> Diagnostic {
    mismatch(span, format!("`{text}` is a text, not a condition"))
        .with_help(format!("compare it with another text: `{text} == \"a\"`"))
}

/// A text at a prompt that shows numbers and conditions.
pub(crate) fn text_as_value(span: Span, text: &str) -> Diagnostic {
    mismatch(
        span,
        format!("`{text}` is a text: numbers and conditions are shown here"),
    )
    .with_help(format!("compare it: `{text} == \"a\"`"))
}

/// A text where something is calculated.
pub(crate) fn text_as_number(span: Span, text: &str) -> Diagnostic {
    mismatch(span, format!("a number is needed here, `{text}` is a text"))
}

/// A text compared with a number. `unquoted` is what stands between its quotes.
pub(crate) fn text_for_a_number(
    span: Span,
    text: &str,
    number: Span,
    unquoted: Option<&str>,
) -> Diagnostic {
    let diagnostic = mismatch(
        span,
        format!("`{text}` is a text and compares with no number"),
    )
    .with_label(number, "a number");
    let is_number = |text: &&str| text.starts_with(|c: char| c.is_ascii_digit());
    match unquoted.filter(is_number) {
        Some(unquoted) => diagnostic
            .with_help(format!("numbers stand without quotes: `{unquoted}`"))
            .with_fix(Fix::safe("remove the quotes", span, unquoted)),
        None => diagnostic,
    }
}

/// `<` between texts.
pub(crate) fn no_order_of_texts(sign: Span, text: &str, left: Span, right: Span) -> Diagnostic {
    mismatch(
        sign,
        format!("texts have no order: `{text}` compares numbers"),
    )
    .with_label(left, "a text")
    .with_label(right, "a text")
    .with_help("`==` and `!=` ask whether they are the same")
}

/// A published truth value that is compared or calculated with.
pub(crate) fn published_truth_compared(span: Span, text: &str) -> Diagnostic {
    mismatch(
        span,
        format!("`{text}` is true or false: it is a condition by itself and compares with nothing"),
    )
    .with_help(format!("write `{text}` or `not {text}`"))
}

/// An actor or a server that something is calculated with.
pub(crate) fn entity_calculated(span: Span, text: &str, noun: &str) -> Diagnostic {
    let diagnostic = mismatch(
        span,
        format!("a number is needed here, `{text}` stands for {noun}"),
    );
    match text {
        "client" => diagnostic,
        _ => diagnostic.with_help(format!(
            "calculate with something measured of it, such as `{text}.cpu.perc`"
        )),
    }
}

/// Something else where only a server can stand.
pub(crate) fn not_a_server(span: Span, text: &str, noun: &str) -> Diagnostic {
    let diagnostic = mismatch(
        span,
        format!("actors live on servers: `{text}` stands for {noun}"),
    );
    match noun {
        "an actor" => diagnostic
            .with_help(format!("its host is `{text}.server`"))
            .with_fix(Fix::safe(
                format!("replace with `{text}.server`"),
                span,
                format!("{text}.server"),
            )),
        _ => diagnostic,
    }
}

/// A property that several types have, with values of several types.
pub(crate) fn several_types(span: Span, name: &str) -> Diagnostic {
    mismatch(
        span,
        format!("`{name}` is not the same in all actor types that have it"),
    )
    .with_help("name the type that is meant instead of `any`")
}

/// `ref(f)` of an actor none of whose properties can refer to the other one.
pub(crate) fn never_refers(
    span: Span,
    owner: &str,
    target: Option<&str>,
    declared: Span,
) -> Diagnostic {
    let target = target.map_or_else(|| "actors".to_owned(), |target| format!("a `{target}`"));
    let message = format!("no property of `{owner}` refers to {target}");
    label_declared(
        mismatch(span, message),
        declared,
        format!("`{owner}` is declared here"),
    )
}

/// A constant by itself where a condition is needed.
pub(crate) fn constant_as_condition(span: Span, text: &str) -> Diagnostic {
    mismatch(span, format!("`{text}` is a number, not a condition"))
}

/// `True`: the words of the language are in lower case.
pub(crate) fn truth_in_capitals(span: Span, text: &str, meant: &str) -> Diagnostic {
    mismatch(
        span,
        format!("`{text}` would be an actor type, which is no condition"),
    )
    .with_help(format!("did you mean `{meant}`?"))
    .with_fix(Fix::safe(format!("replace with `{meant}`"), span, meant))
}

/// A parameter that is true or false where a number, an actor or a server is needed.
pub(crate) fn truth_as_value(span: Span, name: &str, declared: Span) -> Diagnostic {
    mismatch(
        span,
        format!("`{name}` is true or false: it is a condition by itself and compares with nothing"),
    )
    .with_label(declared, "declared here")
    .with_help(format!("write `{name}` or `not {name}`"))
}

/// An actor, a server or `client` where a condition is needed.
pub(crate) fn entity_as_condition(span: Span, text: &str, noun: &str) -> Diagnostic {
    let measured = match text {
        "client" => "client.call(Folder(f)).count > 10".to_owned(),
        _ => format!("{text}.cpu > 80"),
    };
    mismatch(
        span,
        format!("`{text}` stands for {noun}, which is no condition"),
    )
    .with_help(format!("compare something measured, such as `{measured}`"))
}

/// An actor, a server or `client` at a prompt that shows values.
pub(crate) fn entity_as_value(span: Span, text: &str, noun: &str) -> Diagnostic {
    let measured = match text {
        "client" => "client.call(Folder(f)).count".to_owned(),
        _ => format!("{text}.cpu"),
    };
    mismatch(
        span,
        format!("`{text}` stands for {noun}, which has no value of its own"),
    )
    .with_help(format!("ask for something measured, such as `{measured}`"))
}

/// A measured value where an actor or a server is needed.
pub(crate) fn not_an_entity(span: Span, text: &str) -> Diagnostic {
    mismatch(
        span,
        format!("an actor or a server is needed here, `{text}` is neither"),
    )
}

/// Something else where only an actor can stand.
pub(crate) fn not_an_actor(span: Span, place: &str, noun: &str) -> Diagnostic {
    mismatch(span, format!("an actor is needed {place}, this is {noun}"))
}

/// `.server` behind something that no server hosts.
pub(crate) fn no_host(span: Span, noun: &str) -> Diagnostic {
    mismatch(
        span,
        format!("only an actor has a `server`, this is {noun}"),
    )
}

/// `client(c)`.
pub(crate) fn client_variable(span: Span, client: Span) -> Diagnostic {
    let rest = Span::new(span.file, client.end, span.end);
    mismatch(
        span,
        "`client` stands for all clients together and takes no variable".to_owned(),
    )
    .with_fix(Fix::safe("replace with `client`", rest, ""))
}

/// What a definition is about, a value, where an actor or a server is needed.
pub(crate) fn value_as_entity(span: Span, name: &str, noun: &str, declared: Span) -> Diagnostic {
    let message = format!("`{name}` is {noun}, and stands for no actor and no server");
    mismatch(span, message).with_label(declared, "declared here")
}

/// A parameter where an actor or a server is needed.
pub(crate) fn param_as_entity(span: Span, name: &str, declared: Span) -> Diagnostic {
    mismatch(
        span,
        format!("`{name}` is a parameter, a number: an actor or a server is needed here"),
    )
    .with_label(declared, "declared here")
}

/// A resource of `client`.
pub(crate) fn client_measured(span: Span, metric: &str) -> Diagnostic {
    mismatch(
        span,
        format!("`client` has no `{metric}`: of clients, only their calls are measured"),
    )
}

/// A call feature from a server.
pub(crate) fn server_calls(span: Span) -> Diagnostic {
    mismatch(span, "a server makes no calls".to_owned())
        .with_help("calls come from `client`, from an actor or from all actors of a type")
}

/// A call feature to something that has no functions.
pub(crate) fn not_callable(span: Span, noun: &str) -> Diagnostic {
    mismatch(span, format!("only actors can be called, this is {noun}"))
}

/// A property where a function is needed.
pub(crate) fn property_called(span: Span, name: &str, declared: Span) -> Diagnostic {
    let diagnostic = mismatch(span, format!("`{name}` is a property and cannot be called"));
    label_declared(diagnostic, declared, "declared here".to_owned())
}

/// A reference property where a number is needed.
pub(crate) fn reference_as_number(span: Span, name: &str, declared: Span) -> Diagnostic {
    let diagnostic = mismatch(span, format!("`{name}` holds references, not a number")).with_help(
        format!("ask whether an actor is among them: `.. in ref(.. .{name})`"),
    );
    label_declared(diagnostic, declared, "declared here".to_owned())
}

/// A function where a measured value is needed.
pub(crate) fn function_as_number(span: Span, name: &str, declared: Span) -> Diagnostic {
    let diagnostic = mismatch(span, format!("`{name}` is a function, not a number")).with_help(
        format!("its calls are a number: `client.call(.. .{name}).count`"),
    );
    label_declared(diagnostic, declared, "declared here".to_owned())
}

/// A statistic that the metric does not offer.
pub(crate) fn no_statistic<'a>(
    span: Span,
    statistic: &str,
    metric: &str,
    metric_span: Span,
    offered: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let mut diagnostic = mismatch(
        span,
        format!("`{metric}` is not counted: it has no `{statistic}`"),
    );
    if statistic != "count" {
        diagnostic.message = format!("`{metric}` has no `{statistic}`");
    }
    let mut names = Vec::new();
    for name in offered {
        let fix = Fix::doubtful(format!("replace with `{name}`"), span, name);
        diagnostic = diagnostic.with_fix(fix);
        names.push(format!("`{name}`"));
    }
    diagnostic.with_label(metric_span, format!("offers {}", names.join(", ")))
}

/// A property with another target than the actor that is looked for among its references.
pub(crate) fn other_target(
    member: Span,
    found: &str,
    property: &str,
    known: &str,
    seen: Span,
    is_declared: bool,
) -> Diagnostic {
    let message = format!("`{property}` refers to `{known}`, never to `{found}`");
    let diagnostic = mismatch(member, message).with_primary_label(format!("a `{found}`"));
    let reason = if is_declared {
        format!("declared with `{known}` here")
    } else {
        format!("used with `{known}` here")
    };
    label_declared(diagnostic, seen, reason)
}

/// A published value in `ref(..)`.
pub(crate) fn value_as_reference(
    span: Span,
    name: &str,
    value_type: &str,
    declared: Span,
) -> Diagnostic {
    let message = format!("`{name}` is a value (`{value_type}`), not a reference to actors");
    label_declared(
        mismatch(span, message),
        declared,
        "declared here".to_owned(),
    )
}

/// An actor, a server or `client` compared with a number.
pub(crate) fn entity_as_number(
    span: Span,
    text: &str,
    noun: &str,
    number: Span,
    is_client: bool,
) -> Diagnostic {
    let diagnostic = mismatch(
        span,
        format!("`{text}` stands for {noun}, not for a number"),
    )
    .with_label(number, "a number");
    if is_client {
        return diagnostic;
    }
    diagnostic.with_help(format!(
        "compare something measured of it, such as `{text}.cpu.perc`"
    ))
}

/// `client` compared with an actor or a server.
pub(crate) fn client_compared(span: Span) -> Diagnostic {
    mismatch(
        span,
        "`client` stands for all clients together and is not the same as any actor or server"
            .to_owned(),
    )
}

/// An actor compared with a server.
pub(crate) fn actor_and_server(
    sign: Span,
    (left, left_noun): (Span, &str),
    (right, right_noun): (Span, &str),
) -> Diagnostic {
    mismatch(sign, "an actor and a server are never the same".to_owned())
        .with_label(left, left_noun)
        .with_label(right, right_noun)
        .with_help("the server that hosts actor `a` is `a.server`")
}

/// `<` between actors or servers.
pub(crate) fn no_order(sign: Span, text: &str, left: Span, right: Span) -> Diagnostic {
    mismatch(
        sign,
        format!("actors and servers have no order: `{text}` compares numbers"),
    )
    .with_label(left, "no number")
    .with_label(right, "no number")
    .with_help("`==` and `!=` ask whether they are the same one")
}

/// A condition where a value is needed.
pub(crate) fn not_a_value(span: Span) -> Diagnostic {
    mismatch(
        span,
        "a number, an actor or a server is needed here, this is a condition".to_owned(),
    )
}

/// A value from outside that is no actor type.
pub(crate) fn override_not_a_type((span, name): (Span, &str), value: &str) -> Diagnostic {
    let message =
        format!("parameter `{name}` is an actor type, and is set to `{value}` from outside");
    mismatch(span, message).with_help(format!(
        "actor types begin with an upper-case letter: `--param {name}=Shard`; `any` is every type"
    ))
}

/// A parameter of a module that a `with` sets to something of another type.
pub(crate) fn setting(
    (span, text): (Span, &str),
    name: &str,
    (default, default_text): (Span, &str),
) -> Diagnostic {
    let message = format!("`{text}` is of another type than parameter `{name}`");
    mismatch(span, message).with_label(default, format!("`{name}` is `{default_text}` by default"))
}

/// A value from outside that is neither `true` nor `false`, for a parameter that is one of them.
pub(crate) fn override_not_a_truth(
    (span, name): (Span, &str),
    value: &str,
    (literal_span, literal): (Span, &str),
) -> Diagnostic {
    mismatch(
        span,
        format!("cannot set `{name}={value}`: `{name}` is `true` or `false`"),
    )
    .with_primary_label("the parameter")
    .with_label(literal_span, format!("its default is `{literal}`"))
}

/// A value from outside that is no number.
pub(crate) fn override_not_a_number(span: Span, name: &str, value: &str) -> Diagnostic {
    mismatch(
        span,
        format!("cannot set `{name}={value}`: `{value}` is not a number such as `70%` or `500`"),
    )
    .with_primary_label("the parameter")
}

/// `[int]`, `text?`: published values are single.
pub(crate) fn not_single_value(span: Span, value_type: &str) -> Diagnostic {
    mismatch(
        span,
        format!(
            "a published value is single: `[..]` and `?` are for references, not `{value_type}`"
        ),
    )
    .with_fix(Fix::doubtful(
        format!("replace with `{value_type}`"),
        span,
        value_type,
    ))
}

/// A property that the policy declares otherwise than the application's schema does, or a file
/// otherwise than another one.
pub(crate) fn declared_differently(
    (span, text): (Span, &str),
    name: &str,
    (schema_span, in_schema): (Span, &str),
    is_given: bool,
) -> Diagnostic {
    let place = match is_given {
        true => "in the application's schema",
        false => "in the file that uses this one",
    };
    let message = format!("`{name}` is `{in_schema}` {place}, not `{text}`");
    let diagnostic = mismatch(span, message).with_fix(Fix::safe(
        format!("replace with `{in_schema}`"),
        span,
        in_schema,
    ));
    label_declared(diagnostic, schema_span, format!("`{in_schema}` here"))
}

/// A window in the `where` of a requirement.
pub(crate) fn window_in_requirement(span: Span, text: &str) -> Diagnostic {
    let message = format!("a requirement is about the present, `{text}` is about time");
    Diagnostic::new(Code::TypeMismatch, span, message).with_help(
        "its `where` may name references, properties and hosts; what depends on the past is a rule",
    )
}

/// A measured value in the `where` of a requirement.
pub(crate) fn measured_in_requirement(span: Span, text: &str) -> Diagnostic {
    let message = format!("a requirement holds whatever is measured, `{text}` is measured");
    Diagnostic::new(Code::TypeMismatch, span, message).with_help(
        "its `where` may name references, properties and hosts; what depends on load is a rule",
    )
}
