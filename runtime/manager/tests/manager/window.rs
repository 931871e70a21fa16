//! The window: from events to snapshots.

use std::fmt::Write as _;

use insta::assert_snapshot;
use plasma_manager::Window;
use plasma_model::{Caller, Event, Resource, Snapshot, Usage};

/// Folds events, one JSON object a line, and shows each tick's snapshot or the first error.
fn fold(lines: &str) -> String {
    fold_into(&mut Window::new(None), lines)
}

fn fold_into(window: &mut Window, lines: &str) -> String {
    let mut text = String::new();
    for (place, line) in lines.trim().lines().enumerate() {
        let event: Event = serde_json::from_str(line.trim()).expect("an event");
        match window.push(&event) {
            Ok(false) => {}
            Ok(true) => text.push_str(&show(&window.columns().snapshot())),
            Err(error) => {
                let _ = writeln!(text, "line {}: {error}", place + 1);
                break;
            }
        }
    }
    text
}

fn show(snapshot: &Snapshot) -> String {
    let mut text = format!("t {} of {} s\n", snapshot.t, snapshot.period_seconds);
    for (id, server) in &snapshot.servers {
        let stale = if server.stale { " stale" } else { "" };
        let _ = writeln!(text, "{id}{}{stale}", usages(|r| server.usage[r]));
    }
    for (id, actor) in &snapshot.actors {
        let figures = usages(|r| actor.usage[r]);
        let _ = write!(
            text,
            "{id} {} on {}{figures}",
            actor.actor_type, actor.server
        );
        let counted = [("age", actor.age_seconds), ("idle", actor.idle_seconds)];
        for (name, value) in counted {
            if let Some(value) = value {
                let _ = write!(text, " {name} {value}");
            }
        }
        if let Some(moves) = actor.moves {
            let _ = write!(text, " moves {moves}");
        }
        for (property, refs) in &actor.refs {
            let _ = write!(text, " {property} {refs:?}");
        }
        text.push('\n');
    }
    for calls in &snapshot.calls {
        let from = match &calls.from {
            Caller::Client => "client".to_owned(),
            Caller::Actor { id, actor_type } => format!("{actor_type} {id}"),
        };
        let _ = write!(
            text,
            "{from} -> {}.{} on {}: {}",
            calls.to, calls.function, calls.to_server, calls.count
        );
        if let Some(size) = calls.size {
            let _ = write!(text, ", {size} B");
        }
        let latency = calls.latency;
        if let (Some(mean), Some(p99)) = (latency.mean_seconds, latency.p99_seconds) {
            let _ = write!(text, ", mean {mean} s, p99 {p99} s");
        }
        text.push('\n');
    }
    text
}

fn usages(usage: impl Fn(Resource) -> Usage) -> String {
    let mut text = String::new();
    for resource in Resource::ALL {
        let Usage {
            perc,
            size,
            capacity,
            reported,
        } = usage(resource);
        if !reported && capacity.is_none() {
            continue;
        }
        let number = |value: Option<f64>| value.map_or("?".to_owned(), |value| value.to_string());
        let _ = write!(text, " {resource} {} %/{}", number(perc), number(size));
        if let Some(capacity) = capacity {
            let _ = write!(text, " of {capacity}");
        }
    }
    text
}

#[test]
fn of_perc_size_and_capacity_two_give_the_third() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50,"capacity":4},"mem":{"perc":40,"size":1000},"net":{"size":10,"capacity":40}}
        {"event":"tick","t":10}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/2 of 4 mem 40 %/1000 of 2500 net 25 %/10 of 40
    ");
}

#[test]
fn the_capacity_stays_when_later_figures_leave_it_out() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50,"capacity":4},"mem":{"perc":40,"size":1000}}
        {"event":"tick","t":10}
        {"event":"server","id":"s1","cpu":{"perc":25},"mem":{"size":500}}
        {"event":"tick","t":20}
        {"event":"tick","t":30}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/2 of 4 mem 40 %/1000 of 2500
    t 20 of 10 s
    s1 cpu 25 %/1 of 4 mem 20 %/500 of 2500
    t 30 of 10 s
    s1 cpu 25 %/1 of 4 mem 20 %/500 of 2500
    ");
}

