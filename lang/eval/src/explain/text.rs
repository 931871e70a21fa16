//! Checked conditions as text, in the language's own form.

use plasma_check::program::{
    ActorRef, Atom, AtomKind, CallerRef, Condition, EntityRef, Feature, Operand, Range, ServerRef,
    TextOperand, TypeSet, Variable, VariableId,
};
use plasma_check::schema::Schema;
use plasma_model::{METRICS, MetricScope};

use super::figure::figure;

/// Writes the conditions of one rule.
#[derive(Clone, Copy)]
pub(crate) struct Writer<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) variables: &'a [Variable],
}

impl Writer<'_> {
    pub(crate) fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Constant(value) => value.to_string(),
            Condition::And(parts) => self.joined(parts.iter(), " and "),
            Condition::Or(sides) => self.joined(sides.iter().map(|side| &side.condition), " or "),
            Condition::Not(inner) => format!("not {}", self.nested(inner)),
            Condition::Sustained {
                condition,
                window_seconds,
                ..
            } => {
                let inner = match **condition {
                    Condition::Not(_) => format!("({})", self.condition(condition)),
                    _ => self.nested(condition),
                };
                format!("{inner} for {}", figure(*window_seconds, "s"))
            }
            Condition::Atom(atom) => self.atom(atom),
        }
    }

    fn joined<'c>(&self, parts: impl Iterator<Item = &'c Condition>, word: &str) -> String {
        let parts: Vec<String> = parts.map(|part| self.nested(part)).collect();
        parts.join(word)
    }

    fn nested(&self, condition: &Condition) -> String {
        match condition {
            Condition::And(_) | Condition::Or(_) => format!("({})", self.condition(condition)),
            _ => self.condition(condition),
        }
    }

    pub(crate) fn atom(&self, atom: &Atom) -> String {
        match &atom.kind {
            AtomKind::Compare {
                left,
                comparison,
                right,
            } => {
                let unit = operand_unit(left, right);
                let (left, right) = (self.operand(left, unit), self.operand(right, unit));
                format!("{left} {} {right}", comparison.sign())
            }
            AtomKind::Same { left, right, equal } => {
                let sign = if *equal { "==" } else { "!=" };
                format!("{} {sign} {}", self.entity(left), self.entity(right))
            }
            AtomKind::InRef {
                member,
                owner,
                property,
            } => {
                let property = property.as_ref().map(|p| format!(".{p}"));
                format!(
                    "{} in ref({}{})",
                    self.actor(member),
                    self.actor(owner),
                    property.unwrap_or_default()
                )
            }
            AtomKind::On { actor, server } => {
                format!("{} on {}", self.actor(actor), self.server(server))
            }
            AtomKind::Published { actor, property } => {
                format!("{}.{property}", self.actor(actor))
            }
            AtomKind::CompareText { left, right, equal } => {
                let sign = if *equal { "==" } else { "!=" };
                format!("{} {sign} {}", self.text(left), self.text(right))
            }
        }
    }

    fn text(&self, text: &TextOperand) -> String {
        match text {
            TextOperand::Literal(text) => format!("{text:?}"),
            TextOperand::Published { actor, property } => {
                format!("{}.{property}", self.actor(actor))
            }
            TextOperand::Label { server, name } => {
                format!("{}.label({name:?})", self.server(server))
            }
        }
    }

    pub(crate) fn operand(&self, operand: &Operand, unit: &str) -> String {
        match operand {
            Operand::Number(number) => figure(*number, unit),
            Operand::Feature(feature) => self.feature(feature),
            Operand::Calculation(calculation) => calculation.text.to_string(),
        }
    }

    pub(crate) fn feature(&self, feature: &Feature) -> String {
        match feature {
            Feature::ServerResource {
                server,
                resource,
                statistic,
            } => format!("{}.{resource}.{}", self.server(server), statistic.name()),
            Feature::ActorResource {
                actor,
                resource,
                statistic,
            } => format!("{}.{resource}.{}", self.actor(actor), statistic.name()),
            Feature::Gauge { of, gauge } => {
                let scope = MetricScope::Gauge(*gauge);
                let row = METRICS.iter().find(|metric| metric.scope == scope);
                format!("{}.{}", self.entity(of), row.map_or("", |row| row.name))
            }
            Feature::Published {
                actor, property, ..
            } => format!("{}.{property}", self.actor(actor)),
            Feature::Calls {
                caller,
                callee,
                function,
                statistic,
            } => {
                let caller = match caller {
                    CallerRef::Client => "client".to_owned(),
                    CallerRef::Actor(actor) => self.actor(actor),
                };
                let function = function.as_ref().map(|f| format!(".{f}"));
                format!(
                    "{caller}.call({}{}).{}",
                    self.actor(callee),
                    function.unwrap_or_default(),
                    statistic.name()
                )
            }
        }
    }

    fn entity(&self, entity: &EntityRef) -> String {
        match entity {
            EntityRef::Actor(actor) => self.actor(actor),
            EntityRef::Server(server) => self.server(server),
        }
    }

    /// `server` for the host of the first actor variable, which is what the bare word means.
    fn server(&self, server: &ServerRef) -> String {
        match server {
            ServerRef::Variable(variable) => self.variable(*variable),
            ServerRef::HostOf(ActorRef::Variable(variable)) if self.is_first_actor(*variable) => {
                "server".to_owned()
            }
            ServerRef::HostOf(actor) => format!("{}.server", self.actor(actor)),
        }
    }

    fn is_first_actor(&self, variable: VariableId) -> bool {
        use plasma_check::program::Scope;
        let is_actor = |v: &Variable| v.scope == Scope::Rule && v.range != Range::Servers;
        self.variables.iter().position(is_actor) == Some(variable.0 as usize)
    }

    fn actor(&self, actor: &ActorRef) -> String {
        match actor {
            ActorRef::Variable(variable) => self.variable(*variable),
            ActorRef::Anonymous(types) => self.types(types),
        }
    }

    fn types(&self, types: &TypeSet) -> String {
        match types {
            TypeSet::Of(ids) if ids.len() == 1 => ids
                .iter()
                .filter_map(|id| self.schema.get(*id))
                .map(|t| t.name.to_string())
                .collect(),
            TypeSet::Any | TypeSet::Of(_) => "any".to_owned(),
        }
    }

    fn variable(&self, variable: VariableId) -> String {
        let variable = self.variables.get(variable.0 as usize);
        variable.map_or_else(String::new, |v| v.name.to_string())
    }
}

/// The unit of a comparison: that of the side that is not constant.
pub(crate) fn operand_unit(left: &Operand, right: &Operand) -> &'static str {
    let unit = |operand: &Operand| operand.unit().filter(|unit| !unit.is_empty());
    unit(left).or_else(|| unit(right)).unwrap_or("")
}
