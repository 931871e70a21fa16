//! Published values and labels: what an actor or the operator of a server says about it.

use std::sync::Arc;

use plasma_diagnostic::{Diagnostic, Span, did_you_mean};
use plasma_model::METRICS;
use plasma_syntax::tree::{ExprId, ExprKind, Name};

use super::RuleChecker;
use super::chain::{Chain, Link};
use super::definitions::unit_of_type;
use super::operand::{Operand, Value};
use super::unit::Unit;
use crate::error::{type_mismatch, unknown_property, wrong_argument};
use crate::names::Named;
use crate::program::{
    ActorRef, Atom, AtomKind, Condition, Feature, Operand as Checked, ServerRef, TextOperand,
    TypeSet,
};
use crate::schema::{PropertyKind, TypeId, ValueType};

/// A value that an actor publishes.
#[derive(Clone)]
pub(super) struct Published {
    actor: ActorRef,
    property: Arc<str>,
    pub(super) span: Span,
}

/// A property of which nothing tells the type yet: the application's schema is inferred.
#[derive(Clone)]
pub(super) struct Inferred {
    actor: ActorRef,
    owner: Option<TypeId>,
    name: Name,
    pub(super) span: Span,
}

impl Published {
    /// By whom, and under which name.
    pub(super) fn into_parts(self) -> (ActorRef, Arc<str>) {
        (self.actor, self.property)
    }
}

impl Inferred {
    /// By whom, and under which name.
    pub(super) fn into_parts(self) -> (ActorRef, Name) {
        (self.actor, self.name)
    }
}

impl RuleChecker<'_, '_> {
    /// The property that a word behind an actor names; `None` if it was reported. The outer `None`
    /// says that there is no such property.
    pub(super) fn published(
        &mut self,
        actor: &ActorRef,
        name: Name,
        chain: Chain,
        place: usize,
        span: Span,
    ) -> Option<Option<Operand>> {
        let text = self.text(name);
        let owner = self.single_type_as_written(actor);
        let Some(value) = self.value_type(owner, name)? else {
            return Some(None);
        };
        if let Some(diagnostic) = self.after_value(chain, place, name) {
            self.fail(diagnostic);
            return Some(None);
        }
        let actor = self.with_property(actor, text);
        self.note_property(owner, name);
        let Some(value) = value.known() else {
            return Some(Some(Operand::Inferred(Inferred {
                actor,
                owner,
                name,
                span,
            })));
        };
        let published = Published {
            actor,
            property: self.checker.intern(text),
            span,
        };
        Some(Some(match value {
            ValueType::Bool => Operand::Truth(published),
            ValueType::Text => Operand::Text(published.into_text(), span),
            number => self.published_number(published, number),
        }))
    }

    /// The type of a property, as far as it is known. The outer `None` says that there is no such
    /// property, the inner one that it was reported.
    fn value_type(&mut self, owner: Option<TypeId>, name: Name) -> Option<Option<Known>> {
        let text = self.text(name);
        let types = &self.checker.types;
        let owners = match owner {
            Some(owner) => owner.0..owner.0 + 1,
            None => 0..types.all().len() as u32,
        };
        let mut owners = owners.map(TypeId);
        let found = owners.clone();
        let found = found.filter_map(|id| types.property(id, text));
        let mut kinds = found.map(|property| match property.kind {
            PropertyKind::Value(value) => Some(value),
            PropertyKind::Reference { .. } => None,
        });
        let first = kinds.next();
        let other = kinds.find(|kind| Some(*kind) != first);
        match (first, other) {
            (None, _) if types.are_declared() => None,
            (None, _) => {
                let functions = owners.any(|id| types.function(id, text).is_some());
                let is_slip = did_you_mean(text, METRICS.iter().map(|m| m.name)).is_some();
                (!functions && !is_slip).then_some(Some(Known::Open))
            }
            (Some(Some(value)), None) => Some(Some(Known::Value(value))),
            (Some(None), None) => None,
            _ => {
                self.fail(type_mismatch::several_types(name.span, text));
                Some(None)
            }
        }
    }

