//! Why a rule fires: its atoms with measured values against thresholds.

mod figure;
mod links;
mod measured;
mod near;
mod nearest;
mod reading;
mod search;
mod sustained;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use figure::figure;
pub use measured::{MeasuredFeature, measured_in};
pub use near::each_near_derivation;
pub use nearest::{ConditionPart, Nearness, each_derivation, judge, nearest, parts_of};
pub use reading::{AtomReading, Derivation, explain};
pub use search::BINDINGS_EXPLAINED_MAX;
pub use table::{Allowance, Expression, Row, RowValue, Table, tabulate};
pub(crate) use text::Writer;
