//! The workload of the checkers: ledgers append operations to logs that are their state, relays
//! pass operations on, and clients remember what they were told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use plasma_actor::{
    Actor, Application, CallError, Context, Executed, Load, Origin, Ref, Setup, Types, WireError,
    functions,
};
use plasma_sim::check::{Entry, History, Outcome};
use plasma_sim::{Random, Stream, World};
use serde::{Deserialize, Serialize};

/// How long clients wait for an answer.
pub(crate) const DEADLINE: Duration = Duration::from_secs(2);

/// An operation as actors store it: caller, number, and who passed it on.
type Stored = (u64, u64, Option<(u64, u64)>);

/// An actor whose state is a log.
#[derive(Actor, Serialize, Deserialize)]
pub(crate) struct Ledger {
    log: Vec<Stored>,
    /// Running digest of the log: state that was torn on its way does not agree with it.
    digest: u64,
    /// How often it did not.
    torn: u64,
    /// Timers that have fired and that are to fire.
    ticks: u64,
    ticks_wanted: u64,
    /// Makes the state as large as the test wants.
    ballast: Vec<u8>,
    /// A planted mistake: a move costs the newest operation.
    forgets: bool,
}

#[functions]
impl Ledger {
    /// Appends an operation; gives its place.
    fn append(&mut self, _cx: &Context, caller: u64, number: u64) -> u64 {
        self.push((caller, number, None))
    }

    /// The same, asleep for a while in between: other calls have to wait.
    async fn append_slowly(
        &mut self,
        cx: &Context,
        caller: u64,
        number: u64,
        pause_micros: u64,
    ) -> u64 {
        cx.sleep(Duration::from_micros(pause_micros)).await;
        self.push((caller, number, None))
    }

    /// Appends an operation that was passed on.
    fn append_for(
        &mut self,
        _cx: &Context,
        caller: u64,
        number: u64,
        relay: u64,
        count: u64,
    ) -> u64 {
        self.push((caller, number, Some((relay, count))))
    }

    /// Does nothing for a while, and lets nobody else do anything.
    async fn rest(&mut self, cx: &Context, micros: u64) {
        cx.sleep(Duration::from_micros(micros)).await;
    }

    /// Burns processor time.
    fn work(&mut self, cx: &Context, micros: u64) {
        cx.burn(Duration::from_micros(micros));
    }

    /// Ticks that many times, a millisecond apart.
    fn tick(&mut self, cx: &Context, times: u64) -> Result<(), CallError> {
        self.ticks_wanted += times;
        for tick in 1..=times {
            cx.after(Duration::from_millis(tick), LedgerCall::Ticked)?;
        }
        Ok(())
    }

    /// A timer's call.
    fn ticked(&mut self, _cx: &Context) {
        self.ticks += 1;
    }

    /// The log.
    fn entries(&self, _cx: &Context) -> Vec<Stored> {
        self.log.clone()
    }

    /// How often the state did not agree with its digest, and how many ticks are missing.
    fn faults(&self, _cx: &Context) -> (u64, u64) {
        (self.torn, self.ticks_wanted.abs_diff(self.ticks))
    }

    fn activated(&mut self, _cx: &Context, origin: Origin) {
        if digest(&self.log) != self.digest {
            self.torn += 1;
        }
        if self.forgets && origin == Origin::Moved {
            self.log.pop();
        }
    }
}

impl Ledger {
    fn new(ballast: usize, forgets: bool) -> Self {
        Ledger {
            log: Vec::new(),
            digest: digest(&[]),
            torn: 0,
            ticks: 0,
            ticks_wanted: 0,
            ballast: vec![7; ballast],
            forgets,
        }
    }

    fn push(&mut self, operation: Stored) -> u64 {
        self.log.push(operation);
        self.digest = digest_after(self.digest, operation);
        self.log.len() as u64 - 1
    }
}

