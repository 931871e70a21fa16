//! Every way in which a trace can be bad: one clear message with file, line and expectation.

use std::fs;
use std::io::{BufReader, Cursor, Read};
use std::path::PathBuf;

use plasma_engine::trace::TraceReader;

const WHOLE: &str = r#"{"event":"server","id":"s1","cpu":{"perc":90,"capacity":4}}
{"event":"actor","id":"fo1","type":"Folder","server":"s1"}
{"event":"tick","t":10.0}
"#;

/// Reads everything and gives the mistake, after the number of events before it.
pub(crate) fn mistake(reader: TraceReader) -> String {
    let mut events = 0;
    for located in reader {
        match located {
            Ok(_) => events += 1,
            Err(error) => return format!("{events} events, then {error}"),
        }
    }
    format!("{events} events")
}

fn mistake_in(bytes: impl AsRef<[u8]>) -> String {
    let input = Cursor::new(bytes.as_ref().to_vec());
    mistake(TraceReader::new("trace.jsonl", Box::new(input)))
}

/// A fresh folder for the files of one test.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&folder).unwrap_or_default();
    folder
}

#[test]
fn a_whole_trace_is_read_to_its_end() {
    insta::assert_snapshot!(mistake_in(WHOLE), @"3 events");
}

#[test]
fn a_last_line_without_a_line_break_is_whole_if_it_parses() {
    insta::assert_snapshot!(mistake_in(WHOLE.trim_end()), @"3 events");
}

#[test]
fn windows_line_ends_and_empty_lines_are_accepted() {
    insta::assert_snapshot!(mistake_in(WHOLE.replace('\n', "\r\n\r\n")), @"3 events");
}

#[test]
fn a_byte_order_mark_at_the_start_is_accepted() {
    insta::assert_snapshot!(mistake_in(format!("\u{feff}{WHOLE}")), @"3 events");
}

