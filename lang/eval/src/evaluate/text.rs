//! Texts of all rows of a batch at once: labels of servers, and what actors publish.

use std::collections::BTreeMap;

use std::sync::Arc;

use plasma_check::program::{TextOperand, VariableId};
use plasma_columns::{PropertyNo, ServerNo};
use plasma_model::Value;

use super::batch::Batch;
use super::measured::{Host, host, variable};
use super::scope::Scope;
use crate::Truth;

/// A text that each row decides by itself.
#[derive(Debug)]
pub(crate) enum Text {
    Literal(Arc<str>),
    Published(VariableId, PropertyNo),
    /// A server's label of this name.
    Label(Host, Arc<str>),
}

impl Text {
    /// The text of an operand; `None` if a row does not decide it by itself.
    pub(crate) fn of(text: &TextOperand, scope: &Scope<'_>) -> Option<Text> {
        Some(match text {
            TextOperand::Literal(text) => Text::Literal(Arc::clone(text)),
            TextOperand::Published { actor, property } => {
                Text::Published(variable(actor)?, scope.property(property))
            }
            TextOperand::Label { server, name } => Text::Label(host(server)?, Arc::clone(name)),
        })
    }

    /// The text of each row at a moment; `None` is unknown.
    fn values<'t>(
        &'t self,
        scope: &'t Scope<'_>,
        batch: &Batch,
        moment: usize,
    ) -> Vec<Option<&'t str>> {
        let frame = scope.frame(moment);
        match self {
            Text::Literal(text) => vec![Some(text); batch.rows()],
            Text::Published(actor, property) => {
                let published = frame.published(*property);
                let of_actor = |no: &u32| {
                    let has_reported = frame.servers.has_reported(frame.host_of(*no));
                    match published.filter(|_| has_reported)?.other(*no)? {
                        Value::Text(text) => Some(text.as_ref()),
                        _ => None,
                    }
                };
                batch.of(*actor).iter().map(of_actor).collect()
            }
            Text::Label(server, name) => {
                let labels = labels(scope, name, moment);
                server.map(scope, batch, |no| labels.get(&no).copied())
            }
        }
    }
}

/// The label of this name of each server that has one, of those there are at present.
fn labels<'t>(scope: &'t Scope<'_>, name: &str, moment: usize) -> BTreeMap<ServerNo, &'t str> {
    let present = scope.present().servers.rows();
    let servers = &scope.frame(moment).servers;
    let rows = servers.numbers().iter().zip(servers.rows());
    let is_present = |id| moment == 0 || present.contains_key(id);
    let labelled = rows.filter_map(|(no, (id, server))| {
        let label = server.labels.get(name).filter(|_| is_present(id))?;
        Some((*no, label.as_str()))
    });
    labelled.collect()
}

/// Whether two texts are the same, or are not, in each row.
pub(crate) fn compared(
    (left, right, equal): (&Text, &Text, bool),
    scope: &Scope<'_>,
    batch: &Batch,
    moment: usize,
) -> Vec<Truth> {
    let left = left.values(scope, batch, moment).into_iter();
    let pairs = left.zip(right.values(scope, batch, moment));
    let truth = |(left, right): (Option<&str>, Option<&str>)| match (left, right) {
        (Some(left), Some(right)) => Truth::from((left == right) == equal),
        _ => Truth::Unknown,
    };
    pairs.map(truth).collect()
}
