//! Requirements: kept from the start, and where one cannot be met, nothing makes it worse.

use plasma_model::Reason;

use super::demand::{Ask, DemandNo, Status};
use super::solver::Solver;

impl Solver<'_> {
    /// Makes firm groups of those who are together already and are required to be: nothing that is
    /// served before their turn takes them apart.
    pub(super) fn join_required(&mut self) {
        for demand in 0..self.demands.list.len() {
            let asked = &self.demands.list[demand];
            if !asked.is_required {
                // What is required comes first.
                break;
            }
            if let Ask::Colocate { a, b } = asked.ask
                && self.draft.host(a) == self.draft.host(b)
                && !self.demands.given_up.contains_key(&demand)
            {
                self.join_firmly(a, b, demand);
            }
        }
    }

    /// Notes that a requirement cannot be met. It goes on to bind what comes later, as far as it can
    /// be made worse: no more newcomers to who is to be alone, and who is to be apart does not meet
    /// again elsewhere.
    pub(super) fn leave_unmet(&mut self, demand: DemandNo, reason: Reason) {
        let can_be_worsened = match self.demands.list[demand].ask {
            Ask::Reserve { .. } => true,
            Ask::Separate { a, b } => self.firmly_joined_by(a, b).is_none(),
            _ => false,
        };
        if !can_be_worsened {
            self.drop_demand(demand, reason);
            return;
        }
        self.unmet.insert(demand);
        self.demands.status[demand] = Status::Standing;
        self.rejected.push((demand, reason));
    }
}
