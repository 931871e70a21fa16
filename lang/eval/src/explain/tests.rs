//! Explanations as people see them.

use plasma_check::program::{
    BehaviorKind, CalculationKind, CallerRef, Comparison, Condition, Operand, Operator, OverWindow,
    Range, Rule, Scope, ServerRef, Span, VariableId, Windowed,
};
use plasma_columns::Columns;
use plasma_model::{Aggregate, Reservations, Resource, Snapshot, Statistic};

use super::{Allowance, Expression, Row, RowValue, Table, explain, figure, tabulate};
use crate::fixture::*;
use crate::{Past, Stop};

fn busy_cluster() -> Snapshot {
    cluster()
        .server("s1", 91.2)
        .server("s2", 10.0)
        .folder("fo1", "s1", 60.0)
        .folder("fo2", "s2", None)
        .file("fi1", "s1", 5.0)
        .files("fo1", &["fi1"])
        .client_opens("fo1", 60.0)
        .client_opens("fi1", 40.0)
        .done()
}

/// The atoms of a rule's derivation, one a line.
fn derivation(rule: Rule, values: &[(&str, &str)], held: bool) -> String {
    let values = binding(values);
    let held = held.then(|| (0, values.clone()));
    let held = Reservations::from_iter(held);
    match explain(
        &program(vec![rule]),
        (&Columns::of(&busy_cluster()), &Past::default()),
        &held,
        0,
        &values,
    ) {
        None => "not possible".to_owned(),
        Some(derivation) => {
            let witnesses = derivation.witnesses.iter();
            let witnesses: String = witnesses.map(|(v, e)| format!(" {v} = {e}")).collect();
            let atoms: Vec<String> = derivation.atoms.iter().map(|a| format!("  {a}")).collect();
            format!("{}{witnesses}\n{}", derivation.holds, atoms.join("\n"))
        }
    }
}

fn hot_folder() -> Rule {
    let condition = Condition::And(vec![
        above(host_cpu(var(0)), 80.0),
        above(opens(CallerRef::Client, var(0), Statistic::Perc), 40.0),
        above(actor_cpu(var(0)), 15.0),
        in_files(var(1), var(0)),
        not(above(actor_cpu(var(1)), 50.0)),
    ]);
    rule(
        vec![each("f", FOLDER), each("x", FILE)],
        condition,
        vec![BehaviorKind::Reserve {
            actor: var(0),
            resource: Resource::Cpu,
        }],
    )
}

