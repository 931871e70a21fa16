//! A node's virtual processor: how busy it is, and the quota it may use.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use plasma_actor::{Meter, Priced, Time};
use plasma_engine::embedded::Bucket;

use crate::price;

/// Processor time that a core has used, in nanoseconds; shared with the core's meter.
#[derive(Clone, Debug, Default)]
struct Busy(Rc<Cell<u64>>);

impl Busy {
    fn add(&self, work: Duration) {
        let nanos = u64::try_from(work.as_nanos()).unwrap_or(u64::MAX);
        self.0.set(self.0.get().saturating_add(nanos));
    }
}

/// The core's side: its work advances the busy time.
struct BusyMeter(Busy);

impl Meter for BusyMeter {
    fn stamp(&mut self) -> u64 {
        self.0.0.get()
    }

    fn burn(&mut self, work: Duration) {
        self.0.add(work);
    }

    fn price(&mut self, work: Priced) {
        self.0.add(price::of(work));
    }
}

/// A virtual processor: it does one thing at a time, and within a quota where it has one.
#[derive(Debug)]
pub(crate) struct Processor {
    busy: Busy,
    /// Busy time that has been settled, in nanoseconds.
    settled_nanos: u64,
    /// When it has done what it was given.
    free_at: Time,
    /// `None`: a whole core of its own.
    bucket: Option<Bucket>,
}

impl Processor {
    /// A processor that is free, of this quota in cores.
    pub(crate) fn new(quota_cores: Option<f64>) -> Self {
        Processor {
            busy: Busy::default(),
            settled_nanos: 0,
            free_at: Time::ZERO,
            bucket: quota_cores.map(|cores| Bucket::new(cores, plasma_engine::embedded::SLICE)),
        }
    }

    /// A meter whose work is this processor's.
    pub(crate) fn meter(&self) -> Box<dyn Meter> {
        Box::new(BusyMeter(self.busy.clone()))
    }

    /// Processor time used so far.
    pub(crate) fn used(&self) -> Duration {
        Duration::from_nanos(self.settled_nanos)
    }

    /// When it has done what it was given.
    pub(crate) fn free_at(&self) -> Time {
        self.free_at
    }

    /// Adds the driver's own work.
    pub(crate) fn work(&self, work: Duration) {
        self.busy.add(work);
    }

    /// Settles work that began at `begin`: the processor is busy for as long as it took. Gives the
    /// time at which it is done.
    pub(crate) fn settle(&mut self, begin: Time) -> Time {
        let nanos = self.busy.0.get() - self.settled_nanos;
        self.settled_nanos += nanos;
        let took = Duration::from_nanos(nanos);
        if let Some(bucket) = &mut self.bucket {
            bucket.spend(took);
        }
        self.free_at = self.free_at.max(begin + took);
        self.free_at
    }

    /// When it may take inputs: they go first, and once a slice whatever the debt.
    pub(crate) fn inputs_at(&mut self, now: Time) -> Time {
        self.allowed_at(now, Bucket::inputs_at)
    }

    /// Notes that inputs have been taken.
    pub(crate) fn took_inputs(&mut self) {
        if let Some(bucket) = &mut self.bucket {
            bucket.took_inputs();
        }
    }

    /// When it may run a turn.
    pub(crate) fn turns_at(&mut self, now: Time) -> Time {
        self.allowed_at(now, Bucket::may_run_at)
    }

    fn allowed_at(&mut self, now: Time, at: impl Fn(&Bucket) -> Duration) -> Time {
        let earliest = now.max(self.free_at);
        let Some(bucket) = &mut self.bucket else {
            return earliest;
        };
        bucket.refill(now.since(Time::ZERO));
        earliest.max(Time::ZERO + at(bucket))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_processor_uses_its_quota_and_no_more() {
        let mut processor = Processor::new(Some(0.25));
        let mut meter = processor.meter();
        let mut now = Time::ZERO;
        while now < Time::from_nanos(1_000_000_000) {
            now = processor.turns_at(now);
            meter.burn(Duration::from_micros(300));
            now = processor.settle(now);
        }
        let used = processor.used().as_secs_f64();
        assert!((used - 0.25).abs() < 0.005, "{used}");
    }

    #[test]
    fn prices_advance_the_time() {
        let mut processor = Processor::new(None);
        let mut meter = processor.meter();
        meter.price(Priced::Turn);
        let done = processor.settle(Time::from_nanos(1000));
        assert_eq!(done, Time::from_nanos(1000) + price::of(Priced::Turn));
        assert_eq!(processor.turns_at(Time::ZERO), done);
    }
}
