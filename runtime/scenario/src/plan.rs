//! What a policy decides, tick after tick: the manager of a running cluster, whose plans
//! succeed at once.

use std::sync::OnceLock;
use std::time::Instant;

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_eval::{Excess, Past};
use plasma_manager::{Gem, Round};
use plasma_model::{Decision, EvaluationPlan, PlanStats, Reservations};

/// A decision, and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The decision.
    pub decision: Decision,
    /// How large the input was and how long it took.
    pub stats: PlanStats,
    /// The rules that fired, in their order, with the number of bindings.
    pub fired: Vec<(String, usize)>,
    /// Rules that reached a bound of evaluation; what is decided is without them.
    pub excesses: Vec<Excess>,
}

/// What a policy decides on the last tick and those before it, with nothing reserved before.
pub fn plan(program: &CheckedProgram, columns: &Columns, past: &Past) -> Plan {
    Planner::with_past(program, past).plan(columns)
}

/// The same, with how the policy was evaluated and what each part of that took.
pub fn explained_plan(
    program: &CheckedProgram,
    columns: &Columns,
    past: &Past,
) -> (Plan, EvaluationPlan) {
    let Planner { gem } = Planner::with_past(program, past);
    let mut planner = Planner {
        gem: gem.timed_by(seconds_since_first),
    };
    let plan = planner.plan(columns);
    (plan, planner.gem.evaluation_plan(columns))
}

/// Seconds since it was called first.
fn seconds_since_first() -> f64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// Decides on tick after tick of the same columns. Reservations and what was moved when are carried from one to the next; where actors
/// live is what the next tick says.
#[derive(Clone, Debug)]
pub struct Planner {
    gem: Gem,
}

impl Planner {
    /// A manager that has not decided anything yet.
    pub fn new(program: CheckedProgram) -> Self {
        Planner {
            gem: Gem::new(program),
        }
    }

    /// The same, knowing what was before.
    fn with_past(program: &CheckedProgram, past: &Past) -> Self {
        Planner {
            gem: Gem::with_past(program.clone(), past.clone()),
        }
    }

    /// The ticks so far, as far as the policy looks at them.
    pub fn past(&self) -> &Past {
        self.gem.past()
    }

    /// The firings that hold a reservation.
    pub fn reservations(&self) -> Reservations {
        self.gem.reservations()
    }

    /// The plan of the next period.
    pub fn plan(&mut self, columns: &Columns) -> Plan {
        let started = Instant::now();
        let evaluated = self.gem.evaluate(columns);
        let evaluation_ended = Instant::now();
        let Round {
            decision,
            fired,
            excesses,
        } = self.gem.decide(columns, evaluated);
        self.gem.assume_done();
        Plan {
            decision,
            fired,
            excesses,
            stats: PlanStats {
                servers: columns.servers().len(),
                actors: columns.frame().live().len(),
                evaluate_seconds: (evaluation_ended - started).as_secs_f64(),
                arbitrate_seconds: evaluation_ended.elapsed().as_secs_f64(),
            },
        }
    }
}
