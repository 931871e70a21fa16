//! I9: without clients a world comes to rest: nothing waits for ever.

use super::{Property, Violation};
use crate::World;

/// Reports every node on which something still goes on.
pub fn quiet(world: &mut World) {
    let mut found = Vec::new();
    for (node, core) in world.cores() {
        if !core.is_quiet() {
            let counters = core.counters();
            let hosted = core.hosted();
            found.push(format!(
                "{node} does not come to rest: {counters:?} {hosted:?}"
            ));
        }
    }
    for what in found {
        world.report(Violation::new(Property::Quiet, what));
    }
}
