//! The application of these tests: journals that remember every operation, in order, and clients
//! that number theirs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use plasma_actor::{Actor, Application, Context, Load, Ref, Setup, Types, WireError, functions};
use serde::{Deserialize, Serialize};

/// Calls that a client has under way to one journal at a time.
const PIPELINED: u32 = 4;

/// One operation: which client's, and its number among those to this journal.
pub(crate) type Operation = (u32, u32);

/// What was done to it, in order.
#[derive(Actor, Default, Deserialize, Serialize)]
pub(crate) struct Journal {
    operations: Vec<Operation>,
    #[publish]
    length: u64,
}

#[functions]
impl Journal {
    fn append(&mut self, _cx: &Context, client: u32, number: u32) -> u64 {
        self.operations.push((client, number));
        self.length += 1;
        self.length
    }

    fn work(&mut self, cx: &Context, microseconds: u64) {
        cx.burn(Duration::from_micros(microseconds));
    }

    fn fail(&mut self, _cx: &Context) {
        panic!("asked to fail");
    }

    fn operations(&self, _cx: &Context) -> Vec<Operation> {
        self.operations.clone()
    }
}

/// What the clients found out, to be looked at by the test.
#[derive(Default)]
pub(crate) struct Findings {
    /// Operations that were acknowledged, by client and journal.
    pub(crate) acknowledged: BTreeMap<(u32, u64), u32>,
    /// Errors that calls ended with.
    pub(crate) errors: Vec<String>,
    /// The journals' contents at the end.
    pub(crate) contents: BTreeMap<u64, Vec<Operation>>,
    /// Clients that have come to their end.
    pub(crate) ended: u32,
}

/// What clients do besides appending.
#[derive(Clone, Copy, Default)]
pub(crate) struct Habits {
    /// Processor time that each round asks for.
    pub(crate) work_microseconds: u64,
    /// Whether the first client makes each journal fail once.
    pub(crate) fails: bool,
    /// Processor time that the first client asks for in one call, once.
    pub(crate) long_milliseconds: u64,
}

/// A number of journals and clients.
#[derive(Clone, Default)]
pub(crate) struct Journals {
    pub(crate) journals: u64,
    pub(crate) clients: u32,
    pub(crate) habits: Habits,
    /// Tells the clients to come to their end.
    pub(crate) enough: Arc<AtomicBool>,
    pub(crate) findings: Arc<Mutex<Findings>>,
}

impl Journals {
    pub(crate) fn new(journals: u64, clients: u32) -> Self {
        Journals {
            journals,
            clients,
            ..Journals::default()
        }
    }

    pub(crate) fn with<R>(&self, look: impl FnOnce(&mut Findings) -> R) -> R {
        look(&mut self.findings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One client: appends to all journals in turn until it is enough.
    async fn client(self, cx: Context, client: u32) {
        let mut next = BTreeMap::new();
        while !self.enough.load(Ordering::Relaxed) {
            for key in 1..=self.journals {
                let journal = Ref::<Journal>::new(key);
                let number = next.entry(key).or_insert(0);
                self.append(&cx, &journal, client, number).await;
                if self.habits.work_microseconds > 0 {
                    let work = journal.work(&cx, self.habits.work_microseconds).await;
                    self.note(work.map(drop));
                }
                if client == 0 && *number == PIPELINED {
                    self.misbehave(&cx, &journal).await;
                }
            }
        }
        let last = self.with(|findings| {
            findings.ended += 1;
            findings.ended == self.clients
        });
        if last {
            self.read_all(&cx).await;
        }
    }

    /// What the first client does after its first round.
    async fn misbehave(&self, cx: &Context, journal: &Ref<Journal>) {
        if self.habits.fails {
            // Its error is what the test is about.
            let _ = journal.fail(cx).await;
        }
        if self.habits.long_milliseconds > 0 {
            let work = journal.work(cx, 1000 * self.habits.long_milliseconds);
            self.note(work.await);
        }
    }

    /// Several operations at once: their order must hold although none waits for the one before.
    async fn append(&self, cx: &Context, journal: &Ref<Journal>, client: u32, number: &mut u32) {
        let first = *number;
        *number += PIPELINED;
        let asks: Vec<_> = (first..*number)
            .map(|number| journal.append(cx, client, number).ask())
            .collect();
        for ask in asks {
            let answer = ask.await;
            if answer.is_ok() {
                let key = (client, Ref::key(journal));
                self.with(|findings| *findings.acknowledged.entry(key).or_default() += 1);
            }
            self.note(answer.map(drop));
        }
    }

    /// The last client reads what is in the journals.
    async fn read_all(&self, cx: &Context) {
        for key in 1..=self.journals {
            match Ref::<Journal>::new(key).operations(cx).await {
                Ok(content) => self.with(|findings| findings.contents.insert(key, content)),
                Err(error) => {
                    self.note(Err(error));
                    None
                }
            };
        }
    }

    fn note(&self, answer: Result<(), plasma_actor::CallError>) {
        if let Err(error) = answer {
            self.with(|findings| findings.errors.push(error.to_string()));
        }
    }
}

impl Application for Journals {
    fn name(&self) -> &str {
        "journals"
    }

    fn about(&self) -> &str {
        "journals that remember every operation"
    }

    fn types(&self, types: &mut Types) {
        types.add::<Journal>();
    }

    fn create(&self, setup: &mut Setup) -> Result<(), WireError> {
        for _ in 0..self.journals {
            setup.create(&Journal::default())?;
        }
        Ok(())
    }

    fn load(&self, _seed: u64) -> Load {
        let mut load = Load::new();
        for client in 0..self.clients {
            let app = self.clone();
            load.client(move |cx| app.client(cx, client));
        }
        load
    }
}
