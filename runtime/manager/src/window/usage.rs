//! Resource figures: of `perc`, `size` and `capacity` two give the third.

use plasma_model::{Field, Usage, UsageUpdate};

use super::WindowError;

/// Greatest figure accepted: sums and products of such figures stay finite.
const FIGURE_MAX: f64 = 1e100;

/// Least capacity accepted: shares of it stay finite.
const CAPACITY_MIN: f64 = 1e-100;

/// Which of an actor's two figures came last, and so gives the other one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Latest {
    #[default]
    Both,
    Perc,
    Size,
}

const HAS_PERC: u8 = 1;
const HAS_SIZE: u8 = 2;
const IS_PERC_LATEST: u8 = 4;
const IS_SIZE_LATEST: u8 = 8;

/// An actor's figures of one resource as they were sent; its host's capacity completes them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ActorFigures {
    perc: Option<f64>,
    size: Option<f64>,
    latest: Latest,
    reported: bool,
}

impl ActorFigures {
    /// Figures as [`ActorFigures::kept`] packed them, from what is shown of them on a host;
    /// `overridden` is looked up where it told so.
    pub(super) fn restored(
        shown: Usage,
        kept: u8,
        overridden: impl FnOnce() -> Option<f64>,
    ) -> Self {
        let (has_perc, has_size) = (kept & HAS_PERC != 0, kept & HAS_SIZE != 0);
        let latest = match kept & (IS_PERC_LATEST | IS_SIZE_LATEST) {
            IS_PERC_LATEST => Latest::Perc,
            IS_SIZE_LATEST => Latest::Size,
            _ => Latest::Both,
        };
        let mut figures = ActorFigures {
            perc: shown.perc.filter(|_| has_perc),
            size: shown.size.filter(|_| has_size),
            latest,
            reported: shown.reported,
        };
        match latest {
            Latest::Perc if has_perc && has_size => figures.size = overridden(),
            Latest::Size if has_perc && has_size => figures.perc = overridden(),
            _ => {}
        }
        figures
    }

    /// Which figures were sent, in four bits, and the one that is not shown because the other one
    /// is later.
    pub(super) fn kept(&self) -> (u8, Option<f64>) {
        let (latest, overridden) = match self.latest {
            Latest::Both => (0, None),
            Latest::Perc => (IS_PERC_LATEST, self.perc.and(self.size)),
            Latest::Size => (IS_SIZE_LATEST, self.size.and(self.perc)),
        };
        let has_perc = if self.perc.is_some() { HAS_PERC } else { 0 };
        let has_size = if self.size.is_some() { HAS_SIZE } else { 0 };
        (latest | has_perc | has_size, overridden)
    }

    /// Takes new figures over.
    pub(super) fn update(&mut self, update: &Field<UsageUpdate>) {
        let update = match update {
            Field::Keep => return,
            Field::Unknown => {
                (self.perc, self.size) = (None, None);
                return;
            }
            Field::Known(update) => update,
        };
        match (update.perc, update.size) {
            (Field::Known(perc), Field::Known(size)) => {
                (self.perc, self.size, self.latest) = (Some(perc), Some(size), Latest::Both);
            }
            (Field::Known(perc), rest) => {
                (self.perc, self.latest) = (Some(perc), Latest::Perc);
                if rest == Field::Unknown {
                    self.size = None;
                }
            }
            (rest, Field::Known(size)) => {
                (self.size, self.latest) = (Some(size), Latest::Size);
                if rest == Field::Unknown {
                    self.perc = None;
                }
            }
            (Field::Keep, Field::Keep) => {}
            // A missing sample: what the other figure said belongs to an earlier period.
            _ => (self.perc, self.size) = (None, None),
        }
        self.reported |= self.perc.is_some() || self.size.is_some();
    }

    /// Keeps the amount when the actor moves away from a host with this capacity.
    pub(super) fn leave_host(&mut self, capacity: Option<f64>) {
        let usage = self.on_host(capacity);
        if usage.size.is_some() {
            (self.size, self.latest) = (usage.size, Latest::Size);
        }
    }

