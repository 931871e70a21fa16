//! What is known of a server or an actor: its updates so far in one, and how to tell it again.

use std::iter;

use plasma_model::{ActorUpdate, Event, Field, ServerUpdate, UsageUpdate};

/// What is known of a server.
#[derive(Clone, Debug)]
pub(crate) struct KnownServer {
    update: ServerUpdate,
    /// Number of the frame that introduced it.
    pub(crate) introduced_by: u64,
}

/// What is known of an actor.
#[derive(Clone, Debug)]
pub(crate) struct KnownActor {
    /// All that was told, but for what is counted below.
    pub(crate) update: ActorUpdate,
    /// Number of the frame that introduced it.
    pub(crate) introduced_by: u64,
    /// Since when it has been there, in seconds; `None` where that is unknown.
    since_seconds: Option<f64>,
    /// When it was called last, in seconds; `None` where that is unknown.
    called_seconds: Option<f64>,
    /// How often it was moved.
    moves: Field<u64>,
    /// What the next tick gives a time to.
    told_age: Field<f64>,
    told_idle: Field<f64>,
    is_new: bool,
    /// Whether age and moves were told, and not counted here from first sight.
    is_age_told: bool,
    is_moves_told: bool,
}

impl KnownServer {
    /// A server that frame `number` introduces; its first update is still to be followed.
    pub(crate) fn new(update: &ServerUpdate, number: u64) -> Self {
        KnownServer {
            update: ServerUpdate::new(update.id.clone()),
            introduced_by: number,
        }
    }

    pub(crate) fn follow(&mut self, told: &ServerUpdate) {
        let known = &mut self.update;
        take_usage(&mut known.cpu, &told.cpu);
        take_usage(&mut known.mem, &told.mem);
        take_usage(&mut known.net, &told.net);
        take(&mut known.labels, &told.labels);
        take(&mut known.contended, &told.contended);
    }

    /// What tells all of it.
    pub(crate) fn events(&self) -> impl Iterator<Item = Event> + use<> {
        let mut first = self.update.clone();
        let mut then = ServerUpdate::new(self.update.id.clone());
        let usages = [
            (&mut first.cpu, &mut then.cpu),
            (&mut first.mem, &mut then.mem),
            (&mut first.net, &mut then.net),
        ];
        let then = split_losses(usages).then_some(Event::Server(then));
        iter::once(Event::Server(first)).chain(then)
    }
}

impl KnownActor {
    /// An actor that frame `number` introduces; its first update is still to be followed.
    pub(crate) fn new(update: &ActorUpdate, number: u64) -> Self {
        KnownActor {
            update: ActorUpdate::new(update.id.clone()),
            introduced_by: number,
            since_seconds: None,
            called_seconds: None,
            moves: Field::Known(0),
            told_age: Field::Keep,
            told_idle: Field::Keep,
            is_new: true,
            is_age_told: false,
            is_moves_told: false,
        }
    }

    pub(crate) fn follow(&mut self, told: &ActorUpdate) {
        let known = &mut self.update;
        if let (Field::Known(from), Field::Known(to)) = (&known.server, &told.server)
            && from != to
        {
            self.moves = self.moves.map(|moves| moves + 1);
        }
        take(&mut self.moves, &told.moves);
        self.is_moves_told |= !told.moves.is_keep();
        self.is_age_told |= !told.age.is_keep();
        take(&mut self.told_age, &told.age);
        take(&mut self.told_idle, &told.idle);
        take(&mut known.actor_type, &told.actor_type);
        take(&mut known.server, &told.server);
        take_usage(&mut known.cpu, &told.cpu);
        take_usage(&mut known.mem, &told.mem);
        take_usage(&mut known.net, &told.net);
        take(&mut known.refs, &told.refs);
        take(&mut known.values, &told.values);
        take(&mut known.mailbox, &told.mailbox);
        take(&mut known.epoch, &told.epoch);
    }

