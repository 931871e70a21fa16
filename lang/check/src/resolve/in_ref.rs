//! Membership: `File(x) in ref(f.files)`.

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprId, ExprKind, Name};

use super::RuleChecker;
use super::chain::Chain;
use super::types::no_type;
use crate::error::{type_mismatch, unknown_property, wrong_argument};
use crate::program::{ActorRef, AtomKind};
use crate::schema::{PropertyKind, TypeId};

impl RuleChecker<'_, '_> {
    /// `actor in ref(owner.property)`.
    pub(super) fn in_ref(&mut self, actor: ExprId, property: ExprId) -> Option<AtomKind> {
        if *self.checker.tree.kind(property) == ExprKind::Hole {
            return self.hole();
        }
        let member = self.actor(actor, "left of `in ref`");
        let target = member.as_ref().and_then(|m| self.single_type_as_written(m));
        let owner = self.owner(property);
        let (member, (owner, name)) = (member?, owner?);
        let member_span = self.checker.tree.expr(actor).span;
        let property = match name {
            Some(name) => {
                self.property(&owner, name, &member, member_span)?;
                let text = self.text(name);
                Some(self.checker.intern(text))
            }
            None => {
                self.any_property(&owner, property, target)?;
                None
            }
        };
        Some(AtomKind::InRef {
            member,
            owner,
            property,
        })
    }

    /// The actor and the property in the parentheses; without one, any is meant.
    fn owner(&mut self, id: ExprId) -> Option<(ActorRef, Option<Name>)> {
        let tree = self.checker.tree;
        let chain = Chain::read(tree, id);
        let span = tree.expr(id).span;
        let root = tree.expr(chain.root);
        if root.kind == ExprKind::Hole {
            return self.hole();
        }
        let owner = self.actor(chain.root, "in `ref(..)`")?;
        let Some(link) = chain.link(tree, 0) else {
            return Some((owner, None));
        };
        let Some(name) = link.name else {
            return self.hole();
        };
        if chain.len > 1 || link.args.is_some() {
            let rest = Span::new(span.file, name.span.end, span.end);
            self.fail(wrong_argument::after_property(rest, self.text(name)));
            return None;
        }
        Some((owner, Some(name)))
    }

    /// Whether any property of the owner's declared type may refer to an actor of type `target`;
    /// reports it if none does.
    fn any_property(&mut self, owner: &ActorRef, id: ExprId, target: Option<TypeId>) -> Option<()> {
        let actor = self
            .single_type_as_written(owner)
            .and_then(|id| self.checker.types.get(id));
        let Some(actor) = actor.filter(|_| self.checker.types.are_declared()) else {
            return Some(());
        };
        let refers = actor.properties.iter().any(|p| match p.kind {
            PropertyKind::Reference { target: known, .. } => {
                known.is_none() || target.is_none() || known == target
            }
            PropertyKind::Value(_) => false,
        });
        if refers {
            return Some(());
        }
        let target = target.and_then(|id| self.checker.types.get(id));
        let diagnostic = type_mismatch::never_refers(
            self.checker.tree.expr(id).span,
            &actor.name,
            target.map(|target| target.name.as_ref()),
            actor.span,
        );
        self.fail(diagnostic);
        None
    }

    /// Looks the property up in the owner's types; where types are inferred, learns it.
    fn property(
        &mut self,
        owner: &ActorRef,
        name: Name,
        member: &ActorRef,
        member_span: Span,
    ) -> Option<()> {
        let text = self.text(name);
        let target = self.single_type_as_written(member);
        let owner = self.single_type_as_written(owner);
        if let Some(owner) = owner {
            self.property_of(owner, name, target, member_span)?;
        } else if self.checker.types.with_property(text) == no_type() {
            let properties = self.checker.types.all().iter().flat_map(|t| &t.properties);
            let names: Vec<&str> = properties.map(|p| p.name.as_ref()).collect();
            let diagnostic = unknown_property::no_type_offers(name.span, text, names);
            self.fail(diagnostic);
            return None;
        }
        self.note_property(owner, name);
        Some(())
    }

    fn property_of(
        &mut self,
        owner: TypeId,
        name: Name,
        target: Option<TypeId>,
        member_span: Span,
    ) -> Option<()> {
        let text = self.text(name);
        if !self.checker.types.are_declared() {
            let shared = self.checker.intern(text);
            let types = &mut self.checker.types;
            let earlier = types.infer_reference(owner, shared, target, name.span);
            return match (earlier, target) {
                (Some((earlier, seen)), Some(target)) => {
                    self.other_target(name, member_span, target, earlier, seen)
                }
                _ => Some(()),
            };
        }
        let types = &self.checker.types;
        let actor = types.get(owner)?;
        let Some(property) = types.property(owner, text) else {
            let function = types.function(owner, text).map(|f| f.span);
            let references = actor
                .properties
                .iter()
                .filter(|p| matches!(p.kind, PropertyKind::Reference { .. }));
            let diagnostic = unknown_property::unknown_property(
                name.span,
                text,
                &actor.name,
                actor.span,
                references.map(|p| p.name.as_ref()),
                function,
            );
            self.fail(diagnostic);
            return None;
        };
        let declared = property.span;
        match (property.kind, target) {
            (PropertyKind::Value(value), _) => {
                let diagnostic =
                    type_mismatch::value_as_reference(name.span, text, value.name(), declared);
                self.fail(diagnostic);
                None
            }
            (
                PropertyKind::Reference {
                    target: Some(known),
                    ..
                },
                Some(target),
            ) if known != target => self.other_target(name, member_span, target, known, declared),
            _ => Some(()),
        }
    }

    /// Reports a member of another type than the property refers to.
    fn other_target(
        &mut self,
        property: Name,
        member: Span,
        found: TypeId,
        known: TypeId,
        declared: Span,
    ) -> Option<()> {
        let text = self.text(property);
        let found = self.checker.types.get(found)?.name.clone();
        let known = self.checker.types.get(known)?.name.clone();
        let is_declared = self.checker.types.are_declared();
        self.fail(type_mismatch::other_target(
            member,
            &found,
            text,
            &known,
            declared,
            is_declared,
        ));
        None
    }
}
