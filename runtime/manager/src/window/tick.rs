//! The end of a period: what the events of it, and the time, make of the columns.

use plasma_columns::{ActorNo, NOBODY};
use plasma_model::{ActorId, Field, Resource, ServerId};

use super::kept::{HAS_HIDDEN_AGE, HAS_HIDDEN_MOVES, IS_AGE_GIVEN, IS_IDLE_GIVEN};
use super::{GONE_PERIODS_KEPT, Window, WindowError, check_time, usage};

impl Window {
    pub(super) fn tick(&mut self, t: f64, window: Option<u64>) -> Result<(), WindowError> {
        let before = (self.ticks > 0).then(|| self.columns.frame().t);
        check_time(before, t)?;
        self.check_hosts()?;
        self.left.clear();
        self.begin();
        let before = before.unwrap_or(t);
        self.forget_stale_figures();
        self.show_again();
        if self.is_other_servers {
            self.columns.set_servers(&self.servers);
            self.is_other_servers = false;
        }
        if self.ticks == 1 {
            self.reveal(before);
        }
        self.columns.tick(t, self.period_seconds(), window);
        self.pass_time(t);
        if self.ticks == 0 {
            self.kept.shrink();
            self.columns.shrink();
        }
        self.ticks += 1;
        let ticks = self.ticks;
        self.gone
            .retain(|_, gone| ticks - gone.ticks < GONE_PERIODS_KEPT);
        self.is_inside = false;
        Ok(())
    }

    /// Every actor's host must be there.
    fn check_hosts(&self) -> Result<(), WindowError> {
        let frame = self.columns.frame();
        let is_left = |server: &u32| frame.hosted(*server) > 0;
        if !self.left.iter().any(is_left) {
            return Ok(());
        }
        let hosts = (0..).zip(frame.hosts());
        let stranded = hosts.filter(|(_, host)| self.left.contains(host));
        let names = self.columns.actor_names();
        let first = stranded.min_by_key(|(no, _)| names.name(*no));
        match first {
            Some((actor, host)) => Err(WindowError::HostGone {
                server: ServerId::from(self.columns.server_names().name(*host)),
                actor: ActorId::from(names.name(actor)),
            }),
            None => Ok(()),
        }
    }

    fn forget_stale_figures(&mut self) {
        if self.stale.is_empty() {
            return;
        }
        let mut is_stale = vec![false; self.columns.server_names().len()];
        for id in &self.stale {
            if let Some(server) = self.servers.get_mut(id) {
                server.stale = true;
                for resource in Resource::ALL {
                    usage::update_server(&mut server.usage[resource], &Field::Unknown);
                }
                self.is_other_servers = true;
            }
            let no = self.columns.server_names().get(id.as_str());
            if let Some(place) = no.and_then(|no| is_stale.get_mut(no as usize)) {
                *place = true;
            }
        }
        for no in self.hosted_by(&is_stale) {
            for resource in Resource::ALL {
                let mut figures = self.figures(no, resource);
                figures.update(&Field::Unknown);
                self.show(no, resource, &figures, None);
            }
        }
    }

    /// Derives figures again where a capacity is another one.
    fn show_again(&mut self) {
        let resized = std::mem::take(&mut self.resized);
        if resized.is_empty() {
            return;
        }
        let mut is_resized = vec![false; self.columns.server_names().len()];
        for server in resized {
            if let Some(place) = is_resized.get_mut(server as usize) {
                *place = true;
            }
        }
        for no in self.hosted_by(&is_resized) {
            let capacities = self.capacities(self.columns.frame().host_of(no));
            for (resource, capacity) in Resource::ALL.into_iter().zip(capacities) {
                let figures = self.figures(no, resource);
                self.show(no, resource, &figures, capacity);
            }
        }
    }

    fn hosted_by(&self, is_meant: &[bool]) -> Vec<ActorNo> {
        let hosts = (0..).zip(self.columns.frame().hosts());
        let hosted = hosts.filter(|(_, host)| is_meant.get(**host as usize) == Some(&true));
        hosted.map(|(no, _)| no).collect()
    }

    /// At the second tick: ages and moves of those who were there at the first one, at `first`
    /// seconds, when they may have been older.
    fn reveal(&mut self, first: f64) {
        for no in 0..self.columns.frame().hosts().len() as ActorNo {
            if self.kept.has(no, HAS_HIDDEN_AGE) {
                self.kept.set(no, HAS_HIDDEN_AGE, false);
                self.columns.set_age_since(no, Some(first));
            }
            if self.kept.has(no, HAS_HIDDEN_MOVES) {
                self.kept.set(no, HAS_HIDDEN_MOVES, false);
                let moves = self.kept.hidden_moves.get(&no).copied();
                self.columns.set_moves(no, Some(moves.unwrap_or(0.0)));
            }
        }
        self.kept.hidden_moves.clear();
    }

    /// Ages and times since the last call, for a tick at `t` whose calls are complete.
    fn pass_time(&mut self, t: f64) {
        self.columns.mark_called();
        for no in std::mem::take(&mut self.kept.appeared) {
            if self.columns.frame().host_of(no) == NOBODY || self.kept.has(no, IS_AGE_GIVEN) {
                continue;
            }
            match self.ticks {
                0 => self.kept.set(no, HAS_HIDDEN_AGE, true),
                _ => self.columns.set_age_since(no, Some(t)),
            }
        }
        let since = |elapsed: Field<f64>| match elapsed {
            Field::Known(seconds) => Some(t - seconds),
            Field::Keep | Field::Unknown => None,
        };
        let ages = std::mem::take(&mut self.kept.ages);
        for (no, age) in &ages {
            if self.kept.has(*no, IS_AGE_GIVEN) {
                self.columns.set_age_since(*no, since(*age));
            }
        }
        let idles = std::mem::take(&mut self.kept.idles);
        for (no, idle) in &idles {
            if self.kept.has(*no, IS_IDLE_GIVEN) {
                self.columns.set_idle_since(*no, since(*idle));
            }
        }
        for (no, _) in ages.iter().chain(&idles) {
            self.kept.set(*no, IS_AGE_GIVEN | IS_IDLE_GIVEN, false);
        }
    }
}
