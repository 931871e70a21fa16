//! How many actors each place holds, kept up with every move of a draft: what a spread evens out.

use std::sync::Arc;

use super::admission::Block;
use super::cluster::{ActorNo, ServerNo};
use super::demand::DemandNo;
use super::draft::Draft;
use super::solver::Solver;

/// Number of a place: a server, or all servers of one value of a label.
pub(crate) type PlaceNo = usize;

/// Actors counted by place.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// The place that each server belongs to; `None` takes no part.
    place_of: Arc<[Option<PlaceNo>]>,
    /// Whether each actor counts.
    counts: Arc<[bool]>,
    /// How many there are at each place.
    numbers: Vec<u64>,
    /// Their sum.
    sum: u64,
    /// The sum of their squares.
    squares: u64,
}

impl Tally {
    /// Counts the actors where `hosts` says.
    pub(crate) fn new(
        place_of: Arc<[Option<PlaceNo>]>,
        counts: Arc<[bool]>,
        places: usize,
        draft: &Draft<'_>,
    ) -> Self {
        let mut tally = Tally {
            place_of,
            counts,
            numbers: vec![0; places],
            sum: 0,
            squares: 0,
        };
        for (server, place) in tally.place_of.iter().enumerate() {
            if let Some(place) = place {
                let counted = draft.residents(server).filter(|a| tally.counts[*a]);
                tally.numbers[*place] += counted.count() as u64;
            }
        }
        tally.sum = tally.numbers.iter().sum();
        tally.squares = tally.numbers.iter().map(|number| number * number).sum();
        tally
    }

    /// The place of a server.
    pub(crate) fn place(&self, server: ServerNo) -> Option<PlaceNo> {
        self.place_of[server]
    }

    /// How many actors each place holds.
    pub(crate) fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// How many of some actors count.
    pub(crate) fn weight(&self, actors: &[ActorNo]) -> u64 {
        let counted = actors.iter().filter(|actor| self.counts[**actor]);
        counted.count() as u64
    }

    /// Whether an actor counts.
    pub(crate) fn counts(&self, actor: ActorNo) -> bool {
        self.counts[actor]
    }

    /// By how much the numbers are less even than so many actors can be: 0 if no two places differ by
    /// more than one. It is the sum over all pairs of places of their difference squared, less the least
    /// that it can be.
    pub(crate) fn unevenness(&self) -> u64 {
        unevenness(self.numbers.len() as u64, self.sum, self.squares)
    }

    /// Follows a move.
    pub(crate) fn follow(&mut self, actor: ActorNo, from: ServerNo, to: ServerNo) {
        if !self.counts[actor] {
            return;
        }
        if let Some(place) = self.place_of[from] {
            self.sum -= 1;
            self.squares -= 2 * self.numbers[place] - 1;
            self.numbers[place] -= 1;
        }
        if let Some(place) = self.place_of[to] {
            self.sum += 1;
            self.squares += 2 * self.numbers[place] + 1;
            self.numbers[place] += 1;
        }
    }

    /// What the unevenness would be with the members of a unit on `to`.
    fn unevenness_with(&self, unit: &[ActorNo], to: ServerNo, draft: &Draft<'_>) -> u64 {
        let mut changed: Vec<(PlaceNo, u64)> = Vec::new();
        let mut sum = self.sum;
        fn number(tally: &Tally, changed: &mut Vec<(PlaceNo, u64)>, place: PlaceNo) -> usize {
            let known = changed.iter().position(|(of, _)| *of == place);
            known.unwrap_or_else(|| {
                changed.push((place, tally.numbers[place]));
                changed.len() - 1
            })
        }
        for actor in unit.iter().filter(|actor| self.counts[**actor]) {
            if let Some(place) = self.place_of[draft.host(*actor)] {
                let at = number(self, &mut changed, place);
                changed[at].1 -= 1;
                sum -= 1;
            }
            if let Some(place) = self.place_of[to] {
                let at = number(self, &mut changed, place);
                changed[at].1 += 1;
                sum += 1;
            }
        }
        let mut squares = self.squares;
        for (place, number) in changed {
            squares += number * number;
            squares -= self.numbers[place] * self.numbers[place];
        }
        unevenness(self.numbers.len() as u64, sum, squares)
    }
}

/// The sum over all pairs of places of their difference squared, less the least that it can be.
fn unevenness(places: u64, sum: u64, squares: u64) -> u64 {
    let fuller = match places {
        0 => return 0,
        places => sum % places,
    };
    places * squares - sum * sum - fuller * (places - fuller)
}

impl Solver<'_> {
    /// No move makes a spread that was accepted less even.
    pub(super) fn stays_even(&self, unit: &[ActorNo], to: ServerNo) -> Result<(), Block> {
        for (tally, demand) in self.draft.tallies().iter().zip(&self.spreads) {
            let moves = unit.iter().any(|actor| {
                let host = self.draft.host(*actor);
                tally.counts(*actor) && tally.place(host) != tally.place(to)
            });
            if moves && tally.unevenness_with(unit, to, &self.draft) > tally.unevenness() {
                return Err(Block::Lost(*demand));
            }
        }
        Ok(())
    }

    /// The unevenness of each spread that was accepted.
    pub(crate) fn unevenness(&self) -> Vec<u64> {
        let tallies = self.draft.tallies().iter();
        tallies.map(Tally::unevenness).collect()
    }

    /// Several moves together have made no spread less even than it was.
    pub(crate) fn stayed_even(&self, before: &[u64]) -> Result<(), Block> {
        let pairs = self.draft.tallies().iter().zip(before).zip(&self.spreads);
        let mut worse = pairs.filter(|((tally, before), _)| tally.unevenness() > **before);
        match worse.next() {
            Some((_, demand)) => Err(Block::Lost(*demand)),
            None => Ok(()),
        }
    }

    /// Counts actors by place from now on, for a spread that later moves keep even.
    pub(crate) fn keep_even(&mut self, demand: DemandNo, tally: Tally) {
        self.draft.add_tally(tally);
        self.spreads.push(demand);
    }
}

#[cfg(test)]
mod tests {
    use super::unevenness;

    fn unevenness_of(numbers: &[u64]) -> u64 {
        let squares = numbers.iter().map(|number| number * number).sum();
        unevenness(numbers.len() as u64, numbers.iter().sum(), squares)
    }

    #[test]
    fn numbers_that_differ_by_one_at_most_are_even() {
        for even in [&[][..], &[5], &[2, 2, 2], &[1, 2, 1], &[0, 1, 0, 0]] {
            assert_eq!(unevenness_of(even), 0, "{even:?}");
        }
        for uneven in [&[2, 0][..], &[3, 1, 2], &[4, 0]] {
            assert!(unevenness_of(uneven) > 0, "{uneven:?}");
        }
    }
}
