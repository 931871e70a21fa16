//! Traces in MessagePack: the same events as in JSON Lines, and every way in which they can be bad.

use std::fs;
use std::io::{BufReader, Cursor, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use plasma_engine::trace::{Recorder, TraceReader};
use plasma_model::Event;
use serde_json::{Value as Json, json};

use crate::bad_input::mistake;

const LINES: &str = r#"{"event":"hello","version":1,"engine":"test","period":10.0}
{"event":"schema","source":"actor Folder { files: [File]; fn open; }"}
{"event":"server","id":"s1","cpu":{"perc":90,"capacity":4},"labels":{"zone":"a"}}
{"event":"actor","id":"fo1","type":"Folder","server":"s1","cpu":{"perc":null},"mem":null,"refs":{"files":["fi1"],"none":null},"values":{"depth":3,"name":"x","open":true},"mailbox":0}
{"event":"actor","id":"a \"b\"","type":"Folder","server":"s1","later":[1]}
{"event":"calls","from":"client","to":"fo1","fn":"open","count":120,"size":48000,"latency":{"mean":0.0021,"p99":0.0090}}
{"event":"actor_gone","id":"a \"b\""}
{"event":"tick","t":10.0,"window":7}
{"event":"decision","t":10.0,"policy":"x","plan":{"t":10.0,"intents":[],"actions":[],"rejected":[],"placement":{}}}
{"event":"outcome","id":1,"ok":false,"error":"busy"}
"#;

fn mistake_in(bytes: impl AsRef<[u8]>) -> String {
    mistake(reader("t.msgpack", bytes))
}

fn reader(name: &str, bytes: impl AsRef<[u8]>) -> TraceReader {
    TraceReader::new(name, Box::new(Cursor::new(bytes.as_ref().to_vec())))
}

fn packed(value: &Json) -> Vec<u8> {
    rmp_serde::to_vec_named(value).unwrap_or_default()
}

fn maps() -> Vec<Json> {
    let lines = LINES.lines().map(serde_json::from_str);
    lines.filter_map(Result::ok).collect()
}

fn events(reader: TraceReader) -> Vec<Event> {
    reader.map(|located| located.unwrap().event).collect()
}

#[test]
fn maps_and_arrays_of_maps_are_the_same_as_lines() {
    let expected = events(reader("t.jsonl", LINES));
    assert_eq!(expected.len(), 10);
    let one_by_one: Vec<u8> = maps().iter().flat_map(packed).collect();
    assert_eq!(events(reader("t.msgpack", &one_by_one)), expected);
    let batches = maps()
        .chunks(3)
        .map(|batch| json!(batch))
        .collect::<Vec<_>>();
    let batches: Vec<u8> = batches.iter().flat_map(packed).collect();
    assert_eq!(events(reader("t.msgpack", batches)), expected);
    // Whatever the parts are in which the bytes come.
    for capacity in [1, 7, 64] {
        let parts = BufReader::with_capacity(capacity, Cursor::new(one_by_one.clone()));
        let parts = TraceReader::new("t.msgpack", Box::new(parts));
        assert_eq!(events(parts), expected);
    }
    let empty_before = [packed(&json!([])), packed(&json!(maps()))].concat();
    assert_eq!(events(reader("t.msgpack", empty_before)), expected);
}

/// Standard input has no name that would tell its format.
#[test]
fn what_has_no_name_is_recognised_by_its_first_bytes() {
    let expected = events(reader("t.jsonl", LINES));
    let batch: Vec<Json> = maps();
    let lines = LINES.as_bytes().to_vec();
    let with_mark = [b"\xef\xbb\xbf\n ", LINES.as_bytes()].concat();
    let packed_maps: Vec<u8> = batch.iter().flat_map(packed).collect();
    let long: Vec<Json> = batch.iter().chain(&batch).cloned().collect();
    let long_array = packed(&json!(long));
    assert_eq!(long_array[0], 0xdc);
    let twice = [expected.clone(), expected.clone()].concat();
    for (bytes, expected) in [
        (lines, &expected),
        (with_mark, &expected),
        (packed_maps, &expected),
        (packed(&json!(batch)), &expected),
        (long_array, &twice),
    ] {
        let compressed = zstd::encode_all(&bytes[..], 1).unwrap_or_default();
        for bytes in [bytes, compressed] {
            // A pipe may give its first bytes one by one.
            for capacity in [1, 8192] {
                let input = BufReader::with_capacity(capacity, Cursor::new(bytes.clone()));
                let reader = TraceReader::recognising("<stdin>", Box::new(input));
                assert_eq!(&events(reader.expect("it begins")), expected);
            }
        }
    }
}

#[test]
fn first_bytes_that_mislead_are_told() {
    let mistake_in = |bytes: &[u8]| {
        let input = Cursor::new(bytes.to_vec());
        match TraceReader::recognising("<stdin>", Box::new(input)) {
            Ok(reader) => mistake(reader),
            Err(error) => error.to_string(),
        }
    };
    insta::assert_snapshot!(mistake_in(b""), @r#"0 events, then <stdin>: the trace is empty; expected at least {"event":"tick","t":0}"#);
    insta::assert_snapshot!(mistake_in(b"\x28\xb5"), @"0 events, then <stdin>:1: byte 2 of the line is not UTF-8; expected a trace in JSON Lines or MessagePack, plain or compressed with zstd");
    insta::assert_snapshot!(mistake_in(b"\x28\xb5\x2f\xfd no frame at all"), @"0 events, then <stdin>:1: cannot decompress the trace: data corruption detected; expected zstd, as its first bytes say");
    insta::assert_snapshot!(mistake_in(b"\x81\xc1"), @"0 events, then <stdin>: event 1 (byte 0): byte 1 is 0xc1, which begins nothing; expected MessagePack, one map an event or an array of them, as its first bytes say");
    insta::assert_snapshot!(mistake_in(b"PK\x03\x04\xff"), @"0 events, then <stdin>:1: byte 5 of the line is not UTF-8; expected a trace in JSON Lines or MessagePack, plain or compressed with zstd");
}

#[test]
fn a_recording_by_that_name_is_read_back_compressed_or_not() {
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<Vec<u8>>>);
    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let expected = events(reader("t.jsonl", LINES));
    let disk = Disk::default();
    let mut recorder = Recorder::new("t.msgpack", Box::new(disk.clone()));
    expected.iter().for_each(|event| recorder.write(event));
    assert!(recorder.finish().is_ok());
    let bytes = disk.0.lock().unwrap().clone();
    assert_eq!(bytes.first().map(|marker| marker & 0xf0), Some(0x80));
    assert_eq!(events(reader("t.msgpack", bytes)), expected);

    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("recorded.msgpack.zst");
    let mut recorder = Recorder::create(&path).unwrap();
    expected.iter().for_each(|event| recorder.write(event));
    assert!(recorder.finish().is_ok());
    assert_eq!(events(TraceReader::open(&path).unwrap()), expected);

    let mut bytes = fs::read(&path).unwrap();
    bytes.truncate(bytes.len() - 4);
    fs::write(&path, bytes).unwrap();
    let folder = path.parent().unwrap().display().to_string();
    let message = mistake(TraceReader::open(&path).unwrap()).replace(&folder, "TMP");
    assert_eq!(
        message,
        "9 events, then TMP/recorded.msgpack.zst: event 10 (byte 604): the trace is cut off after \
         the tick at 10 s; up to there (`--at 10`) it can be read"
    );
}

#[test]
fn a_cut_names_the_last_whole_tick() {
    let whole: Vec<u8> = maps().iter().flat_map(packed).collect();
    let announces_more = [b"\x9f".as_slice(), &whole].concat();
    let report = [
        mistake_in(&whole[..whole.len() - 1]),
        mistake_in(&whole[..100]),
        mistake_in(announces_more),
        mistake_in(""),
    ];
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn a_mistake_names_the_event_and_its_byte() {
    let tick = packed(&json!({"event": "tick", "t": 1.0}));
    let after_a_tick = |value: Json| mistake_in([tick.clone(), packed(&value)].concat());
    let mistakes = [
        json!({"event": "tock"}),
        json!({"id": "s1"}),
        json!(7),
        json!([[{"event": "tick", "t": 2}]]),
        json!({"event": "server", "id": "s1", "cpu": {"perc": "high"}}),
        json!({"event": "server", "id": "s1", "cpu": [91.2, null, 4.0]}),
        json!({"event": "actor", "id": "a", "mailbox": -1}),
        json!({"event": "actor", "id": "a", "mailbox": 1.5}),
        json!({"event": "calls", "from": "client", "to": "a", "fn": "f"}),
        json!({"event": "calls", "from": "client", "to": "a", "fn": "f", "count": 1, "latency": [1]}),
        json!({"event": "hello", "version": 2, "engine": "e", "period": 1}),
        json!({"event": "actor", "id": "a", "x": (0..200).fold(json!(1), |inner, _| json!([inner]))}),
    ];
    let report: Vec<String> = mistakes.map(after_a_tick).into();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn bytes_that_no_writer_writes_are_mistakes() {
    let bad: [&[u8]; 6] = [
        b"\xc1",
        b"\x81\xa5event\xc1",
        // A text that is no UTF-8.
        b"\x82\xa5event\xa4tick\xa1t\xa2\xff\xfe",
        // A name twice.
        b"\x83\xa5event\xa4tick\xa1t\x01\xa1t\x02",
        b"{\"event\":\"tick\",\"t\":1}\n",
        // An extension.
        b"\x82\xa5event\xa4tick\xa1t\xd4\x01\x02",
    ];
    let report: Vec<String> = bad.iter().map(mistake_in).collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn an_immense_event_is_refused_after_its_bound() {
    let claim = b"\x82\xa5event\xa6schema\xa6source\xdb\xff\xff\xff\xff";
    let endless = BufReader::new(Cursor::new(claim).chain(std::io::repeat(b'x')));
    let deep = [
        b"\x82\xa5event".as_slice(),
        &b"\x91".repeat(1_000_000),
        b"\x01\xa1t\x01",
    ]
    .concat();
    let report = [
        mistake_in(claim),
        mistake(TraceReader::new("endless.msgpack", Box::new(endless))),
        mistake_in(deep),
    ];
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn figures_that_are_no_numbers_are_read_and_left_to_the_window() {
    for (value, expected) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let mut bytes = b"\x82\xa5event\xa4tick\xa1t\xcb".to_vec();
        bytes.extend(value.to_be_bytes());
        let events = events(reader("t.msgpack", bytes));
        let [Event::Tick { t, .. }] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert_eq!(t.to_string(), expected);
    }
}
