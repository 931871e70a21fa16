//! `wrong-argument` where a behavior needs a server.

use plasma_diagnostic::{Diagnostic, Edit, Fix, Span};
use plasma_model::BehaviorRow;

use super::wrong;

/// Something else where a behavior needs a server. `noun` says what it is.
pub(crate) fn not_a_server(row: &BehaviorRow, span: Span, text: &str, noun: &str) -> Diagnostic {
    let message = format!("`{}` needs a server here, `{text}` is {noun}", row.name);
    wrong(span, message).with_help(format!("it is `{}`", row.signature()))
}

/// `drain(f)`: an actor, whose host may be meant.
pub(crate) fn actor_as_server(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    let host = format!("{text}.server");
    not_a_server(row, span, text, "an actor").with_fix(Fix::doubtful(
        format!("replace with its host, `{host}`"),
        span,
        host,
    ))
}

/// `drain(server)` in a rule about an actor: its host may be meant, or every server.
pub(crate) fn bare_server_of(row: &BehaviorRow, span: Span, actor: &str) -> Diagnostic {
    let host = format!("{actor}.server");
    bare_server(row, span).with_fix(Fix::doubtful(format!("say `{host}`"), span, host))
}

/// `drain(server)` in a rule without an actor: the server of the condition, at `uses`, needs a name.
pub(crate) fn bare_server_without_actor(
    row: &BehaviorRow,
    span: Span,
    uses: &[Span],
    name: &str,
) -> Diagnostic {
    let first = format!("server({name})");
    let mut texts = std::iter::once(first.as_str()).chain(std::iter::repeat(name));
    let mut places = uses.to_vec();
    places.push(span);
    places.sort_unstable();
    places.dedup();
    let edits = places.into_iter().map(|span| Edit {
        span,
        text: texts.next().unwrap_or(name).to_owned(),
    });
    bare_server(row, span).with_fix(Fix {
        title: format!("name it: `{first}`"),
        safe: false,
        edits: edits.collect(),
    })
}

fn bare_server(row: &BehaviorRow, span: Span) -> Diagnostic {
    let message = format!(
        "`{}` needs to know which server: `server` alone is not enough",
        row.name
    );
    wrong(span, message)
        .with_help("name one in the condition, `server(s)`, or the host of an actor, `f.server`")
}