fn digest(log: &[Stored]) -> u64 {
    log.iter()
        .fold(17, |digest, operation| digest_after(digest, *operation))
}

fn digest_after(digest: u64, (caller, number, via): Stored) -> u64 {
    let (relay, count) = via.unwrap_or_default();
    [caller, number, relay, count]
        .into_iter()
        .fold(digest, |digest, part| {
            digest.wrapping_mul(31).wrapping_add(part)
        })
}

/// An actor that passes operations on to ledgers.
#[derive(Actor, Serialize, Deserialize)]
pub(crate) struct Relay {
    ledgers: Vec<Ref<Ledger>>,
    sent: u64,
}

#[functions]
impl Relay {
    /// Passes an operation on to the ledger at this place.
    async fn pass(
        &mut self,
        cx: &Context,
        place: u64,
        caller: u64,
        number: u64,
    ) -> Result<u64, CallError> {
        let Some(ledger) = self.ledgers.get(place as usize) else {
            return Err(CallError::NotFound);
        };
        self.sent += 1;
        let me = cx.this::<Relay>().map_or(0, |this| Ref::key(&this));
        ledger.append_for(cx, caller, number, me, self.sent).await
    }
}

/// Ledgers, relays and clients in some number.
#[derive(Clone, Debug)]
pub(crate) struct Ledgers {
    pub(crate) ledgers: u64,
    pub(crate) relays: u64,
    pub(crate) clients: u64,
    /// Operations of each client; then it ends.
    pub(crate) operations: u64,
    /// Size of each ledger's state beside its log, in bytes.
    pub(crate) ballast: usize,
    /// Longest pause of a client between operations.
    pub(crate) think: Duration,
    /// If not zero, clients only ask ledgers to burn this much processor time.
    pub(crate) work_micros: u64,
    /// Whether ledgers forget, which is a mistake.
    pub(crate) forgets: bool,
    /// Tells the clients to end.
    pub(crate) closing: Arc<AtomicBool>,
    /// Clients that have not ended.
    pub(crate) living: Arc<AtomicU64>,
    /// What all clients saw.
    pub(crate) history: History,
}

impl Default for Ledgers {
    fn default() -> Self {
        Ledgers {
            ledgers: 4,
            relays: 2,
            clients: 8,
            operations: 50,
            ballast: 0,
            think: Duration::from_millis(2),
            work_micros: 0,
            forgets: false,
            closing: Arc::default(),
            living: Arc::default(),
            history: History::default(),
        }
    }
}

impl Application for Ledgers {
    fn name(&self) -> &str {
        "ledgers"
    }

    fn about(&self) -> &str {
        "Appends operations to logs."
    }

    fn types(&self, types: &mut Types) {
        types.add::<Ledger>().add::<Relay>();
    }

    fn create(&self, setup: &mut Setup) -> Result<(), WireError> {
        let mut ledgers = Vec::new();
        for _ in 0..self.ledgers {
            ledgers.push(setup.create(&Ledger::new(self.ballast, self.forgets))?);
        }
        for _ in 0..self.relays {
            let ledgers = ledgers.clone();
            setup.create(&Relay { ledgers, sent: 0 })?;
        }
        Ok(())
    }

    fn load(&self, seed: u64) -> Load {
        let mut load = Load::new();
        for caller in 1..=self.clients {
            let client = Client {
                caller,
                number: 0,
                random: Random::new(seed.wrapping_add(caller), Stream::Choices),
                shape: self.clone(),
            };
            self.living.fetch_add(1, Ordering::Relaxed);
            load.client(move |cx| client.live(cx));
        }
        load
    }
}

/// A client: operations of all kinds in a row, one after the other or a few at once.
struct Client {
    caller: u64,
    number: u64,
    random: Random,
    shape: Ledgers,
}

