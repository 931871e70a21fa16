//! What one number is made of many.

use plasma_model::Aggregate;

/// The aggregate of some known numbers; `None` is unknown: that of nothing, but for `count` and `sum`.
pub(crate) fn of(aggregate: Aggregate, mut values: Vec<f64>) -> Option<f64> {
    if values.is_empty() {
        return matches!(aggregate, Aggregate::Count | Aggregate::Sum).then_some(0.0);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let result = match aggregate {
        Aggregate::Count => count,
        Aggregate::Sum => values.iter().sum(),
        Aggregate::Avg => mean,
        Aggregate::Stddev => {
            let squares = values.iter().map(|value| (value - mean).powi(2));
            (squares.sum::<f64>() / count).sqrt()
        }
        Aggregate::Min => percentile(&mut values, 0.0),
        Aggregate::Max => percentile(&mut values, 100.0),
        Aggregate::P50 => percentile(&mut values, 50.0),
        Aggregate::P90 => percentile(&mut values, 90.0),
        Aggregate::P99 => percentile(&mut values, 99.0),
    };
    result.is_finite().then_some(result)
}

/// The percentile by nearest rank: the least value that so many of a hundred do not exceed.
fn percentile(values: &mut [f64], percent: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (percent * values.len() as f64 / 100.0).ceil() as usize;
    values.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use plasma_model::AGGREGATES;

    use super::*;

    #[test]
    fn of_some_numbers() {
        let of = |aggregate| of(aggregate, vec![2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!(of(Aggregate::Count), Some(8.0));
        assert_eq!(of(Aggregate::Sum), Some(40.0));
        assert_eq!(of(Aggregate::Min), Some(2.0));
        assert_eq!(of(Aggregate::Max), Some(9.0));
        assert_eq!(of(Aggregate::Avg), Some(5.0));
        assert_eq!(of(Aggregate::Stddev), Some(2.0));
        assert_eq!(of(Aggregate::P50), Some(4.0));
        assert_eq!(of(Aggregate::P90), Some(9.0));
        assert_eq!(of(Aggregate::P99), Some(9.0));
    }

    #[test]
    fn of_nothing_only_count_and_sum_are_known() {
        for row in AGGREGATES {
            let is_known = matches!(row.aggregate, Aggregate::Count | Aggregate::Sum);
            let known = is_known.then_some(0.0);
            assert_eq!(of(row.aggregate, Vec::new()), known, "{}", row.name);
        }
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let numbers: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(of(Aggregate::P50, numbers.clone()), Some(5.0));
        assert_eq!(of(Aggregate::P90, numbers.clone()), Some(9.0));
        assert_eq!(of(Aggregate::P99, numbers), Some(10.0));
    }
}