    /// Notes for editors that a name is a property of this type, or of any.
    pub(super) fn note_property(&mut self, owner: Option<TypeId>, name: Name) {
        if self.checker.is_noting() {
            let text = self.text(name);
            let text = self.checker.intern(text);
            let named = Named::Property { owner, name: text };
            self.checker.note(name.span, named);
        }
    }

    /// An actor that publishes a property: `any` stands for the types that have it.
    fn with_property(&self, actor: &ActorRef, property: &str) -> ActorRef {
        match actor {
            ActorRef::Anonymous(TypeSet::Any) => {
                ActorRef::Anonymous(self.checker.types.with_property(property))
            }
            other => other.clone(),
        }
    }

    /// What to say about something behind a published value, or arguments of it.
    fn after_value(&self, chain: Chain, place: usize, name: Name) -> Option<Diagnostic> {
        let tree = self.checker.tree;
        let text = self.text(name);
        if let Some(more) = chain.link(tree, place + 1).and_then(|link| link.name) {
            return Some(unknown_property::after_statistic(
                more.span,
                self.text(more),
                text,
            ));
        }
        let link = chain.link(tree, place)?;
        link.args?;
        let span = tree.expr(link.id).span;
        let args = Span::new(span.file, name.span.end, span.end);
        Some(wrong_argument::no_arguments(args, text))
    }

    /// Takes a property of an inferred schema for a value of this type, which its place needs.
    pub(super) fn inferred_value(
        &mut self,
        inferred: Inferred,
        value: ValueType,
    ) -> Option<Published> {
        let Inferred {
            actor,
            owner,
            name,
            span,
        } = inferred;
        let text = self.text(name);
        let property = self.checker.intern(text);
        if let Some(owner) = owner {
            let types = &mut self.checker.types;
            types.infer_value(owner, Arc::clone(&property), value, name.span);
        }
        Some(Published {
            actor,
            property,
            span,
        })
    }

    /// A published number, in the unit of its type.
    pub(super) fn published_number(&self, published: Published, value: ValueType) -> Operand {
        // Where types are inferred, nothing tells the unit.
        let are_declared = self.checker.types.are_declared();
        let unit: Unit = unit_of_type(value).filter(|_| are_declared);
        let span = published.span;
        let feature = Feature::Published {
            actor: published.actor,
            property: published.property,
            unit: unit.unwrap_or(""),
        };
        Operand::Value(Value {
            checked: Checked::Feature(feature),
            unit,
            span,
            like: None,
        })
    }

    /// A published truth value as a condition.
    pub(super) fn published_truth(&mut self, published: Published) -> Option<Condition> {
        let kind = AtomKind::Published {
            actor: published.actor,
            property: published.property,
        };
        Some(Condition::Atom(Atom {
            kind,
            span: published.span,
        }))
    }

    /// `server.label("zone")`
    pub(super) fn label(
        &mut self,
        server: ServerRef,
        name: Name,
        link: Link,
        span: Span,
    ) -> Option<Operand> {
        let tree = self.checker.tree;
        let arguments = link.args.map(|args| tree.list(args));
        let is_hole = |id: &ExprId| *tree.kind(*id) == ExprKind::Hole;
        if arguments.is_some_and(|given| given.iter().any(is_hole)) {
            return self.hole();
        }
        let Some([argument]) = arguments else {
            self.fail(wrong_argument::label_without_name(name.span));
            return None;
        };
        let argument = tree.expr(*argument);
        if argument.kind != ExprKind::Text {
            let text = tree.text(argument.span);
            self.fail(wrong_argument::label_without_quotes(argument.span, text));
            return None;
        }
        let label: Arc<str> = tree.text_value(argument.span).into();
        let operand = TextOperand::Label {
            server,
            name: label,
        };
        Some(Operand::Text(operand, span))
    }
}

impl Published {
    pub(super) fn into_text(self) -> TextOperand {
        TextOperand::Published {
            actor: self.actor,
            property: self.property,
        }
    }
}

/// What is known of the type of a property.
enum Known {
    Value(ValueType),
    Open,
}

impl Known {
    fn known(self) -> Option<ValueType> {
        match self {
            Known::Value(value) => Some(value),
            Known::Open => None,
        }
    }
}
