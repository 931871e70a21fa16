//! The servers of one tick, as rows and in columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{PerResource, Resource, Server, ServerId};

use crate::{Names, ServerNo, UsageColumns};

/// The servers of one tick. They are few beside the actors, so they are kept as rows, too.
#[derive(Clone, Debug, Default)]
pub struct ServerTable {
    rows: Arc<BTreeMap<ServerId, Server>>,
    /// Of the live ones, in order of id.
    numbers: Arc<Vec<ServerNo>>,
    usage: PerResource<UsageColumns>,
    /// Whether a server is there and was not silent, by number.
    has_reported: Arc<Vec<bool>>,
    any_stale: bool,
}

impl ServerTable {
    /// The live servers as rows.
    pub fn rows(&self) -> &BTreeMap<ServerId, Server> {
        &self.rows
    }

    /// The numbers of the live ones, in order of id.
    pub fn numbers(&self) -> &[ServerNo] {
        &self.numbers
    }

    /// Use of one resource.
    pub fn usage(&self, resource: Resource) -> &UsageColumns {
        &self.usage[resource]
    }

    /// Whether a server is there and told of its figures in this period.
    #[inline]
    pub fn has_reported(&self, server: ServerNo) -> bool {
        self.has_reported
            .get(server as usize)
            .copied()
            .unwrap_or(false)
    }

    /// Whether some server was silent.
    pub fn any_stale(&self) -> bool {
        self.any_stale
    }

    /// Takes the servers over as they are now, and tells which are different from before.
    pub(crate) fn replace(
        &mut self,
        rows: &BTreeMap<ServerId, Server>,
        names: &mut Names,
        changed: &mut Vec<ServerNo>,
    ) {
        if *self.rows == *rows {
            return;
        }
        for (id, before) in self.rows.iter() {
            if rows.get(id) != Some(before) {
                changed.push(names.number(id.as_str()));
            }
        }
        let mut numbers = Vec::with_capacity(rows.len());
        for id in rows.keys() {
            let no = names.number(id.as_str());
            numbers.push(no);
            if !self.rows.contains_key(id) {
                changed.push(no);
            }
        }
        let mut has_reported = vec![false; names.len()];
        let mut usage: PerResource<UsageColumns> = PerResource::default();
        for (no, server) in numbers.iter().zip(rows.values()) {
            if let Some(place) = has_reported.get_mut(*no as usize) {
                *place = !server.stale;
            }
            for resource in Resource::ALL {
                let (columns, row) = (&mut usage[resource], server.usage[resource]);
                columns.perc.set(*no, row.perc);
                columns.size.set(*no, row.size);
            }
        }
        self.any_stale = rows.values().any(|server| server.stale);
        self.rows = Arc::new(rows.clone());
        self.numbers = Arc::new(numbers);
        self.usage = usage;
        self.has_reported = Arc::new(has_reported);
    }
}
