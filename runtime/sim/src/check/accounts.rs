//! I26: after quiet time, what was sent was handled, refused, dropped, or lost and answered so.

use plasma_actor::Counters;

use super::{Property, Violation};
use crate::World;

/// Reports if the sums over all nodes do not agree.
pub fn accounts_close(world: &mut World) {
    let mut sum = Counters::default();
    for (_, core) in world.cores() {
        let counters = core.counters();
        sum.sent += counters.sent;
        sum.handled += counters.handled;
        sum.refused += counters.refused;
        sum.expired += counters.expired;
        sum.failed += counters.failed;
        for (buffer, dropped) in counters.dropped {
            *sum.dropped.entry(buffer).or_default() += dropped;
        }
    }
    let dropped: u64 = sum.dropped.values().sum();
    let ended = sum.handled + sum.refused + sum.expired + sum.failed + dropped;
    if sum.sent != ended {
        let what = format!("{} calls were sent, {ended} have ended: {sum:?}", sum.sent);
        world.report(Violation::new(Property::Accounts, what));
    }
}