#[test]
fn null_is_a_missing_sample() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50,"capacity":4},"mem":{"perc":40}}
        {"event":"tick","t":10}
        {"event":"server","id":"s1","cpu":{"perc":null},"mem":null}
        {"event":"tick","t":20}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/2 of 4 mem 40 %/?
    t 20 of 10 s
    s1 cpu ? %/? of 4 mem ? %/?
    ");
}

#[test]
fn an_actors_figures_are_completed_by_its_hosts_capacity() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50,"capacity":4},"mem":{"perc":40,"size":1000}}
        {"event":"server","id":"s2","cpu":{"perc":50,"capacity":8}}
        {"event":"actor","id":"a","type":"Folder","server":"s1","cpu":{"perc":10},"mem":{"size":250}}
        {"event":"tick","t":10}
        {"event":"actor","id":"a","server":"s2"}
        {"event":"tick","t":20}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/2 of 4 mem 40 %/1000 of 2500
    s2 cpu 50 %/4 of 8
    a Folder on s1 cpu 10 %/0.4 mem 10 %/250
    t 20 of 10 s
    s1 cpu 50 %/2 of 4 mem 40 %/1000 of 2500
    s2 cpu 50 %/4 of 8
    a Folder on s2 cpu 5 %/0.4 mem ? %/250 age 10 moves 1
    ");
}

#[test]
fn age_and_moves_count_from_first_sight_and_idle_from_the_last_call() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50}}
        {"event":"server","id":"s2","cpu":{"perc":50}}
        {"event":"actor","id":"a","type":"Folder","server":"s1"}
        {"event":"calls","from":"client","to":"a","fn":"open","count":1}
        {"event":"tick","t":10}
        {"event":"actor","id":"a","server":"s2"}
        {"event":"actor","id":"b","type":"Folder","server":"s1","age":100}
        {"event":"tick","t":20}
        {"event":"tick","t":30}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/?
    s2 cpu 50 %/?
    a Folder on s1 idle 0
    client -> a.open on s1: 1
    t 20 of 10 s
    s1 cpu 50 %/?
    s2 cpu 50 %/?
    a Folder on s2 age 10 idle 10 moves 1
    b Folder on s1 age 100 moves 0
    t 30 of 10 s
    s1 cpu 50 %/?
    s2 cpu 50 %/?
    a Folder on s2 age 20 idle 20 moves 1
    b Folder on s1 age 110 moves 0
    ");
}

#[test]
fn repeated_lines_of_calls_add_up_and_a_tick_forgets_them() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50}}
        {"event":"actor","id":"a","type":"Folder","server":"s1"}
        {"event":"calls","from":"client","to":"a","fn":"open","count":30,"size":300,"latency":{"mean":0.001,"p99":0.004}}
        {"event":"calls","from":"a","to":"a","fn":"list","count":1}
        {"event":"calls","from":"client","to":"a","fn":"open","count":10,"size":100,"latency":{"mean":0.005,"p99":0.009}}
        {"event":"tick","t":10}
        {"event":"tick","t":20}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/?
    a Folder on s1 idle 0
    client -> a.open on s1: 40, 400 B, mean 0.002 s, p99 0.009 s
    Folder a -> a.list on s1: 1
    t 20 of 10 s
    s1 cpu 50 %/?
    a Folder on s1 age 10 idle 10 moves 0
    ");
}

#[test]
fn calls_of_an_actor_that_ended_in_the_period_still_count() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50}}
        {"event":"actor","id":"a","type":"Folder","server":"s1"}
        {"event":"actor","id":"b","type":"File","server":"s1"}
        {"event":"calls","from":"client","to":"a","fn":"open","count":30}
        {"event":"actor_gone","id":"a"}
        {"event":"calls","from":"a","to":"b","fn":"read","count":7}
        {"event":"tick","t":10}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/?
    b File on s1 idle 0
    client -> a.open on s1: 30
    Folder a -> b.read on s1: 7
    ");
}

