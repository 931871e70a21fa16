//! Actors of the tests, written by hand the way the macros write them.

use std::time::Duration;

use plasma_actor::{
    Actor, Arity, Call, CallError, Calls, Context, Durability, Function, Functions, Handled,
    Methods, Origin, Property, PublishedValue, Ref, State, Target, TypeTag, Value, ValueKind,
    WireError, tag_of, wire,
};
use serde::{Deserialize, Serialize};

/// A number that can be added to, and that may be one of a chain.
#[derive(Serialize, Deserialize)]
pub(crate) struct Counter {
    pub(crate) total: u64,
    pub(crate) next: Option<Ref<Counter>>,
}

impl Counter {
    fn total(&self, _cx: &Context) -> u64 {
        self.total
    }

    fn add(&mut self, _cx: &Context, amount: u64) -> u64 {
        self.total += amount;
        self.total
    }

    async fn add_all(&mut self, cx: &Context, amount: u64) -> Result<u64, CallError> {
        self.total += amount;
        match &self.next {
            Some(next) => next.add_all(cx, amount).await,
            None => Ok(self.total),
        }
    }
}

impl Actor for Counter {
    const NAME: &'static str = "Counter";
    const LAYOUT: &'static str = "total: u64, next: Option<Ref<Counter>>";
    const PROPERTIES: &'static [Property] = &[Property {
        name: "next",
        arity: Arity::Optional,
        target: "Counter",
    }];
    const VALUES: &'static [PublishedValue] = &[PublishedValue {
        name: "total",
        kind: ValueKind::Int,
    }];

    fn references(&self, visit: &mut dyn FnMut(usize, plasma_actor::ActorId)) {
        if let Some(next) = &self.next {
            visit(0, Ref::id(next));
        }
    }

    fn values(&self, visit: &mut dyn FnMut(usize, Value)) {
        visit(0, Value::Int(self.total.cast_signed()));
    }
}

pub(crate) enum CounterCall {
    Total(),
    Add(u64),
    AddAll(u64),
}

impl Functions for Counter {
    type Call = CounterCall;
    type Methods = CounterMethods;
    const FUNCTIONS: &'static [Function] = &[
        Function::new("total").shared().fixed_size(0),
        Function::new("add"),
        Function::new("add_all"),
    ];

    fn handle(mut state: State<Self>, cx: Context, call: CounterCall) -> Handled<Self> {
        match call {
            CounterCall::Total() => {
                let result = state.total(&cx);
                Handled::done(state, cx.reply(result))
            }
            CounterCall::Add(amount) => {
                let result = state.get_mut().add(&cx, amount);
                Handled::done(state, cx.reply(result))
            }
            CounterCall::AddAll(amount) => Handled::waiting(async move {
                let result = state.get_mut().add_all(&cx, amount).await;
                (state, cx.reply_result(result))
            }),
        }
    }
}

impl Calls for CounterCall {
    const ACTOR: TypeTag = tag_of::<Counter>();

    fn function(&self) -> usize {
        match self {
            Self::Total() => 0,
            Self::Add(..) => 1,
            Self::AddAll(..) => 2,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) -> Result<(), WireError> {
        match self {
            Self::Total() => Ok(()),
            Self::Add(amount) | Self::AddAll(amount) => wire::encode(&(amount,), out),
        }
    }

    fn decode(function: usize, arguments: &[u8]) -> Result<Self, WireError> {
        match function {
            0 => wire::decode(arguments).map(|()| Self::Total()),
            1 => wire::decode(arguments).map(|(amount,)| Self::Add(amount)),
            2 => wire::decode(arguments).map(|(amount,)| Self::AddAll(amount)),
            _ => Err(WireError::no_function("Counter")),
        }
    }

    fn encoded_size(&self) -> usize {
        match self {
            Self::Total() => 0,
            Self::Add(amount) | Self::AddAll(amount) => wire::encoded_size(&(amount,)),
        }
    }
}

pub(crate) struct CounterMethods(Target);

impl Methods for CounterMethods {
    fn new(target: Target) -> Self {
        Self(target)
    }

    fn target(&self) -> &Target {
        &self.0
    }
}

impl CounterMethods {
    pub(crate) fn total<'a>(&'a self, cx: &'a Context) -> Call<'a, Counter, u64> {
        Call::new(cx, &self.0, CounterCall::Total())
    }

    pub(crate) fn add<'a>(&'a self, cx: &'a Context, amount: u64) -> Call<'a, Counter, u64> {
        Call::new(cx, &self.0, CounterCall::Add(amount))
    }

