//! Numbers and their units, which are one token: `80`, `40%`, `1.5GiB/s`.

/// What a unit measures. Values are kept in the base unit named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// A share, 0–100.
    Percent,
    /// A length of time, in seconds.
    Duration,
    /// An amount of data, in bytes.
    Bytes,
    /// A flow of data, in bytes per second.
    BytesPerSecond,
    /// How often something happens, per second.
    PerSecond,
}

/// A unit as it is written behind a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// How it is written: `%`, `ms`, `KiB/s`.
    pub text: &'static str,
    /// What it measures.
    pub quantity: Quantity,
    /// How many of the quantity's base unit it is.
    pub factor: f64,
}

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// The digits' value, before the unit is applied; negative only in cluster literals.
    pub value: f64,
    /// The unit behind the digits; a bare number takes the unit its place needs.
    pub unit: Option<&'static Unit>,
}

impl Number {
    /// The value in the base unit of its quantity: `4KiB` is 4096, `40%` is 40, `2ms` is 0.002.
    pub fn base_value(self) -> f64 {
        self.unit
            .map_or(self.value, |unit| self.value * unit.factor)
    }

    /// What it measures; `None` for a bare number.
    pub fn quantity(self) -> Option<Quantity> {
        self.unit.map(|unit| unit.quantity)
    }
}

const fn unit(text: &'static str, quantity: Quantity, factor: f64) -> Unit {
    Unit {
        text,
        quantity,
        factor,
    }
}

/// Every unit of the language.
pub const UNITS: &[Unit] = &[
    unit("%", Quantity::Percent, 1.0),
    unit("us", Quantity::Duration, 1e-6),
    unit("ms", Quantity::Duration, 1e-3),
    unit("s", Quantity::Duration, 1.0),
    unit("m", Quantity::Duration, 60.0),
    unit("h", Quantity::Duration, 3600.0),
    unit("d", Quantity::Duration, 86400.0),
    unit("B", Quantity::Bytes, 1.0),
    unit("KB", Quantity::Bytes, 1e3),
    unit("MB", Quantity::Bytes, 1e6),
    unit("GB", Quantity::Bytes, 1e9),
    unit("KiB", Quantity::Bytes, 1024.0),
    unit("MiB", Quantity::Bytes, 1048576.0),
    unit("GiB", Quantity::Bytes, 1073741824.0),
    unit("B/s", Quantity::BytesPerSecond, 1.0),
    unit("KB/s", Quantity::BytesPerSecond, 1e3),
    unit("MB/s", Quantity::BytesPerSecond, 1e6),
    unit("GB/s", Quantity::BytesPerSecond, 1e9),
    unit("KiB/s", Quantity::BytesPerSecond, 1024.0),
    unit("MiB/s", Quantity::BytesPerSecond, 1048576.0),
    unit("GiB/s", Quantity::BytesPerSecond, 1073741824.0),
    unit("/s", Quantity::PerSecond, 1.0),
];

/// The unit written `text`, if it is one.
pub fn unit_named(text: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.text == text)
}
