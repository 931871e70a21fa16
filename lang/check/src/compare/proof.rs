//! Whether a condition is true wherever another one is, under Kleene's logic: what is unknown is not
//! true, and not false.
//!
//! What is given is taken apart into atoms that are true or false together, and choices; what is to be
//! shown is taken apart as well, down to atoms. One atom follows from another one that compares the same
//! value, measured or calculated; from several together as the lints reason. Choices are gone through
//! one side at a time.

use super::alike::{same, same_locals, same_operand};
use crate::lint::truth::{By, is_implied, is_one};
use crate::program::{Atom, AtomKind, Comparison, Condition, Operand, OrSide, VariableId};

/// So many sides of choices are gone through.
const SIDES_MAX: usize = 512;

/// Whether `then` is true whenever `given` is. Both have the same variables.
pub(super) fn implies(given: &Condition, then: &Condition, by: By) -> bool {
    let mut facts = Facts::default();
    facts.add(given, true);
    let mut proof = Proof {
        by,
        sides_left: SIDES_MAX,
    };
    proof.follows(&facts, then, true)
}

/// What is given, taken apart.
#[derive(Clone, Debug, Default)]
struct Facts<'c> {
    /// Atoms that are true, or false.
    atoms: Vec<(&'c Atom, bool)>,
    /// Conditions that are true all through a window of so many seconds, or false at some time in it.
    sustained: Vec<(&'c Condition, f64, bool)>,
    /// Sides of an `or` that are false for all values of their own variables.
    none_of: Vec<&'c OrSide>,
    /// Of each list, at least one.
    choices: Vec<Vec<Side<'c>>>,
    /// Variables of sides that stand for something.
    locals: Vec<VariableId>,
    /// Whether it cannot be.
    is_impossible: bool,
}

/// A side of a choice: a condition that is true, or false, for some value of these variables.
#[derive(Clone, Copy, Debug)]
struct Side<'c> {
    condition: &'c Condition,
    holds: bool,
    locals: &'c [VariableId],
}

impl<'c> Facts<'c> {
    fn add(&mut self, condition: &'c Condition, holds: bool) {
        match (condition, holds) {
            (Condition::Constant(value), _) => self.is_impossible |= *value != holds,
            (Condition::Atom(atom), _) => self.atoms.push((atom, holds)),
            (Condition::Not(inner), _) => self.add(inner, !holds),
            (
                Condition::Sustained {
                    condition,
                    window_seconds,
                    ..
                },
                _,
            ) => {
                self.sustained.push((condition, *window_seconds, holds));
                // The present is in the window.
                if holds {
                    self.add(condition, true);
                }
            }
            (Condition::And(parts), true) => parts.iter().for_each(|part| self.add(part, true)),
            (Condition::And(parts), false) => {
                let side = |condition| Side {
                    condition,
                    holds: false,
                    locals: &[],
                };
                self.choices.push(parts.iter().map(side).collect());
            }
            (Condition::Or(sides), true) => {
                let side = |side: &'c OrSide| Side {
                    condition: &side.condition,
                    holds: true,
                    locals: &side.locals,
                };
                self.choices.push(sides.iter().map(side).collect());
            }
            (Condition::Or(sides), false) => {
                for side in sides {
                    match side.locals.is_empty() {
                        true => self.add(&side.condition, false),
                        false => self.none_of.push(side),
                    }
                }
            }
        }
    }

    /// With one side of a choice in place of the choice.
    fn with(&self, choice: usize, side: Side<'c>) -> Facts<'c> {
        let mut facts = self.clone();
        facts.choices.remove(choice);
        facts.locals.extend(side.locals);
        facts.add(side.condition, side.holds);
        facts
    }
}

struct Proof {
    by: By,
    sides_left: usize,
}