    pub(crate) fn add_all<'a>(&'a self, cx: &'a Context, amount: u64) -> Call<'a, Counter, u64> {
        Call::new(cx, &self.0, CounterCall::AddAll(amount))
    }
}

/// A list of numbers that may forward them to another list, and that can misbehave.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Log {
    pub(crate) entries: Vec<u64>,
    pub(crate) peer: Option<Ref<Log>>,
    #[serde(skip)]
    pub(crate) origin: Option<Origin>,
}

impl Log {
    pub(crate) fn with_peer(key: u64) -> Self {
        Self {
            peer: Some(Ref::new(key)),
            ..Self::default()
        }
    }

    fn append(&mut self, _cx: &Context, number: u64) -> u64 {
        self.entries.push(number);
        self.entries.len() as u64
    }

    fn read(&self, _cx: &Context) -> Vec<u64> {
        self.entries.clone()
    }

    async fn slow(&mut self, cx: &Context, millis: u64) {
        cx.sleep(Duration::from_millis(millis)).await;
    }

    async fn look(&self, cx: &Context, millis: u64) -> u64 {
        cx.sleep(Duration::from_millis(millis)).await;
        self.entries.len() as u64
    }

    async fn relay(&mut self, cx: &Context, number: u64) -> Result<u64, CallError> {
        match &self.peer {
            Some(peer) => peer.append(cx, number).await,
            None => Ok(0),
        }
    }

    async fn relay_slowly(&mut self, cx: &Context, number: u64) -> Result<u64, CallError> {
        cx.sleep(Duration::from_millis(20)).await;
        self.relay(cx, number).await
    }

    async fn relay_relay(&mut self, cx: &Context, number: u64) -> Result<u64, CallError> {
        match &self.peer {
            Some(peer) => peer.relay(cx, number).await,
            None => Ok(0),
        }
    }

    fn fail(&mut self, _cx: &Context) {
        panic!("told to fail");
    }

    async fn wait_for_nothing(&mut self, _cx: &Context) {
        std::future::pending().await
    }

    fn later(&mut self, cx: &Context, millis: u64, number: u64) -> Result<(), CallError> {
        cx.after(Duration::from_millis(millis), LogCall::Append(number))
    }

    fn pass_on(&mut self, cx: &Context, number: u64) -> Result<(), CallError> {
        match &self.peer {
            Some(peer) => peer.append(cx, number).send(),
            None => Ok(()),
        }
    }

    fn origin(&self, _cx: &Context) -> String {
        format!("{:?}", self.origin)
    }
}

impl Actor for Log {
    const NAME: &'static str = "Log";
    const LAYOUT: &'static str = "entries: Vec<u64>, peer: Option<Ref<Log>>";
    const DURABILITY: Durability = Durability::Checkpoint(Duration::from_secs(1));
    const PROPERTIES: &'static [Property] = &[Property {
        name: "peer",
        arity: Arity::Optional,
        target: "Log",
    }];

    fn references(&self, visit: &mut dyn FnMut(usize, plasma_actor::ActorId)) {
        if let Some(peer) = &self.peer {
            visit(0, Ref::id(peer));
        }
    }

    fn fresh(_key: u64) -> Option<Self> {
        Some(Self::default())
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum LogCall {
    Append(u64),
    Read(),
    Slow(u64),
    Look(u64),
    Relay(u64),
    RelaySlowly(u64),
    RelayRelay(u64),
    Fail(),
    WaitForNothing(),
    Later(u64, u64),
    PassOn(u64),
    Origin(),
}

impl Functions for Log {
    type Call = LogCall;
    type Methods = LogMethods;
    const FUNCTIONS: &'static [Function] = &[
        Function::new("append"),
        Function::new("read").shared().fixed_size(0),
        Function::new("slow"),
        Function::new("look").shared(),
        Function::new("relay"),
        Function::new("relay_slowly"),
        Function::new("relay_relay"),
        Function::new("fail").fixed_size(0),
        Function::new("wait_for_nothing").fixed_size(0),
        Function::new("later"),
        Function::new("pass_on"),
        Function::new("origin").shared().fixed_size(0),
    ];

    fn handle(mut state: State<Self>, cx: Context, call: LogCall) -> Handled<Self> {
        let reply = match call {
            LogCall::Append(number) => {
                let result = state.get_mut().append(&cx, number);
                cx.reply(result)
            }
            LogCall::Read() => cx.reply(state.read(&cx)),
            LogCall::Slow(millis) => {
                return Handled::waiting(async move {
                    let result = state.get_mut().slow(&cx, millis).await;
                    (state, cx.reply(result))
                });
            }
            LogCall::Look(millis) => {
                return Handled::waiting(async move {
                    let result = state.look(&cx, millis).await;
                    (state, cx.reply(result))
                });
            }
            LogCall::Relay(number) => {
                return Handled::waiting(async move {
                    let result = state.get_mut().relay(&cx, number).await;
                    (state, cx.reply_result(result))
                });
            }
            LogCall::RelaySlowly(number) => {
                return Handled::waiting(async move {
                    let result = state.get_mut().relay_slowly(&cx, number).await;
                    (state, cx.reply_result(result))
                });
            }
            LogCall::RelayRelay(number) => {
                return Handled::waiting(async move {
                    let result = state.get_mut().relay_relay(&cx, number).await;
                    (state, cx.reply_result(result))
                });
            }
            LogCall::Fail() => {
                state.get_mut().fail(&cx);
                cx.reply(())
            }
            LogCall::WaitForNothing() => {
                return Handled::waiting(async move {
                    let result = state.get_mut().wait_for_nothing(&cx).await;
                    (state, cx.reply(result))
                });
            }
            LogCall::Later(millis, number) => {
                let result = state.get_mut().later(&cx, millis, number);
                cx.reply_result(result)
            }
            LogCall::PassOn(number) => {
                let result = state.get_mut().pass_on(&cx, number);
                cx.reply_result(result)
            }
            LogCall::Origin() => cx.reply(state.origin(&cx)),
        };
        Handled::done(state, reply)
    }

    fn activated(&mut self, _cx: &Context, origin: Origin) {
        self.origin = Some(origin);
    }
}

