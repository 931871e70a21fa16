//! What is recorded can be replayed; a disk that fills ends the recording, not the run.

use std::io::{self, Cursor, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use plasma_engine::Position;
use plasma_engine::trace::{Recorder, TraceReader};
use plasma_model::{
    ActorUpdate, Event, Field, Hello, Outcome, OutcomeResult, PlanDocument, PlanStats,
    ServerUpdate, UsageUpdate,
};

/// A file that can be read while it is written, and that has only so much room.
#[derive(Clone)]
struct Disk {
    content: Arc<Mutex<Vec<u8>>>,
    room_bytes: usize,
}

impl Disk {
    fn with_room(room_bytes: usize) -> Self {
        Disk {
            content: Arc::default(),
            room_bytes,
        }
    }

    fn text(&self) -> String {
        let content = self.content.lock().map(|c| c.clone()).unwrap_or_default();
        String::from_utf8(content).unwrap_or_default()
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut content = self.content.lock().map_err(|_| io::Error::other("lock"))?;
        if content.len() + bytes.len() > self.room_bytes {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        content.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn server(perc: f64) -> Event {
    let mut update = ServerUpdate::new("s1".into());
    update.cpu = Field::Known(UsageUpdate {
        perc: Field::Known(perc),
        size: Field::Keep,
        capacity: Field::Known(4.0),
    });
    Event::Server(update)
}

fn actor(server: &str, mailbox: u64) -> Event {
    let mut update = ActorUpdate::new("fo1".into());
    update.actor_type = Field::Known("Folder".to_owned());
    update.server = Field::Known(server.into());
    update.mailbox = Field::Known(mailbox);
    Event::Actor(update)
}

fn tick(t: f64) -> Event {
    Event::Tick {
        t,
        window: Some(t as u64),
    }
}

fn run() -> Vec<Event> {
    let plan = PlanDocument {
        t: 1.0,
        intents: Vec::new(),
        actions: Vec::new(),
        rejected: Vec::new(),
        unmet: Vec::new(),
        placement: Default::default(),
        stats: Some(PlanStats {
            servers: 1,
            actors: 1,
            evaluate_seconds: 0.1,
            arbitrate_seconds: 0.1,
        }),
        evaluation: None,
    };
    vec![
        Event::Hello(Hello {
            version: 1,
            engine: "embedded".to_owned(),
            period: 1.0,
        }),
        server(90.0),
        actor("s1", 3),
        tick(1.0),
        Event::Decision {
            t: 1.0,
            policy: "c0ffee".to_owned(),
            plan,
        },
        Event::Outcome(Outcome {
            id: 1,
            result: OutcomeResult::done(0.001, 512),
        }),
        server(90.0),
        actor("s1", 0),
        tick(2.0),
        actor("s1", 0),
        Event::ActorGone { id: "fo1".into() },
        actor("s1", 0),
        tick(3.0),
    ]
}

#[test]
fn of_servers_and_actors_only_changes_are_written() {
    let disk = Disk::with_room(usize::MAX);
    let mut recorder = Recorder::new("run.jsonl", Box::new(disk.clone()));
    for event in run() {
        recorder.write(&event);
    }
    assert!(recorder.finish().is_ok());
    insta::assert_snapshot!(disk.text(), @r#"
    {"event":"hello","version":1,"engine":"embedded","period":1.0}
    {"event":"server","id":"s1","cpu":{"perc":90.0,"capacity":4.0}}
    {"event":"actor","id":"fo1","type":"Folder","server":"s1","mailbox":3}
    {"event":"tick","t":1.0,"window":1}
    {"event":"decision","t":1.0,"policy":"c0ffee","plan":{"t":1.0,"intents":[],"actions":[],"rejected":[],"placement":{}}}
    {"event":"outcome","id":1,"ok":true,"pause":0.001,"bytes":512}
    {"event":"actor","id":"fo1","mailbox":0}
    {"event":"tick","t":2.0,"window":2}
    {"event":"actor_gone","id":"fo1"}
    {"event":"actor","id":"fo1","type":"Folder","server":"s1","mailbox":0}
    {"event":"tick","t":3.0,"window":3}
    "#);
}

#[test]
fn a_tick_is_on_the_disk_when_it_is_written() {
    let disk = Disk::with_room(usize::MAX);
    let mut recorder = Recorder::new("run.jsonl", Box::new(disk.clone()));
    for event in run().into_iter().take(4) {
        recorder.write(&event);
    }
    assert!(
        disk.text()
            .ends_with("{\"event\":\"tick\",\"t\":1.0,\"window\":1}\n")
    );
}

#[test]
fn a_recording_is_read_back() {
    let disk = Disk::with_room(usize::MAX);
    let mut recorder = Recorder::new("run.jsonl", Box::new(disk.clone()));
    for event in run() {
        recorder.write(&event);
    }
    assert!(recorder.finish().is_ok());
    let mut reader = TraceReader::new("run.jsonl", Box::new(Cursor::new(disk.text())));
    let mut last = None;
    while let Ok(Some(located)) = reader.next_event() {
        last = Some(located.position);
    }
    let expected = (Some(Position::Line(11)), Some(3.0));
    assert_eq!((last, reader.last_tick_seconds()), expected);
}

#[test]
fn a_full_disk_ends_the_recording_and_is_told_at_the_end() {
    let disk = Disk::with_room(400);
    let mut recorder = Recorder::new("run.jsonl", Box::new(disk.clone()));
    for event in run() {
        recorder.write(&event);
    }
    assert!(recorder.failure().is_some());
    let error = recorder.finish().err();
    insta::assert_snapshot!(
        error.map(|error| error.to_string()).unwrap_or_default(),
        @"cannot record to run.jsonl: no storage space; what was recorded before can be read"
    );
    let reader = TraceReader::new("run.jsonl", Box::new(Cursor::new(disk.text())));
    assert!(
        reader.last().is_some_and(|last| last.is_ok()),
        "{}",
        disk.text()
    );
}

#[test]
fn a_compressed_recording_that_was_cut_is_read_up_to_its_last_tick() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cut_recording.jsonl.zst");
    let recorder = Recorder::create(&path).map(|mut recorder| {
        for event in run().into_iter().take(10) {
            recorder.write(&event);
        }
        // As if the program had been killed: the compressed stream is never closed.
        drop(recorder);
    });
    assert!(recorder.is_ok());
    let last = TraceReader::open(&path).ok().and_then(Iterator::last);
    let message = match last {
        Some(Err(error)) => error.problem.to_string(),
        other => format!("{other:?}"),
    };
    insta::assert_snapshot!(message, @"the trace is cut off after the tick at 2 s; up to there (`--at 2`) it can be read");
}
