//! Sessions.

use insta::assert_snapshot;
use serde_json::json;

use crate::{Editor, POLICY_PATH};

#[test]
fn it_halts_where_a_rule_fires_and_shows_why() {
    let mut editor = Editor::launched(&json!([{"line": 5}]));
    editor.ask("configurationDone", json!({}));
    editor.until("stopped");
    assert_snapshot!(editor.transcript, @r#"
    setBreakpoints -> {"breakpoints":[{"line":5,"verified":true}]}
    configurationDone -> {}
      stopped breakpoint: t = 30 s
    "#);
    assert_snapshot!(editor.look(), @r#"
    hot_folder: f = fo1, x = fi1 (line 4)
    even does not fire (line 8, in grey)
      Bindings
        f = fo1: Folder on s1
          type = Folder
          server = s1
          cpu.perc = 30 %
          idle = 0 s
          age = 20 s
          moves = 0
          files = 1 actors
        x = fi1: File on s1
          type = File
          server = s1
          cpu.perc = 5 %
          age = 20 s
          moves = 0
      Conditions
        server.cpu.perc > 80 % = true: 90 %
        client.call(f.open).perc > 40 % = true: 100 %
        x in ref(f.files) = true
      Asks for
        reserve(fo1, cpu) = holds already
        colocate(fi1, fo1) = holds already
      Plan
      Refused
      Servers
        s1 = cpu 90 %, 2 actors
          cpu.perc = 90 %
          actors = 2
        s2 = cpu 10 %, 0 actors
          cpu.perc = 10 %
          actors = 0
    "#);
    editor.end();
}

#[test]
fn it_halts_where_a_rule_nearly_fires_or_is_refused() {
    let mut editor = Editor::launched(&json!([{"line": 4, "mode": "nearly"}]));
    let names =
        json!([{"name": "even suppressed"}, {"name": "hot_folder nearly 1%"}, {"name": "cold"}]);
    editor.ask("setFunctionBreakpoints", json!({"breakpoints": names}));
    editor.ask("configurationDone", json!({}));
    editor.until("stopped");
    assert_snapshot!(editor.transcript, @r#"
    setBreakpoints -> {"breakpoints":[{"line":4,"verified":true}]}
    setFunctionBreakpoints -> {"breakpoints":[{"verified":true},{"verified":true},{"message":"there is no rule `cold`; there are `hot_folder`, `even`","verified":false}]}
    configurationDone -> {}
      stopped breakpoint: t = 20 s
    "#);
    assert_snapshot!(editor.look(), @r#"
    hot_folder does not fire: f = fo1, x = fi1 (line 4)
    even does not fire (line 8, in grey)
      Bindings
        f = fo1: Folder on s1
          type = Folder
          server = s1
          cpu.perc = 30 %
          idle = 0 s
          age = 10 s
          moves = 0
          files = 1 actors
        x = fi1: File on s1
          type = File
          server = s1
          cpu.perc = 5 %
          age = 10 s
          moves = 0
      Conditions
        server.cpu.perc > 80 % = false: 78 %, 2 % away
        client.call(f.open).perc > 40 % = true: 100 %
        x in ref(f.files) = true
      Asks for
      Plan
      Refused
      Servers
        s1 = cpu 78 %, 2 actors
          cpu.perc = 78 %
          actors = 2
        s2 = cpu 10 %, 0 actors
          cpu.perc = 10 %
          actors = 0
    "#);
    editor.end();
}

#[test]
fn where_nothing_fires_nothing_is_in_grey() {
    let mut editor = Editor::launched(&json!([{"line": 4}]));
    editor.ask("configurationDone", json!({}));
    editor.until("stopped");
    editor.ask("stepBack", json!({"threadId": 1}));
    editor.until("stopped");
    let seen = editor.look();
    let frames: Vec<&str> = seen
        .lines()
        .take_while(|line| !line.starts_with(' '))
        .collect();
    assert_eq!(
        frames,
        [
            "hot_folder does not fire: f = fo1, x = fi1 (line 4)",
            "even does not fire (line 8)"
        ]
    );
    editor.end();
}

#[test]
fn it_goes_forward_and_back_and_stays_at_the_ends() {
    let mut editor = Editor::launched(&json!([]));
    editor.ask("setExceptionBreakpoints", json!({"filters": ["acts"]}));
    editor.ask("configurationDone", json!({}));
    editor.until("stopped");
    for command in [
        "stepBack",
        "next",
        "next",
        "next",
        "reverseContinue",
        "reverseContinue",
        "stepBack",
        "continue",
        "continue",
    ] {
        editor.go(command);
    }
    assert_snapshot!(editor.transcript, @r#"
    setBreakpoints -> {"breakpoints":[]}
    setExceptionBreakpoints -> {}
    configurationDone -> {}
      output this is the last tick of the trace
      stopped pause: t = 40 s this is the last tick of the trace
    stepBack -> {}
      stopped step: t = 30 s
    next -> {}
      stopped step: t = 40 s
    next -> {}
      output this is the last tick of the trace
      stopped step: t = 40 s this is the last tick of the trace
    next -> {}
      output this is the last tick of the trace
      stopped step: t = 40 s this is the last tick of the trace
    reverseContinue -> {}
      output this is the first tick of the trace
      stopped pause: t = 10 s this is the first tick of the trace
    reverseContinue -> {}
      output this is the first tick of the trace
      stopped pause: t = 10 s this is the first tick of the trace
    stepBack -> {}
      output this is the first tick of the trace
      stopped step: t = 10 s this is the first tick of the trace
    continue -> {"allThreadsContinued":true}
      output this is the last tick of the trace
      stopped pause: t = 40 s this is the last tick of the trace
    continue -> {"allThreadsContinued":true}
      output this is the last tick of the trace
      stopped pause: t = 40 s this is the last tick of the trace
    "#);
    editor.end();
}

#[test]
fn expressions_know_the_variables_of_their_frame() {
    let mut editor = Editor::launched(&json!([{"line": 5}]));
    editor.ask("configurationDone", json!({}));
    editor.until("stopped");
    let expressions = [
        "f.cpu.perc",
        "server.cpu.perc - 10",
        "x.cpu.perc > 3 and f.cpu.perc > 50",
        "Folder(f).cpu.perc",
        "File(y).cpu.perc",
        "server(s).cpu.perc",
        "count(File(y) where y.cpu.perc > 1)",
        "f.cup",
        "f.cpu >",
        "",
    ];
    let mut told = String::new();
    for expression in expressions {
        told += &format!("{expression} -> {}\n", editor.value(expression));
    }
    assert_snapshot!(told, @r#"
    f.cpu.perc -> 30 %
    server.cpu.perc - 10 -> 80 %
    x.cpu.perc > 3 and f.cpu.perc > 50 -> false: x.cpu.perc = 5 %, > 3 %; f.cpu.perc = 30 %, needs > 50 %: 20 % away
    Folder(f).cpu.perc -> 30 %
    File(y).cpu.perc -> 5 %
    server(s).cpu.perc -> 2 values
    count(File(y) where y.cpu.perc > 1) -> 1
    f.cup -> an actor has no `cup`
    f.cpu > -> expected a value, found the end of the text
     -> an expression is expected
    "#);
    editor.end();
}

#[test]
fn a_condition_a_count_and_a_message_belong_to_a_breakpoint() {
    let breakpoints = json!([
        {"line": 5, "condition": "f.cpu.perc > 50"},
        {"line": 5, "hitCondition": ">= 2"},
        {"line": 5, "logMessage": "{f} has {f.cpu.perc}, {nobody.cpu}"},
        {"line": 5, "condition": "f.cup > 3"},
        {"line": 5, "mode": "sometimes"},
        {"line": 99},
    ]);
    let mut editor = Editor::launched(&breakpoints);
    editor.ask("configurationDone", json!({}));
    editor.until("stopped");
    assert_snapshot!(editor.transcript, @r#"
    setBreakpoints -> {"breakpoints":[{"line":5,"verified":true},{"line":5,"verified":true},{"line":5,"verified":true},{"line":5,"message":"an actor has no `cup`","verified":false},{"line":5,"message":"`sometimes` is nothing to halt at: write `fires`, `suppressed`, `nearly` or `nearly 5%`","verified":false},{"line":99,"message":"no rule stands here or below","verified":false}]}
    configurationDone -> {}
      output t = 30 s: fo1 has 30 %, {nobody.cpu: nothing in this rule introduces `nobody`}
      output t = 40 s: fo1 has 30 %, {nobody.cpu: nothing in this rule introduces `nobody`}
      output this is the last tick of the trace
      stopped pause: t = 40 s this is the last tick of the trace
    "#);
    editor.end();
}

#[test]
fn what_cannot_be_done_is_said() {
    let mut editor = Editor::new();
    editor.ask("stackTrace", json!({"threadId": 1}));
    editor.ask("launch", json!({"program": "nothing.plasma", "trace": "t"}));
    editor.ask("launch", json!({"program": 3}));
    editor.ask("fly", json!({}));
    editor.ask(
        "launch",
        json!({"program": POLICY_PATH, "trace": "run.jsonl", "at": 20}),
    );
    editor.until("initialized");
    editor.ask(
        "setBreakpoints",
        json!({"source": {"path": "/other.plasma"}, "breakpoints": [{"line": 1}]}),
    );
    editor.ask("variables", json!({"variablesReference": 77}));
    editor.ask("scopes", json!({"frameId": -3}));
    editor.ask("configurationDone", json!({}));
    editor.until("stopped");
    editor.ask("source", json!({"sourceReference": 9}));
    editor.ask("loadedSources", json!({}));
    assert_snapshot!(editor.transcript, @r#"
    stackTrace -> "nothing is debugged yet"
    launch -> "cannot read nothing.plasma"
    launch -> "launch: invalid type: integer `3`, expected a string"
    fly -> "`fly` is not offered"
    launch -> {}
      initialized 
    setBreakpoints -> {"breakpoints":[{"message":"this file is no part of the policy","verified":false}]}
    variables -> "this variable is gone"
    scopes -> "this frame is gone"
    configurationDone -> {}
      stopped entry: t = 20 s
    source -> "there is no such text"
    loadedSources -> {"sources":[{"name":"hot.plasma","path":"/policies/hot.plasma"}]}
    "#);
    editor.end();
}
