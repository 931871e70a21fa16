//! How fast a snapshot of many actors becomes columns, and how much memory that takes.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

use plasma_benches::events;
use plasma_engine::trace::TraceReader;
use plasma_manager::Window;

use crate::clock::cpu_seconds;
use crate::generated::Generated;
use crate::statistics::median;

/// Repetitions of every measurement.
const REPETITIONS: usize = 3;

const SEED: u64 = 1;

/// What one reading gave.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Outcome {
    events: u64,
    bytes_held: usize,
}

/// A way to read a file.
type Reading = fn(&Path) -> Result<Outcome, String>;

/// Measures clusters of these sizes. Megabytes are those of the text or the packed data, before
/// compression; the time is the process's own.
pub(crate) fn run(sizes: &[usize]) -> Result<bool, String> {
    println!(
        "{:>9} {:>12} {:>8} {:>8} {:>8} {:>9} {:>9} {:>9}",
        "actors", "format", "MB", "step", "MB/s", "events/s", "peak MB", "held MB"
    );
    let folder = std::env::temp_dir().join(format!("plasma-ingest-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let measured = sizes.iter().try_for_each(|size| measure(*size, &folder));
    fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    measured.map(|()| true)
}

fn measure(size: usize, folder: &Path) -> Result<(), String> {
    let cluster = Generated::new(size, SEED);
    let steps: [(&str, Reading); 3] = [("bytes", bytes), ("parse", parse), ("columns", columns)];
    let mut files = Vec::new();
    for name in ["s.jsonl", "s.jsonl.zst", "s.msgpack"] {
        let path = folder.join(name);
        let megabytes = events::write(&cluster, &path)? as f64 / 1e6;
        files.push((name, path, megabytes));
    }
    drop(cluster);
    for (name, path, megabytes) in files {
        for (step, reading) in steps {
            let mut seconds = Vec::new();
            let mut read = Outcome::default();
            forget_peak();
            for _ in 0..REPETITIONS {
                let start = cpu_seconds();
                read = reading(&path)?;
                seconds.push(cpu_seconds() - start);
            }
            let seconds = median(&seconds).unwrap_or(f64::NAN);
            println!(
                "{size:>9} {:>12} {megabytes:>8.1} {step:>8} {:>8.0} {:>9.0} {:>9.1} {:>9.1}",
                &name[2..],
                megabytes / seconds,
                read.events as f64 / seconds,
                peak_megabytes().unwrap_or(f64::NAN),
                read.bytes_held as f64 / 1e6,
            );
        }
        fs::remove_file(path).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The floor: the file's bytes, and where its lines end.
fn bytes(path: &Path) -> Result<Outcome, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut input = BufReader::with_capacity(256 << 10, file);
    let mut buffer = vec![0; 256 << 10];
    let mut read = Outcome::default();
    loop {
        match input.read(&mut buffer).map_err(|error| error.to_string())? {
            0 => return Ok(read),
            len => {
                read.events += buffer[..len].iter().filter(|byte| **byte == b'\n').count() as u64
            }
        }
    }
}

fn parse(path: &Path) -> Result<Outcome, String> {
    let mut reader = TraceReader::open(path).map_err(|error| error.to_string())?;
    let mut read = Outcome::default();
    while reader
        .next_view()
        .map_err(|error| error.to_string())?
        .is_some()
    {
        read.events += 1;
    }
    Ok(read)
}

fn columns(path: &Path) -> Result<Outcome, String> {
    let mut reader = TraceReader::open(path).map_err(|error| error.to_string())?;
    let mut window = Window::new(None);
    let mut read = Outcome::default();
    while let Some(event) = reader.next_view().map_err(|error| error.to_string())? {
        window
            .push_view(&event)
            .map_err(|error| error.to_string())?;
        read.events += 1;
    }
    read.bytes_held = window.bytes();
    Ok(read)
}

/// Begins to count the greatest memory anew, where Linux lets a process do so.
pub(crate) fn forget_peak() {
    if let Err(error) = fs::write("/proc/self/clear_refs", "5") {
        eprintln!("the peak is that of the whole process: {error}");
    }
}

pub(crate) fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
