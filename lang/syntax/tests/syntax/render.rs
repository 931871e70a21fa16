//! How mistakes look in other circumstances: short, narrow, coloured, on very long lines.

use plasma_diagnostic::{RenderOptions, SourceMap, render, render_short};
use plasma_syntax::parse;

fn mistakes(source: &str, options: RenderOptions) -> String {
    let (sources, file) = SourceMap::single("a.plasma", source);
    render(&sources, &parse(file, source).diagnostics, options)
}

#[test]
fn short() {
    let source = "server.cpu > 80 => pin(f)\nrule é: true => pin(f);";
    let (sources, file) = SourceMap::single("dir/a.plasma", source);
    let diagnostics = parse(file, source).diagnostics;
    let lines: String = diagnostics
        .iter()
        .map(|d| render_short(&sources, d))
        .collect();
    snapshot!(lines);
}

#[test]
fn narrow() {
    let options = RenderOptions {
        width: Some(40),
        ..RenderOptions::default()
    };
    let shown = mistakes("f.cpu > 3parsec => pin(f);", options);
    snapshot!(shown);
}

#[test]
fn coloured() {
    let options = RenderOptions {
        color: true,
        ..RenderOptions::default()
    };
    let shown = mistakes("f.cpu > 3 % => pin(f);", options);
    snapshot!(shown.replace('\u{1b}', "␛"));
}

/// Of a line of a megabyte, only the surroundings of the mistake are shown, with the right column.
#[test]
fn a_very_long_line() {
    let source = "true => pin(f); ".repeat(40_000) + "server.cpu >> 80 => pin(é); true => pin(f);";
    let shown = mistakes(&source, RenderOptions::default());
    snapshot!(shown);
}

/// A policy cannot write to the terminal of whoever reads its mistakes.
#[test]
fn control_characters_are_not_shown() {
    let shown = mistakes(
        "a \u{1b}[31m\u{202e} b\u{7} => pin(f);",
        RenderOptions::default(),
    );
    assert!(
        !shown.contains(['\u{1b}', '\u{202e}', '\u{7}']),
        "{shown:?}"
    );
    snapshot!(shown);
}
