//! Every figure that Plasma quotes, measured by one command:
//! `cargo run --release -p plasma-benches -- gain` (or `prices`).

mod arbitration;
mod evaluation;
mod front;
mod gain;
mod ingest;
mod lsp;
mod period;
mod plasma;
mod prices;

use std::path::Path;
use std::process::ExitCode;

use plasma_benches::{clock, generated, statistics};

const USAGE: &str = "\
usage: cargo run --release -p plasma-benches -- BENCH [ARGUMENT...]

benches:
  gain [N]   what the metadata policy gains over the start it finds, seeds 1 to N (default 10):
             random placement, all on one server, and a control that decides but never moves.
             Takes 90 s a seed; the machine should be idle. Exit status 1 if a claim is missed
  evaluation [ACTORS]  three rules on clusters of so many actors, beside the same by hand
  ingest [ACTORS]  a snapshot of so many actors from a file into columns: speed and memory
  arbitration [NAME...]
             how long a plan for a million actors takes, and what it achieves; the instances are
             balance, colocate, steady and large
  period [ACTORS]
             a period of so many actors (default 1000000), of which one in a hundred changed, from
             events to actions: the time of each part, and memory
  front [N]  how fast policies are read and checked, N repetitions (default 11). Exit status 1 if 10 000
             rules take more than 20 ms
  front-step KIND STEP N
             one step of `front` N times without a clock, to be run under a profiler
  lsp [N]    how long an editor waits for the language server in a file of 10 000 rules, at N places
             (default 100). Exit status 1 if a target is missed
  lsp --peer NLS
             the same, and how long one waits for the language server of Nickel, by its binary
  prices     what a frame costs the embedded cluster, for the simulator's table of prices";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["prices"] => prices::run(),
        ["evaluation"] => evaluation::run(&[1000, 10_000, 100_000, 1_000_000], 5),
        ["evaluation", actors] => match actors.parse() {
            Ok(actors @ 100..=10_000_000) => evaluation::run(&[actors], 5),
            _ => Err(format!(
                "`{actors}` is not a number of actors from 100 to 10000000"
            )),
        },
        ["ingest"] => ingest::run(&[10_000, 100_000, 1_000_000]),
        ["ingest", actors] => match actors.parse() {
            Ok(actors @ 100..=10_000_000) => ingest::run(&[actors]),
            _ => Err(format!(
                "`{actors}` is not a number of actors from 100 to 10000000"
            )),
        },
        ["period"] => period::run(1_000_000),
        ["period", actors] => match actors.parse() {
            Ok(actors @ 100..=10_000_000) => period::run(actors),
            _ => Err(format!(
                "`{actors}` is not a number of actors from 100 to 10000000"
            )),
        },
        ["arbitration", names @ ..] => arbitration::run(names),
        ["front"] => front::run(11),
        ["front", repetitions] => match repetitions.parse() {
            Ok(repetitions @ 1..=1000) => front::run(repetitions),
            _ => Err(format!(
                "`{repetitions}` is not a number of repetitions from 1 to 1000"
            )),
        },
        ["front-step", kind, step, times] => match times.parse() {
            Ok(times) => front::step(kind, step, times),
            Err(error) => Err(format!("`{times}` is no number of times: {error}")),
        },
        ["lsp"] => lsp::run(100, None),
        ["lsp", "--peer", peer] => lsp::run(100, Some(Path::new(peer))),
        ["lsp", places] => match places.parse() {
            Ok(places @ 1..=10_000) => lsp::run(places, None),
            _ => Err(format!(
                "`{places}` is not a number of places from 1 to 10000"
            )),
        },
        ["gain"] => gain::run(10),
        ["gain", seeds] => match seeds.parse() {
            Ok(seeds @ 1..=1000) => gain::run(seeds),
            _ => Err(format!("`{seeds}` is not a number of seeds from 1 to 1000")),
        },
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