#[test]
fn a_trace_without_events_and_one_without_a_tick_are_told_apart() {
    insta::assert_snapshot!(mistake_in(""), @r#"0 events, then trace.jsonl: the trace is empty; expected at least {"event":"tick","t":0}"#);
    insta::assert_snapshot!(mistake_in("\n\n"), @r#"0 events, then trace.jsonl: the trace is empty; expected at least {"event":"tick","t":0}"#);
    insta::assert_snapshot!(mistake_in("{\"event\":\"server\",\"id\":\"s1\"}\n"), @r#"1 events, then trace.jsonl: the trace has no tick: no period of it has ended; expected a line such as {"event":"tick","t":10} behind the events of each period"#);
}

#[test]
fn a_cut_names_the_last_whole_tick() {
    let cut_in_line = format!("{WHOLE}{{\"event\":\"actor\",\"id\":\"fo");
    insta::assert_snapshot!(mistake_in(cut_in_line), @"3 events, then trace.jsonl:4: the trace is cut off after the tick at 10 s; up to there (`--at 10`) it can be read");
    let cut_between_lines = format!("{WHOLE}{{\"event\":\"server\",\"id\":\"s1\"}}\n");
    insta::assert_snapshot!(mistake_in(cut_between_lines), @"4 events, then trace.jsonl:5: the trace is cut off after the tick at 10 s; up to there (`--at 10`) it can be read");
    let mut cut_in_character = WHOLE.as_bytes().to_vec();
    cut_in_character.extend(b"{\"event\":\"actor\",\"id\":\"\xc3");
    insta::assert_snapshot!(mistake_in(cut_in_character), @"3 events, then trace.jsonl:4: the trace is cut off after the tick at 10 s; up to there (`--at 10`) it can be read");
    insta::assert_snapshot!(mistake_in(&WHOLE[..100]), @"1 events, then trace.jsonl:2: the trace is cut off before its first tick");
}

#[test]
fn what_a_recording_adds_after_its_last_tick_is_whole() {
    let recording = format!(
        "{WHOLE}{{\"event\":\"actions\",\"window\":1,\"lease\":1,\"actions\":[]}}\n\
         {{\"event\":\"outcome\",\"id\":1,\"ok\":false,\"error\":\"busy\"}}\n"
    );
    insta::assert_snapshot!(mistake_in(recording), @"5 events");
}

#[test]
fn a_mistake_names_its_line() {
    insta::assert_snapshot!(mistake_in(format!("{WHOLE}{{\"event\":\"tock\"}}\n")), @"3 events, then trace.jsonl:4: unknown event `tock`; expected one of `hello`, `schema`, `server`, `actor`, `calls`, `actor_gone`, `server_gone`, `tick`, `decision`, `policy`, `actions`, `outcome`");
    insta::assert_snapshot!(mistake_in(format!("{WHOLE}{{\"event\":\n")), @r#"3 events, then trace.jsonl:4: column 9: the object is not closed; expected one JSON object, as {"event":"tick","t":1}"#);
    insta::assert_snapshot!(mistake_in(b"\x7fELF\x02\x01\xff\xfe\n"), @"0 events, then trace.jsonl:1: byte 7 of the line is not UTF-8; expected a trace in JSON Lines (one in MessagePack must be named .msgpack, a compressed one .zst)");
    insta::assert_snapshot!(mistake_in("not a trace\n"), @r#"0 events, then trace.jsonl:1: column 2: the line is not JSON; expected one JSON object, as {"event":"tick","t":1}"#);
}

#[test]
fn deep_nesting_is_a_mistake_not_an_overflow() {
    let deep = format!("{{\"event\":{}\n", "[".repeat(1_000_000));
    insta::assert_snapshot!(mistake_in(deep), @r#"0 events, then trace.jsonl:1: column 136: the line is nested too deeply; expected one JSON object, as {"event":"tick","t":1}"#);
}

#[test]
fn an_endless_line_is_refused_after_its_bound() {
    let endless = BufReader::new(Cursor::new(WHOLE).chain(std::io::repeat(b'x')));
    insta::assert_snapshot!(mistake(TraceReader::new("endless.jsonl", Box::new(endless))), @"3 events, then endless.jsonl:4: the line is longer than 16 MiB; expected one event a line (JSON Lines)");
}

#[test]
fn a_large_trace_is_streamed() {
    // Far more than the process may hold is never held: the input is made as it is read.
    let ticks = (0..20_000).map(|n| format!("{{\"event\":\"tick\",\"t\":{n}}}\n"));
    let mut text = String::new();
    text.extend(ticks);
    insta::assert_snapshot!(mistake_in(text), @"20000 events");
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = folder("missing");
    for path in [folder.join("none.jsonl"), folder.clone()] {
        let error = TraceReader::open(&path).err();
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        let message = message.replace(&folder.display().to_string(), "TMP");
        assert!(
            message.starts_with("cannot read TMP") && !message.contains("os error"),
            "{message}"
        );
    }
}

#[test]
fn compressed_traces_are_read_by_name_and_their_cuts_noticed() {
    let folder = folder("compressed");
    let mut compressed = zstd::encode_all(WHOLE.as_bytes(), 1).unwrap_or_default();
    let whole = folder.join("whole.jsonl.zst");
    fs::write(&whole, &compressed).unwrap_or_default();
    let read = |path: &PathBuf| match TraceReader::open(path) {
        Ok(reader) => mistake(reader).replace(&folder.display().to_string(), "TMP"),
        Err(error) => error.to_string(),
    };
    insta::assert_snapshot!(read(&whole), @"3 events");

    compressed.truncate(compressed.len() - 10);
    let cut = folder.join("cut.jsonl.zst");
    fs::write(&cut, &compressed).unwrap_or_default();
    insta::assert_snapshot!(read(&cut), @"0 events, then TMP/cut.jsonl.zst:1: the trace is cut off before its first tick");

    let plain = folder.join("plain.jsonl.zst");
    fs::write(&plain, WHOLE).unwrap_or_default();
    insta::assert_snapshot!(read(&plain), @"0 events, then TMP/plain.jsonl.zst:1: cannot decompress the trace: unknown frame descriptor; expected zstd, as the name .zst says");
}
