//! The share of a processor that a server may use: a token bucket filled in slices.
//!
//! Pure arithmetic: the driver tells the time and the processor time spent, and asks whether the
//! server may run and how long it has to wait. Filling in whole slices (instead of continuously)
//! lets a throttled server run in one stretch a slice instead of waking for a few microseconds.

use std::time::Duration;

/// Length of a slice. Shorter ones cost wake-ups, longer ones are seen as pauses by callers.
pub const SLICE: Duration = Duration::from_millis(10);

/// Inputs that a server takes in before turns get their chance, and in a slice in which it is in
/// debt: what they cost must leave room for the debt to be paid back.
pub const INPUTS_MAX: usize = 256;

/// Slices of budget that an idle server may save up.
const SLICES_SAVED_MAX: u32 = 1;

/// Share of its quota below which a server that wanted to run counts as contended.
const CONTENDED_BELOW: f64 = 0.95;

/// Share of a window that a server must have wanted to run for the window to be judged.
const JUDGED_FROM: f64 = 0.1;

/// The processor budget of one server. Times are since a common start.
#[derive(Clone, Debug)]
pub struct Bucket {
    quota_cores: f64,
    /// Processor time that each slice brings.
    slice_budget_nanos: i64,
    /// Budget left; negative is debt.
    balance_nanos: i64,
    /// When the present slice ends.
    slice_end: Duration,
    /// Until when a server in debt takes no inputs.
    inputs_after: Duration,
}

impl Bucket {
    /// The bucket of a server with this quota, whose slices end at `first_slice_end` and every
    /// [`SLICE`] after it. It starts with the budget of one slice.
    pub fn new(quota_cores: f64, first_slice_end: Duration) -> Self {
        let slice_budget_nanos = (SLICE.as_nanos() as f64 * quota_cores) as i64;
        Bucket {
            quota_cores,
            slice_budget_nanos: slice_budget_nanos.max(1),
            balance_nanos: slice_budget_nanos.max(1),
            slice_end: first_slice_end,
            inputs_after: Duration::ZERO,
        }
    }

    /// The quota, in cores.
    pub fn quota_cores(&self) -> f64 {
        self.quota_cores
    }

    /// Adds the budget of the slices that have begun by `now`.
    pub fn refill(&mut self, now: Duration) {
        if now < self.slice_end {
            return;
        }
        let late = now - self.slice_end;
        let slices = late.as_nanos() / SLICE.as_nanos() + 1;
        let slices = u32::try_from(slices).unwrap_or(u32::MAX);
        self.slice_end += SLICE.saturating_mul(slices);
        let added = self.slice_budget_nanos.saturating_mul(i64::from(slices));
        let most = self.slice_budget_nanos * i64::from(1 + SLICES_SAVED_MAX);
        self.balance_nanos = self.balance_nanos.saturating_add(added).min(most);
    }

    /// Takes processor time that was used; an overrun becomes debt.
    pub fn spend(&mut self, used: Duration) {
        let used = i64::try_from(used.as_nanos()).unwrap_or(i64::MAX);
        self.balance_nanos = self.balance_nanos.saturating_sub(used);
    }

    /// Whether calls may run.
    pub fn may_run(&self) -> bool {
        self.balance_nanos > 0
    }

    /// Whether inputs may be taken in. They go first and may borrow one slice; beyond that they are
    /// taken in once a slice, however large the debt: the acknowledgements among them keep the
    /// sessions with other servers alive.
    pub fn may_take_inputs(&self, now: Duration) -> bool {
        now >= self.inputs_at()
    }

    /// Notes that inputs have been taken in.
    pub fn took_inputs(&mut self) {
        self.inputs_after = self.slice_end;
    }

    /// Processor time that may be used before the bucket is empty.
    pub fn left(&self) -> Duration {
        Duration::from_nanos(u64::try_from(self.balance_nanos).unwrap_or(0))
    }

    /// When calls may run again, if nothing is spent until then: the end of the slice at which the
    /// balance is positive again; the start of all times if it is so now.
    pub fn may_run_at(&self) -> Duration {
        let missing = -self.balance_nanos;
        if missing < 0 {
            return Duration::ZERO;
        }
        // The slice that ends next brings one budget, each further one another.
        let further = missing / self.slice_budget_nanos;
        let further = u32::try_from(further).unwrap_or(u32::MAX);
        self.slice_end.saturating_add(SLICE.saturating_mul(further))
    }

    /// When inputs may be taken in again, if nothing is spent until then.
    pub fn inputs_at(&self) -> Duration {
        if self.balance_nanos > -self.slice_budget_nanos {
            return Duration::ZERO;
        }
        self.inputs_after
    }
}

