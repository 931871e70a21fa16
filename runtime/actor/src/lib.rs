//! What an application is written with, and the server core that runs it.
//!
//! An application is a set of ordinary Rust types marked as actors ([`Actor`], [`Functions`]), the
//! actors it starts with and its clients ([`Application`]). The [`ServerCore`] hosts them: a state
//! machine without threads, clock, randomness or sockets. A driver gives it inputs and turns to
//! run ([`ServerCore::step`], [`ServerCore::run`]) and carries out its effects.

mod actor;
mod application;
mod call;
mod catalog;
mod context;
mod core;
mod directory;
mod error;
mod external;
mod frame;
mod id;
mod reference;
mod reply;
mod report;
mod sleep;
mod store;
mod time;
pub mod wire;

pub use actor::{
    Actor, Arity, CHECKPOINT_INTERVAL_DEFAULT, Calls, Durability, Function, Functions, Handled,
    Origin, Property, PublishedValue, State, Value, ValueKind, tag_of,
};
pub use application::{Application, ClientFuture, Load, NewActor, Setup, StartClient};
pub use call::{Ask, Call};
pub use catalog::{ActorDescription, Catalog, CatalogError, TYPES_MAX, Types};
pub use context::{Context, SLEEP_MAX};
pub use core::{
    Accounts, ActorAccount, ActorPhase, Admission, CHUNK_BYTES, CallsAccount, Config, Counters,
    DEPTH_MAX, Effect, Event, GatewayCall, HostedActor, Input, Latency, Limits, Meter,
    MigrationDone, MigrationOrder, MigrationRefusal, MovingActor, Order, OrderResult, Priced, Ran,
    Sender, ServerCore, SessionTimes, TIMERS_MAX, WAVE_MAX,
};
pub use directory::{LastMove, Record};
pub use error::{Buffer, CallError, Executed, Waited};
pub use external::{External, ExternalResult, ExternalWork};
pub use frame::{FRAME_HEADER_BYTES, Frame, FrameKind};
pub use id::{
    ActorId, Address, Epoch, FunctionId, KEY_MAX, SERVER_NUMBER_MAX, SETUP_KEY_MAX, ServerId,
    TypeTag, name_hash,
};
pub use reference::{Methods, Ref, Target};
pub use reply::Reply;
pub use report::{NodePeriod, PeriodReport, Reporter, ServerUse};
pub use store::{Expected, MemoryStore, Store, StoreError, Stored, Version};
pub use time::Time;
pub use wire::WireError;

pub use plasma_actor_derive::{Actor, functions};

/// For code written by the macros.
pub use serde;
