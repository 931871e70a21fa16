//! What a rule measures, for documentation.

use plasma_check::program::{CheckedProgram, Feature, Rule};

use super::text::Writer;

/// A measured or published value that a rule asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredFeature {
    /// In the language's form: `server.cpu.perc`.
    pub text: String,
    /// The unit of its values, as METRICS names it; empty for a published value and a plain number.
    pub unit: &'static str,
    /// What it means; empty for a published value.
    pub doc: &'static str,
}

/// What the condition of a rule measures, each feature once, in the order of the text.
pub fn measured_in(program: &CheckedProgram, rule: &Rule) -> Vec<MeasuredFeature> {
    let writer = Writer {
        schema: &program.schema,
        variables: &rule.variables,
    };
    let mut found: Vec<MeasuredFeature> = Vec::new();
    let mut add = |feature: &Feature| {
        let row = feature.row();
        let measured = MeasuredFeature {
            text: writer.feature(feature),
            unit: row.map_or("", |row| row.unit),
            doc: row.map_or("", |row| row.doc),
        };
        if !found.contains(&measured) {
            found.push(measured);
        }
    };
    rule.condition.for_each_atom(&mut |atom, _| {
        for operand in atom.operands() {
            operand.for_each_feature(&mut add);
        }
    });
    found
}
