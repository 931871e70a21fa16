//! What an expression or a name is: `:type`, `:doc`.

use std::collections::BTreeSet;

use plasma_check::program::{Expression, Range, Scope, TypeSet};
use plasma_check::schema::Schema;
use plasma_diagnostic::Code;
use plasma_eval::{RowValue, Table, Truth, figure};
use serde_json::json;

use super::{Session, count_of};
use crate::command::repl::answer::{Answer, Refusal};
use crate::command::repl::command;
use crate::command::repl::watch::Prepared;
use crate::command::repl::world::World;
use crate::markdown_text;

impl Session {
    /// What an expression is: number or condition, its unit, its variables, its range in the cluster.
    pub(in crate::command::repl) fn type_of(&self, text: &str) -> Result<Answer, Refusal> {
        let (prepared, warnings) = self.prepared_text(text)?;
        let values = match &self.world {
            World::Nothing => None,
            world => {
                let (columns, past) = world.now()?;
                Some(prepared.table((&columns, &past), &self.is_called_off))
            }
        };
        let kind = match prepared.expression {
            Expression::Number(_) => "number",
            Expression::Condition(_) => "condition",
        };
        let unit = prepared.unit();
        let variables = variables(&prepared);
        let now = values.as_ref().map(Now::of);
        let mut answer = self.answer();
        answer.add_warnings(warnings);
        answer.add(
            "type",
            || {
                let unit = match (kind, unit) {
                    ("condition", _) => String::new(),
                    (_, "") => ", without unit".to_owned(),
                    (_, unit) => format!(", in {unit}"),
                };
                let lines = variables.iter();
                let lines: String = lines
                    .map(|(name, of)| format!("  {name}: {of}\n"))
                    .collect();
                let now = now
                    .as_ref()
                    .map_or(String::new(), |now| now.text(unit_of(&values)));
                format!("{kind}{unit}\n{lines}{now}")
            },
            || {
                let variables = variables.iter();
                let variables = variables.map(|(name, of)| json!({"name": name, "of": of}));
                json!({
                    "kind": kind,
                    "unit": unit,
                    "variables": variables.collect::<Vec<_>>(),
                    "least": now.as_ref().and_then(|now| now.least),
                    "greatest": now.as_ref().and_then(|now| now.greatest),
                    "rows": now.as_ref().map(|now| now.rows),
                })
            },
        );
        Ok(answer)
    }

    /// What a name stands for: of the language, the schema, the policy; a diagnostic; a command.
    pub(in crate::command::repl) fn doc(&self, name: &str) -> Result<Answer, Refusal> {
        let pages = self.pages(name);
        if pages.is_empty() {
            return Err(self.undocumented(name));
        }
        let width = self.setting.options.layout().width;
        let coloured = self.setting.coloured;
        let mut answer = self.answer();
        answer.add(
            "doc",
            || markdown_text::of_all(&pages, width, coloured),
            || json!({"name": name, "markdown": pages}),
        );
        Ok(answer)
    }

    fn pages(&self, name: &str) -> Vec<String> {
        if let Some(command) = name.strip_prefix(':') {
            let page = |row: &command::CommandRow| format!("```\n{}```", row.page());
            return command::find(command).iter().map(|row| page(row)).collect();
        }
        let pages = self.scene().documentation(name);
        match Code::from_text(name).or_else(|| Code::from_text(&name.to_uppercase())) {
            Some(code) if pages.is_empty() => vec![code.page().to_owned()],
            _ => pages,
        }
    }

    fn undocumented(&self, name: &str) -> Refusal {
        let scene = self.scene();
        if scene.subjects.iter().any(|subject| subject == name) {
            let help = format!("it is of the cluster: `:why {name}` tells about it");
            return Refusal::helped(format!("nothing is written about `{name}`"), help);
        }
        let known: BTreeSet<String> = scene.documented();
        let help = match plasma_diagnostic::did_you_mean(name, known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "Tab lists what is; an actor of the cluster: `:why`".to_owned(),
        };
        Refusal::helped(format!("nothing is called `{name}`"), help)
    }
}

/// The variables that make rows, with what each can be.
fn variables(prepared: &Prepared) -> Vec<(String, String)> {
    let own = prepared.scope.variables.iter();
    let own = own.filter(|v| matches!(v.scope, Scope::Rule | Scope::ImplicitServer));
    let named = own.map(|v| (v.name.to_string(), range_text(&v.range, &prepared.schema)));
    named.collect()
}

fn range_text(range: &Range, schema: &Schema) -> String {
    let of = |types: &TypeSet| match types {
        TypeSet::Any => "actor of any type".to_owned(),
        TypeSet::Of(ids) => {
            let names = ids.iter().filter_map(|id| schema.get(*id));
            let names: Vec<&str> = names.map(|actor| actor.name.as_ref()).collect();
            names.join(" or ")
        }
    };
    match range {
        Range::Servers => "server".to_owned(),
        Range::Actors(types) => of(types),
        Range::Callers { types, .. } => format!("{}, that calls", of(types)),
    }
}

fn unit_of(values: &Option<Table>) -> &'static str {
    values.as_ref().map_or("", |table| table.unit)
}

/// The values of an expression in the cluster, taken together.
struct Now {
    rows: usize,
    least: Option<f64>,
    greatest: Option<f64>,
    /// How often it is true, false, unknown.
    truths: Option<[usize; 3]>,
    unknown: usize,
}

impl Now {
    fn of(table: &Table) -> Now {
        let numbers = || {
            table.rows.iter().filter_map(|row| match row.value {
                RowValue::Measured(value) => value,
                RowValue::Holds(_) => None,
            })
        };
        let truth = |truth| {
            let rows = table.rows.iter();
            rows.filter(|row| row.value == RowValue::Holds(truth))
                .count()
        };
        let is_condition = table
            .rows
            .iter()
            .any(|row| matches!(row.value, RowValue::Holds(_)));
        let is_unknown = |row: &&plasma_eval::Row| row.value == RowValue::Measured(None);
        Now {
            rows: table.rows_total,
            least: numbers().min_by(f64::total_cmp),
            greatest: numbers().max_by(f64::total_cmp),
            truths: is_condition.then(|| [Truth::True, Truth::False, Truth::Unknown].map(truth)),
            unknown: table.rows.iter().filter(is_unknown).count(),
        }
    }

    fn text(&self, unit: &str) -> String {
        let rows = count_of(self.rows, "row");
        let unknown = match self.unknown {
            0 => String::new(),
            unknown => format!(", {unknown} unknown"),
        };
        match (self.truths, self.least, self.greatest) {
            (Some([yes, no, unknown]), ..) => {
                format!("now true {yes}, false {no}, unknown {unknown}\n")
            }
            (None, Some(least), Some(greatest)) if least == greatest => {
                format!("now {} ({rows}{unknown})\n", figure(least, unit))
            }
            (None, Some(least), Some(greatest)) => format!(
                "now {} to {} ({rows}{unknown})\n",
                figure(least, unit),
                figure(greatest, unit)
            ),
            _ => format!("now without a value ({rows}{unknown})\n"),
        }
    }
}
