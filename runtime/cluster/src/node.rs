//! One node of the cluster: a core and the loop that drives it on its thread.

use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use plasma_actor::{
    ActorId, Address, Admission, Catalog, Config, Effect, Input, MemoryStore, ServerCore, Time,
};
use plasma_engine::Notice;
use plasma_engine::embedded::{Bucket, Entitlement, INPUTS_MAX, Link, Loads};

use crate::clock::{Clocks, thread_cpu};
use crate::command::{Command, Cost, Ending, Message, MessageBody, NodeAccounts};
use crate::egress::{Egress, Inboxes};
use crate::external::Workers;
use crate::inbox::{Inbox, Taken};
use crate::ingress::Ingress;
use crate::meter::{Readings, ThreadMeter};
use crate::notices::Notices;

/// Turns after which the clocks are read again.
const TURNS_MAX: u32 = 32;

/// Time after which the clocks are read again.
const RUN_MAX: Duration = Duration::from_micros(500);

/// Difference between wall and processor time of a run from which its thread was descheduled.
const DESCHEDULED: Duration = Duration::from_micros(50);

/// Length of a turn from which it is reported.
const LONG_TURN: Duration = Duration::from_secs(1);

/// A node sleeps no longer than this, so that a wrong wake-up time could never stop it for good.
const SLEEP_MAX: Duration = Duration::from_secs(1);

/// Pause before another tick, if one changed nothing.
const TICK_AGAIN: Duration = Duration::from_millis(1);

/// Weight of the newest run in the mean length of a turn.
const MEAN_WEIGHT: f64 = 0.25;

/// How a node is set up. Its core is made on its own thread.
pub(crate) struct NodeSetup {
    pub(crate) config: Config,
    pub(crate) catalog: Catalog,
    pub(crate) clocks: Clocks,
    /// Its processor quota; `None` for nodes that host no actors.
    pub(crate) bucket: Option<Bucket>,
    pub(crate) link: Link,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) inboxes: Inboxes,
    pub(crate) engine: Sender<Message>,
    /// What all servers used in the last period, for this one's local manager.
    pub(crate) loads: Arc<Mutex<Loads<ActorId>>>,
}

/// Runs a node until it is told to stop. A panic of the core ends this node, not the process.
pub(crate) fn run(setup: NodeSetup) {
    let address = setup.config.address;
    let engine = setup.engine.clone();
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        Node::new(setup).map_or_else(Ending::Refused, Node::run)
    }));
    let ending = match ended {
        Ok(ending) => ending,
        Err(_) => Ending::Panicked,
    };
    // The engine may be gone already.
    let _ = engine.send(Message {
        from: address,
        body: MessageBody::Ended(ending),
    });
}

struct Node {
    address: Address,
    core: ServerCore,
    clocks: Clocks,
    readings: Rc<Readings>,
    bucket: Option<Bucket>,
    inbox: Arc<Inbox>,
    taken: Taken,
    ingress: Ingress,
    egress: Egress,
    workers: Workers,
    notices: Notices,
    engine: Sender<Message>,
    loads: Arc<Mutex<Loads<ActorId>>>,
    /// The thread's processor clock when it was last read.
    cpu_read: Duration,
    /// What the present period has used and wanted.
    entitlement: Entitlement,
    period_began: Duration,
    mean_turn: Duration,
    stopping: bool,
}

impl Node {
    fn new(setup: NodeSetup) -> Result<Self, String> {
        let readings = Rc::new(Readings::default());
        let meter = ThreadMeter::new(setup.clocks.clone(), Rc::clone(&readings));
        let address = setup.config.address;
        let notices = Notices::new(setup.catalog.clone(), address.server.to_string());
        let core = ServerCore::new(
            setup.config,
            setup.catalog,
            Box::<MemoryStore>::default(),
            Box::new(meter),
        )
        .map_err(|error| error.to_string())?;
        let now = setup.clocks.now();
        Ok(Node {
            address,
            core,
            readings,
            bucket: setup.bucket,
            workers: Workers::new(Arc::clone(&setup.inbox)),
            inbox: setup.inbox,
            taken: Taken::default(),
            ingress: Ingress::new(setup.link),
            egress: Egress::new(setup.link, setup.inboxes),
            notices,
            engine: setup.engine,
            loads: setup.loads,
            cpu_read: thread_cpu(),
            entitlement: Entitlement::default(),
            period_began: now,
            mean_turn: RUN_MAX / TURNS_MAX,
            stopping: false,
            clocks: setup.clocks,
        })
    }

