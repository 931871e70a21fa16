//! Where to halt: at a rule that fires, is suppressed, or nearly fires.

use std::collections::BTreeSet;

use plasma_check::program::Rule;
use plasma_eval::{Derivation, Nearness, nearest};
use plasma_model::{Binding, Intent};

use crate::debuggee::Debuggee;
use crate::log_message::LogMessage;
use crate::message::{FunctionBreakpoint, SourceBreakpoint};
use crate::timeline::Moment;
use crate::watch::Watch;

/// How near a rule must be to firing if nothing else is asked for: the failing figures together this far from
/// their thresholds, relative to them.
const NEAR_DEFAULT: f64 = 0.1;

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Happening {
    /// It fires for some binding.
    Fires,
    /// Something that it asks for is refused.
    Suppressed,
    /// It does not fire, and its failing figures are at most so far from their thresholds, together and relative
    /// to them.
    NearlyFires(f64),
}

/// The modes of breakpoints, as editors list them: name, label, description.
pub(crate) const MODES: [(&str, &str, &str); 3] = [
    ("fires", "Fires", "halt where the rule fires"),
    (
        "suppressed",
        "Suppressed",
        "halt where something that the rule asks for is refused",
    ),
    (
        "nearly",
        "Nearly fires",
        "halt where the rule does not fire, but its figures are within 10 % of their thresholds",
    ),
];

/// The events to halt at whatever the rule: filter, label, description.
pub(crate) const FILTERS: [(&str, &str, &str); 3] = [
    (
        "fires",
        "Any rule fires",
        "halt at each tick at which a rule fires",
    ),
    (
        "acts",
        "Anything moves",
        "halt at each tick at which something is to be done",
    ),
    (
        "refused",
        "Anything is refused",
        "halt at each tick at which something asked for is refused",
    ),
];

impl Happening {
    /// Reads `fires`, `suppressed`, `nearly`, `nearly 5%`.
    pub(crate) fn read(text: &str) -> Result<Happening, String> {
        let mut words = text.split_whitespace();
        let (word, number) = (words.next().unwrap_or("fires"), words.next());
        let happening = match (word, number) {
            ("fires", None) => Happening::Fires,
            ("suppressed", None) => Happening::Suppressed,
            ("nearly", None) => Happening::NearlyFires(NEAR_DEFAULT),
            ("nearly", Some(share)) => {
                let share = share.trim_end_matches('%').parse::<f64>().ok();
                let share = share.filter(|share| (0.0..=1000.0).contains(share));
                let share = share.ok_or_else(|| format!("`{text}`: write `nearly 5%`"))?;
                Happening::NearlyFires(share / 100.0)
            }
            _ => {
                return Err(format!(
                    "`{text}` is nothing to halt at: write `fires`, `suppressed`, `nearly` or `nearly 5%`"
                ));
            }
        };
        match words.next() {
            None => Ok(happening),
            Some(word) => Err(format!("`{text}`: `{word}` is too much")),
        }
    }
}

/// A place to halt.
#[derive(Clone, Debug)]
pub(crate) struct Breakpoint {
    /// Which rule.
    pub(crate) rule_index: usize,
    pub(crate) happening: Happening,
    /// Halts only where it is true of a binding.
    condition: Option<Watch>,
    /// Halts only where so many bindings are concerned.
    pub(crate) times_min: usize,
    /// Says this instead of halting.
    pub(crate) log_message: Option<LogMessage>,
}

impl Breakpoint {
    /// A breakpoint at a line of a policy, with the line of its rule.
    pub(crate) fn at_line(
        asked: &SourceBreakpoint,
        rule: &Rule,
        debuggee: &Debuggee,
    ) -> Result<Breakpoint, String> {
        let message = asked.log_message.as_ref();
        Ok(Breakpoint {
            rule_index: rule.index,
            happening: Happening::read(asked.mode.as_deref().unwrap_or("fires"))?,
            condition: condition(asked.condition.as_deref(), rule, debuggee)?,
            times_min: times(asked.hit_condition.as_deref())?,
            log_message: message.map(|message| LogMessage::new(debuggee, message, rule)),
        })
    }

    /// A breakpoint on the name of a rule: `hot_folder`, `hot_folder nearly 5%`.
    pub(crate) fn on_name(
        asked: &FunctionBreakpoint,
        debuggee: &Debuggee,
    ) -> Result<Breakpoint, String> {
        let (name, happening) = match asked.name.trim().split_once(char::is_whitespace) {
            Some((name, happening)) => (name, happening),
            None => (asked.name.trim(), "fires"),
        };
        let rule = debuggee.rules().find(|rule| *rule.name == *name);
        let rule = rule.ok_or_else(|| {
            let names = debuggee.rules().map(|rule| format!("`{}`", rule.name));
            let names: Vec<String> = names.take(8).collect();
            format!("there is no rule `{name}`; there are {}", names.join(", "))
        })?;
        Ok(Breakpoint {
            rule_index: rule.index,
            happening: Happening::read(happening)?,
            condition: condition(asked.condition.as_deref(), rule, debuggee)?,
            times_min: times(asked.hit_condition.as_deref())?,
            log_message: None,
        })
    }

