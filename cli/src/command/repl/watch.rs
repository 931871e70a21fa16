//! Expressions: what is asked about them once, and what is watched.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use plasma_check::program::{Expression as Checked, Rule};
use plasma_check::schema::Schema;
use plasma_columns::Columns;
use plasma_eval::{Allowance, Expression, Past, Table, tabulate};
use serde_json::{Value as Json, json};

use super::answer::Answer;
use super::options::Options;
use super::table;

/// An expression that was checked.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) schema: Schema,
    /// The rule (without behaviors) that holds its variables.
    pub(super) scope: Rule,
    pub(super) expression: Checked,
}

/// An expression that is watched.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    /// As it was entered.
    pub(super) text: String,
    /// Checked against the policy as it is now; the reason, if it has a mistake there.
    pub(super) prepared: Result<Prepared, String>,
    /// As it was last shown.
    shown: String,
}

/// All that is watched; the thread of a running cluster looks at it, too.
#[derive(Clone, Debug)]
pub(super) struct Watches(Arc<Mutex<(Vec<Watched>, Options)>>);

impl Prepared {
    /// Its values in a cluster, in the order in which people count; of very many, the first by id.
    pub(super) fn table(
        &self,
        (columns, past): (&Columns, &Past),
        is_called_off: &dyn Fn() -> bool,
    ) -> Table {
        self.table_of((columns, past), table::ROWS_ORDERED_MAX, is_called_off)
    }

    /// The unit of its values; empty for a condition, and for a number without one.
    pub(super) fn unit(&self) -> &'static str {
        let nothing = (&Columns::default(), &Past::default());
        self.table_of(nothing, 0, &|| true).unit
    }

    fn table_of(
        &self,
        world: (&Columns, &Past),
        rows_max: usize,
        is_called_off: &dyn Fn() -> bool,
    ) -> Table {
        let expression = match &self.expression {
            Checked::Number(operand) => Expression::Number(operand),
            Checked::Condition(condition) => Expression::Condition(condition),
        };
        let allowance = Allowance {
            rows_max,
            candidates_max: table::CANDIDATES_MAX,
            is_called_off,
        };
        let mut table = tabulate(&self.schema, &self.scope, expression, world, allowance);
        table::order(&mut table);
        table
    }
}

impl Watched {
    /// Not shown yet.
    pub(super) fn new(text: &str, prepared: Prepared) -> Watched {
        Watched {
            text: text.to_owned(),
            prepared: Ok(prepared),
            shown: String::new(),
        }
    }

    /// Its values under its text.
    fn answer(&self, world: (&Columns, &Past), options: &Options) -> Answer {
        let layout = options.layout();
        let table = match &self.prepared {
            Ok(prepared) => Ok(prepared.table(world, &|| false)),
            Err(mistake) => Err(mistake),
        };
        let text = || {
            let values = match &table {
                Ok(table) => table::text(table, layout),
                Err(mistake) => (*mistake).clone(),
            };
            format!("{}\n{}", self.text, indented(&values))
        };
        let value = || {
            Json::Array(vec![match &table {
                Ok(table) => {
                    json!({"watched": self.text, "values": table::document(table, layout.rows_max)})
                }
                Err(mistake) => json!({"watched": self.text, "error": mistake}),
            }])
        };
        Answer::of(options.format, "watches", text, value)
    }
}

impl Watches {
    /// Nothing yet.
    pub(super) fn new(options: Options) -> Watches {
        Watches(Arc::new(Mutex::new((Vec::new(), options))))
    }

    /// From now on they are shown so.
    pub(super) fn set_options(&self, options: Options) {
        self.locked().1 = options;
    }

    /// Looks at them, or changes them.
    pub(super) fn with<R>(&self, look: impl FnOnce(&mut Vec<Watched>) -> R) -> R {
        look(&mut self.locked().0)
    }

    /// All of them.
    pub(super) fn all(&self, world: (&Columns, &Past)) -> Answer {
        let (watches, options) = &mut *self.locked();
        let mut answer = Answer::new(options.format);
        for watched in watches {
            let shown = watched.answer(world, options);
            watched.shown = shown.clone().printed();
            answer.append(shown);
        }
        answer
    }

    /// Those that are not as they were last shown, as they are printed.
    pub(super) fn changed(&self, world: (&Columns, &Past)) -> String {
        let (watches, options) = &mut *self.locked();
        let mut text = String::new();
        for watched in watches {
            let shown = watched.answer(world, options).printed();
            if watched.shown != shown {
                text.push_str(&shown);
                watched.shown = shown;
            }
        }
        text
    }

    fn locked(&self) -> MutexGuard<'_, (Vec<Watched>, Options)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn indented(text: &str) -> String {
    let lines = text.trim_end().lines();
    lines.map(|line| format!("  {line}\n")).collect()
}
