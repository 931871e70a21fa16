//! Who would have to leave each server if somebody had it for its own: sums over its residents, kept until
//! somebody comes or goes.

use plasma_model::{PerResource, Resource};

use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::Regard;
use crate::arbitrate::solver::Solver;

/// The residents of a server that no pin keeps there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Crowd {
    /// How many.
    pub(super) actors: usize,
    /// What moving all of them costs, in bytes.
    pub(super) price: f64,
    /// What they use.
    pub(super) uses: PerResource<f64>,
    /// The state of the server that this was counted in.
    version: u32,
}

impl Crowd {
    fn add(&mut self, solver: &Solver<'_>, actor: ActorNo) {
        let cluster = solver.draft.cluster();
        self.actors += 1;
        self.price += cluster.price(actor);
        for resource in Resource::ALL {
            self.uses[resource] += cluster.use_of(actor, resource);
        }
    }
}

/// The crowds of all servers, for each way to look at pins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crowds {
    with_all_pins: Vec<Crowd>,
    with_standing_pins: Vec<Crowd>,
}

impl Crowds {
    /// Forgets what was counted: another pin has been decided.
    pub(crate) fn forget(&mut self) {
        *self = Crowds::default();
    }

    fn of(&mut self, respect: Regard) -> &mut Vec<Crowd> {
        match respect {
            Regard::All => &mut self.with_all_pins,
            Regard::Before(_) | Regard::Standing => &mut self.with_standing_pins,
        }
    }
}

/// The crowd of each server as it is now.
pub(super) fn crowds(solver: &mut Solver<'_>, respect: Regard) -> Vec<Crowd> {
    let mut crowds = std::mem::take(solver.crowds.of(respect));
    let is_kept =
        |actor: ActorNo| solver.demands.names(actor) && solver.pin_of(actor, respect).is_some();
    if crowds.is_empty() {
        let version = |server| solver.draft.version(server);
        let fresh = solver.servers().map(|server| Crowd {
            version: version(server),
            ..Crowd::default()
        });
        crowds = fresh.collect();
        for (actor, host) in solver.draft.hosts().iter().enumerate() {
            if !is_kept(actor) {
                crowds[*host as ServerNo].add(solver, actor);
            }
        }
        return crowds;
    }
    for (server, crowd) in crowds.iter_mut().enumerate() {
        let version = solver.draft.version(server);
        if crowd.version != version {
            *crowd = Crowd {
                version,
                ..Crowd::default()
            };
            for actor in solver
                .draft
                .residents(server)
                .filter(|actor| !is_kept(*actor))
            {
                crowd.add(solver, actor);
            }
        }
    }
    crowds
}

/// Gives the crowds back, for the next who asks.
pub(super) fn keep(solver: &mut Solver<'_>, respect: Regard, crowds: Vec<Crowd>) {
    *solver.crowds.of(respect) = crowds;
}