impl Proof {
    /// Whether `then` is true, or false if so wanted, wherever the facts hold.
    fn follows(&mut self, facts: &Facts<'_>, then: &Condition, holds: bool) -> bool {
        if facts.is_impossible {
            return true;
        }
        let is_plain = match (then, holds) {
            (Condition::Constant(value), _) => *value == holds,
            (Condition::Not(inner), _) => return self.follows(facts, inner, !holds),
            (Condition::And(parts), true) => {
                return parts.iter().all(|part| self.follows(facts, part, true));
            }
            (Condition::And(parts), false) => {
                parts.iter().any(|part| self.follows(facts, part, false))
            }
            (Condition::Or(sides), true) => sides.iter().any(|side| {
                let mut locals = side.locals.iter();
                locals.all(|local| facts.locals.contains(local))
                    && self.follows(facts, &side.condition, true)
            }),
            (Condition::Or(sides), false) => {
                return sides.iter().all(|side| self.is_none(facts, side));
            }
            (
                Condition::Sustained {
                    condition,
                    window_seconds,
                    ..
                },
                _,
            ) => self.is_sustained(facts, condition, *window_seconds, holds),
            (Condition::Atom(atom), _) => self.decides(facts, atom, holds),
        };
        is_plain || self.by_choice(facts, then, holds)
    }

    /// Whether a side is false, for all values of its own variables.
    fn is_none(&mut self, facts: &Facts<'_>, side: &OrSide) -> bool {
        if side.locals.is_empty() {
            return self.follows(facts, &side.condition, false);
        }
        let is_plain = facts.none_of.iter().any(|none| {
            let mut given = facts.clone();
            given.add(&none.condition, false);
            same_locals(&none.locals, &side.locals) && self.follows(&given, &side.condition, false)
        });
        let whole = Condition::Or(vec![side.clone()]);
        is_plain || self.by_choice(facts, &whole, false)
    }

    /// Whether a condition is true all through a window, or false at some time in it. A shorter window is
    /// within a longer one, but only the same one is known to be whole.
    fn is_sustained(
        &mut self,
        facts: &Facts<'_>,
        condition: &Condition,
        window_seconds: f64,
        holds: bool,
    ) -> bool {
        if holds {
            let mut given = Facts {
                locals: facts.locals.clone(),
                ..Facts::default()
            };
            for (known, seconds, holds) in &facts.sustained {
                if *holds && *seconds >= window_seconds {
                    given.add(known, true);
                }
            }
            return !given.is_empty() && self.follows(&given, condition, true);
        }
        facts.sustained.iter().any(|(known, seconds, holds)| {
            let mut given = Facts {
                locals: facts.locals.clone(),
                ..Facts::default()
            };
            given.add(known, false);
            !*holds && *seconds == window_seconds && self.follows(&given, condition, false)
        })
    }

    /// Whether each side of some choice leads there.
    fn by_choice(&mut self, facts: &Facts<'_>, then: &Condition, holds: bool) -> bool {
        (0..facts.choices.len()).any(|place| {
            let choice = &facts.choices[place];
            choice.iter().all(|side| {
                if self.sides_left == 0 {
                    return false;
                }
                self.sides_left -= 1;
                self.follows(&facts.with(place, *side), then, holds)
            })
        })
    }

    fn decides(&self, facts: &Facts<'_>, atom: &Atom, holds: bool) -> bool {
        let mut known = facts.atoms.iter();
        if known.any(|(known, is_true)| atom_follows((known, *is_true), (atom, holds))) {
            return true;
        }
        // A reservation satisfies atoms about its host, whatever others say of the same value.
        if self.by == By::Identity {
            return false;
        }
        let literal = |(atom, holds): (&Atom, bool)| {
            let condition = Condition::Atom(atom.clone());
            match holds {
                true => condition,
                false => Condition::Not(Box::new(condition)),
            }
        };
        let given = Condition::And(facts.atoms.iter().map(|fact| literal(*fact)).collect());
        is_implied(&given, &literal((atom, holds)), By::Reasoning)
    }
}