impl LogCall {
    /// The one number most calls carry.
    fn number(&self) -> Option<&u64> {
        match self {
            Self::Append(number)
            | Self::Slow(number)
            | Self::Look(number)
            | Self::Relay(number)
            | Self::RelaySlowly(number)
            | Self::RelayRelay(number)
            | Self::PassOn(number) => Some(number),
            Self::Later(..) | Self::Read() | Self::Fail() => None,
            Self::WaitForNothing() | Self::Origin() => None,
        }
    }
}

impl Calls for LogCall {
    const ACTOR: TypeTag = tag_of::<Log>();

    fn function(&self) -> usize {
        match self {
            Self::Append(..) => 0,
            Self::Read() => 1,
            Self::Slow(..) => 2,
            Self::Look(..) => 3,
            Self::Relay(..) => 4,
            Self::RelaySlowly(..) => 5,
            Self::RelayRelay(..) => 6,
            Self::Fail() => 7,
            Self::WaitForNothing() => 8,
            Self::Later(..) => 9,
            Self::PassOn(..) => 10,
            Self::Origin() => 11,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) -> Result<(), WireError> {
        match self {
            Self::Later(millis, number) => wire::encode(&(millis, number), out),
            other => match other.number() {
                Some(number) => wire::encode(&(number,), out),
                None => Ok(()),
            },
        }
    }

    fn decode(function: usize, arguments: &[u8]) -> Result<Self, WireError> {
        let one = |make: fn(u64) -> Self| wire::decode(arguments).map(|(number,)| make(number));
        match function {
            0 => one(Self::Append),
            1 => Ok(Self::Read()),
            2 => one(Self::Slow),
            3 => one(Self::Look),
            4 => one(Self::Relay),
            5 => one(Self::RelaySlowly),
            6 => one(Self::RelayRelay),
            7 => Ok(Self::Fail()),
            8 => Ok(Self::WaitForNothing()),
            9 => wire::decode(arguments).map(|(millis, number)| Self::Later(millis, number)),
            10 => one(Self::PassOn),
            11 => Ok(Self::Origin()),
            _ => Err(WireError::no_function("Log")),
        }
    }

    fn encoded_size(&self) -> usize {
        let mut bytes = Vec::new();
        self.encode(&mut bytes).map_or(0, |()| bytes.len())
    }
}

pub(crate) struct LogMethods(Target);

impl Methods for LogMethods {
    fn new(target: Target) -> Self {
        Self(target)
    }

    fn target(&self) -> &Target {
        &self.0
    }
}

/// The method of a function.
macro_rules! method {
    ($name:ident($($argument:ident),*) -> $reply:ty, $call:ident) => {
        pub(crate) fn $name<'a>(&'a self, cx: &'a Context $(, $argument: u64)*) -> Call<'a, Log, $reply> {
            Call::new(cx, &self.0, LogCall::$call($($argument),*))
        }
    };
}

impl LogMethods {
    method!(append(number) -> u64, Append);
    method!(read() -> Vec<u64>, Read);
    method!(slow(millis) -> (), Slow);
    method!(look(millis) -> u64, Look);
    method!(relay(number) -> u64, Relay);
    method!(relay_slowly(number) -> u64, RelaySlowly);
    method!(relay_relay(number) -> u64, RelayRelay);
    method!(fail() -> (), Fail);
    method!(wait_for_nothing() -> (), WaitForNothing);
    method!(later(millis, number) -> (), Later);
    method!(pass_on(number) -> (), PassOn);
    method!(origin() -> String, Origin);
}
