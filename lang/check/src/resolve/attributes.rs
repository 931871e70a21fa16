//! The attributes of a rule: priority, cooldown and release.

use plasma_model::RELEASE_PERIODS_DEFAULT;
use plasma_syntax::tree::{self, Attribute, AttributeName};

use super::RuleChecker;
use super::constant::Whole;
use crate::error::duplicate_name;
use crate::{PRIORITY_MAX, RELEASE_PERIODS_MAX};

/// The attributes in force.
pub(super) struct Attributes {
    pub(super) priority: i64,
    pub(super) cooldown_seconds: Option<f64>,
    pub(super) release_periods: u32,
}

const PRIORITY: Whole = Whole {
    what: "a priority",
    least: -PRIORITY_MAX,
    most: PRIORITY_MAX,
};

const RELEASE: Whole = Whole {
    what: "a number of periods",
    least: 1,
    most: RELEASE_PERIODS_MAX,
};

impl RuleChecker<'_, '_> {
    /// Checks the attributes of a rule; a wrong one breaks it.
    pub(super) fn attributes(&mut self, rule: &tree::Rule) -> Attributes {
        let mut attributes = Attributes {
            priority: 0,
            cooldown_seconds: None,
            release_periods: RELEASE_PERIODS_DEFAULT,
        };
        let all = rule.head.as_ref().map_or(&[][..], |head| &head.attributes);
        for attribute in all {
            let name = attribute.name;
            let first = all.iter().find(|known| known.name == name);
            let first = first.map_or(attribute.span, |first| first.span);
            let may_repeat = matches!(name, AttributeName::Unknown | AttributeName::Allow);
            if first != attribute.span && !may_repeat {
                let span = attribute.span;
                self.fail(duplicate_name::attribute(span, name.word(), first));
                continue;
            }
            if self.attribute(attribute, &mut attributes).is_none() {
                self.is_broken = true;
            }
        }
        attributes
    }

    /// Checks one attribute; `None` if it was reported.
    fn attribute(&mut self, attribute: &Attribute, attributes: &mut Attributes) -> Option<()> {
        let value = attribute.value;
        match attribute.name {
            AttributeName::Unknown | AttributeName::Period => return None,
            // Looked at when all lints are known.
            AttributeName::Allow => {}
            AttributeName::Priority => {
                attributes.priority = self.checker.whole_number(value, PRIORITY)?;
            }
            AttributeName::Cooldown => {
                attributes.cooldown_seconds = Some(self.checker.duration(value, "a cooldown")?);
            }
            AttributeName::Release => {
                let periods = self.checker.whole_number(value, RELEASE)?;
                // Within RELEASE_PERIODS_MAX.
                attributes.release_periods = u32::try_from(periods).ok()?;
            }
        }
        Some(())
    }
}
