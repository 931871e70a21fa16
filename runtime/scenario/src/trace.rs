//! One moment of a trace: the cluster at a tick.

use plasma_columns::Columns;
use plasma_engine::Place;
use plasma_engine::trace::{TraceError, TraceReader};
use plasma_eval::Past;
use plasma_manager::{Window, WindowError};
use plasma_model::{Event, EventView};

/// How far a tick may be from the time asked for to be the one that was meant, in seconds: what printing
/// and reading a number can cost.
const TICK_TOLERANCE_SECONDS: f64 = 1e-6;

/// For how many periods a tick tells how the cluster is: after that there is a gap (formats, `tick`).
const TOLD_PERIODS: f64 = 1.5;

/// A trace up to one of its ticks.
#[derive(Clone, Debug)]
pub struct TraceMoment {
    /// The cluster at the tick.
    pub columns: Columns,
    /// The schema that the trace announced last, in the language's actor declarations.
    pub schema: Option<String>,
    /// The time asked for, in seconds, where no tick is at that very time and another one was taken.
    pub instead_of_seconds: Option<f64>,
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

/// Reads a trace up to its tick at `at_seconds` (by default to its last one). Where there is none at that
/// very time, the nearest one counts that `plasma run` prints as that time, else the last one before it that
/// is not further away than one and a half periods. Hardly more than up to that tick is read, so a trace that is
/// cut off later is of use up to there. `period_seconds` overrules the period that the trace announces.
/// The earlier ticks are kept in `past`, as far as it keeps them.
///
/// # Errors
/// If the trace has a mistake up to there, or no such tick.
pub fn read_moment(
    mut reader: TraceReader,
    at_seconds: Option<f64>,
    period_seconds: Option<f64>,
    past: &mut Past,
) -> Result<TraceMoment, TraceMomentError> {
    let found = read_moment_seeing(&mut reader, at_seconds, period_seconds, past, &mut |_| {})?;
    Ok(found.moment)
}

/// A moment, and what was seen behind it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) moment: TraceMoment,
    /// The mistake behind it at which reading ended, if it got that far.
    pub(crate) mistake_behind: Option<TraceMomentError>,
}

/// The same, showing each event that is not about an actor or calls to `see` as it is read; some of those
/// behind the tick may have been shown too, the others stay to be read.
///
/// # Errors
/// If the trace has a mistake up to there, or no such tick.
pub(crate) fn read_moment_seeing(
    reader: &mut TraceReader,
    at_seconds: Option<f64>,
    period_seconds: Option<f64>,
    past: &mut Past,
    see: &mut dyn FnMut(&Event),
) -> Result<Found, TraceMomentError> {
    let mut window = Window::new(period_seconds);
    // The last tick before the time asked for, as long as it may be the one to take.
    let mut before: Option<TraceMoment> = None;
    let mut before_seconds = None;
    loop {
        match next_tick(reader, &mut window, see) {
            Ok(true) => {}
            Ok(false) => break,
            Err(mistake) => {
                let printed = at_seconds.zip(before).filter(|(at_seconds, before)| {
                    is_printed_as(
                        before.columns.frame().t,
                        *at_seconds,
                        window.period_seconds(),
                    )
                });
                return match printed {
                    Some((_, moment)) => Ok(Found {
                        moment,
                        mistake_behind: Some(mistake),
                    }),
                    None => Err(mistake),
                };
            }
        }
        let t = window.columns().frame().t;
        let Some(at_seconds) = at_seconds else {
            past.push(window.columns().frame());
            continue;
        };
        let period_seconds = window.period_seconds();
        if (t - at_seconds).abs() <= TICK_TOLERANCE_SECONDS {
            past.push(window.columns().frame());
            return Ok(whole(moment(window, None)));
        }
        if t > at_seconds {
            let is_nearer =
                before_seconds.is_none_or(|before| t - at_seconds < at_seconds - before);
            if is_nearer && is_printed_as(t, at_seconds, period_seconds) {
                past.push(window.columns().frame());
                return Ok(whole(moment(window, Some(at_seconds))));
            }
            let taken = before.map(whole);
            return taken.ok_or_else(|| no_tick(reader, at_seconds, before_seconds, Some(t)));
        }
        past.push(window.columns().frame());
        before_seconds = Some(t);
        let is_told = at_seconds < t + TOLD_PERIODS * period_seconds;
        before = (is_told || is_printed_as(t, at_seconds, period_seconds))
            .then(|| moment(window.clone(), Some(at_seconds)));
    }
    match (at_seconds, before) {
        (None, _) => Ok(whole(moment(window, None))),
        (Some(_), Some(before)) => Ok(whole(before)),
        (Some(at_seconds), None) => Err(no_tick(reader, at_seconds, before_seconds, None)),
    }
}