    fn run(mut self) -> Ending {
        while !self.stopping {
            self.round();
        }
        Ending::Stopped(Box::new(self.core.counters()))
    }

    /// One round: commands first, then frames that have arrived, then what is due, then turns as
    /// far as the quota allows, then sleep if there is nothing to do.
    fn round(&mut self) {
        let began = self.clocks.now();
        self.take_inbox(began);
        if self.stopping {
            return;
        }
        let busy = self.take_inputs(began);
        self.egress.pump(began);
        self.charge();
        let runnable = self.core.is_runnable();
        let may_run = self.bucket.as_ref().is_none_or(Bucket::may_run);
        if runnable && may_run {
            self.run_turns();
        } else if !busy {
            self.sleep(began, runnable);
        }
        if runnable {
            self.entitlement.runnable += self.clocks.now().saturating_sub(began);
        }
    }

    fn take_inbox(&mut self, now: Duration) {
        self.inbox.take(&mut self.taken);
        let mut taken = std::mem::take(&mut self.taken);
        self.ingress.accept(taken.passing.drain(..));
        for command in taken.commands.drain(..) {
            self.obey(now, command);
        }
        self.taken = taken;
    }

    /// Delivers frames that have arrived, then does what is due; says whether there may be more
    /// frames. What is due comes last: an acknowledgement that is here must be seen before its
    /// session gives up waiting for it.
    fn take_inputs(&mut self, now: Duration) -> bool {
        if let Some(bucket) = &mut self.bucket {
            bucket.refill(now);
            if !bucket.may_take_inputs(now) {
                return false;
            }
            bucket.took_inputs();
        }
        let more = self.deliver_frames(now);
        if self.core.wake_at().is_some_and(|at| at <= time(now)) {
            self.step(now, Input::Tick);
        }
        more
    }

    fn deliver_frames(&mut self, now: Duration) -> bool {
        for _ in 0..INPUTS_MAX {
            match self.ingress.next(now) {
                Some(frame) => self.step(now, Input::Frame(frame)),
                None => return false,
            }
        }
        true
    }

    fn run_turns(&mut self) {
        let turns = self.turns();
        let begin_cycles = self.clocks.cycles();
        let now = self.clocks.now();
        let ran = self.core.run(time(now), turns);
        let wall = self.clocks.between(begin_cycles, self.clocks.cycles());
        let used = self.charge();
        self.core
            .settle_cycles(wall.saturating_sub(used) <= DESCHEDULED);
        if ran.turns > 0 {
            let mean = used.as_secs_f64() / f64::from(ran.turns);
            let kept = self.mean_turn.as_secs_f64() * (1.0 - MEAN_WEIGHT);
            self.mean_turn = Duration::from_secs_f64(kept + mean * MEAN_WEIGHT);
        }
        self.report_long_turn(ran.longest_turn_cycles);
        // The turns took time: what they sent leaves now.
        let now = self.clocks.now();
        self.carry_out(now, ran.effects);
    }

    /// As many turns as are likely to fit between two readings of the clocks and into the quota.
    fn turns(&self) -> u32 {
        let left = self.bucket.as_ref().map_or(RUN_MAX, Bucket::left);
        let time = left.min(RUN_MAX).as_nanos();
        let turns = time / self.mean_turn.as_nanos().max(1);
        u32::try_from(turns)
            .unwrap_or(TURNS_MAX)
            .clamp(1, TURNS_MAX)
    }

    fn report_long_turn(&self, cycles: u64) {
        let length = self.clocks.between(0, cycles);
        if length > LONG_TURN {
            self.tell(MessageBody::Notice(Notice::LongTurn {
                server: self.address.server.to_string().into(),
                seconds: length.as_secs_f64(),
            }));
        }
    }

