//! Two policies as ones about one application: the types of both in one schema.

use super::plain;
use crate::lint::renamed::Renaming;
use crate::program::{
    AtomKind, BehaviorCall, CalculationKind, CheckedProgram, Condition, Limit, LimitKind, Operand,
    Range, Rule, Variable, VariableId,
};
use crate::schema::{ActorType, Property, PropertyKind, Schema, TypeId};

/// Places of aggregations in the old policy begin here: none is that of the new one.
const OLD_AGGREGATIONS: usize = 1 << 32;

/// Two policies with the types of one schema.
#[derive(Clone, Debug)]
pub struct SideBySide {
    /// The types, properties and functions of both.
    pub schema: Schema,
    /// The old policy's rules and requirements.
    pub old: Vec<Rule>,
    /// The new policy's.
    pub new: Vec<Rule>,
    /// What the old policy's limits limit.
    pub old_limits: Vec<Limit>,
    /// What the new policy's limits limit.
    pub new_limits: Vec<Limit>,
}

/// Gives two policies the types of one schema. Where they contradict each other about a property, the
/// new one is believed.
pub fn side_by_side(old: &CheckedProgram, new: &CheckedProgram) -> SideBySide {
    let mut schema = Schema {
        declared: old.schema.declared || new.schema.declared,
        ..Schema::default()
    };
    let new_types = add(&mut schema, &new.schema);
    let old_types = add(&mut schema, &old.schema);
    let rules = |program: &CheckedProgram, types: &[TypeId], first_aggregation| {
        let rules = program.rules_and_requirements();
        let retyped = rules.map(|rule| retyped(rule, types, first_aggregation));
        retyped.collect()
    };
    let limits = |program: &CheckedProgram, types: &[TypeId]| {
        let limits = program.limits.iter();
        limits.map(|limit| retyped_limit(limit, types)).collect()
    };
    SideBySide {
        old: rules(old, &old_types, OLD_AGGREGATIONS),
        new: rules(new, &new_types, 0),
        old_limits: limits(old, &old_types),
        new_limits: limits(new, &new_types),
        schema,
    }
}

/// Adds the types of another schema; which ids they have then.
fn add(schema: &mut Schema, other: &Schema) -> Vec<TypeId> {
    let ids: Vec<TypeId> = other
        .types
        .iter()
        .map(|of_type| match schema.find(&of_type.name) {
            Some((id, _)) => id,
            None => {
                schema.types.push(ActorType {
                    properties: Vec::new(),
                    functions: Vec::new(),
                    ..of_type.clone()
                });
                TypeId(schema.types.len() as u32 - 1)
            }
        })
        .collect();
    for (of_type, id) in other.types.iter().zip(&ids) {
        let Some(known) = schema.types.get_mut(id.0 as usize) else {
            continue;
        };
        for function in &of_type.functions {
            if known.function(&function.name).is_none() {
                known.functions.push(function.clone());
            }
        }
        for property in &of_type.properties {
            if known.property(&property.name).is_none() {
                known.properties.push(retyped_property(property, &ids));
            }
        }
    }
    ids
}

fn retyped_property(property: &Property, types: &[TypeId]) -> Property {
    let kind = match property.kind {
        PropertyKind::Reference { target, arity } => PropertyKind::Reference {
            target: target.and_then(|id| types.get(id.0 as usize).copied()),
            arity,
        },
        PropertyKind::Value(of_type) => PropertyKind::Value(of_type),
    };
    Property {
        kind,
        ..property.clone()
    }
}

fn retyped_limit(limit: &Limit, types: &[TypeId]) -> Limit {
    let mut limit = limit.clone();
    if let LimitKind::Migrations {
        each: Some(each), ..
    } = &mut limit.kind
    {
        *each = Renaming::of(&[]).with_types(types).type_set(each);
    }
    limit
}

fn retyped(rule: &Rule, types: &[TypeId], first_aggregation: usize) -> Rule {
    let ids: Vec<VariableId> = (0..rule.variables.len() as u32).map(VariableId).collect();
    let renaming = Renaming::of(&ids).with_types(types);
    let range = |range: &Range| match range {
        Range::Actors(of) => Range::Actors(renaming.type_set(of)),
        Range::Callers {
            types: of,
            callee,
            function,
            window_seconds,
        } => Range::Callers {
            types: renaming.type_set(of),
            callee: renaming.actor(callee).unwrap_or_else(|| callee.clone()),
            function: function.clone(),
            window_seconds: *window_seconds,
        },
        Range::Servers => Range::Servers,
    };
    let variables = rule.variables.iter().map(|variable| Variable {
        range: range(&variable.range),
        ..variable.clone()
    });
    let behaviors = rule.behaviors.iter().map(|behavior| BehaviorCall {
        kind: renaming
            .behavior(&behavior.kind)
            .unwrap_or_else(|| behavior.kind.clone()),
        span: behavior.span,
    });
    // Every variable has a place.
    let condition = renaming.condition(&rule.condition);
    let mut condition = condition.unwrap_or_else(|| rule.condition.clone());
    tell_apart(&mut condition, first_aggregation);
    plain::simplify(&mut condition);
    Rule {
        variables: variables.collect(),
        behaviors: behaviors.collect(),
        condition,
        ..rule.clone()
    }
}

/// Aggregations are told apart by their places, and what they mean follows from their text only within
/// one policy.
fn tell_apart(condition: &mut Condition, first: usize) {
    match condition {
        Condition::Constant(_) => {}
        Condition::And(parts) => parts.iter_mut().for_each(|part| tell_apart(part, first)),
        Condition::Or(sides) => {
            for side in sides {
                tell_apart(&mut side.condition, first);
            }
        }
        Condition::Not(inner) => tell_apart(inner, first),
        Condition::Sustained { condition, .. } => tell_apart(condition, first),
        Condition::Atom(atom) => {
            if let AtomKind::Compare { left, right, .. } = &mut atom.kind {
                tell_operand_apart(left, first);
                tell_operand_apart(right, first);
            }
        }
    }
}

fn tell_operand_apart(operand: &mut Operand, first: usize) {
    let Operand::Calculation(calculation) = operand else {
        return;
    };
    match &mut calculation.kind {
        CalculationKind::Negative(inner) | CalculationKind::Absolute(inner) => {
            tell_operand_apart(inner, first);
        }
        CalculationKind::Arithmetic { left, right, .. } => {
            tell_operand_apart(left, first);
            tell_operand_apart(right, first);
        }
        CalculationKind::OfNumbers(_, values) => {
            values
                .iter_mut()
                .for_each(|value| tell_operand_apart(value, first));
        }
        CalculationKind::OverCluster(aggregation) => {
            aggregation.index += first;
            aggregation.is_closed = false;
            tell_apart(&mut aggregation.filter.condition, first);
            if let Some(value) = &mut aggregation.value {
                tell_operand_apart(value, first);
            }
        }
        CalculationKind::OverWindow(_) | CalculationKind::Forecast(_) => {}
    }
}
