//! What arbitration decided: one plan, with a reason for everything it refused.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::{Action, ActionBody, ActorId, Goal, Intent, Resource, ServerId};

/// The plan of one period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Time of the snapshot that was decided on, in seconds.
    pub t: f64,
    /// What was asked for, in order of first cause.
    pub intents: Vec<Intent>,
    /// What is to be done.
    pub actions: Vec<Action>,
    /// For each action, the intents (places in `intents`) that it serves.
    pub action_intents: Vec<Vec<usize>>,
    /// Intents that could not be honoured, with the reason.
    pub rejected: Vec<Rejection>,
    /// Places of the intents of requirements that do not hold after the plan; each is in `rejected`
    /// with the reason, too.
    pub unmet: Vec<usize>,
    /// Where each moved actor will be.
    pub placement: BTreeMap<ActorId, ServerId>,
}

impl Decision {
    /// Whether nothing is done for the intent at this place because it was refused. A scaling that was cut
    /// down is not dropped.
    pub fn is_dropped(&self, place: usize) -> bool {
        let is_refused = self.rejected.iter().any(|refused| refused.intent == place);
        let mut served = self.actions.iter().zip(&self.action_intents);
        is_refused
            && !served.any(|(action, intents)| {
                let scales = matches!(
                    action.body,
                    ActionBody::AddServer { .. } | ActionBody::RemoveServer { .. }
                );
                scales && intents.contains(&place)
            })
    }
}

/// An intent that could not be honoured.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// Place in [`Decision::intents`].
    pub intent: usize,
    /// What it lost against.
    pub reason: Reason,
}

