//! How long a period takes at scale, from the events that an engine sends to the actions that it gets: one row
//! in a hundred is another one than in the period before.
//!
//! Loads of actors and servers come only where they changed. The calls of a period are all told again, as
//! the format wants it, so they are timed apart from the rest: an engine sends them while the period runs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use plasma_benches::{events, rows, rules};
use plasma_engine::trace::TraceReader;
use plasma_manager::{Gem, Window};
use plasma_model::{Event, EventView};

use crate::clock::timed;
use crate::generated::{Generated, Random};
use crate::ingest::{forget_peak, peak_megabytes};
use crate::statistics::median;

/// Periods that are measured, after the first one, in which everybody appears.
const PERIODS: usize = 5;

/// Three rules: a balance, and two that bring together who calls whom.
const POLICY: &str = "\
limit migrations 2000 per 10s;
server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
Session(s).call(Player(p).update).count > 1000 => colocate(s, p);
";

/// The parts of a period, in seconds.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    /// Events of actors and servers, parsed and folded.
    rows: f64,
    /// Events of calls.
    calls: f64,
    tick: f64,
    evaluation: f64,
    arbitration: f64,
}

/// One of them, or a sum.
type Part = fn(&Parts) -> f64;

/// What was sent in a period, in two pieces: the second one, with the calls, ends with the tick.
struct Sent {
    rows: Vec<u8>,
    calls: Vec<u8>,
}

