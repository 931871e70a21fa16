//! How long something takes another process: by the clock, and of the processor.

use std::time::Instant;

/// Milliseconds that something took.
#[derive(Clone, Copy)]
pub(crate) struct Wait {
    /// By the clock.
    pub(crate) clock_ms: f64,
    /// Of the processor, in the other process.
    pub(crate) processor_ms: f64,
}

/// When something begins.
pub(crate) struct Begin {
    process: u32,
    clock: Instant,
    processor_ms: f64,
}

impl Begin {
    /// Now, in a process.
    pub(crate) fn of(process: u32) -> Result<Begin, String> {
        Ok(Begin {
            process,
            processor_ms: processor_ms(process)?,
            clock: Instant::now(),
        })
    }

    /// What it took until now.
    pub(crate) fn wait(self) -> Result<Wait, String> {
        let clock_ms = self.clock.elapsed().as_secs_f64() * 1e3;
        let processor_ms = processor_ms(self.process)? - self.processor_ms;
        Ok(Wait {
            clock_ms,
            processor_ms,
        })
    }
}

/// Processor time of all threads of a process so far.
fn processor_ms(process: u32) -> Result<f64, String> {
    let folder = format!("/proc/{process}/task");
    let failed = |error: std::io::Error| format!("{folder}: {error}");
    let mut sum = 0.0;
    for thread in std::fs::read_dir(&folder).map_err(failed)? {
        let path = thread.map_err(failed)?.path().join("schedstat");
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        let nanoseconds = text.split_whitespace().next();
        sum += nanoseconds
            .and_then(|n| n.parse::<f64>().ok())
            .unwrap_or(0.0)
            / 1e6;
    }
    Ok(sum)
}