/// Why an intent, or a part of it, was not honoured.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// An accepted intent stands against it.
    LostAgainst {
        /// What it lost against.
        goal: Goal,
        /// The rule that asked for that.
        rule: String,
    },
    /// The actor's host would be left unknown: it missed the window.
    StaleServer {
        /// Which server.
        server: ServerId,
    },
    /// No server has room.
    NoRoom {
        /// The actor (or a member of its group) that fits nowhere.
        actor: ActorId,
        /// What there is too little of.
        resource: Resource,
    },
    /// The server that was named has no room.
    NoRoomOn {
        /// Which server.
        server: ServerId,
        /// The actor (or a member of its group) that does not fit there.
        actor: ActorId,
        /// What there is too little of.
        resource: Resource,
    },
    /// Every server is reserved, or would be.
    NoServerLeft {
        /// The actor that asked.
        actor: ActorId,
    },
    /// The server is being emptied: it receives nothing.
    DrainingServer {
        /// Which server.
        server: ServerId,
    },
    /// There is no other server to go to.
    NoOtherServer {
        /// The actor that would have to move.
        actor: ActorId,
    },
    /// An earlier order to move the actor has not ended.
    StillMoving {
        /// Which actor.
        actor: ActorId,
    },
    /// The plan moves the actor first.
    MovesFirst {
        /// Which actor.
        actor: ActorId,
        /// Where it goes.
        to: ServerId,
    },
    /// A rule that asks for it moved the actor less than its cooldown ago.
    CoolingDown {
        /// Which actor.
        actor: ActorId,
        /// The rule, or the one of several that may move it first.
        rule: String,
        /// When it may move the actor again, in seconds.
        until_seconds: f64,
    },
    /// A limit on moves is used up for now; what it held back may follow in a later period.
    LimitReached {
        /// The limit as it is written.
        limit: Arc<str>,
        /// The actor that moves no more, where the limit is on each actor of a type.
        actor: Option<ActorId>,
    },
    /// More actors move at once than a limit lets move in its whole window.
    LimitTooSmall {
        /// The limit as it is written.
        limit: Arc<str>,
        /// Number of actors that would move at once.
        members: usize,
    },
    /// The moves wait for one another: each needs the room that another one leaves.
    NoOrder {
        /// One of the actors that would have to move first.
        actor: ActorId,
    },
    /// An argument has ended, or never was.
    NoSuchActor {
        /// Which actor.
        actor: ActorId,
    },
    /// A server has left, or never was.
    NoSuchServer {
        /// Which server.
        server: ServerId,
    },
    /// A resource that must be known is not.
    UnknownUsage {
        /// Whose.
        server: ServerId,
        /// Which.
        resource: Resource,
    },
    /// A balance found no move that helps.
    NoHelpfulMove {
        /// The server that stays outside the bounds.
        server: ServerId,
        /// What it is loaded with.
        resource: Resource,
        /// Why nothing helps, for people.
        because: String,
    },
    /// Places hold more and less actors than a spread wants, and no move helps.
    StaysUneven {
        /// The place that holds most, for people: `server s1`, `zone a`.
        most_at: String,
        /// How many.
        most: usize,
        /// The place that holds least.
        least_at: String,
        /// How many.
        least: usize,
        /// What keeps them where they are.
        because: Box<Reason>,
    },
    /// No server that could receive has a label.
    NoSuchLabel {
        /// Which label.
        label: String,
    },
    /// A limit on servers lets fewer be added or removed than a rule asks for.
    ServersLimited {
        /// The limit as it is written.
        limit: Arc<str>,
        /// Whether servers were to be added; else they were to be removed.
        is_adding: bool,
        /// How many there are, those ordered included.
        servers: usize,
        /// How many were asked for.
        asked: u32,
        /// How many are added or removed.
        granted: u32,
    },
    /// Servers were added or removed so shortly before that what it changes has not been seen.
    ServersSettling {
        /// Whether servers were added; else they were removed.
        were_added: bool,
        /// When servers may be added or removed again, in seconds.
        until_seconds: f64,
    },
    /// A server cannot be emptied, nor one that needs more moved.
    CannotEmpty {
        /// Of those left, the server that needs the least moved.
        server: ServerId,
        /// What keeps somebody on it.
        because: Box<Reason>,
    },
    /// No server would be left that takes actors in.
    LastServer,
    /// A group larger than what can move at once.
    GroupTooLarge {
        /// Number of its members.
        members: usize,
        /// The bound.
        members_max: usize,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::LostAgainst { goal, rule } if rule.starts_with("require#") => {
                write!(f, "lost against {goal}, required by {rule}")
            }
            Reason::LostAgainst { goal, rule } => {
                write!(f, "lost against {goal} of rule {rule}")
            }
            Reason::StaleServer { server } => {
                write!(
                    f,
                    "server {server} missed the window: nothing moves from or to it"
                )
            }
            Reason::NoRoom { actor, resource } => {
                write!(f, "no server has enough free {resource} for {actor}")
            }
            Reason::NoRoomOn {
                server,
                actor,
                resource,
            } => {
                write!(
                    f,
                    "server {server} has not enough free {resource} for {actor}"
                )
            }
            Reason::NoServerLeft { actor } => {
                write!(
                    f,
                    "no unreserved server would be left if {actor} had one of its own"
                )
            }
            Reason::DrainingServer { server } => {
                write!(f, "server {server} is being emptied: it receives nothing")
            }
            Reason::NoOtherServer { actor } => {
                write!(f, "there is no other server for {actor}")
            }
            Reason::StillMoving { actor } => {
                write!(f, "an earlier move of {actor} has not ended")
            }
            Reason::CoolingDown {
                actor,
                rule,
                until_seconds,
            } => write!(
                f,
                "rule {rule} moved {actor} less than its cooldown ago: not again before \
                 t = {until_seconds} s"
            ),
            Reason::LimitReached { limit, actor: None } => {
                write!(f, "`{limit}` lets no more actors move now")
            }
            Reason::LimitReached {
                limit,
                actor: Some(actor),
            } => write!(f, "`{limit}` does not let {actor} move again now"),
            Reason::LimitTooSmall { limit, members } => write!(
                f,
                "{members} actors have to move at once, more than `{limit}` ever lets"
            ),
            Reason::NoOrder { actor } => write!(
                f,
                "no order of the moves keeps every server within its capacity: {actor} would have \
                 to move first, but has no room yet"
            ),
            Reason::NoSuchActor { actor } => write!(f, "there is no actor {actor}"),
            Reason::NoSuchServer { server } => write!(f, "there is no server {server}"),
            Reason::UnknownUsage { server, resource } => {
                write!(f, "{resource} of server {server} is unknown")
            }
            Reason::NoHelpfulMove {
                server,
                resource,
                because,
            } => {
                write!(
                    f,
                    "{resource} of server {server} stays outside the bounds: {because}"
                )
            }
            Reason::MovesFirst { actor, to } => {
                write!(f, "{actor} moves to server {to} first")
            }
            Reason::StaysUneven {
                most_at,
                most,
                least_at,
                least,
                because,
            } => write!(
                f,
                "{most_at} keeps {most} of them and {least_at} has {least}: {because}"
            ),
            Reason::NoSuchLabel { label } => {
                write!(f, "no server that could receive has the label `{label}`")
            }
            Reason::ServersLimited {
                limit,
                is_adding,
                servers,
                asked,
                granted,
            } => {
                let done = if *is_adding { "added" } else { "removed" };
                let there = match servers {
                    1 => "there is 1".to_owned(),
                    _ => format!("there are {servers}"),
                };
                match granted {
                    0 => write!(f, "`{limit}` lets no server be {done}: {there}"),
                    _ => write!(
                        f,
                        "`{limit}` lets {granted} of the {asked} servers be {done}: {there}"
                    ),
                }
            }
            Reason::ServersSettling {
                were_added,
                until_seconds,
            } => {
                let done = if *were_added { "added" } else { "removed" };
                write!(
                    f,
                    "servers were {done} shortly before, and what it changes is seen first: not before \
                     t = {until_seconds} s"
                )
            }
            Reason::CannotEmpty { server, because } => {
                write!(f, "server {server} cannot be emptied: {because}")
            }
            Reason::LastServer => f.write_str("no server would be left that takes actors in"),
            Reason::GroupTooLarge {
                members,
                members_max,
            } => write!(
                f,
                "the colocated group has {members} actors, more than the {members_max} that move \
                 together"
            ),
        }
    }
}