    /// Sleeps until something is to be done: a frame arrives, the core wants to be woken, or the
    /// next slice of the quota begins.
    fn sleep(&mut self, began: Duration, runnable: bool) {
        let now = self.clocks.now();
        let bucket = self.bucket.as_ref();
        let inputs_at = bucket.map_or(Duration::ZERO, Bucket::inputs_at);
        let frames_at = self.ingress.next_at().map(|at| at.max(inputs_at));
        let turns_at = self
            .bucket
            .as_ref()
            .filter(|_| runnable)
            .map(Bucket::may_run_at);
        let core_at = self
            .core
            .wake_at()
            .map(|at| Duration::from_nanos(at.as_nanos()))
            // What this round's tick could not do waits for the quota.
            .map(|at| if at <= began { now + TICK_AGAIN } else { at })
            .map(|at| at.max(inputs_at));
        let wakes = [frames_at, turns_at, core_at, self.egress.pump_at()];
        let next = wakes.into_iter().flatten().min();
        let latest = now + SLEEP_MAX;
        let until = next.map_or(latest, |next| next.min(latest));
        if until > now {
            self.inbox.sleep(&self.clocks, until);
        }
    }

    fn step(&mut self, now: Duration, input: Input) {
        let effects = self.core.step(time(now), input);
        self.carry_out(now, effects);
    }

    fn carry_out(&mut self, now: Duration, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(frame) => self.egress.send(now, frame),
                Effect::Outcome { id, result } => self.tell(MessageBody::Outcome { id, result }),
                Effect::External(work) => self.workers.begin(work),
                Effect::Event(event) => {
                    if let Some(notice) = self.notices.of(event) {
                        self.tell(MessageBody::Notice(notice));
                    }
                }
                Effect::Admission {
                    from,
                    wave,
                    actors,
                    state_bytes,
                } => {
                    let verdict = self.admit(&actors, state_bytes);
                    let admission = Admission {
                        from,
                        wave,
                        verdict,
                    };
                    self.step(now, Input::Admission(admission));
                }
                // Nobody calls from outside the cluster: clients are part of it.
                Effect::Answer { .. } => {}
            }
        }
        self.egress.pump(now);
    }

    /// The local manager at the door: whether a move may come here.
    fn admit(&self, actors: &[ActorId], state_bytes: u64) -> Result<(), String> {
        let mut loads = self.loads.lock().unwrap_or_else(PoisonError::into_inner);
        loads.admit(self.address.server.0, actors, state_bytes)
    }

    fn obey(&mut self, now: Duration, command: Command) {
        match command {
            Command::Input(input) => self.step(now, input),
            Command::StartClients(clients) => {
                for client in clients {
                    self.core.start_client(time(now), client);
                }
            }
            Command::StopClients => self.core.stop_clients(),
            Command::TakeAccounts(window) => self.hand_in(now, window),
            Command::SetProfiling(on) => self.core.set_profiling(on),
            Command::TellCost => {
                self.charge();
                self.tell(MessageBody::Cost(Cost {
                    cpu: self.cpu_read,
                    burned: self.readings.burned.get(),
                    handled: self.core.counters().handled,
                }));
            }
            Command::TellQuiet => self.tell(MessageBody::Quiet(self.core.is_quiet())),
            Command::TellEmpty => self.tell(MessageBody::Empty {
                hosted: self.core.hosted().len(),
                is_quiet: self.core.is_quiet(),
            }),
            Command::Stop => self.stopping = true,
        }
    }

    fn hand_in(&mut self, now: Duration, window: u64) {
        self.charge();
        let entitlement = std::mem::take(&mut self.entitlement);
        let length = now.saturating_sub(self.period_began);
        self.period_began = now;
        let quota_cores = self.bucket.as_ref().map_or(0.0, Bucket::quota_cores);
        let accounts = NodeAccounts {
            window,
            accounts: self.core.take_accounts(time(now)),
            cpu: entitlement.used,
            contended: entitlement.is_contended(quota_cores, length),
            notices_left_out: self.notices.end_period(),
        };
        self.tell(MessageBody::Period(Box::new(accounts)));
    }

    /// Takes the processor time used since the last reading from the quota.
    fn charge(&mut self) -> Duration {
        let cpu = thread_cpu();
        let used = cpu.saturating_sub(self.cpu_read);
        self.cpu_read = cpu;
        self.entitlement.used += used;
        if let Some(bucket) = &mut self.bucket {
            bucket.spend(used);
        }
        used
    }

    fn tell(&self, body: MessageBody) {
        // The engine may be gone: it stops its nodes, but does not wait for those that hang.
        let _ = self.engine.send(Message {
            from: self.address,
            body,
        });
    }
}

/// The cluster's time as the core's.
fn time(now: Duration) -> Time {
    Time::from_nanos(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
}
