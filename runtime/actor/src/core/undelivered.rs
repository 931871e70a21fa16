//! What broken sessions leave open: which of the calls sent over them have never arrived.
//!
//! An end that breaks a session cannot know whether the calls without acknowledgement have arrived.
//! So each end tells the other, in the session that follows, how far it had received the earlier
//! ones; what was sent beyond that has not arrived and never will, and is counted as failed.

use std::collections::BTreeMap;

/// Frame numbers that follow each other, first and last.
type Run = (u64, u64);

/// One end's part of the earlier sessions with another node, by their numbers.
#[derive(Default)]
pub(crate) struct Undelivered {
    /// The calls sent without acknowledgement, until the other end says how far it had received.
    open: BTreeMap<u32, Vec<Run>>,
    /// How far this end had received, until the other end knows it.
    received: BTreeMap<u32, u64>,
    /// The number of the frame of the present session that tells it.
    told_by: Option<u64>,
}

impl Undelivered {
    /// A session is broken: the numbers of its calls without acknowledgement, in order, and how far
    /// this end has received.
    pub(crate) fn broken(
        &mut self,
        session: u32,
        calls: impl IntoIterator<Item = u64>,
        received: u64,
    ) {
        let mut runs: Vec<Run> = Vec::new();
        for number in calls {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => runs.push((number, number)),
            }
        }
        if !runs.is_empty() {
            self.open.insert(session, runs);
        }
        self.received.insert(session, received);
        self.told_by = None;
    }

    /// What the other end is to be told, by the frame of this number.
    pub(crate) fn report(&mut self, number: u64) -> Vec<(u32, u64)> {
        self.told_by = Some(number);
        self.received.iter().map(|(s, r)| (*s, *r)).collect()
    }

    /// The other end has received the present session's frames up to this number.
    pub(crate) fn acknowledged(&mut self, highest: u64) {
        if self.told_by.is_some_and(|number| number <= highest) {
            self.told_by = None;
            self.received.clear();
        }
    }

    /// The other end has told how far it had received the sessions before `session`; it never had
    /// those that it does not mention. Gives how many calls have not arrived.
    pub(crate) fn settle(&mut self, session: u32, received: &[(u32, u64)]) -> u64 {
        let later = self.open.split_off(&session);
        let settled = std::mem::replace(&mut self.open, later);
        let mut lost = 0;
        for (session, runs) in settled {
            let known = received.iter().find(|(of, _)| *of == session);
            let received = known.map_or(0, |(_, received)| *received);
            lost += runs.iter().map(|run| beyond(*run, received)).sum::<u64>();
        }
        lost
    }

    /// The other end is dead, and tells nothing any more. Gives how many calls were open.
    pub(crate) fn abandon(&mut self) -> u64 {
        self.received.clear();
        self.settle(u32::MAX, &[])
    }

    /// Whether the fate of all calls is known.
    pub(crate) fn is_settled(&self) -> bool {
        self.open.is_empty()
    }
}

/// How many numbers of a run lie beyond one.
fn beyond((first, last): Run, received: u64) -> u64 {
    (last + 1).saturating_sub(first.max(received + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_other_end_has_not_received_is_lost() {
        let mut undelivered = Undelivered::default();
        undelivered.broken(0, [4, 5, 8, 9], 17);
        assert_eq!(undelivered.report(1), [(0, 17)]);
        assert!(!undelivered.is_settled());
        assert_eq!(undelivered.settle(1, &[(0, 4)]), 3);
        assert!(undelivered.is_settled());
        assert_eq!(undelivered.settle(1, &[(0, 4)]), 0, "told again");
    }

    #[test]
    fn a_session_that_the_other_end_never_saw_has_lost_everything() {
        let mut undelivered = Undelivered::default();
        undelivered.broken(0, [1, 2], 0);
        undelivered.broken(1, [1, 2, 3], 0);
        assert_eq!(undelivered.settle(2, &[(0, 2)]), 3);
    }

    #[test]
    fn the_report_is_repeated_until_it_has_arrived() {
        let mut undelivered = Undelivered::default();
        undelivered.broken(0, [], 5);
        assert_eq!(undelivered.report(1), [(0, 5)]);
        undelivered.broken(1, [], 0);
        assert_eq!(undelivered.report(1), [(0, 5), (1, 0)]);
        undelivered.acknowledged(0);
        undelivered.acknowledged(1);
        undelivered.broken(2, [], 7);
        assert_eq!(undelivered.report(1), [(2, 7)]);
    }

    #[test]
    fn a_dead_end_has_received_nothing_more() {
        let mut undelivered = Undelivered::default();
        undelivered.broken(0, [3, 4], 5);
        assert_eq!(undelivered.abandon(), 2);
        assert!(undelivered.is_settled());
    }
}
