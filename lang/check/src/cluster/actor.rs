//! `Folder f on s1 { cpu: 60%, files: [x], depth: 3 }`

use std::collections::BTreeMap;

use plasma_diagnostic::{Code, Diagnostic};
use plasma_model::{ActorId, ActorUpdate, Field as Update, Resource, ServerId, Value};
use plasma_syntax::cluster::{ActorStatement, Field, FieldValue};
use plasma_syntax::tree::Name;

use super::{ActorChange, NameKind, Reader, unknown_of};
use crate::schema::{ActorType, PropertyKind};

impl<'t> Reader<'t> {
    pub(super) fn actor(&mut self, statement: &ActorStatement) {
        let Some(name) = statement.name else { return };
        let id = ActorId::from(self.tree.name(name));
        let of_type = self.actor_type(&id, statement.type_name);
        self.host(&id, statement, name);
        for field in &statement.fields {
            for (period, field) in self.field_by_period(field).iter().enumerate() {
                self.actor_field(&id, period, field, of_type);
            }
        }
    }

    fn change_actor(&mut self, period: usize, id: &ActorId, change: impl FnOnce(&mut ActorChange)) {
        let actors = &mut self.changes(period).actors;
        let unchanged = || ActorChange {
            update: ActorUpdate::new(id.clone()),
            refs: BTreeMap::new(),
            values: BTreeMap::new(),
        };
        change(actors.entry(id.clone()).or_insert_with(unchanged));
    }

    /// The declared type of an actor; its type never changes.
    fn actor_type(&mut self, id: &ActorId, name: Name) -> Option<&'t ActorType> {
        let text = self.tree.name(name);
        match self.introduced.actors.get(id.as_str()) {
            Some(before) if before != text => {
                let message = format!("`{id}` is a {before} already");
                let wrong = Diagnostic::new(Code::TypeMismatch, name.span, message);
                self.report(wrong.with_help("an actor keeps its type for its whole life"));
            }
            _ => self.change_actor(0, id, |actor| {
                actor.update.actor_type = Update::Known(text.to_owned());
            }),
        }
        let schema = self.schema?;
        let found = schema.find(text).map(|(_, of_type)| of_type);
        if found.is_none() {
            let message = format!("unknown actor type `{text}`");
            let right = schema.types.iter().map(|t| t.name.as_ref());
            let unknown = unknown_of(Code::UnknownType, name, text, message, right);
            self.report(unknown);
        }
        found
    }

    fn host(&mut self, id: &ActorId, statement: &ActorStatement, name: Name) {
        if let Some(host) = statement.host {
            if self.is_known(host, NameKind::Server) {
                let host = ServerId::from(self.tree.name(host));
                self.change_actor(0, id, |actor| actor.update.server = Update::Known(host));
            }
            return;
        }
        let text = self.tree.name(name);
        let said = self.said.periods.first();
        let said = said.and_then(|changes| changes.actors.get(id));
        let has_host = said.is_some_and(|actor| actor.update.server != Update::Keep);
        if !has_host && !self.hosted.contains(text) {
            let type_name = self.tree.name(statement.type_name);
            let message = format!("`{text}` needs a host at first mention");
            let wrong = Diagnostic::new(Code::SyntaxError, name.span, message);
            self.report(wrong.with_help(format!("write `{type_name} {text} on s1`")));
        }
    }

    fn actor_field(
        &mut self,
        id: &ActorId,
        period: usize,
        field: &Field,
        of_type: Option<&ActorType>,
    ) {
        let name = self.tree.name(field.name);
        if let Some(resource) = Resource::from_name(name) {
            if let Some(usage) = self.usage(field, resource) {
                self.change_actor(period, id, |actor| {
                    *(match resource {
                        Resource::Cpu => &mut actor.update.cpu,
                        Resource::Mem => &mut actor.update.mem,
                        Resource::Net => &mut actor.update.net,
                    }) = Update::Known(usage);
                });
            }
            return;
        }
        match name {
            "mailbox" | "moves" => {
                if let Some(number) = self.plain(field) {
                    let number = whole(number);
                    self.change_actor(period, id, |actor| match name {
                        "mailbox" => actor.update.mailbox = number,
                        _ => actor.update.moves = number,
                    });
                }
            }
            "idle" | "age" => {
                if let Some(seconds) = self.seconds(field) {
                    self.change_actor(period, id, |actor| match name {
                        "idle" => actor.update.idle = seconds,
                        _ => actor.update.age = seconds,
                    });
                }
            }
            _ => self.property(id, period, field, of_type),
        }
    }

    fn property(
        &mut self,
        id: &ActorId,
        period: usize,
        field: &Field,
        of_type: Option<&ActorType>,
    ) {
        let name = self.tree.name(field.name);
        if !of_type.is_none_or(|of_type| self.fits(field, name, of_type)) {
            return;
        }
        let value = match &field.value {
            FieldValue::Names(names) => {
                let ids = names
                    .iter()
                    .map(|name| ActorId::from(self.tree.name(*name)));
                let ids: Vec<ActorId> = ids.collect();
                self.change_actor(period, id, |actor| {
                    actor.refs.insert(name.to_owned(), ids);
                });
                return;
            }
            FieldValue::Number(number) => Some(Value::Number(number.base_value())),
            FieldValue::Bool(value) => Some(Value::Bool(*value)),
            FieldValue::Text(text) => Some(Value::Text(text.as_str().into())),
            FieldValue::Missing => None,
            FieldValue::Hole => return,
            FieldValue::Texts(_) | FieldValue::Series(_) => {
                let message = format!("`{name}` needs references in `[ ]` or a value");
                self.report(Diagnostic::new(
                    Code::TypeMismatch,
                    field.value_span,
                    message,
                ));
                return;
            }
        };
        self.change_actor(period, id, |actor| {
            actor.values.insert(name.to_owned(), value);
        });
    }

    /// Whether the declared type has such a property, of this kind.
    fn fits(&mut self, field: &Field, name: &str, of_type: &ActorType) -> bool {
        let Some(property) = of_type.property(name) else {
            let message = format!("actor type `{}` has no property `{name}`", of_type.name);
            let right = of_type.properties.iter().map(|p| p.name.as_ref());
            let unknown = unknown_of(Code::UnknownProperty, field.name, name, message, right);
            self.report(unknown);
            return false;
        };
        let is_reference = matches!(property.kind, PropertyKind::Reference { .. });
        let is_names = matches!(field.value, FieldValue::Names(_));
        if field.value == FieldValue::Hole || is_reference == is_names {
            return true;
        }
        let expected = match is_reference {
            true => "references: names in `[ ]`",
            false => "a value, not references",
        };
        let message = format!("`{name}` of `{}` holds {expected}", of_type.name);
        self.report(Diagnostic::new(
            Code::TypeMismatch,
            field.value_span,
            message,
        ));
        false
    }
}

/// A count: what is behind the point does not occur.
fn whole(number: Update<f64>) -> Update<u64> {
    match number {
        Update::Known(number) => Update::Known(number as u64),
        Update::Keep => Update::Keep,
        Update::Unknown => Update::Unknown,
    }
}
