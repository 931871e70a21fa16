//! The generated cluster as a file of events.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use plasma_model::{ActorId, ActorUpdate, CallsRecord, Event, Field, Hello, ServerId, UsageUpdate};

use crate::generated::{CLIENT, FOLDER, FUNCTIONS, Generated, SESSION, TYPES};

const CORES: f64 = 4.0;
const MEMORY_BYTES: f64 = 17_179_869_184.0;

/// Writes one period to a file, in the form that its name says; bytes before compression.
pub(crate) fn write(cluster: &Generated, path: &Path) -> Result<u64, String> {
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

pub(crate) fn actor_id(no: u32) -> ActorId {
    ActorId::from(format!("a{no:07}"))
}

pub(crate) fn server_id(no: usize) -> ServerId {
    ServerId::from(format!("s{no:05}"))
}

fn usage(perc: Option<f64>, size: Option<f64>, capacity: Option<f64>) -> Field<UsageUpdate> {
    let given = |figure: Option<f64>| figure.map_or(Field::Keep, Field::Known);
    Field::Known(UsageUpdate {
        perc: given(perc),
        size: given(size),
        capacity: given(capacity),
    })
}

fn events(
    cluster: &Generated,
    put: &mut impl FnMut(Event) -> Result<(), String>,
) -> Result<(), String> {
    put(Event::Hello(Hello {
        version: 1,
        engine: "generated".to_owned(),
        period: 10.0,
    }))?;
    for (no, cpu) in cluster.server_cpu.iter().enumerate() {
        let mut update = plasma_model::ServerUpdate::new(server_id(no));
        update.cpu = usage(Some(*cpu), None, Some(CORES));
        update.mem = usage(Some(50.0), None, Some(MEMORY_BYTES));
        put(Event::Server(update))?;
    }
    let mut refs = cluster
        .files
        .iter()
        .chain(&cluster.others)
        .copied()
        .collect::<Vec<_>>();
    refs.sort_by_key(|(owner, _)| *owner);
    for no in 0..cluster.types.len() as u32 {
        let place = no as usize;
        let mut update = ActorUpdate::new(actor_id(no));
        update.actor_type = Field::Known(TYPES[cluster.types[place] as usize].0.to_owned());
        update.server = Field::Known(server_id(cluster.hosts[place] as usize));
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
            let members = of_owner.map(|(_, member)| actor_id(*member)).collect();
            update.refs = Field::Known([(property.to_owned(), members)].into());
        }
        put(Event::Actor(update))?;
    }
    for place in 0..cluster.callees.len() {
        put(Event::Calls(CallsRecord {
            from: match cluster.callers[place] {
                CLIENT => "client".to_owned(),
                no => actor_id(no).to_string(),
            },
            to: actor_id(cluster.callees[place]),
            function: FUNCTIONS[cluster.functions[place] as usize].to_owned(),
            count: cluster.counts[place],
            size: Some(cluster.counts[place] * 400.0),
            latency: None,
        }))?;
    }
    put(Event::Tick {
        t: 10.0,
        window: Some(1),
    })
}
