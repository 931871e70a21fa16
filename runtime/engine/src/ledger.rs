//! The orders an engine has taken: refuses old leases, answers repeated ids without repeating them.

use std::collections::{BTreeMap, BTreeSet};

use plasma_model::{ActionId, Outcome, OutcomeResult};

/// Number of ended orders whose outcome is remembered, to answer a repeated id. Beyond it the
/// oldest are forgotten; an order under a forgotten id is refused, not carried out again.
pub const ACTIONS_REMEMBERED_MAX: usize = 65_536;

/// The orders of a run, by id. One ledger an engine.
#[derive(Debug, Default)]
pub struct Ledger {
    lease_newest: u64,
    forgotten_below: ActionId,
    open: BTreeSet<ActionId>,
    ended: BTreeMap<ActionId, OutcomeResult>,
}

/// What to do with an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Admission {
    /// Carry it out, then [`Ledger::end`] it.
    New,
    /// It is being carried out; its outcome will come.
    Open,
    /// It has an answer already: this one.
    Answered(Outcome),
}

impl Ledger {
    /// A ledger without orders.
    pub fn new() -> Self {
        Ledger::default()
    }

    /// Takes order `id`, given under `lease`.
    pub fn admit(&mut self, lease: u64, id: ActionId) -> Admission {
        if lease < self.lease_newest {
            // Not remembered: the newer manager may use the same id for an order of its own.
            let newest = self.lease_newest;
            return refused(
                id,
                format!("lease {lease} is over: lease {newest} has given orders"),
            );
        }
        self.lease_newest = lease;
        if let Some(result) = self.ended.get(&id) {
            let result = result.clone();
            return Admission::Answered(Outcome { id, result });
        }
        if self.open.contains(&id) {
            return Admission::Open;
        }
        if id < self.forgotten_below {
            return refused(
                id,
                format!("order {id} is too old: its outcome is forgotten"),
            );
        }
        self.open.insert(id);
        Admission::New
    }

    /// Ends order `id`; gives its outcome the first time, nothing after that.
    pub fn end(&mut self, id: ActionId, result: OutcomeResult) -> Option<Outcome> {
        if !self.open.remove(&id) {
            return None;
        }
        self.ended.insert(id, result.clone());
        while self.ended.len() > ACTIONS_REMEMBERED_MAX {
            if let Some((oldest, _)) = self.ended.pop_first() {
                self.forgotten_below = self.forgotten_below.max(oldest + 1);
            }
        }
        Some(Outcome { id, result })
    }

    /// The orders that have no outcome yet.
    pub fn open(&self) -> impl Iterator<Item = ActionId> {
        self.open.iter().copied()
    }
}

fn refused(id: ActionId, error: String) -> Admission {
    Admission::Answered(Outcome {
        id,
        result: OutcomeResult::failed(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_new_then_open_then_answered_the_same_again() {
        let mut ledger = Ledger::new();
        assert_eq!(ledger.admit(1, 7), Admission::New);
        assert_eq!(ledger.admit(1, 7), Admission::Open);
        let outcome = ledger.end(7, OutcomeResult::done(0.001, 64));
        assert!(outcome.is_some());
        assert_eq!(ledger.end(7, OutcomeResult::done(9.0, 1)), None);
        assert_eq!(
            ledger.admit(1, 7),
            Admission::Answered(outcome.unwrap_or_else(|| unreachable!()))
        );
    }

    #[test]
    fn an_older_lease_is_refused_and_takes_no_id() {
        let mut ledger = Ledger::new();
        assert_eq!(ledger.admit(4, 1), Admission::New);
        let Admission::Answered(outcome) = ledger.admit(3, 2) else {
            unreachable!("an older lease was admitted")
        };
        insta::assert_snapshot!(
            serde_json::to_string(&outcome).unwrap_or_default(),
            @r#"{"id":2,"ok":false,"error":"lease 3 is over: lease 4 has given orders"}"#
        );
        assert_eq!(ledger.admit(4, 2), Admission::New);
    }

    #[test]
    fn a_forgotten_id_is_not_carried_out_again() {
        let mut ledger = Ledger::new();
        for id in 0..=ACTIONS_REMEMBERED_MAX as u64 {
            assert_eq!(ledger.admit(1, id), Admission::New);
            ledger.end(id, OutcomeResult::failed("busy"));
        }
        assert!(matches!(ledger.admit(1, 0), Admission::Answered(_)));
        assert!(matches!(ledger.admit(1, 1), Admission::Answered(_)));
    }
}
