//! The provider of the embedded engine: servers are threads of this process that come and go.
//!
//! A server that is to leave first takes nobody in any more, and the others send nothing new to it: routes to
//! those who lived there change behind a flush. Once nobody is on it and nothing is under way, the others
//! are told that it is gone, and its thread ends.

use std::time::{Duration, Instant};

use plasma_actor::{Address, Input};
use plasma_engine::{Change, Provider, ServersChanged};
use plasma_model::{ActionId, ServerId};

use crate::command::Command;
use crate::config::SERVERS_MAX;
use crate::nodes::{Nodes, server_name};

/// How long a server may take to become quiet before it stays after all.
const QUIET_MAX: Duration = Duration::from_secs(5);

/// How long its thread may take to end.
const END_MAX: Duration = Duration::from_secs(2);

/// How often it must have been found quiet, one after the other.
const QUIET_TIMES: u32 = 3;

/// An order that has ended and has not been told.
pub(crate) type Pending = ServersChanged;

/// A server that is being removed.
#[derive(Debug)]
pub(crate) struct Leaving {
    order: ActionId,
    number: u32,
    since: Instant,
    /// How often it was quiet when it was asked, the last times on end.
    quiet_times: u32,
    /// When it was told to end.
    dismissed: Option<Instant>,
}

impl Provider for Nodes {
    fn add(&mut self, order: ActionId, count: u32) -> Result<(), String> {
        let servers = self.servers().count() as u32;
        if servers.saturating_add(count) > SERVERS_MAX {
            return Err(format!(
                "refused: a process has at most {SERVERS_MAX} servers, and {servers} are there"
            ));
        }
        self.config.quota_for(servers + count, self.quota_cores)?;
        let mut added = Vec::new();
        for _ in 0..count {
            match self.begin() {
                Ok(number) => added.push((server_name(number), number)),
                Err(reason) => {
                    // All or none.
                    let started = added.len();
                    for (_, number) in added {
                        self.dismiss(number);
                    }
                    return Err(format!(
                        "{started} of {count} servers could start: {reason}"
                    ));
                }
            }
        }
        let result = Ok(Change::Added(added));
        self.changed.push(ServersChanged { order, result });
        Ok(())
    }

    fn remove(&mut self, order: ActionId, server: &ServerId) -> Result<(), String> {
        let number = self
            .servers()
            .find(|number| server_name(*number) == *server);
        let number = number.ok_or_else(|| format!("there is no server {server}"))?;
        if self.servers().count() - self.leaving.len() < 2 {
            return Err("refused: no server would be left".to_owned());
        }
        self.command_all(|| Command::Input(Input::PeerLeaves(Address::first(number))));
        self.command(number, Command::TellEmpty);
        self.leaving.push(Leaving {
            order,
            number,
            since: Instant::now(),
            quiet_times: 0,
            dismissed: None,
        });
        Ok(())
    }

    fn ended(&mut self) -> Vec<ServersChanged> {
        let now = Instant::now();
        for leaving in std::mem::take(&mut self.leaving) {
            let server = server_name(leaving.number);
            let result = match leaving.dismissed {
                Some(_) if self.has_ended(leaving.number) => {
                    self.forget(leaving.number);
                    Ok(Change::Removed(server))
                }
                // It is gone for everybody else; its thread is abandoned.
                Some(at) if now >= at + END_MAX => Ok(Change::Removed(server)),
                None if now >= leaving.since + QUIET_MAX => {
                    self.keep(leaving.number);
                    let limit = QUIET_MAX.as_secs();
                    Err(format!(
                        "calls or moves on server {server} did not end within {limit} s"
                    ))
                }
                _ => {
                    self.leaving.push(leaving);
                    continue;
                }
            };
            let order = leaving.order;
            self.changed.push(ServersChanged { order, result });
        }
        std::mem::take(&mut self.changed)
    }
}

impl Nodes {
    /// Hears from a server that is to leave whether anybody is there.
    pub(crate) fn heard_empty(&mut self, number: u32, hosted: usize, is_quiet: bool) {
        let place = self.leaving.iter().position(|l| l.number == number);
        let Some(place) = place.filter(|place| self.leaving[*place].dismissed.is_none()) else {
            return;
        };
        if hosted > 0 {
            let order = self.leaving.remove(place).order;
            self.keep(number);
            let noun = if hosted == 1 {
                "actor lives"
            } else {
                "actors live"
            };
            let server = server_name(number);
            let result = Err(format!("refused: {hosted} {noun} on server {server}"));
            self.changed.push(ServersChanged { order, result });
            return;
        }
        let leaving = &mut self.leaving[place];
        leaving.quiet_times = if is_quiet { leaving.quiet_times + 1 } else { 0 };
        if leaving.quiet_times >= QUIET_TIMES {
            leaving.dismissed = Some(Instant::now());
            self.dismiss(number);
        }
    }

    /// Asks the servers that are to leave whether they are empty.
    pub(crate) fn ask_leaving(&self) {
        for leaving in self.leaving.iter().filter(|l| l.dismissed.is_none()) {
            self.command(leaving.number, Command::TellEmpty);
        }
    }

    /// Keeps the servers that are to leave and have not been dismissed: the cluster stops.
    pub(crate) fn keep_leaving(&mut self) {
        let (dismissed, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.leaving)
            .into_iter()
            .partition(|leaving| leaving.dismissed.is_some());
        self.leaving = dismissed;
        for leaving in kept {
            self.keep(leaving.number);
            self.changed.push(ServersChanged {
                order: leaving.order,
                result: Err("the cluster stops".to_owned()),
            });
        }
    }

    /// A server that was to leave stays.
    fn keep(&self, number: u32) {
        self.command_all(|| Command::Input(Input::PeerStays(Address::first(number))));
    }
}