/// Measures a cluster of so many actors, its events in both formats.
pub(crate) fn run(actors: usize) -> Result<bool, String> {
    let folder = std::env::temp_dir().join(format!("plasma-period-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let path = folder.join("s.jsonl");
    let measured = ["jsonl", "msgpack"]
        .iter()
        .try_for_each(|format| measure(actors, format, &path));
    fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    measured.map(|()| true)
}

fn measure(actors: usize, format: &str, path: &Path) -> Result<(), String> {
    let name = format!("period.{format}");
    let mut cluster = Generated::new(actors, 1);
    let mut random = Random::new(2);
    let mut window = Window::new(None);
    let mut gem = Gem::new(rules::checked(POLICY)?);
    let first = sent(&cluster, None, 0, path, format)?;
    let (begun, result) = timed(|| {
        fold(&mut window, &name, first.rows)?;
        fold(&mut window, &name, first.calls)
    });
    result?;
    let (decided, _) = timed(|| gem.round(window.columns()));
    gem.assume_done();
    println!(
        "{actors} actors, {} servers, {} calls, {format}: the first period {:.0} ms to read, {:.0} ms to decide",
        cluster.server_cpu.len(),
        cluster.counts.len(),
        1e3 * begun,
        1e3 * decided,
    );
    let mut all = Vec::new();
    for period in 1..=PERIODS {
        let changed = change(&mut cluster, &mut random);
        let sent = sent(&cluster, Some(&changed), period, path, format)?;
        let megabytes = [&sent.rows, &sent.calls].map(|piece| piece.len() as f64 / 1e6);
        forget_peak();
        let mut parts = Parts::default();
        let (spent, result) = timed(|| fold(&mut window, &name, sent.rows));
        result?;
        parts.rows = spent;
        let (spent, result) = timed(|| fold_to_tick(&mut window, &name, sent.calls));
        let tick = result?;
        parts.calls = spent;
        let (spent, result) = timed(|| window.push(&tick));
        result.map_err(|error| error.to_string())?;
        parts.tick = spent;
        let (spent, evaluated) = timed(|| gem.evaluate(window.columns()));
        parts.evaluation = spent;
        let (spent, round) = timed(|| gem.decide(window.columns(), evaluated));
        parts.arbitration = spent;
        gem.assume_done();
        println!(
            "  {:6.2} + {:6.1} MB: {} intents, {} actions, {} rejected; peak {:.0} MB",
            megabytes[0],
            megabytes[1],
            round.decision.intents.len(),
            round.decision.actions.len(),
            round.decision.rejected.len(),
            peak_megabytes().unwrap_or(f64::NAN),
        );
        all.push(parts);
    }
    print(&all);
    println!("  {:.1} MB held", window.bytes() as f64 / 1e6);
    Ok(())
}

fn print(all: &[Parts]) {
    let of = |part: Part| {
        let values: Vec<f64> = all.iter().map(part).collect();
        1e3 * median(&values).unwrap_or(f64::NAN)
    };
    let lines: [(&str, Part); 7] = [
        ("calls, while it runs", |parts| parts.calls),
        ("actors and servers", |parts| parts.rows),
        ("tick", |parts| parts.tick),
        ("evaluation", |parts| parts.evaluation),
        ("arbitration", |parts| parts.arbitration),
        ("all but the calls", |parts| {
            parts.rows + parts.tick + parts.evaluation + parts.arbitration
        }),
        ("from tick to actions", |parts| {
            parts.tick + parts.evaluation + parts.arbitration
        }),
    ];
    for (what, part) in lines {
        println!("  {what:22} {:8.1} ms", of(part));
    }
}

/// Changes one row in a hundred; the actors and servers that changed, by name.
fn change(cluster: &mut Generated, random: &mut Random) -> BTreeSet<String> {
    let changed = cluster.change(random);
    let actors = changed.actors.iter().map(|no| rows::actor(*no).to_string());
    let servers = changed.servers.iter();
    actors
        .chain(servers.map(|no| rows::server(*no).to_string()))
        .collect()
}

/// What an engine sends in a period; everything if `changed` is not known.
fn sent(
    cluster: &Generated,
    changed: Option<&BTreeSet<String>>,
    period: usize,
    path: &Path,
    format: &str,
) -> Result<Sent, String> {
    events::write(cluster, path)?;
    let mut reader = TraceReader::open(path).map_err(|error| error.to_string())?;
    let is_sent = |id: &str| changed.is_none_or(|changed| changed.contains(id));
    let (mut rows, mut calls) = (Vec::new(), Vec::new());
    while let Some(located) = reader.next_event().map_err(|error| error.to_string())? {
        match located.event {
            Event::Hello(_) if changed.is_some() => {}
            Event::Server(update) if !is_sent(update.id.as_str()) => {}
            Event::Actor(update) if !is_sent(update.id.as_str()) => {}
            event @ Event::Calls(_) => write(&event, format, &mut calls)?,
            Event::Tick { .. } => {
                let tick = Event::Tick {
                    t: 10.0 * (period + 1) as f64,
                    window: Some(period as u64 + 1),
                };
                write(&tick, format, &mut calls)?;
            }
            event => write(&event, format, &mut rows)?,
        }
    }
    Ok(Sent { rows, calls })
}

fn write(event: &Event, format: &str, to: &mut Vec<u8>) -> Result<(), String> {
    if format == "msgpack" {
        let packed = rmp_serde::to_vec_named(event).map_err(|error| error.to_string())?;
        to.extend(packed);
        return Ok(());
    }
    serde_json::to_writer(&mut *to, event).map_err(|error| error.to_string())?;
    to.push(b'\n');
    Ok(())
}

/// Parses and folds events; a piece without a tick ends where it ends.
fn fold(window: &mut Window, name: &str, piece: Vec<u8>) -> Result<(), String> {
    let mut reader = TraceReader::new(name, Box::new(Cursor::new(piece)));
    while let Ok(Some(event)) = reader.next_view() {
        window
            .push_view(&event)
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The same up to the tick, which is left to be folded.
fn fold_to_tick(window: &mut Window, name: &str, piece: Vec<u8>) -> Result<Event, String> {
    let mut reader = TraceReader::new(name, Box::new(Cursor::new(piece)));
    while let Some(event) = reader.next_view().map_err(|error| error.to_string())? {
        if let EventView::Owned(tick @ Event::Tick { .. }) = event {
            return Ok(tick);
        }
        window
            .push_view(&event)
            .map_err(|error| error.to_string())?;
    }
    Err("there is no tick".to_owned())
}
