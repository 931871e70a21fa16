//! What the engine tells its nodes, and what they tell it.

use std::fmt;
use std::time::Duration;

use plasma_actor::{Accounts, Address, Counters, Input, OrderResult, StartClient};
use plasma_engine::Notice;

/// What the engine tells a node.
pub(crate) enum Command {
    /// Give this to the core.
    Input(Input),
    /// Start these clients.
    StartClients(Vec<StartClient>),
    /// Stop all clients.
    StopClients,
    /// Hand in the accounts of the period with this number.
    TakeAccounts(u64),
    /// Switch profiling.
    SetProfiling(bool),
    /// Tell what calls have cost so far.
    TellCost,
    /// Tell whether no call and no move is under way.
    TellQuiet,
    /// Tell whether anybody is here, and whether no call and no move is under way.
    TellEmpty,
    /// End the thread.
    Stop,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Command::Input(_) => "Input",
            Command::StartClients(_) => "StartClients",
            Command::StopClients => "StopClients",
            Command::TakeAccounts(_) => "TakeAccounts",
            Command::SetProfiling(_) => "SetProfiling",
            Command::TellCost => "TellCost",
            Command::TellQuiet => "TellQuiet",
            Command::TellEmpty => "TellEmpty",
            Command::Stop => "Stop",
        })
    }
}

/// What a node tells the engine. However late the engine listens, few messages wait for it: each is
/// the answer to an order or a command, or one of a period's notices, whose number is bounded.
pub(crate) struct Message {
    /// The node.
    pub(crate) from: Address,
    /// What it tells.
    pub(crate) body: MessageBody,
}

/// What a node tells the engine.
pub(crate) enum MessageBody {
    /// The accounts of a period.
    Period(Box<NodeAccounts>),
    /// How an order ended.
    Outcome { id: u64, result: OrderResult },
    /// Something happened that people should hear of: only so often in a period.
    Notice(Notice),
    /// What calls have cost so far.
    Cost(Cost),
    /// Whether no call and no move is under way.
    Quiet(bool),
    /// How many actors are here, and whether no call and no move is under way.
    Empty { hosted: usize, is_quiet: bool },
    /// The thread ends.
    Ended(Ending),
}

/// How a node's thread ended.
pub(crate) enum Ending {
    /// As it was told.
    Stopped(Box<Counters>),
    /// Its core could not be made, for this reason.
    Refused(String),
    /// By a panic of the core or the driver.
    Panicked,
}

/// A node's accounts of one period, with what its thread used.
#[derive(Debug)]
pub(crate) struct NodeAccounts {
    /// Number of the period.
    pub(crate) window: u64,
    /// What the core counted.
    pub(crate) accounts: Accounts,
    /// Processor time of the thread.
    pub(crate) cpu: Duration,
    /// Whether it got less than its quota although it wanted to run.
    pub(crate) contended: bool,
    /// What happened besides the notices told in the period.
    pub(crate) notices_left_out: u64,
}

/// What a node's calls have cost since it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// Processor time of the thread.
    pub(crate) cpu: Duration,
    /// Of it, time that handlers spent by asking for it: the application's own work.
    pub(crate) burned: Duration,
    /// Calls that ended here.
    pub(crate) handled: u64,
}
