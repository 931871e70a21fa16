//! What earlier moves forbid in a period: cooldowns of rules and limits on moves.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_check::program::{CheckedProgram, LimitKind, TypeSet};
use plasma_columns::Columns;
use plasma_model::ActorId;

use crate::history::{History, is_within};

/// What earlier moves forbid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restraints {
    /// For each actor, the rules that may not move it, each with the time until when.
    pub cooling: BTreeMap<ActorId, BTreeMap<usize, f64>>,
    /// Actors that a limit on each of a type lets move no more, with the limit as it is written.
    pub exhausted: BTreeMap<ActorId, Arc<str>>,
    /// The limits on all moves together.
    pub budgets: Vec<Budget>,
}

/// A limit on all moves together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The limit as it is written.
    pub limit: Arc<str>,
    /// How many moves its window may hold.
    pub moves_max: usize,
    /// How many more it may hold now.
    pub left: usize,
}

impl Restraints {
    /// What a history forbids under a program, for the plan of the last tick.
    pub(crate) fn new(program: &CheckedProgram, history: &History, columns: &Columns) -> Self {
        let mut restraints = Restraints::default();
        let now_seconds = columns.frame().t;
        restraints.cool(program, history, now_seconds);
        for limit in &program.limits {
            let LimitKind::Migrations {
                count,
                window_seconds,
                each,
            } = &limit.kind
            else {
                continue;
            };
            match each {
                None => {
                    let used = history.within(*window_seconds, now_seconds).count();
                    restraints.budgets.push(Budget {
                        limit: Arc::clone(&limit.text),
                        moves_max: *count as usize,
                        left: (*count as usize).saturating_sub(used),
                    });
                }
                Some(types) => {
                    let is_meant = |actor: &ActorId| is_of(program, columns, actor, types);
                    let mut used: BTreeMap<&ActorId, usize> = BTreeMap::new();
                    for made in history.within(*window_seconds, now_seconds) {
                        *used.entry(&made.actor).or_default() += 1;
                    }
                    for (actor, used) in used {
                        if used >= *count as usize && is_meant(actor) {
                            let entry = restraints.exhausted.entry(actor.clone());
                            entry.or_insert_with(|| Arc::clone(&limit.text));
                        }
                    }
                }
            }
        }
        restraints
    }

    fn cool(&mut self, program: &CheckedProgram, history: &History, now_seconds: f64) {
        for rule in &program.rules {
            let Some(cooldown) = rule.cooldown_seconds else {
                continue;
            };
            let of_rule = history.made().iter().filter(|made| {
                made.rules.contains(&rule.index) && is_within(made.t_seconds, cooldown, now_seconds)
            });
            for made in of_rule {
                let until = made.t_seconds + cooldown;
                let rules = self.cooling.entry(made.actor.clone()).or_default();
                let latest = rules.entry(rule.index).or_insert(until);
                *latest = latest.max(until);
            }
        }
    }
}

/// How long moves must be remembered under a program, in seconds.
pub(crate) fn memory_seconds(program: &CheckedProgram) -> f64 {
    let cooldowns = program
        .rules
        .iter()
        .filter_map(|rule| rule.cooldown_seconds);
    let windows = program.limits.iter().map(|limit| match limit.kind {
        LimitKind::Migrations { window_seconds, .. } => window_seconds,
        LimitKind::Servers { .. } => 0.0,
    });
    cooldowns.chain(windows).fold(0.0, f64::max)
}

fn is_of(program: &CheckedProgram, columns: &Columns, actor: &ActorId, types: &TypeSet) -> bool {
    let Some(actor_type) = columns.type_of(actor) else {
        return false;
    };
    match types {
        TypeSet::Any => true,
        TypeSet::Of(ids) => ids.iter().any(|id| {
            let named = program.schema.get(*id);
            named.is_some_and(|named| *named.name == *actor_type)
        }),
    }
}