/// Whether one atom follows from another one.
fn atom_follows((given, is_true): (&Atom, bool), (atom, holds): (&Atom, bool)) -> bool {
    if is_true == holds && same(given, atom) {
        return true;
    }
    // What is said of some actor says nothing against another one. (A reservation satisfies both, under
    // `not` as well.)
    let may_turn = is_of_one(given) && is_of_one(atom);
    if is_true != holds && !may_turn {
        return false;
    }
    match (&given.kind, &atom.kind) {
        (
            AtomKind::Compare {
                left: a,
                comparison: first,
                right: b,
            },
            AtomKind::Compare {
                left: c,
                comparison: second,
                right: d,
            },
        ) => {
            let straight = same_operand(a, c).then_some((b, d, *second));
            let turned = same_operand(a, d).then_some((b, c, second.mirrored()));
            let by_left = straight
                .into_iter()
                .chain(turned)
                .any(|(b, d, second)| compares_within((*first, b, is_true), (second, d, holds)));
            let straight = same_operand(b, d).then_some((a, c, second.mirrored()));
            let turned = same_operand(b, c).then_some((a, d, *second));
            by_left
                || straight.into_iter().chain(turned).any(|(a, c, second)| {
                    compares_within((first.mirrored(), a, is_true), (second, c, holds))
                })
        }
        (
            AtomKind::InRef {
                member: a,
                owner: b,
                property: first,
            },
            AtomKind::InRef {
                member: c,
                owner: d,
                property: second,
            },
        ) => {
            let is_wider = match (is_true, holds) {
                (true, true) => second.is_none(),
                (false, false) => first.is_none(),
                _ => false,
            };
            a == c && b == d && is_wider
        }
        _ => false,
    }
}

impl Facts<'_> {
    fn is_empty(&self) -> bool {
        self.atoms.is_empty()
            && self.sustained.is_empty()
            && self.none_of.is_empty()
            && self.choices.is_empty()
            && !self.is_impossible
    }
}

fn is_of_one(atom: &Atom) -> bool {
    atom.operands().all(is_one)
}

/// Whether a value that compares so with one number compares so with another one: `> 80` is within
/// `> 70`. Of numbers that are not constant it must be the same one.
fn compares_within(
    (first, left, is_true): (Comparison, &Operand, bool),
    (second, right, holds): (Comparison, &Operand, bool),
) -> bool {
    let cases: Vec<(f64, f64, f64)> = match (left, right) {
        (Operand::Number(left), Operand::Number(right)) => {
            let (least, most) = (left.min(*right), left.max(*right));
            // Between these, nothing changes.
            let values = [
                least - 1.0 - least.abs(),
                least,
                least / 2.0 + most / 2.0,
                most,
                most + 1.0 + most.abs(),
            ];
            values.map(|value| (value, *left, *right)).to_vec()
        }
        _ if same_operand(left, right) => [0.0, 1.0, 2.0].map(|v| (v, 1.0, 1.0)).to_vec(),
        _ => return false,
    };
    let mut cases = cases.into_iter();
    cases.all(|(value, left, right)| {
        first.holds(value, left) != is_true || second.holds(value, right) == holds
    })
}

#[cfg(test)]
mod tests {
    use plasma_diagnostic::SourceMap;

    use crate::compare::side_by_side;
    use crate::{Environment, check_source};

    const SCHEMA: &str =
        "actor Folder { files: [File]; hot: bool; fn open; } actor File { fn read; }
";

    fn rule(condition: &str) -> crate::program::CheckedProgram {
        let text = format!("{SCHEMA}{condition} => pin(Folder(f));");
        let (_, file) = SourceMap::single("policy", text.as_str());
        let checked = check_source(file, text.as_str(), &Environment::default());
        assert!(
            !checked.has_errors(),
            "{condition}: {:?}",
            checked.diagnostics
        );
        checked.program
    }

    #[track_caller]
    fn follows(given: &str, then: &str, expected: bool) {
        let sides = side_by_side(&rule(given), &rule(then));
        let found = crate::compare::asks_for_as_much(&sides.new[0], &sides.old[0]);
        assert_eq!(found, expected, "from `{given}` to `{then}`");
    }

    #[test]
    fn what_is_above_more_is_above_less() {
        let cpu = "Folder(f).cpu.perc";
        follows(&format!("{cpu} > 80"), &format!("{cpu} > 70"), true);
        follows(&format!("{cpu} > 70"), &format!("{cpu} > 80"), false);
        follows(&format!("{cpu} >= 70"), &format!("{cpu} > 70"), false);
        follows(&format!("{cpu} == 75"), &format!("70 < {cpu}"), true);
        follows(&format!("{cpu} > 80"), &format!("not {cpu} < 80"), true);
        follows(&format!("not {cpu} < 80"), &format!("{cpu} >= 80"), true);
    }

