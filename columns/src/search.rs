//! Looking for a place in what is in order, from the last one found on.

/// The first place from `start` on that `is_before` does not hold of, or `end`; those of which it does stand first. Reads
/// on by doubling steps (Bentley, Yao 1976).
pub fn place_from(start: usize, end: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let mut step = 1;
    let mut low = start;
    while low + step <= end && is_before(low + step - 1) {
        low += step;
        step *= 2;
    }
    let mut high = end.min(low + step);
    while low < high {
        let middle = low + (high - low) / 2;
        match is_before(middle) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_from_every_start() {
        for end in 0..20 {
            for place in 0..=end {
                for start in 0..=place {
                    assert_eq!(place_from(start, end, |no| no < place), place);
                }
            }
        }
    }
}
