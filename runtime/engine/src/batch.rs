//! What an engine tells at the end of one period.

use std::sync::Arc;

use plasma_model::{Event, ServerId};

use crate::{ClientPeriod, Notice, Place, Position};

/// The events of one period. The last one is its tick.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// The events in the order in which they hold.
    pub events: Vec<Event>,
    /// Where they were read, for engines that read them from a file.
    pub origin: Option<Origin>,
    /// What the application's clients saw, where the engine drives them.
    pub clients: Option<ClientPeriod>,
    /// Servers that missed this period: to be marked as stale before its tick.
    pub stale: Vec<ServerId>,
    /// What went wrong inside the cluster and was contained.
    pub notices: Vec<Notice>,
}

/// The file and the places in it that a batch's events were read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Name of the file, as the user gave it.
    pub file: Arc<str>,
    /// Where each event stands in it.
    pub positions: Vec<Position>,
}

impl Batch {
    /// The time and number of the period: its tick.
    pub fn tick(&self) -> Option<(f64, Option<u64>)> {
        match self.events.last() {
            Some(Event::Tick { t, window }) => Some((*t, *window)),
            _ => None,
        }
    }

    /// Where event `index` of this batch was read, if it came from a file.
    pub fn place(&self, index: usize) -> Option<Place> {
        let origin = self.origin.as_ref()?;
        Some(Place {
            file: Arc::clone(&origin.file),
            position: *origin.positions.get(index)?,
        })
    }
}
