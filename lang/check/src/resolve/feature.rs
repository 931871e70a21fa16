//! Features: what is measured of a server or an actor, and in which statistic.

use plasma_diagnostic::{Diagnostic, Span};
use plasma_model::{METRICS, Metric, MetricScope, Statistic, StatisticRow, metric_row};
use plasma_syntax::tree::Name;

use super::RuleChecker;
use super::chain::{Chain, Link};
use super::entity::Entity;
use super::operand::{Measured, Operand};
use crate::error::{type_mismatch, unknown_property, wrong_argument};
use crate::names::Named;
use crate::program::{ActorRef, EntityRef, Feature, TypeSet};
use crate::schema::{PropertyKind, TypeId};

impl<'a> RuleChecker<'_, 'a> {
    /// A chain as an operand: a feature, or the host of an actor.
    pub(super) fn member(&mut self, chain: Chain, span: Span) -> Option<Operand> {
        let tree = self.checker.tree;
        let Some(metric_place) = self.metric_place(chain) else {
            return self.hole();
        };
        if metric_place == chain.len {
            return Some(Operand::Entity(self.entity(chain.last())?, span));
        }
        let metric = chain.link(tree, metric_place)?;
        let Some(name) = metric.name else {
            return self.hole();
        };
        if self.text(name) == "call" {
            return self.call_feature(chain, metric_place, span);
        }
        let root = self.root_entity(chain.root)?;
        let (entity, _) = self.host(root, chain)?;
        match &entity {
            Entity::Server(server) if self.text(name) == "label" => {
                if let Some(more) = chain.link(tree, metric_place + 1) {
                    return self.after_label(more);
                }
                return self.label(server.clone(), name, metric, span);
            }
            Entity::Actor(actor) if metric_row(self.text(name)).is_none() => {
                if let Some(found) = self.published(actor, name, chain, metric_place, span) {
                    return found;
                }
            }
            _ => {}
        }
        let metric = self.metric(&entity, name, metric)?;
        let (row, statistic) = self.statistic(metric, name, chain, metric_place + 1)?;
        let feature = feature(entity, metric, row)?;
        Some(Operand::Feature(Measured {
            feature,
            metric,
            row,
            span,
            statistic,
        }))
    }

    /// Which word of the chain is the metric: the first, or the second after `.server`. `None` if a
    /// word is missing.
    fn metric_place(&self, chain: Chain) -> Option<usize> {
        let first = chain.link(self.checker.tree, 0)?;
        let is_host = self.text(first.name?) == "server" && first.args.is_none();
        Some(usize::from(is_host))
    }

    /// The metric that a word behind an entity names.
    fn metric(&mut self, entity: &Entity, name: Name, link: Link) -> Option<&'static Metric> {
        let text = self.text(name);
        let found = metric_row(text).filter(|metric| match (metric.scope, entity) {
            (MetricScope::Resource(_), _) => true,
            (MetricScope::Gauge(gauge), Entity::Server(_)) => gauge.is_of_server(),
            (MetricScope::Gauge(gauge), Entity::Actor(_)) => !gauge.is_of_server(),
            (MetricScope::Gauge(_), Entity::Client) | (MetricScope::Call, _) => false,
        });
        let Some(metric) = found else {
            self.unknown_feature(entity, name);
            return None;
        };
        if matches!(entity, Entity::Client) {
            self.fail(type_mismatch::client_measured(name.span, text));
            return None;
        }
        if link.args.is_some() {
            let span = self.checker.tree.expr(link.id).span;
            let args = Span::new(span.file, name.span.end, span.end);
            self.fail(wrong_argument::no_arguments(args, text));
            return None;
        }
        self.checker.note(name.span, Named::Metric(metric));
        Some(metric)
    }

    /// Something behind `server.label("zone")`.
    fn after_label(&mut self, more: Link) -> Option<Operand> {
        if let Some(name) = more.name {
            let text = self.text(name);
            self.fail(unknown_property::after_label(name.span, text));
        }
        self.hole()
    }

    /// Reports a word behind an entity that is no metric.
    fn unknown_feature(&mut self, entity: &Entity, name: Name) {
        let text = self.text(name);
        let measured = |of_servers: bool| {
            let metrics = METRICS.iter().filter(move |m| match m.scope {
                MetricScope::Resource(_) => true,
                MetricScope::Gauge(gauge) => gauge.is_of_server() == of_servers,
                MetricScope::Call => false,
            });
            metrics.map(|m| m.name)
        };
        let diagnostic = match entity {
            Entity::Client => unknown_property::feature(name.span, text, "client", ["call"]),
            Entity::Server(_) => {
                let candidates = measured(true).chain(["label"]);
                unknown_property::feature(name.span, text, "server", candidates)
            }
            Entity::Actor(actor) => {
                if let Some(diagnostic) = self.member_as_feature(actor, name) {
                    return self.fail(diagnostic);
                }
                let owner = self
                    .single_type(actor)
                    .and_then(|id| self.checker.types.get(id));
                let properties = owner.map_or(&[][..], |owner| &owner.properties);
                let values = properties
                    .iter()
                    .filter(|p| matches!(p.kind, PropertyKind::Value(_)));
                let values = values.map(|p| p.name.as_ref());
                let candidates = measured(false).chain(["call", "server"]).chain(values);
                let candidates: Vec<&str> = candidates.collect();
                unknown_property::feature(name.span, text, "an actor", candidates)
            }
        };
        self.fail(diagnostic);
    }

    /// The report on a property or a function used as if it were measured.
    fn member_as_feature(&self, actor: &ActorRef, name: Name) -> Option<Diagnostic> {
        let text = self.checker.text(name);
        let owner = self.single_type(actor)?;
        let types = &self.checker.types;
        if let Some(property) = types.property(owner, text) {
            let declared = property.span;
            return Some(match property.kind {
                PropertyKind::Reference { .. } => {
                    type_mismatch::reference_as_number(name.span, text, declared)
                }
                // What it publishes is a value by itself.
                PropertyKind::Value(_) => return None,
            });
        }
        let function = types.function(owner, text)?;
        Some(type_mismatch::function_as_number(
            name.span,
            text,
            function.span,
        ))
    }

    /// The one type that an actor can be of.
    pub(super) fn single_type(&self, actor: &ActorRef) -> Option<TypeId> {
        let types = match actor {
            ActorRef::Variable(id) => self.types_of(*id)?,
            ActorRef::Anonymous(types) => types,
        };
        match types {
            TypeSet::Of(types) if types.len() == 1 => types.first().copied(),
            _ => None,
        }
    }

    /// The statistic at a place of the chain; without one, the metric's own. Nothing may follow it.
    pub(super) fn statistic(
        &mut self,
        metric: &'static Metric,
        metric_name: Name,
        chain: Chain,
        place: usize,
    ) -> Option<(&'static StatisticRow, Option<Span>)> {
        let tree = self.checker.tree;
        let Some(link) = chain.link(tree, place) else {
            return Some((metric.statistic(metric.default_statistic)?, None));
        };
        let Some(name) = link.name else {
            return self.hole();
        };
        let text = self.text(name);
        let offered = metric.statistics.iter().map(|row| row.statistic.name());
        if let MetricScope::Gauge(_) = metric.scope {
            let diagnostic = unknown_property::after_statistic(name.span, text, metric.name);
            self.fail(diagnostic);
            return None;
        }
        let Some(statistic) = Statistic::from_name(text) else {
            self.fail(unknown_property::statistic(
                name.span,
                text,
                metric.name,
                offered,
            ));
            return None;
        };
        let Some(row) = metric.statistic(statistic) else {
            let metric_span = metric_name.span;
            self.fail(type_mismatch::no_statistic(
                name.span,
                text,
                metric.name,
                metric_span,
                offered,
            ));
            return None;
        };
        if let Some(more) = chain.link(tree, place + 1) {
            let Some(more) = more.name else {
                return self.hole();
            };
            self.fail(unknown_property::after_statistic(
                more.span,
                self.text(more),
                text,
            ));
            return None;
        }
        if link.args.is_some() {
            let span = tree.expr(link.id).span;
            let args = Span::new(span.file, name.span.end, span.end);
            self.fail(wrong_argument::no_arguments(args, text));
            return None;
        }
        self.checker
            .note(name.span, Named::Statistic(metric, statistic));
        Some((row, Some(name.span)))
    }
}

/// What is measured of an entity; `None` if it is not measured of such (reported).
fn feature(entity: Entity, metric: &Metric, row: &StatisticRow) -> Option<Feature> {
    let statistic = row.statistic;
    Some(match (entity, metric.scope) {
        (Entity::Server(server), MetricScope::Resource(resource)) => Feature::ServerResource {
            server,
            resource,
            statistic,
        },
        (Entity::Actor(actor), MetricScope::Resource(resource)) => Feature::ActorResource {
            actor,
            resource,
            statistic,
        },
        (Entity::Server(server), MetricScope::Gauge(gauge)) => Feature::Gauge {
            of: EntityRef::Server(server),
            gauge,
        },
        (Entity::Actor(actor), MetricScope::Gauge(gauge)) => Feature::Gauge {
            of: EntityRef::Actor(actor),
            gauge,
        },
        (Entity::Client, _) | (_, MetricScope::Call) => return None,
    })
}
