//! An engine in a Python process of its own, which is told what to do by lines (`py/peer.py`).

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use plasma_benches::generated::Generated;
use serde_json::Value;

use super::bindings::Bindings;
use super::engine::{Engine, Run, Spent};

/// Where the engines' programs are.
fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("py")
}

/// An engine's process.
pub(crate) struct Python {
    name: String,
    /// What the engine says it is.
    version: String,
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Python {
    /// Starts the process; `arrays` is what [`write`] wrote.
    pub(crate) fn start(
        name: &str,
        python: &Path,
        module: &str,
        arrays: &Path,
    ) -> Result<Self, String> {
        let mut command = Command::new(python);
        command.arg("-B").arg(programs().join("peer.py"));
        command.arg(module).arg(arrays);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let cannot = |error| format!("cannot start {}: {error}", python.display());
        let mut process = command.spawn().map_err(cannot)?;
        let input = process.stdin.take();
        let output = process.stdout.take().ok_or("the process has no output")?;
        let mut python = Python {
            name: name.to_owned(),
            version: String::new(),
            process,
            input,
            output: BufReader::new(output),
        };
        let version = python.read()?["version"].as_str().map(str::to_owned);
        python.version = version.unwrap_or_default();
        Ok(python)
    }

    fn read(&mut self) -> Result<Value, String> {
        let mut line = String::new();
        let read = self.output.read_line(&mut line);
        match read.map_err(|error| error.to_string())? {
            0 => Err("its process ended; what it said stands above".to_owned()),
            _ => serde_json::from_str(&line).map_err(|error| format!("{error} in: {line}")),
        }
    }

    fn ask(&mut self, command: &str) -> Result<Value, String> {
        let input = self.input.as_mut().ok_or("its process has no input")?;
        let written = writeln!(input, "{command}").and_then(|()| input.flush());
        written.map_err(|error| error.to_string())?;
        self.read()
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // The end of its input ends it.
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

impl Engine for Python {
    fn lines(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn version(&self) -> Option<String> {
        Some(self.version.clone())
    }

    fn load(&mut self) -> Result<Spent, String> {
        spent(&self.ask("load")?)
    }

    fn bindings(&mut self, snapshot: usize) -> Result<Bindings, String> {
        let answer = self.ask(&format!("firings {snapshot}"))?;
        let bindings = || {
            Some(Bindings {
                balance: answer["balance"].as_bool()?,
                folders: pairs(&answer["folders"])?,
                sessions: pairs(&answer["sessions"])?,
            })
        };
        bindings().ok_or_else(|| "its firings are no pairs of numbers".to_owned())
    }

    fn run(&mut self, times: usize) -> Result<Run, String> {
        let spent = spent(&self.ask(&format!("run {times}"))?)?;
        Ok(Run {
            spent: vec![spent],
            load: None,
        })
    }
}

fn spent(answer: &Value) -> Result<Spent, String> {
    let seconds = || {
        Some(Spent {
            cpu: answer["cpu"].as_f64()?,
            wall: answer["wall"].as_f64()?,
        })
    };
    seconds().ok_or_else(|| format!("no seconds in {answer}"))
}

fn pairs(list: &Value) -> Option<Vec<(u32, u32)>> {
    let number = |value: &Value| value.as_u64().and_then(|no| u32::try_from(no).ok());
    let pair = |pair: &Value| Some((number(&pair[0])?, number(&pair[1])?));
    list.as_array()?.iter().map(pair).collect()
}

/// Writes the arrays of every snapshot, each into a folder of its own, as little-endian numbers.
pub(crate) fn write(clusters: &[Generated], folder: &Path) -> Result<(), String> {
    let cannot = |error: std::io::Error| format!("{}: {error}", folder.display());
    for (place, cluster) in clusters.iter().enumerate() {
        let folder = folder.join(place.to_string());
        fs::create_dir_all(&folder).map_err(cannot)?;
        let whole = |numbers: &[u32]| bytes(numbers, |no| no.to_le_bytes());
        let float = |numbers: &[f64]| bytes(numbers, |no| no.to_le_bytes());
        let (folders, files): (Vec<u32>, Vec<u32>) = cluster.files.iter().copied().unzip();
        let arrays = [
            ("server_cpu", float(&cluster.server_cpu)),
            ("types", cluster.types.clone()),
            ("hosts", whole(&cluster.hosts)),
            ("callers", whole(&cluster.callers)),
            ("callees", whole(&cluster.callees)),
            ("functions", cluster.functions.clone()),
            ("counts", float(&cluster.counts)),
            ("folders", whole(&folders)),
            ("files", whole(&files)),
        ];
        for (name, bytes) in arrays {
            fs::write(folder.join(name), bytes).map_err(cannot)?;
        }
    }
    Ok(())
}

fn bytes<T: Copy, const N: usize>(numbers: &[T], bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    numbers.iter().flat_map(|number| bytes(*number)).collect()
}
