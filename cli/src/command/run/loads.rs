//! The loads of many servers in few words: least, mean, greatest and the outliers.

use plasma_model::ServerId;

use super::period::PeriodView;

/// So many standard deviations from the mean a load is an outlier.
const OUTLIER_DEVIATIONS: f64 = 2.0;

/// At most so many outliers are named; the rest is counted.
const OUTLIERS_SHOWN_MAX: usize = 3;

/// The summary: `64 servers  least s3 12%  mean 55%  most s7 97%  far off s9 91%`.
pub(super) fn summary(view: &PeriodView) -> String {
    let servers = view.servers_in_order();
    let mut loads: Vec<(&ServerId, f64)> = servers
        .iter()
        .filter_map(|(id, server)| Some((*id, server.cpu?)))
        .collect();
    // Equal loads stay in the order of the servers.
    loads.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut text = format!("{} servers", servers.len());
    let unknown = servers.len() - loads.len();
    if unknown > 0 {
        text.push_str(&format!(", {unknown} unknown"));
    }
    let contended = servers.iter().filter(|(_, s)| s.contended).count();
    if contended > 0 {
        text.push_str(&format!(", {contended} contended!"));
    }
    if let ([(least, low), .., (most, high)], Some(mean)) = (&loads[..], mean(&loads)) {
        let range = format!("  least {least} {low:.0}%  mean {mean:.0}%  most {most} {high:.0}%");
        text.push_str(&range);
        text.push_str(&outliers(
            &loads[1..loads.len() - 1],
            mean,
            deviation(&loads, mean),
        ));
    }
    text
}

/// The servers between the least and the most loaded one that are far from the mean, farthest first.
fn outliers(between: &[(&ServerId, f64)], mean: f64, deviation: f64) -> String {
    let distance = |load: f64| (load - mean).abs();
    let mut far: Vec<_> = between
        .iter()
        .filter(|(_, load)| distance(*load) > OUTLIER_DEVIATIONS * deviation)
        .collect();
    far.sort_by(|(_, a), (_, b)| distance(*b).total_cmp(&distance(*a)));
    let shown = far.iter().take(OUTLIERS_SHOWN_MAX);
    let mut shown: Vec<String> = shown.map(|(id, load)| format!("{id} {load:.0}%")).collect();
    let more = far.len() - shown.len();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    match shown.is_empty() {
        true => String::new(),
        false => format!("  far off {}", shown.join(", ")),
    }
}

fn mean(loads: &[(&ServerId, f64)]) -> Option<f64> {
    let sum: f64 = loads.iter().map(|(_, load)| load).sum();
    (!loads.is_empty()).then(|| sum / loads.len() as f64)
}

fn deviation(loads: &[(&ServerId, f64)], mean: f64) -> f64 {
    let squares: f64 = loads.iter().map(|(_, load)| (load - mean).powi(2)).sum();
    (squares / loads.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use plasma_columns::Columns;
    use plasma_engine::ClientPeriod;
    use plasma_model::{Resource, Server, ServerId, Snapshot};

    use super::super::period::{PeriodView, Phase};
    use super::super::plain;

    /// The first line of a period whose servers have these loads.
    fn line(loads: &[Option<f64>], period_seconds: f64) -> String {
        let mut snapshot = Snapshot::default();
        (snapshot.t, snapshot.period_seconds) = (3.0 * period_seconds, period_seconds);
        for (place, load) in loads.iter().enumerate() {
            let mut server = Server::default();
            server.usage[Resource::Cpu].perc = *load;
            let id = ServerId::from(format!("s{}", place + 1));
            snapshot.servers.insert(id, server);
        }
        let clients = ClientPeriod::new(period_seconds);
        let view = PeriodView::new(Columns::of(&snapshot).frame(), &clients, Phase::Policy);
        let lines = plain::lines(&view);
        lines[0].trim_start().to_owned()
    }

    #[test]
    fn many_servers_are_summarised_and_few_are_not() {
        let mut many: Vec<Option<f64>> = (0..64).map(|n| Some(f64::from(50 + n % 5))).collect();
        (many[8], many[11], many[40], many[63]) = (Some(97.0), Some(4.0), Some(93.0), None);
        insta::assert_snapshot!(line(&many, 1.0), @"3.0 s  64 servers, 1 unknown  least s12 4%  mean 53%  most s9 97%  far off s41 93%        0 calls/s  p50        –  p99        –");
        insta::assert_snapshot!(line(&[Some(5.0), None], 0.05), @"0.15 s  s1   5%   0  s2    ?   0        0 calls/s  p50        –  p99        –");
        insta::assert_snapshot!(line(&[Some(7.0); 9], 0.005), @"0.015 s  9 servers  least s1 7%  mean 7%  most s9 7%        0 calls/s  p50        –  p99        –");
    }
}
