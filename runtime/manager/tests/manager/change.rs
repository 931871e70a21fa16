//! Another policy for a manager that has moved something already.

use plasma_check::{Environment, check_source};
use plasma_columns::Columns;
use plasma_diagnostic::FileId;
use plasma_eval::Past;
use plasma_manager::Gem;
use plasma_model::Action;

use crate::notation::cluster;

fn program(policy: &str) -> plasma_check::program::CheckedProgram {
    let checked = check_source(FileId(0), policy, &Environment::default());
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    checked.program
}

#[test]
fn ids_and_limits_go_on_and_cooldowns_begin_anew() {
    let mut snapshot = cluster(
        "
         s1 cpu 90
           a T cpu 30
           b T cpu 30
           c T cpu 30
         s2 cpu 10
         s3 cpu 10",
    );
    let mut gem = Gem::with_past(
        program("rule a [cooldown 1h]: server.cpu.perc > 80 => balance({T}, cpu);"),
        Past::of_everything(),
    );
    let ordered = |gem: &mut Gem, t: f64, snapshot: &mut plasma_model::Snapshot| {
        snapshot.t = t;
        gem.round(&Columns::of(snapshot));
        let orders: Vec<Action> = gem.orders(t);
        gem.assume_done();
        orders
    };
    let first = ordered(&mut gem, 10.0, &mut snapshot);
    assert!(!first.is_empty());
    let last_id = first.iter().map(|action| action.id).max();
    // What moved is said to be where it was: only the cooldown keeps it there.
    gem.replace_program(program(
        "rule b [cooldown 1h]: server.cpu.perc > 80 => balance({T}, cpu);",
    ));
    let second = ordered(&mut gem, 20.0, &mut snapshot);
    assert!(!second.is_empty());
    assert!(second.iter().all(|action| Some(action.id) > last_id));
    gem.replace_program(program(
        "server.cpu.perc > 80 => balance({T}, cpu); limit migrations 1 per 1h;",
    ));
    assert!(ordered(&mut gem, 30.0, &mut snapshot).is_empty());
}
