//! `ambiguous-server`: a bare `server` in a rule that reserves for another actor than the one whose
//! host it is.

use plasma_diagnostic::{Code, Diagnostic, Edit, Fix, Span};

use crate::program::{ActorRef, BehaviorKind, Rule};
use crate::resolve::Facts;

/// Reports a bare `server` that is not the host of the actor that the rule reserves for.
pub(super) fn check(rule: &Rule, facts: &Facts<'_, '_>, found: &mut Vec<Diagnostic>) {
    let (Some(host_of), [first, ..]) = (facts.server_of(), facts.bare_servers) else {
        return;
    };
    for behavior in &rule.behaviors {
        let BehaviorKind::Reserve {
            actor: ActorRef::Variable(id),
            ..
        } = behavior.kind
        else {
            continue;
        };
        let Some(reserved) = facts.variable(id) else {
            continue;
        };
        if reserved.name != host_of.name {
            let (host, other) = ((host_of.span, host_of.name), reserved.name);
            found.push(ambiguous_server(
                *first,
                host,
                other,
                behavior.span,
                facts.bare_servers,
            ));
            return;
        }
    }
}

fn ambiguous_server(
    span: Span,
    (host_span, host): (Span, &str),
    reserved: &str,
    reserve: Span,
    uses: &[Span],
) -> Diagnostic {
    let message = format!(
        "`server` is the host of `{host}`, but the rule reserves a server for `{reserved}`"
    );
    let diagnostic = Diagnostic::new(Code::AmbiguousServer, span, message)
        .with_label(
            host_span,
            format!("`{host}` is the first actor of the rule"),
        )
        .with_label(reserve, format!("about `{reserved}`"));
    [reserved, host]
        .into_iter()
        .fold(diagnostic, |diagnostic, name| {
            let text = format!("{name}.server");
            let edits = uses.iter().map(|span| Edit {
                span: *span,
                text: text.clone(),
            });
            diagnostic.with_fix(Fix {
                title: format!("say `{text}`"),
                safe: false,
                edits: edits.collect(),
            })
        })
}