    /// Notes that it was called in the period that ends now.
    pub(crate) fn be_called(&mut self, now_seconds: f64) {
        self.called_seconds = Some(now_seconds);
    }

    /// Notes the end of a period: ages count from the first one unless they were told.
    pub(crate) fn pass_time(&mut self, now_seconds: f64) {
        let is_new = std::mem::take(&mut self.is_new);
        match std::mem::take(&mut self.told_age) {
            Field::Known(age) => self.since_seconds = Some(now_seconds - age),
            Field::Unknown => self.since_seconds = None,
            Field::Keep if is_new => self.since_seconds = Some(now_seconds),
            Field::Keep => {}
        }
        match std::mem::take(&mut self.told_idle) {
            Field::Known(idle) => self.called_seconds = Some(now_seconds - idle),
            Field::Unknown => self.called_seconds = None,
            Field::Keep => {}
        }
    }

    /// What tells all of it. At a first tick nobody can know what counts from first sight.
    pub(crate) fn events(
        &self,
        now_seconds: f64,
        is_first_tick: bool,
    ) -> impl Iterator<Item = Event> + use<> {
        let mut first = self.update.clone();
        let elapsed = |since: Option<f64>| since.map(|since| now_seconds - since).into();
        first.idle = elapsed(self.called_seconds);
        if self.is_age_told || !is_first_tick {
            first.age = elapsed(self.since_seconds);
        }
        if self.is_moves_told || !is_first_tick {
            first.moves = self.moves;
        }
        let mut then = ActorUpdate::new(self.update.id.clone());
        let usages = [
            (&mut first.cpu, &mut then.cpu),
            (&mut first.mem, &mut then.mem),
            (&mut first.net, &mut then.net),
        ];
        let then = split_losses(usages).then_some(Event::Actor(then));
        iter::once(Event::Actor(first)).chain(then)
    }
}

/// Takes over a field that was told.
fn take<T: Clone>(known: &mut Field<T>, told: &Field<T>) {
    if !told.is_keep() {
        known.clone_from(told);
    }
}

/// Takes figures of a resource over. A new figure replaces both older ones, of which it gives the other; a
/// capacity stays until another one is told. Figures are unknown only after they were known: before that
/// they were never told.
fn take_usage(known: &mut Field<UsageUpdate>, told: &Field<UsageUpdate>) {
    let mut usage = match known {
        Field::Known(usage) => *usage,
        Field::Keep | Field::Unknown => UsageUpdate::default(),
    };
    let told = match told {
        Field::Keep => return,
        Field::Known(told) => *told,
        Field::Unknown => LOST,
    };
    take(&mut usage.capacity, &told.capacity);
    let is_figure = |figure: Field<f64>| matches!(figure, Field::Known(_));
    let was_reported = !usage.perc.is_keep() || !usage.size.is_keep();
    if is_figure(told.perc) || is_figure(told.size) {
        (usage.perc, usage.size) = (told.perc, told.size);
    } else if was_reported && !(told.perc.is_keep() && told.size.is_keep()) {
        (usage.perc, usage.size) = (LOST.perc, LOST.size);
    }
    *known = Field::Known(usage);
}

/// Figures that are unknown now.
const LOST: UsageUpdate = UsageUpdate {
    perc: Field::Unknown,
    size: Field::Unknown,
    capacity: Field::Keep,
};

/// Splits figures that are lost in two: some that were, and that they are unknown now; whether there are
/// any. It makes a difference whether a resource was ever reported.
fn split_losses(usages: [(&mut Field<UsageUpdate>, &mut Field<UsageUpdate>); 3]) -> bool {
    let mut has_lost = false;
    for (first, then) in usages {
        let Field::Known(usage) = first else { continue };
        if (usage.perc, usage.size) == (LOST.perc, LOST.size) {
            (usage.perc, usage.size) = (Field::Keep, Field::Known(0.0));
            *then = Field::Known(LOST);
            has_lost = true;
        }
    }
    has_lost
}
