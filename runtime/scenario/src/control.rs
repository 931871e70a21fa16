//! The control loop: an engine's periods through window, evaluation and arbitration, and the orders
//! back to it. The same loop drives the embedded cluster, the simulator and recorded traces.

use std::collections::BTreeMap;

use plasma_check::program::CheckedProgram;
use plasma_columns::{Columns, Frame, SPARE_NAMES};
use plasma_engine::trace::Recorder;
use plasma_engine::{ClientPeriod, Engine, EngineError, Notice, Orders, Place};
use plasma_eval::Past;
use plasma_manager::{Gem, Round, Window, WindowError};
use plasma_model::{ActionBody, ActionId, Event, Outcome, PlanDocument};

/// The lease of a manager that has no rival.
const LEASE: u64 = 1;

/// What the manager does in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Measures only.
    Watch,
    /// Decides, and orders nothing.
    DryRun,
    /// Decides and orders.
    Act,
}

/// One period of the loop.
#[derive(Clone, Debug)]
pub struct Period {
    /// The cluster at its end, in the numbers of [`Control::columns`].
    pub frame: Frame,
    /// What the clients saw, where the engine drives them.
    pub clients: ClientPeriod,
    /// What was decided, unless the manager only watches.
    pub round: Option<Round>,
    /// Moves that ended in it.
    pub outcomes: Vec<Outcome>,
    /// Other orders that ended in it.
    pub other_outcomes: Vec<OtherOutcome>,
    /// What else the engine has to say.
    pub notices: Vec<Notice>,
}

/// A period that was measured and is not decided on yet.
#[derive(Debug)]
pub struct Measured {
    clients: Option<ClientPeriod>,
    outcomes: Vec<Outcome>,
    other_outcomes: Vec<OtherOutcome>,
    notices: Vec<Notice>,
}

/// How an order ended that is no move.
#[derive(Clone, Debug)]
pub struct OtherOutcome {
    /// What was ordered.
    pub body: ActionBody,
    /// How it ended.
    pub outcome: Outcome,
}

/// What is left when the loop has stopped.
pub struct Finished {
    /// Moves that ended after the last period.
    pub outcomes: Vec<Outcome>,
    /// Other orders that ended after the last period.
    pub other_outcomes: Vec<OtherOutcome>,
    /// The recording.
    pub recorder: Option<Recorder>,
}

/// Why the loop cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The engine cannot go on.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The engine told something that contradicts what it told before.
    #[error("{}{error}", place.as_ref().map_or(String::new(), |place| format!("{place}: ")))]
    Window {
        /// Where it stands, for recorded events.
        place: Option<Place>,
        /// What is wrong.
        error: WindowError,
    },
}

/// Somebody outside who hears what happens in the loop, as it happens.
pub trait Listener {
    /// Hears events: those of a period, up to its tick; what was decided on it; what ended at last.
    fn hear(&mut self, events: &[Event]);
}

/// The loop with its state.
pub struct Control<'e> {
    engine: &'e mut dyn Engine,
    window: Window,
    gem: Gem,
    /// Orders given that are no moves, until they end.
    other_orders: BTreeMap<ActionId, ActionBody>,
    policy_hash: String,
    recorder: Option<Recorder>,
    listener: Option<Box<dyn Listener + 'e>>,
}

impl<'e> Control<'e> {
    /// A loop over `engine` that decides by `gem`; `policy_text` is what the recording names by its
    /// hash.
    pub fn new(
        engine: &'e mut dyn Engine,
        gem: Gem,
        policy_text: &str,
        recorder: Option<Recorder>,
    ) -> Self {
        let period_seconds = engine.hello().period;
        let mut window = Window::new(Some(period_seconds));
        let kept_periods = gem.past().periods_kept(period_seconds);
        window.forget_names_after(kept_periods, SPARE_NAMES);
        Control {
            engine,
            window,
            gem,
            other_orders: BTreeMap::new(),
            policy_hash: policy_hash(policy_text),
            recorder,
            listener: None,
        }
    }

    /// Lets somebody hear what happens from now on.
    #[must_use]
    pub fn heard_by(self, listener: Box<dyn Listener + 'e>) -> Self {
        Control {
            listener: Some(listener),
            ..self
        }
    }

    /// Decides by another policy from the next period on; the recording has its text, and who wanted it.
    pub fn replace_policy(&mut self, program: CheckedProgram, text: &str, by: &str) {
        let past = Past::of(&program);
        self.replace_policy_knowing(program, past, text, by);
    }

    /// The same where it is known what was before, in the numbers of [`Control::columns`].
    pub fn replace_policy_knowing(
        &mut self,
        program: CheckedProgram,
        past: Past,
        text: &str,
        by: &str,
    ) {
        self.gem.replace_program_knowing(program, past);
        self.policy_hash = policy_hash(text);
        let event = Event::Policy {
            t: self.columns().frame().t,
            policy: self.policy_hash.clone(),
            source: text.to_owned(),
            by: by.to_owned(),
        };
        self.tell(&[event]);
        let kept_periods = self.gem.past().periods_kept(self.window.period_seconds());
        self.window.forget_names_after(kept_periods, SPARE_NAMES);
    }

