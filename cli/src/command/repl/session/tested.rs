//! The tests of the policy so far: `:test`.

use plasma_scenario::{TestReport, run_test};

use super::Session;
use crate::command::repl::answer::{Answer, Refusal, json};
use crate::command::test::{Tested, TestedPolicy, text};
use crate::document::test::TestDocument;

impl Session {
    /// Runs the tests whose name has the filter in it.
    pub(in crate::command::repl) fn test(&self, filter: Option<&str>) -> Result<Answer, Refusal> {
        let usable = self.usable(&self.policy)?;
        let program = &usable.program;
        let is_meant = |name: &str| filter.is_none_or(|filter| name.contains(filter));
        let tests = program.tests.iter().filter(|test| is_meant(&test.name));
        let mut reports: Vec<TestReport> = Vec::new();
        for test in tests {
            if (self.is_called_off)() {
                return Err("error: interrupted".to_owned().into());
            }
            reports.push(run_test(program, test, None));
        }
        if reports.is_empty() {
            let among = filter.map_or(String::new(), |text| format!(" with `{text}` in its name"));
            return Err(Refusal::helped(
                format!("there is no test{among}"),
                "a test is written in the policy: `test \"name\" { .. }`",
            ));
        }
        for report in &mut reports {
            usable.whole.lead_back_span(&mut report.span);
            for failure in &mut report.failures {
                usable.whole.lead_back_span(&mut failure.span);
            }
        }
        let tested = Tested {
            policies: vec![TestedPolicy {
                name: self.policy.name().to_owned(),
                reports,
                coverage: None,
            }],
            sources: usable.sources,
        };
        let (_, failed) = tested.count();
        let mut answer = self.answer();
        answer.add(
            "tests",
            || text::human(&tested),
            || json(TestDocument::new(&tested)),
        );
        match failed {
            0 => Ok(answer),
            _ => Ok(answer.no()),
        }
    }
}
