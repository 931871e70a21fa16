//! Servers in order of a figure that changes: a tournament, in which each match keeps its winner.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cluster::ServerNo;

/// Figures of servers; the least comes first, of equal ones the first by number.
#[derive(Clone, Debug)]
pub(crate) struct Ranking {
    /// Infinite for one that takes no part.
    figures: Vec<f64>,
    /// A full binary tree: the winner of the match between two nodes stands at half their place; the
    /// servers are the leaves, from half the length on.
    winners: Vec<u32>,
}

impl Ranking {
    /// The ranking of the servers, each with its figure.
    pub(crate) fn new(mut figures: Vec<f64>) -> Self {
        if figures.is_empty() {
            let winners = Vec::new();
            return Ranking { figures, winners };
        }
        let leaves = figures.len().next_power_of_two();
        figures.resize(leaves, f64::INFINITY);
        let mut winners: Vec<u32> = vec![0; leaves];
        winners.extend(0..leaves as u32);
        let mut ranking = Ranking { figures, winners };
        for node in (1..leaves).rev() {
            ranking.winners[node] = ranking.winner(node);
        }
        ranking
    }

    /// The figures, of some more places than there are servers.
    pub(crate) fn figures(&self) -> &[f64] {
        &self.figures
    }

    /// The figure of a server.
    pub(crate) fn figure(&self, server: ServerNo) -> f64 {
        self.figures[server]
    }

    /// Changes the figure of a server; infinity takes it out.
    pub(crate) fn set(&mut self, server: ServerNo, figure: f64) {
        self.figures[server] = figure;
        let mut node = (self.winners.len() / 2 + server) / 2;
        while node > 0 {
            let winner = self.winner(node);
            if winner == self.winners[node] && winner as ServerNo != server {
                // It won nothing here before, and does not now.
                return;
            }
            self.winners[node] = winner;
            node /= 2;
        }
    }

    /// The first server.
    pub(crate) fn first(&self) -> Option<ServerNo> {
        // With one leaf the root is that leaf.
        let first = *self.winners.get(1)? as ServerNo;
        (self.figures[first] < f64::INFINITY).then_some(first)
    }

    /// The servers in order.
    pub(crate) fn ascending(&self) -> Ascending<'_> {
        let mut open = BinaryHeap::new();
        if self.first().is_some() {
            open.push(Reverse(self.rank(1)));
        }
        Ascending {
            ranking: self,
            open,
        }
    }

    fn winner(&self, node: usize) -> u32 {
        let (left, right) = (self.winners[2 * node], self.winners[2 * node + 1]);
        // Of equal ones the left is the first by number.
        match self.figures[right as usize] < self.figures[left as usize] {
            true => right,
            false => left,
        }
    }

    fn rank(&self, node: usize) -> Rank {
        let server = self.winners[node];
        Rank {
            figure: self.figures[server as usize],
            server,
            node,
        }
    }
}

/// The winner of a node, in the order of a ranking.
#[derive(Clone, Copy, Debug)]
struct Rank {
    figure: f64,
    server: u32,
    node: usize,
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_figure = self.figure.total_cmp(&other.figure);
        by_figure.then(self.server.cmp(&other.server))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rank {}

/// The servers of a ranking, in order.
pub(crate) struct Ascending<'r> {
    ranking: &'r Ranking,
    /// Nodes whose servers have not been told, the first at the top.
    open: BinaryHeap<Reverse<Rank>>,
}

impl Iterator for Ascending<'_> {
    type Item = ServerNo;

    fn next(&mut self) -> Option<ServerNo> {
        let Reverse(first) = self.open.pop()?;
        let server = first.server as ServerNo;
        let leaves = self.ranking.winners.len() / 2;
        // Down the path to its leaf, those that lost against it there come next.
        let mut node = first.node;
        while node < leaves {
            let (left, right) = (2 * node, 2 * node + 1);
            let (on, off) = match self.ranking.winners[left] == first.server {
                true => (left, right),
                false => (right, left),
            };
            let lost = self.ranking.rank(off);
            if lost.figure < f64::INFINITY {
                self.open.push(Reverse(lost));
            }
            node = on;
        }
        Some(server)
    }
}

#[cfg(test)]
mod tests {
    use super::Ranking;

    #[test]
    fn servers_come_in_order_of_figure_then_number() {
        let mut figures = vec![3.0, 1.0, 2.0, 1.0, f64::INFINITY];
        let mut ranking = Ranking::new(figures.clone());
        let changes = [(1, 5.0), (4, 0.0), (0, 1.0), (3, f64::INFINITY), (1, 0.5)];
        for (server, figure) in changes {
            ranking.set(server, figure);
            figures[server] = figure;
            let mut sorted: Vec<usize> = (0..5).filter(|s| figures[*s].is_finite()).collect();
            sorted.sort_by(|a, b| figures[*a].total_cmp(&figures[*b]).then(a.cmp(b)));
            assert_eq!(ranking.ascending().collect::<Vec<_>>(), sorted);
            assert_eq!(ranking.first(), sorted.first().copied());
        }
    }

    #[test]
    fn one_server_and_none_are_rankings_too() {
        assert_eq!(Ranking::new(vec![1.0]).first(), Some(0));
        assert_eq!(Ranking::new(vec![1.0]).ascending().count(), 1);
        assert_eq!(Ranking::new(Vec::new()).first(), None);
    }
}