#[test]
fn a_reference_to_an_actor_that_is_not_alive_is_kept() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50}}
        {"event":"actor","id":"a","type":"Folder","server":"s1","refs":{"files":["x","y"]}}
        {"event":"tick","t":10}
        {"event":"actor","id":"a","refs":{"files":[]}}
        {"event":"tick","t":20}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/?
    a Folder on s1 files [x, y]
    t 20 of 10 s
    s1 cpu 50 %/?
    a Folder on s1 age 10 moves 0 files []
    ");
}

#[test]
fn the_period_is_the_flag_then_the_hello_then_ten_seconds() {
    let hello = r#"
        {"event":"hello","version":1,"engine":"embedded","period":2}
        {"event":"tick","t":2}
    "#;
    assert_snapshot!(fold(hello), @"t 2 of 2 s");
    assert_snapshot!(fold_into(&mut Window::new(Some(5.0)), hello), @"t 2 of 5 s");
    assert_snapshot!(fold(r#"{"event":"tick","t":2}"#), @"t 2 of 10 s");
}

#[test]
fn a_server_that_misses_the_window_is_stale_until_it_speaks_again() {
    let mut window = Window::new(None);
    fold_into(
        &mut window,
        r#"
        {"event":"server","id":"s1","cpu":{"perc":50}}
        {"event":"actor","id":"a","type":"Folder","server":"s1","cpu":{"perc":5}}
        {"event":"tick","t":10}
    "#,
    );
    window.mark_stale(&"s1".into());
    assert_snapshot!(fold_into(&mut window, r#"{"event":"tick","t":20}"#), @r"
    t 20 of 10 s
    s1 cpu ? %/? stale
    a Folder on s1 cpu ? %/? age 10 moves 0
    ");
    assert_snapshot!(fold_into(&mut window, r#"
        {"event":"server","id":"s1","cpu":{"perc":40}}
        {"event":"tick","t":30}
    "#), @r"
    t 30 of 10 s
    s1 cpu 40 %/?
    a Folder on s1 cpu ? %/? age 20 moves 0
    ");
}

#[test]
fn what_a_recording_holds_besides_is_skipped() {
    assert_snapshot!(fold(r#"
        {"event":"server","id":"s1","cpu":{"perc":50}}
        {"event":"decision","t":10,"policy":"0","plan":{"t":10,"intents":[],"actions":[],"rejected":[],"placement":{}}}
        {"event":"actions","window":1,"lease":1,"actions":[]}
        {"event":"outcome","id":1,"ok":true,"pause":0.001,"bytes":10}
        {"event":"tick","t":10}
    "#), @r"
    t 10 of 10 s
    s1 cpu 50 %/?
    ");
}

/// The error that an event makes after a server `s1` with an actor `a`.
fn refused(event: &str) -> String {
    fold(&format!(
        r#"{{"event":"server","id":"s1","cpu":{{"perc":50}}}}
        {{"event":"actor","id":"a","type":"Folder","server":"s1"}}
        {event}
        {{"event":"tick","t":10}}"#
    ))
}

#[test]
fn figures_that_cannot_be_measured_are_refused() {
    assert_snapshot!(refused(r#"{"event":"server","id":"s2","cpu":{"perc":-1}}"#), @"line 3: cpu.perc of server `s2` is -1: expected a number from 0 to 1e100");
    assert_snapshot!(refused(r#"{"event":"server","id":"s2","mem":{"capacity":0}}"#), @"line 3: mem.capacity of server `s2` is 0: expected a number above 0, at most 1e100");
    assert_snapshot!(refused(r#"{"event":"server","id":"s2","cpu":{"perc":1e308,"capacity":4}}"#), @"line 3: cpu.perc of server `s2` is 1e308: expected a number from 0 to 1e100");
    assert_snapshot!(refused(r#"{"event":"actor","id":"a","net":{"size":-5}}"#), @"line 3: net.size of actor `a` is -5: expected a number from 0 to 1e100");
    assert_snapshot!(refused(r#"{"event":"calls","from":"client","to":"a","fn":"open","count":-3}"#), @"line 3: count of the calls from `client` to `a.open` is -3: expected a number from 0 to 1e100");
    let not_a_number = Event::Tick {
        t: f64::NAN,
        window: None,
    };
    assert_snapshot!(Window::new(None).push(&not_a_number).unwrap_err(), @"`t` of the tick is NaN: expected a number of seconds, at most 1e15");
    assert_snapshot!(refused(r#"{"event":"tick","t":1e308}"#), @"line 3: `t` of the tick is 1e308: expected a number of seconds, at most 1e15");
    assert_snapshot!(refused(r#"{"event":"hello","version":1,"engine":"e","period":1e308}"#), @"line 3: the period of `hello` is 1e308: expected a number of seconds above 0, at most 1e15");
}

#[test]
fn events_about_what_was_never_introduced_are_refused() {
    assert_snapshot!(refused(r#"{"event":"actor","id":"b","type":"File","server":"s9"}"#), @"line 3: actor `b` is on server `s9`, which no event has introduced: send its `server` event first");
    assert_snapshot!(refused(r#"{"event":"calls","from":"client","to":"zz","fn":"open","count":3}"#), @"line 3: `calls` names actor `zz`, which no event has introduced");
    assert_snapshot!(refused(r#"{"event":"calls","from":"zz","to":"a","fn":"open","count":3}"#), @"line 3: `calls` names actor `zz`, which no event has introduced");
    assert_snapshot!(refused(r#"{"event":"actor_gone","id":"zz"}"#), @"line 3: `actor_gone` names actor `zz`, which no event has introduced");
    assert_snapshot!(refused(r#"{"event":"server_gone","id":"s9"}"#), @"line 3: `server_gone` names server `s9`, which no event has introduced");
    assert_snapshot!(refused(r#"{"event":"server_gone","id":"s1"}"#), @"line 4: server `s1` has gone but still hosts actor `a`: move its actors or send their `actor_gone` before the tick");
}

#[test]
fn names_without_a_character_are_refused() {
    assert_snapshot!(refused(r#"{"event":"server","id":""}"#), @"line 3: `id` of the `server` event is empty: expected a text of at least one character");
    assert_snapshot!(refused(r#"{"event":"actor","id":"","type":"File","server":"s1"}"#), @"line 3: `id` of the `actor` event is empty: expected a text of at least one character");
    assert_snapshot!(refused(r#"{"event":"actor","id":"b","type":"","server":"s1"}"#), @"line 3: `type` of the `actor` event is empty: expected a text of at least one character");
}

#[test]
fn an_actor_has_one_type_one_host_and_a_name_of_its_own() {
    assert_snapshot!(refused(r#"{"event":"actor","id":"b","server":"s1"}"#), @"line 3: actor `b` appears without a `type`: its first event must give one");
    assert_snapshot!(refused(r#"{"event":"actor","id":"b","type":"File"}"#), @"line 3: actor `b` appears without a `server`: its first event must name its host");
    assert_snapshot!(refused(r#"{"event":"actor","id":"a","server":null}"#), @"line 3: actor `a` appears without a `server`: its first event must name its host");
    assert_snapshot!(refused(r#"{"event":"actor","id":"a","type":"File"}"#), @"line 3: actor `a` changes its type from Folder to File: send `actor_gone` before an id is used again");
    assert_snapshot!(refused(r#"{"event":"actor","id":"client","type":"File","server":"s1"}"#), @"line 3: an actor cannot be called `client`: that name stands for callers outside the cluster");
}

#[test]
fn time_passes_and_the_stream_keeps_its_word() {
    assert_snapshot!(refused("{\"event\":\"tick\",\"t\":10}"), @r"
    t 10 of 10 s
    s1 cpu 50 %/?
    a Folder on s1
    line 4: the tick at 10 s does not come after the one at 10 s
    ");
    assert_snapshot!(refused(r#"{"event":"hello","version":2,"engine":"x","period":1}"#), @"line 3: the stream has format version 2; this program reads version 1");
    assert_snapshot!(fold(r#"
        {"event":"hello","version":1,"engine":"x","period":1}
        {"event":"hello","version":1,"engine":"x","period":2}
    "#), @"line 2: a second `hello` changes the period from 1 s to 2 s; start a new stream instead");
}
