//! Who or what stands behind a refusal.

use plasma_model::Reason;

/// What an intent lost against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppressor<'r> {
    /// A rule, which asked for the opposite.
    Rule(&'r str),
    /// A requirement.
    Requirement(&'r str),
    /// The cooldown of a rule.
    Cooldown(&'r str),
    /// A limit, as it is written.
    Limit(&'r str),
    /// The cluster itself: its capacity, its servers, what is unknown of it, what still moves.
    Cluster,
}

impl<'r> Suppressor<'r> {
    /// Of a refusal.
    pub fn of(reason: &'r Reason) -> Suppressor<'r> {
        match reason {
            Reason::LostAgainst { rule, .. } => match rule.starts_with("require#") {
                true => Suppressor::Requirement(rule),
                false => Suppressor::Rule(rule),
            },
            Reason::CoolingDown { rule, .. } => Suppressor::Cooldown(rule),
            Reason::LimitReached { limit, .. }
            | Reason::LimitTooSmall { limit, .. }
            | Reason::ServersLimited { limit, .. } => Suppressor::Limit(limit),
            Reason::StaysUneven { because, .. } | Reason::CannotEmpty { because, .. } => {
                Suppressor::of(because)
            }
            Reason::StaleServer { .. }
            | Reason::NoRoom { .. }
            | Reason::NoRoomOn { .. }
            | Reason::NoServerLeft { .. }
            | Reason::DrainingServer { .. }
            | Reason::NoOtherServer { .. }
            | Reason::StillMoving { .. }
            | Reason::MovesFirst { .. }
            | Reason::NoOrder { .. }
            | Reason::NoSuchActor { .. }
            | Reason::NoSuchServer { .. }
            | Reason::UnknownUsage { .. }
            | Reason::NoHelpfulMove { .. }
            | Reason::NoSuchLabel { .. }
            | Reason::ServersSettling { .. }
            | Reason::LastServer
            | Reason::GroupTooLarge { .. } => Suppressor::Cluster,
        }
    }

    /// Its kind, as documents write it.
    pub fn kind(self) -> &'static str {
        match self {
            Suppressor::Rule(_) => "rule",
            Suppressor::Requirement(_) => "require",
            Suppressor::Cooldown(_) => "cooldown",
            Suppressor::Limit(_) => "limit",
            Suppressor::Cluster => "cluster",
        }
    }

    /// The rule, the requirement or the limit, where there is one.
    pub fn name(self) -> Option<&'r str> {
        match self {
            Suppressor::Rule(name)
            | Suppressor::Requirement(name)
            | Suppressor::Cooldown(name)
            | Suppressor::Limit(name) => Some(name),
            Suppressor::Cluster => None,
        }
    }
}
