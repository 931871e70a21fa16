//! Why a rule fires: its atoms with measured values against thresholds.

mod figure;
mod measured;
mod nearest;
mod reading;
mod sustained;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use figure::figure;
pub use measured::{MeasuredFeature, measured_in};
pub use nearest::{
    BINDINGS_EXPLAINED_MAX, ConditionPart, Nearness, each_derivation, judge, nearest, parts_of,
};
pub use reading::{AtomReading, Derivation, explain};
pub use table::{Allowance, Expression, Row, RowValue, Table, tabulate};
pub(crate) use text::Writer;