    /// The bindings for which it halts at a moment.
    pub(crate) fn hits(
        &self,
        debuggee: &Debuggee,
        moment: &Moment,
    ) -> Result<Vec<Binding>, String> {
        let mut bindings = match self.happening {
            Happening::Fires => firings(moment, self.rule_index),
            Happening::Suppressed => suppressed(moment, self.rule_index),
            Happening::NearlyFires(share) => {
                let near = near_miss(debuggee, moment, self.rule_index);
                let near = near.filter(|near| is_near(near, share));
                near.map(|near| near.binding).into_iter().collect()
            }
        };
        if let Some(condition) = &self.condition {
            let mut kept = Vec::new();
            for binding in bindings {
                if condition.value(moment, &binding)?.is_true() {
                    kept.push(binding);
                }
            }
            bindings = kept;
        }
        match bindings.len() >= self.times_min {
            true => Ok(bindings),
            false => Ok(Vec::new()),
        }
    }
}

/// The condition of a breakpoint, if one is written; refused if it means nothing in the frames of the rule.
fn condition(
    text: Option<&str>,
    rule: &Rule,
    debuggee: &Debuggee,
) -> Result<Option<Watch>, String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| Watch::new(debuggee, text, Some(rule)))
        .transpose()
}

/// `3`, `>= 3`: for so many bindings at least.
fn times(text: Option<&str>) -> Result<usize, String> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(1);
    };
    let number = text.trim_start_matches(">=").trim().parse::<usize>();
    number.map_err(|_| format!("`{text}`: write how many bindings at least, `3`"))
}

/// The bindings that a rule fires for and asks something of, in order.
pub(crate) fn firings(moment: &Moment, rule_index: usize) -> Vec<Binding> {
    asking(&moment.plan.decision.intents, rule_index)
}

/// The bindings of a rule for which something is refused, in order.
fn suppressed(moment: &Moment, rule_index: usize) -> Vec<Binding> {
    asking(refused_intents(moment), rule_index)
}

/// The rules and bindings for which something is refused.
pub(crate) fn refused(moment: &Moment) -> Vec<(usize, Binding)> {
    let causes = refused_intents(moment).flat_map(|intent| &intent.causes);
    causes
        .map(|cause| (cause.rule_index, cause.binding.clone()))
        .collect()
}

fn refused_intents(moment: &Moment) -> impl Iterator<Item = &Intent> {
    let decision = &moment.plan.decision;
    let refused = decision.rejected.iter();
    refused.filter_map(|refused| decision.intents.get(refused.intent))
}

/// The bindings for which a rule asks some of these, each once, in order.
fn asking<'i>(intents: impl IntoIterator<Item = &'i Intent>, rule_index: usize) -> Vec<Binding> {
    let causes = intents.into_iter().flat_map(|intent| &intent.causes);
    let own = causes.filter(|cause| cause.rule_index == rule_index);
    let bindings: BTreeSet<&Binding> = own.map(|cause| &cause.binding).collect();
    bindings.into_iter().cloned().collect()
}

/// The binding for which a rule that does not fire is nearest to it.
pub(crate) fn near_miss(
    debuggee: &Debuggee,
    moment: &Moment,
    rule_index: usize,
) -> Option<Derivation> {
    let rule = debuggee.program.rule(rule_index)?;
    let fired = moment.plan.fired.iter();
    if fired
        .filter(|(name, _)| **name == *rule.name)
        .any(|(_, times)| *times > 0)
    {
        return None;
    }
    let near = nearest(
        &debuggee.program,
        moment.world(),
        &moment.reservations,
        rule_index,
        (&Binding::new(), &|_| true),
    );
    near.filter(|near| !near.holds.is_true())
}

/// Whether all that is missing are figures, at most so far from their thresholds.
fn is_near(derivation: &Derivation, share: f64) -> bool {
    let nearness = Nearness::of(derivation);
    let failing = derivation.atoms.iter().filter(|atom| !atom.holds.is_true());
    nearness.failing > 0
        && nearness.links_broken == 0
        && failing.clone().all(|atom| atom.figures.is_some())
        && nearness.distance <= share
}

#[cfg(test)]
mod tests {
    use super::{Happening, times};

    #[test]
    fn what_is_halted_at_is_written_in_words() {
        let read = |text| Happening::read(text);
        assert_eq!(read("fires"), Ok(Happening::Fires));
        assert_eq!(read(" suppressed "), Ok(Happening::Suppressed));
        assert_eq!(read("nearly 5%"), Ok(Happening::NearlyFires(0.05)));
        for wrong in [
            "nearly x",
            "nearly -1%",
            "often",
            "fires 3",
            "nearly 5% now",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_number_of_bindings_may_have_its_sign() {
        assert_eq!(times(Some("3")), Ok(3));
        assert_eq!(times(Some(">= 3")), Ok(3));
        assert_eq!(times(Some("")), Ok(1));
        assert_eq!(times(None), Ok(1));
        assert!(times(Some("often")).is_err());
    }
}
