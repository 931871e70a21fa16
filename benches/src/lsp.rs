//! How long an editor waits for the language server: keystroke to diagnostics, completion and hover, in a
//! file of 10 000 rules, over the pipes of the real `plasma lsp`. The targets are for the time of the clock, which
//! is what somebody waits for; on a busy machine that of the processor says more.

mod editor;
mod nickel;
mod wait;

use std::path::Path;
use std::time::Instant;

use oorandom::Rand32;
use serde_json::json;

use crate::plasma;
use crate::statistics::{median, percentile};
use editor::{Editor, Served};
use plasma_benches::policy::{Kind, policy};
use wait::Wait;

/// Rules of the file.
const RULES: usize = 10_000;

const SEED: u64 = 1;

/// Places at which a peer is measured at most: it may take seconds at each.
const PEER_KEYSTROKES_MAX: usize = 20;

/// What a wait may take at the 99th percentile, in milliseconds, and what the memory may be.
const KEYSTROKE_MS_MAX: f64 = 30.0;
const ASKED_MS_MAX: f64 = 10.0;
const MEMORY_MIB_MAX: f64 = 150.0;

/// Opens the file, types `keystrokes` times at random places of it, asks as often, and says whether the targets
/// are met. A peer, the language server of Nickel, is given a file of as many rules.
pub(crate) fn run(keystrokes: usize, peer: Option<&Path>) -> Result<bool, String> {
    let ours = Served {
        command: vec![plasma::build()?, "lsp".into()],
        uri: "untitled:bench.plasma",
        language: "plasma",
        text: policy(Kind::Mixed, RULES, SEED),
    };
    println!("{RULES} rules, {keystrokes} places; ms\n");
    println!(
        "| | processor, median | clock, median | clock, p99 | target |\n|---|---|---|---|---|"
    );
    let met = measure("plasma", &ours, keystrokes)?;
    if let Some(binary) = peer {
        let nickel = Served {
            command: vec![binary.to_owned()],
            uri: "file:///bench.ncl",
            language: "nickel",
            text: nickel::rules(RULES),
        };
        measure("nls (Nickel)", &nickel, keystrokes.min(PEER_KEYSTROKES_MAX))?;
    }
    Ok(met)
}

/// Measures a server; whether it meets the targets.
fn measure(name: &str, served: &Served, keystrokes: usize) -> Result<bool, String> {
    let places = places(&served.text);
    let mut random = Rand32::new(SEED);
    let begin = Instant::now();
    let mut editor = Editor::start(served)?;
    editor.open(served)?;
    let start_up = begin.elapsed().as_secs_f64() * 1e3;
    let (mut typed, mut completed, mut hovered) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..keystrokes {
        let (line, character) = places[random.rand_range(0..places.len() as u32) as usize];
        // A letter more in a word, which mostly is a mistake, and one less again.
        let end = character + 1;
        typed.push(editor.change(line, [character, character], "x")?);
        typed.push(editor.change(line, [character, end], "")?);
        let at = json!({"line": line, "character": character});
        completed.push(editor.ask("textDocument/completion", &at)?);
        hovered.push(editor.ask("textDocument/hover", &at)?);
    }
    let memory = editor.memory_mib()?;
    editor.end()?;
    let size = served.text.len() as f64 / 1e6;
    println!("| **{name}**, {size:.1} MB: start to first diagnostics | | {start_up:.1} | | |");
    let mut met = row("keystroke to diagnostics", &typed, KEYSTROKE_MS_MAX);
    met &= row("completion", &completed, ASKED_MS_MAX);
    met &= row("hover", &hovered, ASKED_MS_MAX);
    println!("| memory at its peak, MiB | | {memory:.0} | | {MEMORY_MIB_MAX} |");
    Ok(met && memory <= MEMORY_MIB_MAX)
}

fn row(name: &str, waits: &[Wait], most: f64) -> bool {
    let clock: Vec<f64> = waits.iter().map(|wait| wait.clock_ms).collect();
    let processor: Vec<f64> = waits.iter().map(|wait| wait.processor_ms).collect();
    let [work, middle] = [&processor, &clock].map(|all| median(all).unwrap_or(0.0));
    let slowest = percentile(&clock, 0.99).unwrap_or(0.0);
    println!("| {name} | {work:.1} | {middle:.1} | {slowest:.1} | {most} |");
    slowest <= most
}

/// Line and character of every end of a word.
fn places(text: &str) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let bytes = line.as_bytes();
        let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        let ends = (1..=bytes.len()).filter(|at| is_letter(at - 1) && !is_letter(*at));
        places.extend(ends.map(|at| (number, at)));
    }
    places
}
