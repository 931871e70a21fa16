//! The trace engine keeps the contract that live engines keep.

use std::io::Cursor;

use plasma_engine::conformance::{Kind, examine};
use plasma_engine::trace::{TraceEngine, TraceReader};

const TRACE: &str = r#"{"event":"hello","version":1,"engine":"embedded","period":1.0}
{"event":"schema","source":"actor Folder { fn open; }"}
{"event":"server","id":"s1","cpu":{"perc":90,"capacity":4}}
{"event":"actor","id":"fo1","type":"Folder","server":"s1"}
{"event":"calls","from":"client","to":"fo1","fn":"open","count":120}
{"event":"tick","t":1.0,"window":1}
{"event":"actions","window":1,"lease":1,"actions":[]}
{"event":"calls","from":"client","to":"fo1","fn":"open","count":90}
{"event":"tick","t":2.0,"window":2}
"#;

#[test]
fn the_trace_engine_keeps_the_contract() {
    let verdict = examine(Kind::Recorded, || {
        let reader = TraceReader::new("trace.jsonl", Box::new(Cursor::new(TRACE)));
        Ok(Box::new(TraceEngine::new(reader)?))
    });
    assert!(verdict.is_ok(), "{}", verdict.err().unwrap_or_default());
}

#[test]
fn the_suite_notices_an_engine_that_breaks_the_contract() {
    let broken = TRACE
        .replace(r#""t":2.0,"window":2"#, r#""t":0.5,"window":1"#)
        .replace(r#""to":"fo1""#, r#""to":"fo9""#);
    let verdict = examine(Kind::Recorded, || {
        let reader = TraceReader::new("trace.jsonl", Box::new(Cursor::new(broken.clone())));
        Ok(Box::new(TraceEngine::new(reader)?))
    });
    insta::assert_snapshot!(verdict.err().unwrap_or_default(), @r"
    the engine breaks its contract:
    - ends each batch with its only tick, later than the one before: a tick at 0.5 s after one at 1 s
    - numbers its windows, each once: window 1 after window 1
    - introduces actors and servers before it tells about them: calls to fo9, which was never introduced
    ");
}
