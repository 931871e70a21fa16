//! Hints about what stands between comparisons: features, references and variables.

use plasma_diagnostic::{Fix, Span};

use super::{Advice, Hint, advice, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[
    in_without_ref,
    variable_without_parentheses,
    number_of_a_server,
    types_in_brackets,
    star,
    dot_without_owner,
    member_without_dot,
];

/// `File(x) in f.files` or `File(x) in ref f.files`
fn in_without_ref(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let is_missing = place.kind_before(1) == Some(TokenKind::In) && expected.is_only("ref");
    let is_bare = place.kind_before(1) == Some(TokenKind::Ref) && expected.is_only("(");
    if !is_missing && !is_bare {
        return None;
    }
    let help = "whether an actor is referenced is asked with `ref`: `File(x) in ref(f.files)`";
    let Some((owner, is_property)) = following_chain(place) else {
        return advice(help);
    };
    if !is_property {
        return advice(help);
    }
    let text = place.tree.text(owner);
    let (meant, start) = if is_bare {
        ("(", place.after_previous())
    } else {
        ("ref(", owner)
    };
    let range = Span {
        end: owner.end,
        ..start
    };
    replacement(
        help,
        Fix::safe("ask with `ref(..)`", range, format!("{meant}{text})")),
    )
}

/// The operand that the unexpected token begins, and whether it ends with a property.
fn following_chain(place: &Place<'_>) -> Option<(Span, bool)> {
    use TokenKind::{Any, Dot, LeftParen, Lower, RightParen, Upper};
    let first = place.found()?;
    let (mut last, mut open, mut at) = (first, 0usize, 0);
    while let Some(token) = place.ahead(at) {
        match token.kind {
            LeftParen => open += 1,
            RightParen if open > 0 => open -= 1,
            Lower | Upper | Any | Dot => {}
            _ => break,
        }
        (last, at) = (token, at + 1);
    }
    let ends_with_name = matches!(last.kind, Lower | Upper);
    let is_property =
        open == 0 && ends_with_name && place.kind_ahead(at.checked_sub(2)?) == Some(Dot);
    (at > 0).then(|| (place.range(first, last), is_property))
}

/// `Folder f.cpu > 80`
fn variable_without_parentheses(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let (name, actor_type) = (place.found()?, place.before(1)?);
    let is_type = matches!(
        actor_type.kind,
        TokenKind::Upper | TokenKind::Any | TokenKind::Server
    );
    let is_variable = name.kind == TokenKind::Lower
        && (expected.has("<") || expected.has(",") || expected.has(")"));
    if !is_type || !is_variable || place.kind_before(2) == Some(TokenKind::Dot) {
        return None;
    }
    let meant = format!("{}({})", place.text(actor_type), place.text(name));
    replacement(
        format!("a variable stands in parentheses behind its type: `{meant}`"),
        Fix::doubtful(
            format!("replace with `{meant}`"),
            place.range(actor_type, name),
            meant,
        ),
    )
}

/// `server[0].cpu > 80`
fn number_of_a_server(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{LeftBrace, LeftBracket, Server};
    let is_indexed = matches!(place.found()?.kind, LeftBracket | LeftBrace);
    if !is_indexed || place.kind_before(1) != Some(Server) || !expected.has("and") {
        return None;
    }
    advice(
        "servers are not picked by number or label: `server` is the host of the rule's first \
         actor, and `server(s)` ranges over all servers",
    )
}

/// `balance([Folder], cpu)`
fn types_in_brackets(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let is_list = place.found()?.kind == TokenKind::LeftBracket && expected.has("{");
    is_list.then_some(())?;
    advice("actor types stand in braces: `balance({Folder, File}, cpu)`")
}

/// `pin(*)` or `* => pin(f);`
fn star(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let star = place.found()?;
    if star.kind != TokenKind::Star {
        return None;
    }
    if expected.has("{") {
        let fix = Fix::safe("replace with `any`", place.span(star), "any");
        return replacement("actors of every type are `any`", fix);
    }
    let is_condition =
        expected.begins_condition() && place.kind_ahead(1) == Some(TokenKind::FatArrow);
    is_condition.then_some(())?;
    let fix = Fix::safe("replace with `true`", place.span(star), "true");
    replacement("a condition that always holds is `true`", fix)
}

/// `.cpu > 80`
fn dot_without_owner(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let is_dot = place.found()?.kind == TokenKind::Dot;
    if !is_dot || !(expected.begins_condition() || expected.has("number")) {
        return None;
    }
    advice("before the `.` stands what is measured: `server`, an actor or `client`")
}

/// `client.call(Folder(f) open)`
fn member_without_dot(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{Lower, RightParen};
    let found = place.found()?;
    let is_member = found.kind == Lower && place.kind_before(1) == Some(RightParen);
    if !is_member || !expected.has(".") || !expected.has(",") {
        return None;
    }
    let member = place.text(found);
    replacement(
        format!("what belongs to an actor follows a dot: `Folder(f).{member}`"),
        Fix::doubtful("insert `.`", place.after_previous(), "."),
    )
}
