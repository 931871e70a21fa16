//! How long three rules take on a cluster of a thousand to a million actors, beside the same by hand.

use plasma_benches::floor::{Answer, LaidOutFloor, RowFloor};
use plasma_benches::rows;
use plasma_benches::rules::program;
use plasma_columns::Columns;
use plasma_eval::Evaluator;
use plasma_model::{PlanStep, Reservations};

use crate::clock::cpu_seconds;
use crate::generated::{Generated, Random};
use crate::statistics::median;

/// Measures clusters of these sizes.
pub(crate) fn run(sizes: &[usize], repetitions: usize) -> Result<bool, String> {
    println!(
        "{:>9} {:>12} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
        "actors", "laid out", "row loop", "whole", "×", "1 %", "×", "MB"
    );
    for size in sizes {
        measure(*size, repetitions)?;
    }
    Ok(true)
}

fn measure(size: usize, repetitions: usize) -> Result<(), String> {
    let mut cluster = Generated::new(size, 1);
    let program = program()?;
    let none = Reservations::default();
    let mut columns = Columns::of(&rows::snapshot(&cluster));
    let mut evaluator = Evaluator::new(&program).timed_by(cpu_seconds);
    let bytes = columns.bytes();
    let (mut laid_out, mut looped, mut whole, mut partly) = (vec![], vec![], vec![], vec![]);
    let mut evaluated = vec![];
    let mut random = Random::new(2);
    for _ in 0..repetitions {
        let floor = LaidOutFloor::new(&cluster);
        let mut by_rows = RowFloor::new(&cluster);
        let expected = floor.answer();
        let times = 1 + 100_000 / size;
        laid_out.push(seconds(times, || floor.answer()));
        looped.push(seconds(times, || by_rows.answer()));
        // A new one knows nothing: everything is looked at.
        let mut anew = Evaluator::new(&program).timed_by(cpu_seconds);
        let mut fastest = f64::MAX;
        for _ in 0..times.min(20) {
            anew.forget();
            let started = cpu_seconds();
            anew.evaluate(&program, &columns, &none);
            evaluated.push(cpu_seconds() - started);
            fastest = fastest.min(searched(&anew));
        }
        whole.push(fastest);
        compare(&anew, &columns, expected, "whole")?;
        evaluator.evaluate(&program, &columns, &none);
        compare(&evaluator, &columns, expected, "followed")?;

        cluster.change(&mut random);
        columns.follow(&rows::snapshot(&cluster));
        settle_memory();
        evaluator.evaluate(&program, &columns, &none);
        partly.push(searched(&evaluator));
    }
    let of = |values: &[f64]| 1000.0 * median(values).unwrap_or(f64::NAN);
    println!(
        "{size:>9} {:>10.3}ms {:>8.3}ms {:>8.3}ms {:>10.2} {:>8.3}ms {:>10.2} {:>10.1} (with intents {:.1} ms)",
        of(&laid_out),
        of(&looped),
        of(&whole),
        of(&whole) / of(&laid_out),
        of(&partly),
        of(&partly) / of(&laid_out),
        bytes as f64 / 1e6,
        of(&evaluated),
    );
    for step in evaluator
        .plan(&program, &columns)
        .rules
        .iter()
        .flat_map(|plan| &plan.steps)
    {
        let PlanStep {
            source,
            rows_tried,
            rows_kept,
            ..
        } = step;
        println!("{:>9} {source}: {rows_kept} of {rows_tried} rows", "");
    }
    Ok(())
}

/// Lets the allocator put in order what the rows gave back: millions of small pieces, which it would look through at the first
/// larger piece that a search asks for. A window makes no rows.
fn settle_memory() {
    std::hint::black_box(vec![0_u8; 1 << 16]);
}

fn seconds<T>(times: usize, mut run: impl FnMut() -> T) -> f64 {
    let started = cpu_seconds();
    for _ in 0..times {
        std::hint::black_box(run());
    }
    (cpu_seconds() - started) / times as f64
}

fn searched(evaluator: &Evaluator) -> f64 {
    evaluator
        .figures()
        .filter_map(|figures| figures.search_seconds)
        .sum()
}

/// Refuses figures of an evaluation that gives another answer than the floor.
fn compare(
    evaluator: &Evaluator,
    columns: &Columns,
    expected: Answer,
    how: &str,
) -> Result<(), String> {
    // Numbers are those of the columns.
    let no = |number: &u32| u64::from(rows::number(columns.actor_names().name(*number)));
    let sum = |place| {
        evaluator
            .matches(place)
            .fold((0, 0), |(count, sum), row| match row {
                [first, second] => (count + 1, sum + no(first) * 31 + no(second)),
                _ => (count + 1, sum),
            })
    };
    let found = Answer {
        balance: evaluator.matches(0).count() > 0,
        folders: sum(1),
        sessions: sum(2),
    };
    match found == expected {
        true => Ok(()),
        false => Err(format!("{how}: {found:?}, by hand {expected:?}")),
    }
}
