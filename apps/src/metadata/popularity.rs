//! Which folder a client turns to: a softened Zipf distribution.

use std::sync::Arc;

/// The popularity of folders: folder `i` (from 1) is chosen in proportion to `1 / (i + flatness)`.
#[derive(Clone, Debug)]
pub struct Popularity {
    /// For each folder, the share of it and those before it together.
    up_to: Arc<[f64]>,
}

impl Popularity {
    /// The popularity of `folders` folders.
    #[must_use]
    pub fn new(folders: u32, flatness: f64) -> Self {
        let weights: Vec<f64> = (1..=folders)
            .map(|folder| 1.0 / (f64::from(folder) + flatness))
            .collect();
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let up_to = weights.iter().map(|weight| {
            sum += weight;
            sum / total
        });
        Self {
            up_to: up_to.collect(),
        }
    }

    /// The share of all openings that goes to the folder of this key (keys count from 1).
    #[must_use]
    pub fn share(&self, key: u64) -> f64 {
        let up_to = |key: u64| {
            let index = usize::try_from(key).ok()?.checked_sub(1)?;
            self.up_to.get(index).copied()
        };
        match (up_to(key), key.checked_sub(1).and_then(up_to)) {
            (Some(end), start) => end - start.unwrap_or_default(),
            (None, _) => 0.0,
        }
    }

    /// The key of the folder at `point` (0 to 1), so that points drawn evenly give each folder its
    /// share.
    #[must_use]
    pub fn folder_at(&self, point: f64) -> u64 {
        let before = self.up_to.partition_point(|end| *end <= point);
        before.min(self.up_to.len().saturating_sub(1)) as u64 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::Popularity;

    #[test]
    fn the_first_folder_takes_a_quarter_and_the_others_share_the_rest() {
        let popularity = Popularity::new(16, 0.5);
        let percent: Vec<f64> = (1..=16)
            .map(|key| (popularity.share(key) * 100.0).round())
            .collect();
        let expected = [
            24.0, 14.0, 10.0, 8.0, 7.0, 6.0, 5., 4., 4., 3., 3., 3., 3., 2., 2., 2.,
        ];
        assert_eq!(percent, expected);
        assert_eq!(popularity.share(0), 0.0);
        assert_eq!(popularity.share(17), 0.0);
    }

    #[test]
    fn every_point_falls_on_a_folder() {
        let popularity = Popularity::new(3, 0.0);
        assert_eq!(popularity.folder_at(0.0), 1);
        assert_eq!(popularity.folder_at(0.54), 1);
        assert_eq!(popularity.folder_at(0.55), 2);
        assert_eq!(popularity.folder_at(0.9), 3);
        assert_eq!(popularity.folder_at(1.0), 3);
    }
}
