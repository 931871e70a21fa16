//! One moment of a trace: the cluster at a tick.

use plasma_columns::Columns;
use plasma_engine::Place;
use plasma_engine::trace::{TraceError, TraceReader};
use plasma_eval::Past;
use plasma_manager::{Window, WindowError};
use plasma_model::{Event, EventView};

/// How far a tick may be from the time asked for, in seconds: what printing and reading a number
/// can cost.
const TICK_TOLERANCE_SECONDS: f64 = 1e-6;

/// A trace up to one of its ticks.
#[derive(Clone, Debug)]
pub struct TraceMoment {
    /// The cluster at the tick.
    pub columns: Columns,
    /// The schema that the trace announced last, in the language's actor declarations.
    pub schema: Option<String>,
}

/// Why there is no such moment.
#[derive(Debug, thiserror::Error)]
pub enum TraceMomentError {
    /// The trace cannot be read.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// An event contradicts those before it.
    #[error("{place}: {error}")]
    Event {
        /// Where it stands.
        place: Place,
        /// What is wrong.
        error: WindowError,
    },
    /// There is no tick at the time asked for.
    #[error("{file}: the trace has no tick at {at_seconds} s; {}", nearest(*.before, *.after))]
    NoTickAt {
        /// Name of the trace.
        file: String,
        /// The time asked for.
        at_seconds: f64,
        /// The last tick before it.
        before: Option<f64>,
        /// The first tick after it.
        after: Option<f64>,
    },
}

/// Reads a trace up to its tick at `at_seconds` (by default to its last one). What follows that
/// tick is not read, so a trace that is cut off later is of use up to there. `period_seconds`
/// overrules the period that the trace announces. The earlier ticks are kept in `past`, as far as it
/// keeps them.
///
/// # Errors
/// If the trace has a mistake up to there, or no such tick.
pub fn read_moment(
    mut reader: TraceReader,
    at_seconds: Option<f64>,
    period_seconds: Option<f64>,
    past: &mut Past,
) -> Result<TraceMoment, TraceMomentError> {
    read_moment_seeing(&mut reader, at_seconds, period_seconds, past, &mut |_| {})
}

/// The same, showing each event that is not about an actor or calls to `see` as it is read; what follows the tick stays to be read.
///
/// # Errors
/// If the trace has a mistake up to there, or no such tick.
pub(crate) fn read_moment_seeing(
    reader: &mut TraceReader,
    at_seconds: Option<f64>,
    period_seconds: Option<f64>,
    past: &mut Past,
    see: &mut dyn FnMut(&Event),
) -> Result<TraceMoment, TraceMomentError> {
    let mut window = Window::new(period_seconds);
    let mut before = None;
    while let Some(event) = reader.next_view()? {
        if let EventView::Owned(event) = &event {
            see(event);
        }
        let pushed = window.push_view(&event);
        let is_tick = pushed.map_err(|error| TraceMomentError::Event {
            place: reader.place(),
            error,
        })?;
        if !is_tick {
            continue;
        }
        let t = window.columns().frame().t;
        past.push(window.columns().frame());
        let Some(at_seconds) = at_seconds else {
            continue;
        };
        if (t - at_seconds).abs() <= TICK_TOLERANCE_SECONDS {
            return Ok(moment(window));
        }
        if t > at_seconds {
            return Err(no_tick(reader, at_seconds, before, Some(t)));
        }
        before = Some(t);
    }
    match at_seconds {
        Some(at_seconds) => Err(no_tick(reader, at_seconds, before, None)),
        None => Ok(moment(window)),
    }
}

fn moment(window: Window) -> TraceMoment {
    TraceMoment {
        schema: window.schema().map(str::to_owned),
        columns: window.into_columns(),
    }
}

fn no_tick(
    reader: &TraceReader,
    at_seconds: f64,
    before: Option<f64>,
    after: Option<f64>,
) -> TraceMomentError {
    TraceMomentError::NoTickAt {
        file: reader.file().to_string(),
        at_seconds,
        before,
        after,
    }
}

fn nearest(before: Option<f64>, after: Option<f64>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => {
            format!("the ticks next to it are at {before} s and {after} s")
        }
        (Some(before), None) => format!("its last tick is at {before} s"),
        (None, Some(after)) => format!("its first tick is at {after} s"),
        (None, None) => "it has no tick at all".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = r#"{"event":"hello","version":1,"engine":"test","period":10.0}
{"event":"server","id":"s1","cpu":{"perc":90.0}}
{"event":"tick","t":10.0}
{"event":"server","id":"s1","cpu":{"perc":20.0}}
{"event":"tick","t":20.0}
{"event":"server","id":"s1","cpu":{"pe"#;

    /// The load of `s1`, or the message.
    fn at(at_seconds: Option<f64>, text: &'static str) -> String {
        let reader = TraceReader::new("t.jsonl", Box::new(text.as_bytes()));
        match read_moment(reader, at_seconds, None, &mut Past::default()) {
            Ok(moment) => {
                let load = moment.columns.servers()["s1"].usage[plasma_model::Resource::Cpu].perc;
                format!("{load:?}")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_trace_is_read_up_to_the_tick_asked_for() {
        assert_eq!(at(Some(10.0), TRACE), "Some(90.0)");
        assert_eq!(at(Some(20.0), TRACE), "Some(20.0)");
        let whole = TRACE.rsplit_once('\n').map_or("", |(whole, _)| whole);
        assert_eq!(at(None, whole), "Some(20.0)");
    }

    #[test]
    fn a_cut_trace_names_its_last_whole_tick() {
        insta::assert_snapshot!(
            at(None, TRACE),
            @"t.jsonl:6: the trace is cut off after the tick at 20 s; up to there (`--at 20`) it can be read"
        );
    }

    #[test]
    fn a_time_without_tick_names_the_ticks_next_to_it() {
        insta::assert_snapshot!(
            at(Some(15.0), TRACE),
            @"t.jsonl: the trace has no tick at 15 s; the ticks next to it are at 10 s and 20 s"
        );
        insta::assert_snapshot!(
            at(Some(5.0), TRACE),
            @"t.jsonl: the trace has no tick at 5 s; its first tick is at 10 s"
        );
    }

    #[test]
    fn an_event_out_of_order_names_its_line() {
        let text = "{\"event\":\"actor\",\"id\":\"f\",\"type\":\"Folder\",\"server\":\"s9\"}\n";
        insta::assert_snapshot!(
            at(None, text),
            @"t.jsonl:1: actor `f` is on server `s9`, which no event has introduced: send its `server` event first"
        );
    }
}