/// Whether a server got the processor time it was entitled to, over one window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entitlement {
    /// Wall time for which the server wanted to run: it ran, or waited for its next slice.
    pub runnable: Duration,
    /// Processor time it used.
    pub used: Duration,
}

impl Entitlement {
    /// Whether others took its time: it wanted to run for a good part of the window and got less
    /// than its quota of that part.
    pub fn is_contended(&self, quota_cores: f64, window: Duration) -> bool {
        let judged = self.runnable.as_secs_f64() >= JUDGED_FROM * window.as_secs_f64();
        let entitled = quota_cores * self.runnable.as_secs_f64();
        judged && self.used.as_secs_f64() < CONTENDED_BELOW * entitled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// A quarter of a core: 2.5 ms a slice; the first slice ends at 10 ms.
    fn quarter() -> Bucket {
        Bucket::new(0.25, ms(10))
    }

    #[test]
    fn a_slice_brings_the_quota_and_no_more() {
        let mut bucket = quarter();
        assert_eq!(bucket.left(), Duration::from_micros(2500));
        bucket.spend(Duration::from_micros(2500));
        assert!(!bucket.may_run());
        bucket.refill(ms(9));
        assert!(!bucket.may_run(), "the slice is not over");
        bucket.refill(ms(10));
        assert_eq!(bucket.left(), Duration::from_micros(2500));
    }

    #[test]
    fn an_idle_server_saves_one_slice() {
        let mut bucket = quarter();
        bucket.refill(ms(20));
        assert_eq!(bucket.left(), ms(5));
        bucket.refill(ms(1000));
        assert_eq!(bucket.left(), ms(5));
    }

    #[test]
    fn an_overrun_is_paid_back_before_anything_runs() {
        let mut bucket = quarter();
        bucket.spend(ms(10)); // a long turn: 7.5 ms of debt, three slices
        assert_eq!(bucket.may_run_at(), ms(40));
        bucket.refill(ms(30));
        assert!(!bucket.may_run());
        bucket.refill(ms(40));
        assert_eq!(bucket.left(), Duration::from_micros(2500));
    }

    #[test]
    fn inputs_borrow_one_slice() {
        let mut bucket = quarter();
        bucket.spend(ms(3));
        bucket.took_inputs();
        assert!(!bucket.may_run());
        assert!(bucket.may_take_inputs(ms(1)));
        bucket.spend(ms(2));
        bucket.took_inputs();
        assert!(!bucket.may_take_inputs(ms(1)));
        assert_eq!(bucket.inputs_at(), ms(10));
        assert_eq!(bucket.may_run_at(), ms(20));
    }

    #[test]
    fn inputs_are_taken_in_once_a_slice_whatever_the_debt() {
        let mut bucket = quarter();
        bucket.spend(ms(1000)); // a turn of a second: four seconds of debt
        let mut taken = 0;
        for now in (1000..2000).map(ms) {
            bucket.refill(now);
            assert!(!bucket.may_run());
            if bucket.may_take_inputs(now) {
                bucket.took_inputs();
                taken += 1;
            }
        }
        assert_eq!(taken, 100);
    }

    #[test]
    fn the_wait_ends_exactly_when_the_server_may_run() {
        for debt_micros in [0, 1, 2499, 2500, 2501, 4999, 5000, 12_345] {
            let mut bucket = quarter();
            bucket.spend(bucket.left() + Duration::from_micros(debt_micros));
            let at = bucket.may_run_at();
            bucket.refill(at - Duration::from_nanos(1));
            assert!(!bucket.may_run(), "{debt_micros} µs of debt: too early");
            bucket.refill(at);
            assert!(bucket.may_run(), "{debt_micros} µs of debt: not at {at:?}");
        }
    }

    #[test]
    fn over_a_long_time_a_busy_server_gets_its_quota() {
        let mut bucket = quarter();
        let mut used = Duration::ZERO;
        let turn = Duration::from_micros(700); // does not divide a slice's budget
        let mut now = Duration::ZERO;
        while now < ms(10_000) {
            bucket.refill(now);
            if bucket.may_run() {
                bucket.spend(turn);
                used += turn;
                now += turn;
            } else {
                now = bucket.may_run_at();
            }
        }
        let share = used.as_secs_f64() / 10.0;
        assert!((share - 0.25).abs() < 0.001, "{share}");
    }

    #[test]
    fn a_server_that_wanted_to_run_and_could_not_is_contended() {
        let window = ms(1000);
        let entitlement = |runnable, used| Entitlement {
            runnable: ms(runnable),
            used: ms(used),
        };
        assert!(!entitlement(1000, 250).is_contended(0.25, window));
        assert!(entitlement(1000, 200).is_contended(0.25, window));
        assert!(!entitlement(0, 0).is_contended(0.25, window), "idle");
        assert!(!entitlement(90, 1).is_contended(0.25, window), "hardly ran");
    }
}
