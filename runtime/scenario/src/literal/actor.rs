//! `Folder f on s1 { cpu: 60%, files: [x], depth: 3 }`

use plasma_check::schema::{ActorType, PropertyKind};
use plasma_diagnostic::{Code, Diagnostic};
use plasma_model::{ActorId, ActorUpdate, Field as Update, Resource, ServerId, Value};
use plasma_syntax::cluster::{ActorStatement, Field, FieldValue};
use plasma_syntax::tree::Name;

use super::{NameKind, Reader, edit, unknown_of};

impl<'t> Reader<'t> {
    pub(super) fn actor(&mut self, statement: &ActorStatement) {
        let Some(name) = statement.name else { return };
        let id = ActorId::from(self.tree.name(name));
        let known = self.actors.get(&id).cloned();
        let mut update = known.unwrap_or_else(|| ActorUpdate::new(id.clone()));
        let of_type = self.actor_type(&mut update, statement.type_name);
        self.host(&mut update, statement, name);
        for field in &statement.fields {
            self.actor_field(&mut update, field, of_type);
        }
        self.actors.insert(id, update);
    }

    /// The declared type of an actor; its type never changes.
    fn actor_type(&mut self, update: &mut ActorUpdate, name: Name) -> Option<&'t ActorType> {
        let text = self.tree.name(name);
        match self.known.actors.get(update.id.as_str()) {
            Some(before) if before != text => {
                let message = format!("`{}` is a {before} already", update.id);
                let wrong = Diagnostic::new(Code::TypeMismatch, name.span, message);
                self.report(wrong.with_help("an actor keeps its type for its whole life"));
            }
            _ => update.actor_type = Update::Known(text.to_owned()),
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

    fn host(&mut self, update: &mut ActorUpdate, statement: &ActorStatement, name: Name) {
        let text = self.tree.name(name);
        if let Some(host) = statement.host {
            if self.is_known(host, NameKind::Server) {
                update.server = Update::Known(ServerId::from(self.tree.name(host)));
            }
        } else if update.server == Update::Keep && !self.known_before.contains(text) {
            let type_name = self.tree.name(statement.type_name);
            let message = format!("`{text}` needs a host at first mention");
            let wrong = Diagnostic::new(Code::SyntaxError, name.span, message);
            self.report(wrong.with_help(format!("write `{type_name} {text} on s1`")));
        }
    }

    fn actor_field(
        &mut self,
        update: &mut ActorUpdate,
        field: &Field,
        of_type: Option<&ActorType>,
    ) {
        let name = self.tree.name(field.name);
        if let Some(resource) = Resource::from_name(name) {
            if let Some(usage) = self.usage(field, resource) {
                *(match resource {
                    Resource::Cpu => &mut update.cpu,
                    Resource::Mem => &mut update.mem,
                    Resource::Net => &mut update.net,
                }) = Update::Known(usage);
            }
            return;
        }
        match name {
            "mailbox" => set(&mut update.mailbox, self.plain(field).map(|n| n as u64)),
            "moves" => set(&mut update.moves, self.plain(field).map(|n| n as u64)),
            "idle" => set(&mut update.idle, self.seconds(field)),
            "age" => set(&mut update.age, self.seconds(field)),
            _ => self.property(update, field, of_type),
        }
    }

    fn property(&mut self, update: &mut ActorUpdate, field: &Field, of_type: Option<&ActorType>) {
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
                edit(&mut update.refs, |refs| refs.insert(name.to_owned(), ids));
                return;
            }
            FieldValue::Number(number) => Value::Number(number.base_value()),
            FieldValue::Bool(value) => Value::Bool(*value),
            FieldValue::Text(text) => Value::Text(text.as_str().into()),
            FieldValue::Hole => return,
            FieldValue::Texts(_) => {
                let message = format!("`{name}` needs references in `[ ]` or a value");
                self.report(Diagnostic::new(
                    Code::TypeMismatch,
                    field.value_span,
                    message,
                ));
                return;
            }
        };
        edit(&mut update.values, |values| {
            values.insert(name.to_owned(), value)
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

fn set<T>(field: &mut Update<T>, value: Option<T>) {
    if let Some(value) = value {
        *field = Update::Known(value);
    }
}
