//! `colocation-chain`: a colocate that can draw a whole type of actors onto one server, since colocated
//! actors form groups that grow with every pair.

use plasma_diagnostic::{Code, Diagnostic, Span};

use crate::program::{
    ActorRef, AtomKind, BehaviorCall, BehaviorKind, Operand, Range, Rule, TypeSet,
};

/// Reports the colocates of a rule that nothing measured limits, and that do not end.
pub(super) fn check(rule: &Rule, found: &mut Vec<Diagnostic>) {
    let asks = |b: &BehaviorCall| matches!(b.kind, BehaviorKind::Colocate(..));
    if !rule.behaviors.iter().any(asks) {
        return;
    }
    let links = Links::of(rule);
    if links.are_limited {
        return;
    }
    for behavior in &rule.behaviors {
        let BehaviorKind::Colocate(a, b) = &behavior.kind else {
            continue;
        };
        if a == b && matches!(a, ActorRef::Variable(_)) {
            continue;
        }
        match links.between(a, b) {
            None if !links.has_other(a) && !links.has_other(b) => {
                found.push(unlinked(behavior.span));
            }
            Some(link) if are_alike(rule, a, b) => found.push(endless(behavior.span, link)),
            _ => {}
        }
    }
}

/// The references that a rule asks for.
struct Links<'r> {
    references: Vec<(&'r ActorRef, &'r ActorRef, Span)>,
    /// Whether something measured, published or about hosts decides as well.
    are_limited: bool,
}

impl<'r> Links<'r> {
    fn of(rule: &'r Rule) -> Links<'r> {
        let mut links = Links {
            references: Vec::new(),
            are_limited: rule
                .variables
                .iter()
                .any(|v| matches!(v.range, Range::Callers { .. })),
        };
        rule.condition
            .for_each_atom(&mut |atom, is_negated| match &atom.kind {
                _ if links.are_limited => {}
                AtomKind::InRef { member, owner, .. } if !is_negated => {
                    links.references.push((member, owner, atom.span));
                }
                AtomKind::Compare { left, right, .. }
                    if is_constant(left) && is_constant(right) => {}
                _ => links.are_limited = true,
            });
        links
    }

    fn between(&self, a: &ActorRef, b: &ActorRef) -> Option<Span> {
        let mut references = self.references.iter();
        let link = references
            .find(|(member, owner, _)| *member == a && *owner == b || *member == b && *owner == a);
        link.map(|(.., span)| *span)
    }

    /// Whether an actor is linked to anything.
    fn has_other(&self, actor: &ActorRef) -> bool {
        let mut references = self.references.iter();
        references.any(|(member, owner, _)| *member == actor || *owner == actor)
    }
}

fn is_constant(operand: &Operand) -> bool {
    matches!(operand, Operand::Number(_))
}

/// Whether both may be of one type, so that the second of a pair can be the first of another one.
fn are_alike(rule: &Rule, a: &ActorRef, b: &ActorRef) -> bool {
    match (types(rule, a), types(rule, b)) {
        (Some(TypeSet::Of(a)), Some(TypeSet::Of(b))) => !a.is_disjoint(b),
        // `any` beside a type may be about quite other actors.
        (Some(TypeSet::Any), Some(TypeSet::Any)) => true,
        _ => false,
    }
}

fn types<'r>(rule: &'r Rule, actor: &'r ActorRef) -> Option<&'r TypeSet> {
    match actor {
        ActorRef::Anonymous(types) => Some(types),
        ActorRef::Variable(id) => match &rule.variables.get(id.0 as usize)?.range {
            Range::Actors(types) | Range::Callers { types, .. } => Some(types),
            Range::Servers => None,
        },
    }
}

fn unlinked(behavior: Span) -> Diagnostic {
    let message = "this asks for all of these actors on one server";
    Diagnostic::new(Code::ColocationChain, behavior, message)
        .with_primary_label("each of them with each")
        .with_help("link the two, by a reference (`in ref`) or by the calls between them")
}

fn endless(behavior: Span, link: Span) -> Diagnostic {
    let message = "this can draw all actors that hang together onto one server";
    Diagnostic::new(Code::ColocationChain, behavior, message)
        .with_primary_label("a group grows with every pair, and pairs of one type join")
        .with_label(link, "nothing else limits the pairs")
        .with_help("ask for traffic as well, such as `f.call(g).count > 100`")
}