    /// The manager.
    pub fn gem(&self) -> &Gem {
        &self.gem
    }

    /// The cluster at the end of the last period.
    pub fn columns(&self) -> &Columns {
        self.window.columns()
    }

    /// Waits for the end of the next period and decides on it. `None` once the engine has stopped.
    ///
    /// # Errors
    /// If the engine cannot go on or contradicts itself.
    pub fn next(&mut self, mode: Mode) -> Result<Option<Period>, ControlError> {
        match self.measure()? {
            Some(measured) => self.conclude(measured, mode).map(Some),
            None => Ok(None),
        }
    }

    /// The first half of [`Control::next`]: waits for the end of the next period, and takes over what was
    /// measured in it. Between the halves it may be said anew what is to be done.
    ///
    /// # Errors
    /// If the engine cannot go on or contradicts itself.
    pub fn measure(&mut self) -> Result<Option<Measured>, ControlError> {
        let Some(batch) = self.engine.next_batch()? else {
            return Ok(None);
        };
        if let Some(listener) = &mut self.listener {
            listener.hear(&batch.events);
        }
        let places: Vec<Option<Place>> = (0..batch.events.len()).map(|i| batch.place(i)).collect();
        let (mut outcomes, mut other_outcomes) = (Vec::new(), Vec::new());
        for (event, place) in batch.events.into_iter().zip(places) {
            self.gem.observe(&event);
            if let Some(recorder) = &mut self.recorder {
                recorder.write(&event);
            }
            if let Event::Outcome(outcome) = &event {
                match self.other_orders.remove(&outcome.id) {
                    None => outcomes.push(outcome.clone()),
                    Some(body) => other_outcomes.push(OtherOutcome {
                        body,
                        outcome: outcome.clone(),
                    }),
                }
            }
            self.window
                .push(&event)
                .map_err(|error| ControlError::Window { place, error })?;
        }
        for server in &batch.stale {
            self.window.mark_stale(server);
        }
        Ok(Some(Measured {
            clients: batch.clients,
            outcomes,
            other_outcomes,
            notices: batch.notices,
        }))
    }

    /// The second half of [`Control::next`]: decides on the period that was just measured.
    ///
    /// # Errors
    /// If the engine takes no orders any more.
    pub fn conclude(&mut self, measured: Measured, mode: Mode) -> Result<Period, ControlError> {
        let round = self.decide(mode)?;
        let frame = self.window.columns().frame().clone();
        Ok(Period {
            clients: measured
                .clients
                .unwrap_or_else(|| ClientPeriod::new(frame.period_seconds)),
            frame,
            round,
            outcomes: measured.outcomes,
            other_outcomes: measured.other_outcomes,
            notices: measured.notices,
        })
    }

    fn decide(&mut self, mode: Mode) -> Result<Option<Round>, ControlError> {
        let columns = self.window.columns();
        if mode == Mode::Watch {
            self.gem.watch(columns);
            return Ok(None);
        }
        let round = self.gem.round(columns);
        let (t, window) = (columns.frame().t, columns.frame().window);
        let mut decided = Vec::new();
        if self.recorder.is_some() || self.listener.is_some() {
            decided.push(Event::Decision {
                t,
                policy: self.policy_hash.clone(),
                plan: PlanDocument::new(&round.decision, None),
            });
        }
        let orders = match mode {
            Mode::Act => self.orders(t, window.unwrap_or(0)),
            Mode::Watch | Mode::DryRun => None,
        };
        decided.extend(orders.clone().map(Event::from));
        self.tell(&decided);
        if let Some(orders) = orders {
            self.engine.submit(orders)?;
        }
        Ok(Some(round))
    }

    /// The orders to be given now, if there are any.
    fn orders(&mut self, t: f64, window: u64) -> Option<Orders> {
        let actions = self.gem.orders(t);
        let others = actions.iter().filter(|action| !action.body.is_move());
        self.other_orders
            .extend(others.map(|action| (action.id, action.body.clone())));
        (!actions.is_empty()).then_some(Orders {
            window,
            lease: LEASE,
            actions,
        })
    }

    /// Records events of the loop itself, and lets them be heard.
    fn tell(&mut self, events: &[Event]) {
        if let Some(recorder) = &mut self.recorder {
            events.iter().for_each(|event| recorder.write(event));
        }
        if let Some(listener) = &mut self.listener {
            listener.hear(events);
        }
    }