    #[test]
    fn what_holds_longer_holds_for_a_shorter_time() {
        let busy =
            |perc: u32, seconds: u32| format!("Folder(f).server.cpu.perc > {perc} for {seconds}s");
        follows(&busy(80, 60), &busy(70, 30), true);
        follows(&busy(80, 30), &busy(80, 60), false);
        follows(&busy(80, 60), "Folder(f).server.cpu.perc > 80", true);
        follows(
            &format!("not ({})", busy(80, 30)),
            &format!("not ({})", busy(90, 30)),
            true,
        );
        follows(
            &format!("not ({})", busy(80, 30)),
            &format!("not ({})", busy(80, 60)),
            false,
        );
    }

    #[test]
    fn what_is_calculated_is_compared_as_a_whole() {
        let mean = |perc: u32, least: u32| {
            format!("avg(g.cpu.perc for Folder(g) where g.cpu.perc > {least}) > {perc} and f.hot")
        };
        follows(&mean(80, 5), &mean(70, 5), true);
        follows(&mean(80, 5), &mean(70, 6), false);
        follows(
            "Folder(f).cpu.perc over 60s > 80",
            "Folder(f).cpu.perc over 60s >= 75",
            true,
        );
        follows(
            "Folder(f).cpu.perc over 60s > 80",
            "Folder(f).cpu.perc over 30s > 80",
            false,
        );
    }

    #[test]
    fn sides_of_an_or_are_gone_through() {
        let cpu = |perc: u32| format!("Folder(f).cpu.perc > {perc}");
        let mem = |perc: u32| format!("f.mem.perc > {perc}");
        let either = |a: u32, b: u32| format!("{} or Folder(f).mem.perc > {b}", cpu(a));
        follows(&either(80, 50), &either(70, 40), true);
        follows(&either(80, 50), &cpu(70), false);
        follows(
            &format!("{} and {}", cpu(80), mem(50)),
            &either(70, 60),
            true,
        );
        follows(
            &format!("{} and ({})", cpu(80), either(90, 50)),
            &either(85, 40),
            true,
        );
    }

    #[test]
    fn variables_of_one_side_need_something_to_stand_for() {
        let some_file =
            |perc: u32| format!("Folder(f).cpu.perc > 50 or f.hot and File(x).cpu.perc > {perc}");
        follows(&some_file(80), &some_file(70), true);
        follows(&some_file(70), &some_file(80), false);
        follows(
            "Folder(f).hot",
            "Folder(f).hot and (f.hot or File(x).cpu.perc > 1)",
            true,
        );
        follows(
            "Folder(f).hot",
            "f.hot and Folder(f).hot or File(x).cpu.perc >= 0 and Folder(f).hot",
            true,
        );
        follows(
            "Folder(f).mem.perc > 1 and not (f.hot or File(x).cpu.perc > 70)",
            "Folder(f).mem.perc > 1 and not (f.hot or File(x).cpu.perc > 80)",
            true,
        );
        follows(
            "Folder(f).mem.perc > 1 and not (f.hot or File(x).cpu.perc > 80)",
            "Folder(f).mem.perc > 1 and not (f.hot or File(x).cpu.perc > 70)",
            false,
        );
    }

    #[test]
    fn a_reference_by_one_property_is_a_reference() {
        follows(
            "File(x) in ref(Folder(f).files)",
            "File(x) in ref(Folder(f))",
            true,
        );
        follows(
            "File(x) in ref(Folder(f))",
            "File(x) in ref(Folder(f).files)",
            false,
        );
    }

    #[test]
    fn the_order_and_the_names_do_not_matter() {
        follows(
            "Folder(f).cpu.perc > 80 and File(x) in ref(f.files) and f.hot",
            "Folder(f).hot and File(y) in ref(f.files) and f.cpu.perc > 80",
            true,
        );
        let called = "File(x).call(Folder(f).open).count > 5";
        follows(
            &format!("Folder(f).cpu.perc > 20 and {called}"),
            &format!("{called} and Folder(f).cpu.perc > 20"),
            true,
        );
        follows(called, "File(y).call(Folder(f).open).count > 4", true);
        follows(called, "Folder(x).call(Folder(f).open).count > 4", false);
    }

    #[test]
    fn what_is_unknown_follows_from_nothing() {
        follows("Folder(f).hot", "Folder(f).cpu.perc >= 0", false);
        follows(
            "Folder(f).hot",
            "Folder(f).hot and not f.cpu.perc > 100",
            false,
        );
        follows("false and Folder(f).hot", "Folder(f).cpu.perc > 10", true);
    }
}