impl Client {
    async fn live(mut self, cx: Context) {
        while self.number < self.shape.operations && !self.shape.closing.load(Ordering::Relaxed) {
            if self.shape.work_micros > 0 {
                self.work(&cx).await;
                continue;
            }
            match self.random.below(8) {
                0 if self.shape.relays > 0 => self.pass_on(&cx).await,
                1 => self.note(&cx),
                2 => self.append_slowly(&cx).await,
                3 => self.append_some(&cx).await,
                _ => self.append(&cx).await,
            }
            let pause = self.random.up_to(self.shape.think);
            cx.sleep(pause).await;
        }
        self.shape.living.fetch_sub(1, Ordering::Relaxed);
    }

    async fn work(&mut self, cx: &Context) {
        let ledger: Ref<Ledger> = Ref::new(self.random.below(self.shape.ledgers) + 1);
        // An error shows in the engine's figures.
        let _ = ledger.work(cx, self.shape.work_micros).await;
    }

    /// A ledger, and the next operation on it, begun.
    fn begin(&mut self, cx: &Context) -> (Ref<Ledger>, usize) {
        self.number += 1;
        let key = self.random.below(self.shape.ledgers) + 1;
        let id = (self.caller, self.number);
        let place = self.shape.history.begin(id, key, cx.now(), DEADLINE);
        (Ref::new(key), place)
    }

    fn end(&self, cx: &Context, place: usize, result: Result<u64, CallError>) {
        let outcome = match result {
            Ok(position) => Outcome::Done { position },
            Err(error) if error.executed() == Executed::No => Outcome::NotRun,
            Err(_) => Outcome::Unknown,
        };
        self.shape.history.end(place, cx.now(), outcome);
    }

    async fn append(&mut self, cx: &Context) {
        let (ledger, place) = self.begin(cx);
        let call = ledger.append(cx, self.caller, self.number);
        let result = call.within(DEADLINE).await;
        self.end(cx, place, result);
    }

    async fn append_slowly(&mut self, cx: &Context) {
        let (ledger, place) = self.begin(cx);
        let pause = self.random.below(3000);
        let call = ledger.append_slowly(cx, self.caller, self.number, pause);
        let result = call.within(DEADLINE).await;
        self.end(cx, place, result);
    }

    /// Three operations at once.
    async fn append_some(&mut self, cx: &Context) {
        let mut asked = Vec::new();
        for _ in 0..3 {
            let (ledger, place) = self.begin(cx);
            let call = ledger.append(cx, self.caller, self.number);
            asked.push((place, call.within(DEADLINE).ask()));
        }
        for (place, ask) in asked {
            let result = ask.await;
            self.end(cx, place, result);
        }
    }

    /// One way: nobody will ever say what became of it.
    fn note(&mut self, cx: &Context) {
        let (ledger, place) = self.begin(cx);
        let sent = ledger.append(cx, self.caller, self.number).send();
        let outcome = if sent.is_ok() {
            Outcome::Unknown
        } else {
            Outcome::NotRun
        };
        self.shape.history.end(place, cx.now(), outcome);
    }

    async fn pass_on(&mut self, cx: &Context) {
        let (ledger, place) = self.begin(cx);
        let relay: Ref<Relay> = Ref::new(self.random.below(self.shape.relays) + 1);
        let at = Ref::key(&ledger) - 1;
        let call = relay.pass(cx, at, self.caller, self.number);
        let result = call.within(DEADLINE).await;
        self.end(cx, place, result);
    }
}

/// The logs of all ledgers, asked for from outside.
pub(crate) fn logs(
    world: &mut World,
    ledgers: u64,
) -> Result<BTreeMap<u64, Vec<Entry>>, CallError> {
    let mut logs = BTreeMap::new();
    for key in 1..=ledgers {
        let stored = world.ask::<Ledger, Vec<Stored>>(key, &LedgerCall::Entries, DEADLINE)?;
        let entries = stored.into_iter().map(|(caller, number, via)| Entry {
            caller,
            number,
            via,
        });
        logs.insert(key, entries.collect());
    }
    Ok(logs)
}
