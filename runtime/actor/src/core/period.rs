//! The end of a period: cycles settled, accounts taken.

use crate::id::ActorId;

use super::account::{Accounts, ActorAccount, Sender};
use super::edges::CLIENTS;
use super::event::ActorPhase;
use super::shared::Shared;

impl Shared {
    /// Measures the turn that has ended, and charges it to its actor. Its length is taken without
    /// profiling too: a turn that is too long is told in any case.
    pub(crate) fn charge_turn(&mut self, entry: u32) {
        let stamp = self.meter.stamp();
        let cycles = stamp.saturating_sub(self.stamp);
        self.stamp = stamp;
        self.longest_turn_cycles = self.longest_turn_cycles.max(cycles);
        if self.profiling {
            self.journal.push((entry, cycles));
        }
    }

    /// Keeps or drops the cycles of the last turns.
    pub(crate) fn settle_cycles(&mut self, keep: bool) {
        for (entry, cycles) in self.journal.drain(..) {
            if !keep {
                self.dropped_cycles += cycles;
            } else if entry == CLIENTS {
                self.other_cycles += cycles;
            } else if let Some(found) = self.entries.get_mut(entry as usize) {
                found.cycles += cycles;
            }
        }
    }

    /// Ends the period.
    pub(crate) fn take_accounts(&mut self) -> Accounts {
        self.settle_cycles(true);
        self.window += 1;
        let length = self.now.since(self.window_began);
        self.window_began = self.now;
        let mut departed_cycles = 0;
        let mut actors = Vec::new();
        for entry in &mut self.entries {
            let cycles = std::mem::take(&mut entry.cycles);
            match &mut entry.hosted {
                // A copy that is not committed is still an actor of its source.
                Some(hosted) if hosted.phase == ActorPhase::Prepared => {}
                Some(hosted) => actors.push(ActorAccount {
                    actor: entry.id,
                    epoch: hosted.epoch,
                    phase: hosted.phase,
                    cycles,
                    mailbox: hosted.cell.queued() as u64,
                    state_bytes: hosted.state_bytes,
                    link_bytes: std::mem::take(&mut hosted.link_bytes),
                    references: hosted.cell.references(),
                    values: hosted.cell.values(),
                }),
                None => departed_cycles += cycles,
            }
        }
        actors.sort_by_key(|account| account.actor);
        let ids: Vec<ActorId> = self.entries.iter().map(|entry| entry.id).collect();
        let client_latency_nanos = self.edges.client_latency();
        let calls = self.edges.take(|owner| match ids.get(owner as usize) {
            Some(actor) if owner != CLIENTS => Sender::Actor(*actor),
            _ => Sender::Clients,
        });
        Accounts {
            window: self.window,
            length,
            actors,
            calls,
            departed_cycles,
            other_cycles: std::mem::take(&mut self.other_cycles),
            dropped_cycles: std::mem::take(&mut self.dropped_cycles),
            link_bytes: std::mem::take(&mut self.link_bytes),
            client_latency_nanos,
            client_errors: std::mem::take(&mut self.client_errors),
        }
    }
}