#[test]
fn a_firing_shows_what_was_measured_against_what_was_asked() {
    insta::assert_snapshot!(derivation(hot_folder(), &[("f", "fo1"), ("x", "fi1")], false), @r"
    true
      server.cpu.perc = 91.2 %, > 80 %
      client.call(f.open).perc = 60 %, > 40 %
      f.cpu.perc = 60 %, > 15 %
      x in ref(f.files)
      not x.cpu.perc > 50 %
    ");
}

#[test]
fn a_miss_shows_what_it_would_have_needed() {
    insta::assert_snapshot!(derivation(hot_folder(), &[("f", "fo2"), ("x", "fi1")], false), @r"
    false
      server.cpu.perc = 10 %, needs > 80 %
      client.call(f.open).perc = 0 %, needs > 40 %
      f.cpu.perc = unknown, needs > 15 %
      x in ref(f.files): unknown
      not x.cpu.perc > 50 %
    ");
}

/// The derivation of `hot for 30s and mean over 30s` for `fo1`, where the load of its server was this,
/// at these times.
fn derivation_over_time(loads: &[(f64, f64)]) -> String {
    let condition = Condition::And(vec![
        Condition::Sustained {
            condition: Box::new(above(host_cpu(var(0)), 80.0)),
            window_seconds: 30.0,
            span: Span::default(),
        },
        above(over_30_seconds(actor_cpu(var(0))), 20.0),
    ]);
    let program = program(vec![rule(
        vec![each("f", FOLDER)],
        condition,
        vec![BehaviorKind::Pin(var(0))],
    )]);
    let mut past = Past::of(&program);
    let mut columns = Columns::default();
    for (t, load) in loads {
        let mut present = cluster()
            .server("s1", *load)
            .folder("fo1", "s1", 30.0)
            .done();
        (present.t, present.period_seconds) = (*t, 10.0);
        columns.follow(&present);
        past.push(columns.frame());
    }
    let none = Reservations::default();
    let binding = binding(&[("f", "fo1")]);
    let found = explain(&program, (&columns, &past), &none, 0, &binding).expect("it is possible");
    let atoms = found.atoms.iter().map(|atom| format!("\n  {atom}"));
    format!("{}{}", found.holds, atoms.collect::<String>())
}

fn over_30_seconds(operand: Operand) -> Operand {
    let Operand::Feature(feature) = operand else {
        panic!("only what is measured has a past");
    };
    calculated(CalculationKind::OverWindow(Windowed {
        function: OverWindow::Aggregate(Aggregate::Avg),
        feature,
        window_seconds: 30.0,
    }))
}

#[test]
fn a_window_says_in_how_many_snapshots_it_held_or_what_is_missing() {
    insta::assert_snapshot!(derivation_over_time(&[(10.0, 90.0), (20.0, 70.0), (30.0, 85.0)]), @r"
    false
      server.cpu.perc = 85 %, needs > 80 % for 30 s (held in 2 of 3 snapshots)
      a calculation = 30 %, > 20 %
    ");
    insta::assert_snapshot!(derivation_over_time(&[(10.0, 90.0), (20.0, 95.0)]), @r"
    unknown
      server.cpu.perc = 95 %, needs > 80 % for 30 s (only 2 of 3 snapshots)
      a calculation = unknown (only 2 of 3 snapshots), needs > 20 %
    ");
    insta::assert_snapshot!(
        derivation_over_time(&[(10.0, 90.0), (20.0, 95.0), (50.0, 95.0), (60.0, 95.0)]),
        @r"
    unknown
      server.cpu.perc = 95 %, needs > 80 % for 30 s (only 2 of 3 snapshots since the last gap)
      a calculation = unknown (only 2 of 3 snapshots since the last gap), needs > 20 %
    "
    );
}

#[test]
fn a_calculation_says_what_of_it_is_unknown() {
    let difference = calculated(CalculationKind::Arithmetic {
        left: host_cpu(var(0)),
        operator: Operator::Subtract,
        right: actor_cpu(var(0)),
        scale: 1.0,
    });
    let rule = || {
        let condition = above(difference.clone(), 30.0);
        let behavior = BehaviorKind::Pin(var(0));
        rule(vec![each("f", FOLDER)], condition, vec![behavior])
    };
    insta::assert_snapshot!(derivation(rule(), &[("f", "fo1")], false), @r"
    true
      a calculation = 31.2 %, > 30 %
    ");
    insta::assert_snapshot!(derivation(rule(), &[("f", "fo2")], false), @r"
    unknown
      a calculation = unknown (f.cpu.perc), needs > 30 %
    ");
}

#[test]
fn a_held_reservation_says_which_atom_it_satisfies() {
    insta::assert_snapshot!(derivation(hot_folder(), &[("f", "fo2"), ("x", "fi1")], true), @r"
    false
      server.cpu.perc = 10 %, > 80 % (counts as satisfied: reserved)
      client.call(f.open).perc = 0 %, needs > 40 %
      f.cpu.perc = unknown, needs > 15 %
      x in ref(f.files): unknown
      not x.cpu.perc > 50 %
    ");
}

#[test]
fn what_a_rule_chose_by_itself_is_named() {
    let some_server = server_cpu(ServerRef::Variable(VariableId(0)));
    let condition = or([
        (&[], above(actor_cpu(bare(FOLDER)), 70.0)),
        (
            &[1],
            Condition::And(vec![
                above(some_server, 80.0),
                above(actor_cpu(var(1)), 1.0),
            ]),
        ),
    ]);
    let variables = vec![
        variable("server", Range::Servers, Scope::ImplicitServer),
        variable("x", Range::Actors(types(FILE)), Scope::OrSide),
    ];
    let rule = rule(variables, condition, vec![BehaviorKind::Pin(bare(FILE))]);
    insta::assert_snapshot!(derivation(rule, &[], false), @r"
    true server = server:s1 x = fi1
      Folder.cpu.perc = 60 % (fo1), needs > 70 %
      server.cpu.perc = 91.2 %, > 80 %
      x.cpu.perc = 5 %, > 1 %
    ");
}

#[test]
fn a_binding_with_an_actor_that_ended_is_not_possible() {
    let text = derivation(hot_folder(), &[("f", "ended"), ("x", "fi1")], false);
    assert_eq!(text, "not possible");
}

/// A table as text, one row a line.
fn table(variables: Vec<plasma_check::program::Variable>, expression: Expression<'_>) -> String {
    let scope = rule(variables, Condition::Constant(true), Vec::new());
    let everything = Allowance {
        rows_max: usize::MAX,
        candidates_max: u64::MAX,
        is_called_off: &|| false,
    };
    let table = tabulate(
        &schema(),
        &scope,
        expression,
        (&Columns::of(&busy_cluster()), &Past::default()),
        everything,
    );
    let row = |row: &Row| {
        let entities: Vec<String> = row.entities.iter().map(ToString::to_string).collect();
        let value = match row.value {
            RowValue::Measured(Some(value)) => figure(value, table.unit),
            RowValue::Measured(None) => "unknown".to_owned(),
            RowValue::Holds(truth) => truth.to_string(),
        };
        format!("{} | {value}", entities.join(" "))
    };
    let rows: Vec<String> = table.rows.iter().map(row).collect();
    format!("{}\n{}", table.columns.join(" "), rows.join("\n"))
}

#[test]
fn a_table_has_a_row_for_each_binding() {
    let of_f = actor_cpu(var(0));
    insta::assert_snapshot!(table(vec![each("f", FOLDER)], Expression::Number(&of_f)), @r"
    f
    fo1 | 60 %
    fo2 | unknown
    ");
}

#[test]
fn a_bare_server_ranges_over_all_servers() {
    let server = variable("server", Range::Servers, Scope::ImplicitServer);
    let cpu = server_cpu(ServerRef::Variable(VariableId(0)));
    insta::assert_snapshot!(table(vec![server], Expression::Number(&cpu)), @r"
    server
    server:s1 | 91.2 %
    server:s2 | 10 %
    ");
}

#[test]
fn a_bare_type_has_a_row_for_each_actor() {
    let of_some = actor_cpu(bare(FOLDER));
    insta::assert_snapshot!(table(Vec::new(), Expression::Number(&of_some)), @r"

    fo1 | 60 %
    fo2 | unknown
    ");
}

#[test]
fn a_condition_is_true_false_or_unknown() {
    let busy = compare(actor_cpu(var(0)), Comparison::Less, 50.0);
    insta::assert_snapshot!(table(vec![each("f", FOLDER)], Expression::Condition(&busy)), @r"
    f
    fo1 | false
    fo2 | unknown
    ");
}

/// The pairs of four folders under a condition, within an allowance.
fn pairs(allowance: Allowance<'_>) -> Table {
    let mut cluster = cluster().server("s1", 50.0);
    for id in ["a", "b", "c", "d"] {
        cluster = cluster.folder(id, "s1", 1.0);
    }
    let variables = vec![each("f", FOLDER), each("g", FOLDER)];
    let scope = rule(variables, Condition::Constant(true), Vec::new());
    let condition = above(actor_cpu(var(0)), 10.0);
    let expression = Expression::Condition(&condition);
    tabulate(
        &schema(),
        &scope,
        expression,
        (&Columns::of(&cluster.done()), &Past::default()),
        allowance,
    )
}

#[test]
fn a_large_table_keeps_its_first_rows_and_counts_the_others() {
    let table = pairs(Allowance {
        rows_max: 3,
        candidates_max: 20,
        is_called_off: &|| false,
    });
    assert_eq!((table.rows.len(), table.rows_total), (3, 16));
    assert_eq!(table.stop, None);
}

#[test]
fn a_table_beyond_its_allowance_says_that_it_was_stopped() {
    let table = pairs(Allowance {
        rows_max: 3,
        candidates_max: 19,
        is_called_off: &|| false,
    });
    assert_eq!((table.rows.len(), table.rows_total), (3, 15));
    assert_eq!(table.stop, Some(Stop::Bound));
}

#[test]
fn a_table_that_nobody_waits_for_is_given_up() {
    let asked = std::cell::Cell::new(0);
    let table = pairs(Allowance {
        rows_max: 3,
        candidates_max: u64::MAX,
        is_called_off: &|| asked.replace(asked.get() + 1) == 2,
    });
    assert_eq!(table.rows_total, 1);
    assert_eq!(table.stop, Some(Stop::CalledOff));
}

#[test]
fn features_have_the_units_of_the_metrics() {
    let unit = |operand: Operand| operand.unit().unwrap_or("none");
    assert_eq!(unit(actor_cpu(var(0))), "%");
    let calls = |statistic| unit(opens(CallerRef::Client, var(0), statistic));
    assert_eq!(calls(Statistic::Count), "calls");
    assert_eq!(calls(Statistic::Size), "B");
    assert_eq!(calls(Statistic::Perc), "%");
}