    /// The figures on a host with this capacity.
    pub(super) fn on_host(&self, capacity: Option<f64>) -> Usage {
        let size_of = |perc: f64| capacity.map(|c| perc / 100.0 * c);
        let perc_of = |size: f64| capacity.map(|c| size / c * 100.0);
        let (perc, size) = match (self.perc, self.size, self.latest) {
            (Some(perc), size, Latest::Perc) => (Some(perc), size_of(perc).or(size)),
            (perc, Some(size), Latest::Size) => (perc_of(size).or(perc), Some(size)),
            (Some(perc), None, _) => (Some(perc), size_of(perc)),
            (None, Some(size), _) => (perc_of(size), Some(size)),
            both => (both.0, both.1),
        };
        Usage {
            perc,
            size,
            capacity: None,
            reported: self.reported,
        }
    }
}

/// Takes a server's new figures over. A capacity stays until another one is given or follows.
pub(super) fn update_server(usage: &mut Usage, update: &Field<UsageUpdate>) {
    let update = match update {
        Field::Keep => return,
        Field::Unknown => {
            (usage.perc, usage.size) = (None, None);
            return;
        }
        Field::Known(update) => update,
    };
    match update.capacity {
        Field::Keep => {}
        Field::Unknown => usage.capacity = None,
        Field::Known(capacity) => usage.capacity = Some(capacity),
    }
    match (update.perc, update.size) {
        (Field::Known(perc), Field::Known(size)) => {
            (usage.perc, usage.size) = (Some(perc), Some(size));
            if update.capacity.is_keep() {
                usage.capacity = capacity_of(perc, size).or(usage.capacity);
            }
        }
        (Field::Known(perc), rest) => {
            let size = usage.size.filter(|_| rest.is_keep());
            usage.perc = Some(perc);
            usage.capacity = usage.capacity.or(size.and_then(|s| capacity_of(perc, s)));
            usage.size = usage.capacity.map(|c| perc / 100.0 * c).or(size);
        }
        (rest, Field::Known(size)) => {
            let perc = usage.perc.filter(|_| rest.is_keep());
            usage.size = Some(size);
            usage.capacity = usage.capacity.or(perc.and_then(|p| capacity_of(p, size)));
            usage.perc = usage.capacity.map(|c| size / c * 100.0).or(perc);
        }
        (Field::Keep, Field::Keep) => match (usage.capacity, usage.size, usage.perc) {
            (Some(capacity), Some(size), _) => usage.perc = Some(size / capacity * 100.0),
            (Some(capacity), None, Some(perc)) => usage.size = Some(perc / 100.0 * capacity),
            _ => {}
        },
        _ => (usage.perc, usage.size) = (None, None),
    }
    usage.reported |= usage.perc.is_some() || usage.size.is_some();
}

/// Of nothing in use no capacity follows.
fn capacity_of(perc: f64, size: f64) -> Option<f64> {
    let capacity = (perc > 0.0 && size > 0.0).then(|| size * 100.0 / perc);
    capacity.filter(|capacity| (CAPACITY_MIN..=FIGURE_MAX).contains(capacity))
}

/// Refuses figures that cannot be measured; `owner` is `server s1` or `actor fo1`.
pub(super) fn check(
    owner: &dyn Fn() -> String,
    resource: &str,
    update: &Field<UsageUpdate>,
) -> Result<(), WindowError> {
    let Field::Known(update) = update else {
        return Ok(());
    };
    for (field, value) in [("perc", update.perc), ("size", update.size)] {
        check_figure(&|| format!("{resource}.{field} of {}", owner()), value)?;
    }
    match update.capacity {
        Field::Known(value) if !(CAPACITY_MIN..=FIGURE_MAX).contains(&value) => {
            Err(WindowError::Figure {
                what: format!("{resource}.capacity of {}", owner()),
                value,
                expected: "a number above 0, at most 1e100",
            })
        }
        _ => Ok(()),
    }
}

/// Refuses a number that is negative, immense or none.
pub(super) fn check_figure(
    what: &dyn Fn() -> String,
    value: Field<f64>,
) -> Result<(), WindowError> {
    match value {
        Field::Known(value) if !(0.0..=FIGURE_MAX).contains(&value) => Err(WindowError::Figure {
            what: what(),
            value,
            expected: "a number from 0 to 1e100",
        }),
        _ => Ok(()),
    }
}