/// Reads on to the next tick; `false` at the end of the trace.
fn next_tick(
    reader: &mut TraceReader,
    window: &mut Window,
    see: &mut dyn FnMut(&Event),
) -> Result<bool, TraceMomentError> {
    while let Some(event) = reader.next_view()? {
        if let EventView::Owned(event) = &event {
            see(event);
        }
        let pushed = window.push_view(&event);
        let is_tick = pushed.map_err(|error| TraceMomentError::Event {
            place: reader.place(),
            error,
        })?;
        if is_tick {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `plasma run` may print the one time as the other: it has no more decimals than tell periods apart.
fn is_printed_as(t: f64, printed_seconds: f64, period_seconds: f64) -> bool {
    let half_a_digit = 0.5 / 10f64.powi(printed_decimals(period_seconds) as i32);
    (t - printed_seconds).abs() <= half_a_digit + TICK_TOLERANCE_SECONDS
}

/// With how many decimals a time is printed where a period has so many seconds.
pub fn printed_decimals(period_seconds: f64) -> usize {
    match period_seconds {
        seconds if seconds >= 0.1 => 1,
        seconds if seconds >= 0.01 => 2,
        _ => 3,
    }
}

fn moment(window: Window, instead_of_seconds: Option<f64>) -> TraceMoment {
    TraceMoment {
        schema: window.schema().map(str::to_owned),
        columns: window.into_columns(),
        instead_of_seconds,
    }
}

fn whole(moment: TraceMoment) -> Found {
    Found {
        moment,
        mistake_behind: None,
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

    /// `plasma run` prints one decimal, and its ticks are never quite at whole seconds.
    #[test]
    fn a_time_as_it_is_printed_means_the_nearest_tick() {
        let near = "{\"event\":\"hello\",\"version\":1,\"engine\":\"test\",\"period\":1.0}
{\"event\":\"server\",\"id\":\"s1\",\"cpu\":{\"perc\":7.0}}
{\"event\":\"tick\",\"t\":6.999}
{\"event\":\"server\",\"id\":\"s1\",\"cpu\":{\"perc\":8.0}}
{\"event\":\"tick\",\"t\":8.001}
{\"event\":\"server\",\"id\":\"s1\",\"cpu\":{\"perc\":9.0}}
{\"event\":\"tick\",\"t\":8.999}
{\"event\":\"serv";
        assert_eq!(at(Some(7.0), near), "Some(7.0)");
        assert_eq!(at(Some(8.0), near), "Some(8.0)");
        // Behind it the trace is cut off.
        assert_eq!(at(Some(9.0), near), "Some(9.0)");
        // Nothing is known of the cluster then: the trace goes on, nobody knows how.
        insta::assert_snapshot!(at(Some(9.5), near), @"t.jsonl:8: the trace is cut off after the tick at 8.999 s; up to there (`--at 8.999`) it can be read");
    }

    #[test]
    fn between_two_ticks_the_one_before_tells() {
        assert_eq!(at(Some(15.0), TRACE), "Some(90.0)");
        let (whole, _) = TRACE.rsplit_once('\n').expect("it has lines");
        assert_eq!(at(Some(34.0), whole), "Some(20.0)");
    }

    #[test]
    fn a_time_that_no_tick_tells_of_names_the_ticks_next_to_it() {
        let (whole, _) = TRACE.rsplit_once('\n').expect("it has lines");
        insta::assert_snapshot!(
            at(Some(35.0), whole),
            @"t.jsonl: the trace has no tick at 35 s; its last tick is at 20 s"
        );
        insta::assert_snapshot!(
            at(Some(5.0), TRACE),
            @"t.jsonl: the trace has no tick at 5 s; its first tick is at 10 s"
        );
        let gap: &str = "{\"event\":\"tick\",\"t\":10}\n{\"event\":\"tick\",\"t\":90}\n";
        insta::assert_snapshot!(
            at(Some(50.0), gap),
            @"t.jsonl: the trace has no tick at 50 s; the ticks next to it are at 10 s and 90 s"
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
