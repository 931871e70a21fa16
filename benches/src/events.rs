//! The generated cluster as events, and as a file of them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use plasma_model::{ActorUpdate, CallsRecord, Event, Field, Hello, ServerUpdate, UsageUpdate};

use crate::generated::{CLIENT, FOLDER, FUNCTIONS, Generated, SESSION, TYPES};
use crate::rows::{actor, server};

/// Length of a period.
const PERIOD_SECONDS: f64 = 10.0;

const CORES: f64 = 4.0;
const MEMORY_BYTES: f64 = 17_179_869_184.0;

/// Writes one period to a file, in the form that its name says; bytes before compression.
///
/// # Errors
///
/// What the operating system says.
pub fn write(cluster: &Generated, path: &Path) -> Result<u64, String> {
    let failed = |error: std::io::Error| error.to_string();
    let file = BufWriter::new(File::create(path).map_err(failed)?);
    let name = path.display().to_string();
    let is_packed = name.contains(".msgpack");
    let mut output: Box<dyn Write> = match name.ends_with(".zst") {
        true => {
            let encoder = zstd::stream::write::Encoder::new(file, 1).map_err(failed)?;
            Box::new(encoder.auto_finish())
        }
        false => Box::new(file),
    };
    let mut written = 0;
    let mut put = |event: Event| -> Result<(), String> {
        let bytes = match is_packed {
            true => rmp_serde::to_vec_named(&event).map_err(|error| error.to_string())?,
            false => {
                let mut line = serde_json::to_vec(&event).map_err(|error| error.to_string())?;
                line.push(b'\n');
                line
            }
        };
        written += bytes.len() as u64;
        output.write_all(&bytes).map_err(failed)
    };
    events(cluster, &mut put)?;
    output.flush().map_err(failed)?;
    Ok(written)
}

fn usage(perc: Option<f64>, size: Option<f64>, capacity: Option<f64>) -> Field<UsageUpdate> {
    let given = |figure: Option<f64>| figure.map_or(Field::Keep, Field::Known);
    Field::Known(UsageUpdate {
        perc: given(perc),
        size: given(size),
        capacity: given(capacity),
    })
}

/// Where events go.
pub type Put<'p> = dyn FnMut(Event) -> Result<(), String> + 'p;

/// The first period as an engine sends it.
///
/// # Errors
///
/// What `put` says of an event.
pub fn events(cluster: &Generated, put: &mut Put<'_>) -> Result<(), String> {
    put(Event::Hello(Hello {
        version: 1,
        engine: "generated".to_owned(),
        period: PERIOD_SECONDS,
    }))?;
    servers(cluster, put)?;
    actors(cluster, put)?;
    calls(cluster, put)?;
    tick(1, put)
}

/// A later period, numbered from 2: all servers and calls, and of these actors the load.
///
/// # Errors
///
/// What `put` says of an event.
pub fn later_events(
    cluster: &Generated,
    period: u64,
    changed: &[u32],
    put: &mut Put<'_>,
) -> Result<(), String> {
    servers(cluster, put)?;
    for no in changed {
        let mut update = ActorUpdate::new(actor(*no));
        update.cpu = usage(Some(cluster.cpu[*no as usize]), None, None);
        put(Event::Actor(update))?;
    }
    calls(cluster, put)?;
    tick(period, put)
}

fn servers(cluster: &Generated, put: &mut Put<'_>) -> Result<(), String> {
    for (no, cpu) in cluster.server_cpu.iter().enumerate() {
        let mut update = ServerUpdate::new(server(no as u32));
        update.cpu = usage(Some(*cpu), None, Some(CORES));
        update.mem = usage(Some(50.0), None, Some(MEMORY_BYTES));
        put(Event::Server(update))?;
    }
    Ok(())
}

fn actors(cluster: &Generated, put: &mut Put<'_>) -> Result<(), String> {
    let refs = cluster.files.iter().chain(&cluster.others);
    let mut refs = refs.copied().collect::<Vec<_>>();
    refs.sort_by_key(|(owner, _)| *owner);
    for no in 0..cluster.types.len() as u32 {
        let place = no as usize;
        let mut update = ActorUpdate::new(actor(no));
        update.actor_type = Field::Known(TYPES[cluster.types[place] as usize].0.to_owned());
        update.server = Field::Known(server(cluster.hosts[place]));
        // As an engine prints them: with the digits that say something.
        let cpu = (cluster.cpu[place] * 1000.0).round() / 1000.0;
        update.cpu = usage(Some(cpu), None, None);
        update.mem = usage(None, Some(cluster.memory[place].round()), None);
        let property = match cluster.types[place] {
            FOLDER => Some("files"),
            SESSION => Some("players"),
            _ => None,
        };
        if let Some(property) = property {
            let start = refs.partition_point(|(owner, _)| *owner < no);
            let of_owner = refs[start..].iter().take_while(|(owner, _)| *owner == no);
            let members = of_owner.map(|(_, member)| actor(*member)).collect();
            update.refs = Field::Known([(property.to_owned(), members)].into());
        }
        put(Event::Actor(update))?;
    }
    Ok(())
}

fn calls(cluster: &Generated, put: &mut Put<'_>) -> Result<(), String> {
    for place in 0..cluster.callees.len() {
        put(Event::Calls(CallsRecord {
            from: match cluster.callers[place] {
                CLIENT => "client".to_owned(),
                no => actor(no).to_string(),
            },
            to: actor(cluster.callees[place]),
            function: FUNCTIONS[cluster.functions[place] as usize].to_owned(),
            count: cluster.counts[place],
            size: Some(cluster.counts[place] * 400.0),
            latency: None,
        }))?;
    }
    Ok(())
}

fn tick(period: u64, put: &mut Put<'_>) -> Result<(), String> {
    put(Event::Tick {
        t: period as f64 * PERIOD_SECONDS,
        window: Some(period),
    })
}
