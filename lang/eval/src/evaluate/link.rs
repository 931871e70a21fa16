//! Relations between two variables without which a condition cannot be true.

use plasma_check::program::{
    ActorRef, AtomKind, CalculationKind, CallerRef, Comparison, Condition, Feature, Operand,
    OverWindow, Range, Rule, ServerRef, VariableId,
};
use plasma_columns::PropertyNo;
use plasma_model::Aggregate;

use super::scope::{Function, Scope};

/// A necessary relation between two variables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) from: VariableId,
    pub(crate) to: VariableId,
    pub(crate) kind: LinkKind,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum LinkKind {
    /// `from` refers to `to` in a property, or in any.
    Refers(Option<PropertyNo>),
    /// `to` refers to `from`.
    ReferredBy(Option<PropertyNo>),
    /// `from` called `to`.
    Called(Function),
    /// `from` was called by `to`.
    CalledBy(Function),
    /// `from` was called by `to` in a window of so many seconds.
    CalledWithin(f64, Function),
    /// Clients called `to`, which is `from`, too.
    ByClients(Function),
    /// The actor `from` lives on the server `to`.
    Hosts,
}

impl Link {
    /// The same relation from both ends, as far as there is an index for it. A client is nobody's end.
    pub(crate) fn both_ways(self) -> impl Iterator<Item = Link> {
        let (there, back) = match self.kind {
            LinkKind::Refers(property) => (true, Some(LinkKind::ReferredBy(property))),
            LinkKind::ReferredBy(property) => (true, Some(LinkKind::Refers(property))),
            LinkKind::Called(function) => (true, Some(LinkKind::CalledBy(function))),
            LinkKind::CalledBy(function) => (true, Some(LinkKind::Called(function))),
            LinkKind::CalledWithin(..) | LinkKind::Hosts => (true, None),
            LinkKind::ByClients(_) => (false, None),
        };
        let back = back.map(|kind| Link {
            from: self.to,
            to: self.from,
            kind,
        });
        there.then_some(self).into_iter().chain(back)
    }

    /// Whether a search that begins at `to` has no cheap way to `from`.
    pub(crate) fn is_one_way(&self) -> bool {
        matches!(
            self.kind,
            LinkKind::Refers(_) | LinkKind::CalledWithin(..) | LinkKind::Hosts
        )
    }
}

/// The relation between variables that must hold for this conjunct to be true, if it states one.
pub(crate) fn condition_links(condition: &Condition, scope: &Scope<'_>) -> Option<Link> {
    let atom = match condition {
        Condition::Atom(atom) => atom,
        // What holds all along holds now.
        Condition::Sustained { condition, .. } => return condition_links(condition, scope),
        _ => return None,
    };
    match &atom.kind {
        AtomKind::InRef {
            member: ActorRef::Variable(member),
            owner: ActorRef::Variable(owner),
            property: name,
        } => Some(Link {
            from: *owner,
            to: *member,
            kind: LinkKind::Refers(name.as_deref().map(|name| scope.property(name))),
        }),
        AtomKind::On {
            actor: ActorRef::Variable(actor),
            server: ServerRef::Variable(server),
        } => Some(Link {
            from: *actor,
            to: *server,
            kind: LinkKind::Hosts,
        }),
        AtomKind::Compare {
            left,
            comparison: Comparison::Greater,
            right: Operand::Number(least),
        } if *least >= 0.0 => call_link(left, scope),
        _ => None,
    }
}

/// The calls without which a value is 0 or unknown, and so not greater than anything from 0 on.
fn call_link(value: &Operand, scope: &Scope<'_>) -> Option<Link> {
    let (feature, window_seconds) = match value {
        Operand::Feature(feature) => (feature, None),
        Operand::Calculation(calculation) => match &calculation.kind {
            // Of samples that are all 0 each is 0, but for their number.
            CalculationKind::OverWindow(windowed)
                if windowed.function != OverWindow::Aggregate(Aggregate::Count) =>
            {
                (&windowed.feature, Some(windowed.window_seconds))
            }
            _ => return None,
        },
        Operand::Number(_) => return None,
    };
    let Feature::Calls {
        caller,
        callee: ActorRef::Variable(callee),
        function,
        ..
    } = feature
    else {
        return None;
    };
    let function = scope.function(function.as_deref());
    match (caller, window_seconds) {
        (CallerRef::Actor(ActorRef::Variable(caller)), _) => Some(Link {
            from: *callee,
            to: *caller,
            kind: match window_seconds {
                Some(seconds) => LinkKind::CalledWithin(seconds, function),
                None => LinkKind::CalledBy(function),
            },
        }),
        (CallerRef::Client, None) => Some(Link {
            from: *callee,
            to: *callee,
            kind: LinkKind::ByClients(function),
        }),
        _ => None,
    }
}

/// A caller variable's own range: those who called.
pub(crate) fn range_link(variable: VariableId, rule: &Rule, scope: &Scope<'_>) -> Option<Link> {
    match &rule.variables.get(variable.0 as usize)?.range {
        Range::Callers {
            callee: ActorRef::Variable(callee),
            function,
            window_seconds,
            ..
        } => {
            let function = scope.function(function.as_deref());
            let kind = match window_seconds {
                Some(seconds) => LinkKind::CalledWithin(*seconds, function),
                None => LinkKind::CalledBy(function),
            };
            Some(Link {
                from: *callee,
                to: variable,
                kind,
            })
        }
        _ => None,
    }
}
