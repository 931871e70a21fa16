//! The integer program of an instance: which actor lives where.
//!
//! What is asked for is taken up in arbitration order, each as a constraint if it can be met together with
//! those taken up before. Then the greatest load is made as small as it can be, but no smaller than the
//! balance's bound; and then as few actors move as can.

use highs::{Col, HighsModelStatus, RowProblem, Sense};

use crate::instance::{Asked, Instance};

/// Slack for sums of floats, in percent.
const ROUNDING: f64 = 1e-6;

/// Seconds after which a program counts as too large.
const SECONDS_MAX: f64 = 120.0;

/// What is the best that can be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Optimum {
    /// Which of the things asked for are met.
    pub(crate) met: Vec<bool>,
    /// The greatest load of a server that is not reserved, or the bound if none is above it; in percent.
    pub(crate) greatest_load: f64,
    /// Actors that move.
    pub(crate) moves: usize,
}

/// What a program makes small.
#[derive(Clone, Copy)]
enum Aim {
    /// Anything that is allowed.
    Any,
    GreatestLoad,
    /// The number of moves, with the greatest load at most this.
    Moves(f64),
}

/// Finds the optimum of an instance.
pub(crate) fn optimum(instance: &Instance) -> Result<Optimum, String> {
    let mut taken_up = Vec::new();
    let mut met = Vec::new();
    for asked in &instance.asked {
        taken_up.push(*asked);
        let can_be_met = solve(instance, &taken_up, Aim::Any)?.is_some();
        if !can_be_met {
            taken_up.pop();
        }
        met.push(can_be_met);
    }
    let infeasible = || format!("{}: nothing is allowed", instance.name);
    let least = solve(instance, &taken_up, Aim::GreatestLoad)?.ok_or_else(infeasible)?;
    let moves = solve(instance, &taken_up, Aim::Moves(least))?.ok_or_else(infeasible)?;
    Ok(Optimum {
        met,
        greatest_load: least,
        moves: moves.round() as usize,
    })
}

/// The value of the aim; `None` if nothing is allowed.
fn solve(instance: &Instance, taken_up: &[Asked], aim: Aim) -> Result<Option<f64>, String> {
    let mut program = RowProblem::default();
    let servers = instance.bases.len();
    let (of_moves, of_load) = match aim {
        Aim::Any => (0.0, 0.0),
        Aim::GreatestLoad => (0.0, 1.0),
        Aim::Moves(_) => (1.0, 0.0),
    };
    let lives: Vec<Vec<Col>> = instance
        .actors
        .iter()
        .map(|(_, host)| {
            let cost = |server| if server == *host { 0.0 } else { of_moves };
            let columns = (0..servers).map(|s| program.add_integer_column(cost(s), 0.0..=1.0));
            columns.collect()
        })
        .collect();
    let most = match aim {
        Aim::Moves(load) => load + ROUNDING,
        _ => f64::INFINITY,
    };
    let greatest = program.add_column(of_load, instance.upper..=most.max(instance.upper));
    for places in &lives {
        program.add_row(1.0..=1.0, places.iter().map(|place| (*place, 1.0)));
    }
    let reserved: Vec<usize> = taken_up
        .iter()
        .filter_map(|asked| match asked {
            Asked::Reserve(actor) => Some(*actor),
            _ => None,
        })
        .collect();
    for (server, before) in instance.loads().into_iter().enumerate() {
        let here = |factor: f64| {
            let actors = instance.actors.iter().zip(&lives);
            actors.map(move |((load, _), places)| (places[server], load * factor))
        };
        let room = before.max(100.0) - instance.bases[server];
        program.add_row(..=room + ROUNDING, here(1.0));
        // A server that is reserved takes no part in the balance.
        let out = reserved.iter().map(|actor| (lives[*actor][server], -200.0));
        let row: Vec<(Col, f64)> = add_up(here(1.0).chain(out)).collect();
        let row = row.into_iter().chain([(greatest, -1.0)]);
        program.add_row(..=-instance.bases[server], row);
    }
    if let Some(moves_max) = instance.moves_max {
        let stay = instance.actors.iter().zip(&lives);
        let stay = stay.map(|((_, host), places)| (places[*host], 1.0));
        program.add_row((instance.actors.len() - moves_max) as f64.., stay);
    }
    add_asked(&mut program, instance, taken_up, &lives);
    let mut model = program.optimise(Sense::Minimise);
    model.make_quiet();
    model.set_option("time_limit", SECONDS_MAX);
    // A number of moves is whole: once less than one is between the bounds, it is the least.
    let gap = match aim {
        Aim::Moves(_) => 0.99,
        _ => 1e-4,
    };
    model.set_option("mip_abs_gap", gap);
    model.set_option("mip_rel_gap", 1e-6);
    model.set_option("threads", 1);
    let solved = model.solve();
    match solved.status() {
        HighsModelStatus::Optimal => Ok(Some(solved.objective_value())),
        HighsModelStatus::Infeasible => Ok(None),
        status => Err(format!("{}: {status:?}", instance.name)),
    }
}

/// Each column once.
fn add_up(row: impl Iterator<Item = (Col, f64)>) -> impl Iterator<Item = (Col, f64)> {
    let mut sums: Vec<(Col, f64)> = Vec::new();
    for (column, factor) in row {
        match sums.iter_mut().find(|(known, _)| *known == column) {
            Some((_, sum)) => *sum += factor,
            None => sums.push((column, factor)),
        }
    }
    sums.into_iter()
}

fn add_asked(
    program: &mut RowProblem,
    instance: &Instance,
    taken_up: &[Asked],
    lives: &[Vec<Col>],
) {
    let servers = 0..instance.bases.len();
    let pinned = |actor: &usize| {
        let pins = |asked: &&Asked| matches!(asked, Asked::Pin(pinned) if pinned == actor);
        taken_up.iter().any(|asked| pins(&asked))
    };
    for asked in taken_up {
        match *asked {
            Asked::Pin(actor) => {
                let host = lives[actor][instance.actors[actor].1];
                program.add_row(1.0..=1.0, [(host, 1.0)]);
            }
            Asked::Separate(a, b) => {
                for server in servers.clone() {
                    let both = [(lives[a][server], 1.0), (lives[b][server], 1.0)];
                    program.add_row(..=1.0, both);
                }
            }
            Asked::Colocate(a, b) => {
                for server in servers.clone() {
                    let both = [(lives[a][server], 1.0), (lives[b][server], -1.0)];
                    program.add_row(0.0..=0.0, both);
                }
            }
            // Those pinned there may stay. No reserved actor is colocated in these instances.
            Asked::Reserve(actor) => {
                for server in servers.clone() {
                    for (other, places) in lives.iter().enumerate() {
                        let stays = pinned(&other) && instance.actors[other].1 == server;
                        if other != actor && !stays {
                            let both = [(lives[actor][server], 1.0), (places[server], 1.0)];
                            program.add_row(..=1.0, both);
                        }
                    }
                }
            }
        }
    }
}
