//! `server s1 { cpu: 90%, cores: 4, labels: {zone: "a"} }`

use plasma_diagnostic::{Code, Diagnostic};
use plasma_model::{Field as Update, Resource, ServerId, ServerUpdate, UsageUpdate};
use plasma_syntax::cluster::{Field, FieldValue, ServerStatement};

use super::{Reader, ServerChange, edit, unknown_of};

/// What a server statement may say.
const FIELDS: [&str; 5] = ["cpu", "mem", "net", "cores", "labels"];

impl Reader<'_> {
    pub(super) fn server(&mut self, statement: &ServerStatement) {
        let Some(name) = statement.name else { return };
        let id = ServerId::from(self.tree.name(name));
        self.change_server(0, &id, |_| {});
        for field in &statement.fields {
            for (period, field) in self.field_by_period(field).iter().enumerate() {
                self.server_field(&id, period, field);
            }
        }
    }

    fn change_server(
        &mut self,
        period: usize,
        id: &ServerId,
        change: impl FnOnce(&mut ServerChange),
    ) {
        let servers = &mut self.changes(period).servers;
        let unchanged = || ServerChange {
            update: ServerUpdate::new(id.clone()),
            labels: None,
        };
        change(servers.entry(id.clone()).or_insert_with(unchanged));
    }

    fn server_field(&mut self, id: &ServerId, period: usize, field: &Field) {
        let name = self.tree.name(field.name);
        match (name, Resource::from_name(name)) {
            (_, Some(resource)) => {
                if let Some(usage) = self.usage(field, resource) {
                    // A new share or amount takes the place of the old one; the capacity stays.
                    self.change_server(period, id, |server| {
                        edit(usage_of(&mut server.update, resource), |known| {
                            known.perc = usage.perc;
                            known.size = usage.size;
                        });
                    });
                }
            }
            ("cores", _) => {
                if let Some(cores) = self.plain(field) {
                    self.change_server(period, id, |server| {
                        edit(&mut server.update.cpu, |cpu| cpu.capacity = cores);
                    });
                }
            }
            ("labels", _) => match &field.value {
                FieldValue::Texts(labels) => {
                    let labels = labels.iter();
                    let labels =
                        labels.map(|(name, text)| (self.tree.name(*name).to_owned(), text.clone()));
                    let labels = labels.collect();
                    self.change_server(period, id, |server| server.labels = Some(labels));
                }
                FieldValue::Hole => {}
                _ => {
                    let message = "`labels` needs names with texts";
                    let wrong = Diagnostic::new(Code::TypeMismatch, field.value_span, message);
                    self.report(wrong.with_help("write `labels: {zone: \"a\"}`"));
                }
            },
            _ => {
                let message = format!("a server has no `{name}`");
                let right = FIELDS.iter().copied();
                let unknown = unknown_of(Code::UnknownProperty, field.name, name, message, right);
                self.report(unknown);
            }
        }
    }
}

fn usage_of(update: &mut ServerUpdate, resource: Resource) -> &mut Update<UsageUpdate> {
    match resource {
        Resource::Cpu => &mut update.cpu,
        Resource::Mem => &mut update.mem,
        Resource::Net => &mut update.net,
    }
}
