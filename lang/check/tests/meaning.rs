//! What rules resolve to: the variables with their ranges and scopes, what `server` is, the bounds.

use plasma_check::program::*;
use plasma_check::{Environment, check_source};
use plasma_diagnostic::FileId;

/// The checked form of the one rule of a policy, in short.
fn meaning(source: &str) -> String {
    meaning_with(source, &[])
}

fn meaning_with(source: &str, params: &[(&str, &str)]) -> String {
    let owned = params
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    let environment = Environment {
        schema: None,
        params: owned.collect(),
        today: None,
        leaves_out_tests: false,
        notes_names: false,
        ..Environment::default()
    };
    let checked = check_source(FileId(0), source, &environment);
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    let rules = checked.program.rules.iter();
    let schema = &checked.program.schema;
    rules
        .map(|rule| Printer { rule, schema }.rule())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn variables_range_over_live_actors_and_callers() {
    insta::assert_snapshot!(meaning(
        "User(a).call(User(b).send).count > 9 => colocate(a, b);"
    ));
    insta::assert_snapshot!(meaning(
        "User(a).call(User(b).send).count > 9 and a.cpu > 5 => colocate(a, b);"
    ));
}

#[test]
fn a_param_that_is_true_or_false_is_a_condition() {
    let source = "param on = true; on and not (on) or server.cpu > 80 => pin(A);";
    insta::assert_snapshot!(meaning(source), @r"
    rule #1
      server0: servers (ImplicitServer)
      if ((true and not true) or server0.cpu.perc > 80)
      => pin(A)
    ");
    insta::assert_snapshot!(meaning_with(source, &[("on", "false")]), @r"
    rule #1
      server0: servers (ImplicitServer)
      if ((false and not false) or server0.cpu.perc > 80)
      => pin(A)
    ");
}

#[test]
fn priorities_go_below_the_default() {
    let checked = check_source(
        FileId(0),
        "rule low [priority -1000000]: true => pin(A); rule lower [priority -1000001]: true => pin(A);",
        &Environment::default(),
    );
    let priorities: Vec<i64> = checked.program.rules.iter().map(|r| r.priority).collect();
    assert_eq!(priorities, [-1_000_000]);
    assert_eq!(checked.diagnostics.len(), 1);
}

#[test]
fn a_behavior_introduces_variables_too() {
    insta::assert_snapshot!(meaning("server.cpu > 80 => pin(Video(v));"));
}

#[test]
fn server_is_the_host_of_the_first_actor_or_some_server() {
    insta::assert_snapshot!(meaning(
        "server.cpu > 80 and client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files)
         => reserve(f, cpu); colocate(f, x);"
    ));
    insta::assert_snapshot!(meaning(
        "server.cpu > 80 or server.mem > 70 => balance({A}, cpu);"
    ));
    insta::assert_snapshot!(meaning(
        "server.cpu > 80 or Folder(f).cpu > 50 and f.mem > 9 => balance({A}, cpu);"
    ));
    insta::assert_snapshot!(meaning(
        "server(s).cpu > 80 and server.mem > 5 and s != server => pin(A);"
    ));
}

#[test]
fn sides_of_or_have_their_own_variables() {
    insta::assert_snapshot!(meaning(
        "(A(a).cpu > 1 and a.mem > 1 or B(b).call(a.f).count > 1 or true) and C(c).cpu > 1 => pin(c);"
    ));
    insta::assert_snapshot!(meaning("A(a).cpu > 1 or not a.mem > 1 => pin(a);"));
}

#[test]
fn any_stands_for_the_types_that_have_what_is_asked() {
    insta::assert_snapshot!(meaning(
        "actor A { fn f; } actor B { fn f; items: [A]; } actor C { items: [A]; }
         client.call(any(x).f).count > 1 and A(y) in ref(x.items) => colocate(x, y);"
    ));
}

#[test]
fn balance_reads_its_bounds_off_the_rule() {
    insta::assert_snapshot!(meaning(
        "server.cpu > 90 or 80 < server.cpu or server.cpu < 50 or server.cpu <= 60 or server.mem > 5
         => balance({A}, cpu); balance({B}, net);"
    ));
    insta::assert_snapshot!(meaning(
        "not server.cpu > 80 and B(b).server.cpu < 30 and b.mem > 2 => balance({A}, cpu);"
    ));
}

#[test]
fn params_are_replaced_by_the_value_in_force() {
    let source = "param high = 80%; server.cpu > high => balance({A}, cpu);";
    insta::assert_snapshot!(meaning(source));
    insta::assert_snapshot!(meaning_with(source, &[("high", "70")]));
}

#[test]
fn constants_are_calculated_and_the_rest_is_kept() {
    insta::assert_snapshot!(meaning(
        "param high = 80%;
         server.cpu > high - 10 => balance({A}, cpu);
         B(b).mem.size * 2 + 1KB > 50% * b.server.mem.size => pin(b);
         abs(B(b).cpu - -b.server.cpu) / 2 > 3 * 2 => pin(b);
         client.call(B(b)).count / 10s > 5/s and b.idle * 1KB/s > 3 => pin(b);
         max(B(b).cpu, b.mem, 5) > 3 => pin(b);"
    ));
}

#[test]
fn aggregates_have_variables_of_their_own() {
    insta::assert_snapshot!(meaning(
        "avg(s.cpu.perc for server(s)) > 80 => balance({A}, cpu);
         B(f).cpu > 2 * avg(f.cpu for B(f)) and f.mem > max(f.mem for C(f)) => pin(f);
         count(B(b) where b on server and C(c) in ref(b.items) and c.cpu > 3) > A(a).moves => pin(a);
         A(a).cpu > 3 and count(B) + count(server(s) where s != A(a).server) > 3 => pin(a);
         sum(x.cpu.size for B(b), C(x) where x in ref(b.items) or x on b.server) > 3 => pin(D);"
    ));
}

#[test]
fn windows_are_of_measured_values() {
    insta::assert_snapshot!(meaning(
        "param w = 2m;
         server.cpu.perc over 60s > 80 and server.cpu.perc < 20 for w => balance({Folder}, cpu);
         not (Folder(f).depth over 1m > 3 or rate(f.mailbox over 1m) > 2) for 30s => pin(f);
         any(c).call(Folder(f).open).count over w > 3 => colocate(c, f);
         forecast(Folder(f).cpu.perc, 1m) > 2 * p99(f.cpu over w) => pin(f);"
    ));
}

#[test]
fn published_values_have_the_type_of_their_property() {
    insta::assert_snapshot!(meaning(
        "actor A { depth: int; hot: bool; name: text; held: bytes; } actor B { held: bytes; }
         A(a).depth > 3 and a.hot and not a.hot and a.name != \"x\" => pin(a);
         any(x).held > 3KB => pin(x);
         any.held > 1MB and A(a) on server(s) and s.label(\"zone\") == a.name => pin(a);"
    ));
    insta::assert_snapshot!(meaning(
        "A(a).depth > 3MB and a.hot and a.name == \"x\" and a.depth * 2 < 3s
         and a.mailbox > 3 and a.idle > 30s and server.actors > 5 => pin(a);"
    ));
}

#[test]
fn relations_and_their_opposites() {
    insta::assert_snapshot!(meaning(
        "A(a) on server(s) and B(b) not on s and b in ref(a) and a not in ref(b.items) => pin(a);"
    ));
}

#[test]
fn rules_with_mistakes_keep_their_number() {
    let source = "true => pin(A); true => pin(); true => pin(B);";
    let checked = check_source(FileId(0), source, &Environment::default());
    let rules = checked.program.rules.iter();
    let named: Vec<_> = rules.map(|r| (r.index, r.name.as_ref())).collect();
    assert_eq!(named, [(0, "#1"), (2, "#3")]);
}

struct Printer<'a> {
    rule: &'a Rule,
    schema: &'a plasma_check::schema::Schema,
}

impl Printer<'_> {
    fn rule(&self) -> String {
        let mut lines = vec![format!("rule {}", self.rule.name)];
        for (place, variable) in self.rule.variables.iter().enumerate() {
            let id = self.variable(VariableId(place as u32));
            let range = match &variable.range {
                Range::Actors(types) => self.types(types),
                Range::Servers => "servers".to_owned(),
                Range::Callers {
                    types,
                    window_seconds,
                    callee,
                    function,
                } => {
                    let function = function.as_deref().unwrap_or("*");
                    let window = window_seconds.map(|seconds| format!(" within {seconds} s"));
                    format!(
                        "{} that called {}.{function}{}",
                        self.types(types),
                        self.actor(callee),
                        window.unwrap_or_default()
                    )
                }
            };
            lines.push(format!("  {id}: {range} ({:?})", variable.scope));
        }
        lines.push(format!("  if {}", self.condition(&self.rule.condition)));
        for behavior in &self.rule.behaviors {
            lines.push(format!("  => {}", self.behavior(&behavior.kind)));
        }
        lines.join("\n")
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Constant(value) => value.to_string(),
            Condition::Not(inner) => format!("not {}", self.condition(inner)),
            Condition::Sustained {
                condition,
                window_seconds,
                ..
            } => format!("({} for {window_seconds} s)", self.condition(condition)),
            Condition::And(parts) => {
                let parts: Vec<_> = parts.iter().map(|p| self.condition(p)).collect();
                format!("({})", parts.join(" and "))
            }
            Condition::Or(sides) => {
                let sides: Vec<_> = sides.iter().map(|side| self.side(side)).collect();
                format!("({})", sides.join(" or "))
            }
            Condition::Atom(atom) => self.atom(&atom.kind),
        }
    }

    fn side(&self, side: &OrSide) -> String {
        let locals: Vec<_> = side.locals.iter().map(|id| self.variable(*id)).collect();
        let condition = self.condition(&side.condition);
        match locals.is_empty() {
            true => condition,
            false => format!("some {}: {condition}", locals.join(", ")),
        }
    }

    fn atom(&self, atom: &AtomKind) -> String {
        match atom {
            AtomKind::Compare {
                left,
                comparison,
                right,
            } => {
                format!(
                    "{} {} {}",
                    self.operand(left),
                    comparison.sign(),
                    self.operand(right)
                )
            }
            AtomKind::Same { left, right, equal } => {
                let sign = if *equal { "==" } else { "!=" };
                format!("{} {sign} {}", self.entity(left), self.entity(right))
            }
            AtomKind::InRef {
                member,
                owner,
                property,
            } => {
                let property = property.as_deref().unwrap_or("*");
                format!(
                    "{} in ref({}.{property})",
                    self.actor(member),
                    self.actor(owner)
                )
            }
            AtomKind::On { actor, server } => {
                format!("{} on {}", self.actor(actor), self.server(server))
            }
            AtomKind::Published { actor, property } => {
                format!("{}.{property}", self.actor(actor))
            }
            AtomKind::CompareText { left, right, equal } => {
                let sign = if *equal { "==" } else { "!=" };
                format!("{} {sign} {}", self.text(left), self.text(right))
            }
        }
    }

    fn text(&self, text: &TextOperand) -> String {
        match text {
            TextOperand::Literal(text) => format!("{text:?}"),
            TextOperand::Published { actor, property } => {
                format!("{}.{property}", self.actor(actor))
            }
            TextOperand::Label { server, name } => {
                format!("{}.label({name:?})", self.server(server))
            }
        }
    }

    fn calculation(&self, calculation: &Calculation) -> String {
        let unit = calculation.unit;
        let text = match &calculation.kind {
            CalculationKind::Negative(inner) => format!("-{}", self.operand(inner)),
            CalculationKind::Absolute(inner) => format!("abs({})", self.operand(inner)),
            CalculationKind::Arithmetic {
                left,
                operator,
                right,
                scale,
            } => {
                let (left, right) = (self.operand(left), self.operand(right));
                format!("{operator:?}({left}, {right}) * {scale}")
            }
            CalculationKind::OfNumbers(function, values) => {
                let values: Vec<_> = values.iter().map(|v| self.operand(v)).collect();
                format!("{function:?}({})", values.join(", "))
            }
            CalculationKind::OverWindow(windowed) => {
                let of = self.operand(&Operand::Feature(windowed.feature.clone()));
                format!(
                    "{:?}({of} over {} s)",
                    windowed.function, windowed.window_seconds
                )
            }
            CalculationKind::Forecast(forecast) => {
                let of = self.operand(&Operand::Feature(forecast.feature.clone()));
                format!("forecast({of}, {} s)", forecast.ahead_seconds)
            }
            CalculationKind::OverCluster(aggregation) => {
                let variables = aggregation.variables.iter().map(|id| self.variable(*id));
                let value = aggregation.value.as_ref().map(|v| self.operand(v));
                format!(
                    "{:?}({} for {} where {}){}",
                    aggregation.function,
                    value.unwrap_or_default(),
                    variables.collect::<Vec<_>>().join(", "),
                    self.side(&aggregation.filter),
                    if aggregation.is_closed { " closed" } else { "" },
                )
            }
        };
        format!("[{text}]{unit}")
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Calculation(calculation) => self.calculation(calculation),
            Operand::Feature(Feature::Gauge { of, gauge }) => {
                format!("{}.{gauge:?}", self.entity(of))
            }
            Operand::Feature(Feature::Published {
                actor, property, ..
            }) => {
                format!(
                    "{}.{property}{}",
                    self.actor(actor),
                    operand.unit().unwrap_or("")
                )
            }
            Operand::Number(value) => value.to_string(),
            Operand::Feature(Feature::ServerResource {
                server,
                resource,
                statistic,
            }) => {
                format!("{}.{resource}.{}", self.server(server), statistic.name())
            }
            Operand::Feature(Feature::ActorResource {
                actor,
                resource,
                statistic,
            }) => {
                format!("{}.{resource}.{}", self.actor(actor), statistic.name())
            }
            Operand::Feature(Feature::Calls {
                caller,
                callee,
                function,
                statistic,
            }) => {
                let caller = match caller {
                    CallerRef::Client => "client".to_owned(),
                    CallerRef::Actor(actor) => self.actor(actor),
                };
                let function = function.as_deref().unwrap_or("*");
                format!(
                    "{caller}.call({}.{function}).{}",
                    self.actor(callee),
                    statistic.name()
                )
            }
        }
    }

    fn entity(&self, entity: &EntityRef) -> String {
        match entity {
            EntityRef::Actor(actor) => self.actor(actor),
            EntityRef::Server(server) => self.server(server),
        }
    }

    fn server(&self, server: &ServerRef) -> String {
        match server {
            ServerRef::HostOf(actor) => format!("host({})", self.actor(actor)),
            ServerRef::Variable(id) => self.variable(*id),
        }
    }

    fn actor(&self, actor: &ActorRef) -> String {
        match actor {
            ActorRef::Variable(id) => self.variable(*id),
            ActorRef::Anonymous(types) => self.types(types),
        }
    }

    /// Variables of one name on two sides of an `or` are told apart by their number.
    fn variable(&self, id: VariableId) -> String {
        format!("{}{}", self.rule.variables[id.0 as usize].name, id.0)
    }

    fn types(&self, types: &TypeSet) -> String {
        match types {
            TypeSet::Any => "any".to_owned(),
            TypeSet::Of(ids) => {
                let names = ids.iter().filter_map(|id| self.schema.get(*id));
                names.map(|t| t.name.as_ref()).collect::<Vec<_>>().join("|")
            }
        }
    }

    fn behavior(&self, behavior: &BehaviorKind) -> String {
        match behavior {
            BehaviorKind::Balance {
                types,
                resource,
                bounds,
            } => {
                format!(
                    "balance({}, {resource}) {:?}..{:?}",
                    self.types(types),
                    bounds.lower,
                    bounds.upper
                )
            }
            BehaviorKind::Reserve { actor, resource } => {
                format!("reserve({}, {resource})", self.actor(actor))
            }
            BehaviorKind::Colocate(a, b) => {
                format!("colocate({}, {})", self.actor(a), self.actor(b))
            }
            BehaviorKind::Separate(a, b) => {
                format!("separate({}, {})", self.actor(a), self.actor(b))
            }
            BehaviorKind::Pin(actor) => format!("pin({})", self.actor(actor)),
            BehaviorKind::ScaleOut(count) => format!("scale_out({count})"),
            BehaviorKind::ScaleIn(count) => format!("scale_in({count})"),
            BehaviorKind::Alert(message) => format!("alert({message:?})"),
            BehaviorKind::Passivate(actor) => format!("passivate({})", self.actor(actor)),
            BehaviorKind::Checkpoint(actor) => format!("checkpoint({})", self.actor(actor)),
            BehaviorKind::Spread { types, by } => {
                format!("spread({}) by {by:?}", self.types(types))
            }
            BehaviorKind::Drain(server) => format!("drain({})", self.server(server)),
            BehaviorKind::Migrate { actor, to } => {
                format!("migrate({}, {})", self.actor(actor), self.server(to))
            }
        }
    }
}