    /// Stops the engine and gives the outcomes that no period has held, and the recording.
    ///
    /// # Errors
    /// If something did not end in time.
    pub fn finish(mut self) -> Result<Finished, EngineError> {
        let (mut outcomes, mut other_outcomes) = (Vec::new(), Vec::new());
        for event in self.engine.finish()? {
            let Event::Outcome(outcome) = &event else {
                continue;
            };
            let outcome = outcome.clone();
            self.tell(&[event]);
            match self.other_orders.remove(&outcome.id) {
                None => outcomes.push(outcome),
                Some(body) => other_outcomes.push(OtherOutcome { body, outcome }),
            }
        }
        Ok(Finished {
            outcomes,
            other_outcomes,
            recorder: self.recorder,
        })
    }
}

/// By what recordings name a policy: FNV-1a of its text, in 16 hexadecimal digits. Tells policies apart,
/// proves nothing.
pub fn policy_hash(text: &str) -> String {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!(
        "{:016x}",
        text.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, mix)
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{self, Cursor, Write};
    use std::rc::Rc;
    use std::sync::{Arc, Mutex};

    use plasma_check::{Environment, check_source};
    use plasma_diagnostic::SourceMap;
    use plasma_engine::trace::{TraceEngine, TraceReader};

    use super::*;

    const TRACE: &str = r#"{"event":"hello","version":1,"engine":"test","period":1.0}
{"event":"schema","source":"actor Folder { fn open; }"}
{"event":"server","id":"s1","cpu":{"perc":90,"capacity":4},"mem":{"perc":1,"capacity":100},"net":{"perc":1,"capacity":100}}
{"event":"server","id":"s2","cpu":{"perc":0,"capacity":4},"mem":{"perc":1,"capacity":100},"net":{"perc":1,"capacity":100}}
{"event":"actor","id":"a","type":"Folder","server":"s1","cpu":{"perc":80},"mem":{"size":1},"net":{"size":1}}
{"event":"actor","id":"b","type":"Folder","server":"s1","cpu":{"perc":10},"mem":{"size":1},"net":{"size":1}}
{"event":"tick","t":1.0,"window":1}
{"event":"tick","t":2.0,"window":2}
{"event":"tick","t":3.0,"window":3}
"#;

    /// Keeps what it hears.
    struct Ear(Rc<RefCell<Vec<Event>>>);

    impl Listener for Ear {
        fn hear(&mut self, events: &[Event]) {
            self.0.borrow_mut().extend_from_slice(events);
        }
    }

    /// Collects what is written.
    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn program(source: &str) -> CheckedProgram {
        let source = format!("actor Folder {{ fn open; }}\n{source}");
        let (_, file) = SourceMap::single("a.plasma", source.as_str());
        let checked = check_source(file, source, &Environment::default());
        assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
        checked.program
    }

    #[test]
    fn another_policy_decides_from_the_next_period_on() {
        let reader = TraceReader::new("trace.jsonl", Box::new(Cursor::new(TRACE)));
        let mut engine = TraceEngine::new(reader).expect("a trace");
        let (sink, heard) = (Sink::default(), Rc::new(RefCell::new(Vec::new())));
        let recorder = Recorder::new("run.jsonl", Box::new(sink.clone()));
        let reserve = "rule first: Folder(f).cpu.perc > 50 => reserve(f, cpu);";
        let gem = Gem::new(program(reserve));
        let mut control = Control::new(&mut engine, gem, reserve, Some(recorder))
            .heard_by(Box::new(Ear(Rc::clone(&heard))));
        let mut fired = Vec::new();
        let mut ids = Vec::new();
        for number in 0..3 {
            if number == 2 {
                let other = "rule second: Folder(f).cpu.perc > 50 => reserve(f, cpu);";
                control.replace_policy(program(other), other, "ada");
            }
            let period = control.next(Mode::DryRun).expect("sound").expect("no end");
            let round = period.round.expect("a decision");
            ids.extend(round.decision.actions.iter().map(|action| action.id));
            fired.push(round.fired);
        }
        let finished = control.finish().expect("the end");
        finished
            .recorder
            .expect("it was kept")
            .finish()
            .expect("written");
        let rule = |name: &str| vec![(name.to_owned(), 1)];
        assert_eq!(fired, [rule("first"), rule("first"), rule("second")]);
        // No order of the first policy is taken for one of the second.
        assert!(
            ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]),
            "{ids:?}"
        );

        let recorded = sink.0.lock().expect("no panic").clone();
        let recorded = TraceReader::new("run.jsonl", Box::new(Cursor::new(recorded)));
        let recorded: Vec<Event> = recorded.map(|read| read.expect("an event").event).collect();
        assert_eq!(recorded, *heard.borrow());
        let hashes = recorded.iter().filter_map(|event| match event {
            Event::Decision { policy, .. } => Some(policy.clone()),
            Event::Policy { t, policy, by, .. } => Some(format!("{by} at {t}: {policy}")),
            _ => None,
        });
        let [first, second] = [reserve, &reserve.replace("first", "second")].map(policy_hash);
        let expected = [first.clone(), first, format!("ada at 2: {second}"), second];
        assert_eq!(hashes.collect::<Vec<String>>(), expected);
    }
}
