//! Names that stand for nothing, or not yet: variables and types, each reported once a rule.

use plasma_diagnostic::{Edit, Span, did_you_mean};
use plasma_syntax::tree::Name;

use super::RuleChecker;
use crate::error::{type_mismatch, unknown_type, unknown_variable, wrong_argument};
use crate::names::Named;
use crate::schema::TypeId;

impl RuleChecker<'_, '_> {
    /// Reports a variable that nothing introduces, once a rule.
    pub(super) fn not_introduced(&mut self, name: Name, index: usize) {
        self.is_broken = true;
        let text = self.text(name);
        if let Some((place, declared)) = self.checker.params.find(text) {
            self.checker.note(name.span, Named::Param(place));
            self.checker.params.mark_used(place);
            self.fail(type_mismatch::param_as_entity(name.span, text, declared));
            return;
        }
        match self.variables.list[index].reported_at {
            Some(report) => self.fix_also(report, name.span),
            None => {
                self.variables.list[index].reported_at = Some(self.checker.diagnostics.len());
                self.unknown_variable(name);
            }
        }
    }

    /// Lets the fixes of an earlier report mend this place too, which has the same mistake.
    pub(super) fn fix_also(&mut self, report: usize, span: Span) {
        let Some(diagnostic) = self.checker.diagnostics.get_mut(report) else {
            return;
        };
        for fix in &mut diagnostic.fixes {
            let text = fix.edits.first().map(|edit| edit.text.clone());
            let is_known = fix.edits.iter().any(|edit| edit.span == span);
            if let (Some(text), false) = (text, is_known) {
                fix.edits.push(Edit { span, text });
            }
        }
    }

    /// Reports a name that stands for nothing, unless what was not read may have introduced it.
    pub(super) fn unknown_variable(&mut self, name: Name) {
        if self.is_cut {
            return;
        }
        let text = self.text(name);
        let all = self.variables.list.iter();
        if let Some(local) = all.clone().find(|v| v.is_local && v.name == text) {
            let place = local.introduced.unwrap_or(local.span);
            self.fail(unknown_variable::known_to_aggregate(name.span, text, place));
            return;
        }
        let known = all.filter(|v| v.kind.is_some() && !v.is_local);
        let mut names: Vec<&str> = known.map(|v| v.name).collect();
        // Before a dot the words `server` and `client` could stand as well.
        let rest = self.checker.tree.source().get(name.span.end as usize..);
        let rest = rest.unwrap_or_default().trim_start();
        if self.checker.used_module(text).is_some() {
            return self.fail(unknown_variable::module(name.span, text));
        }
        if rest.starts_with('.') && self.unknown_module(name) {
            return;
        }
        if let Some(member) = rest.strip_prefix('.') {
            let is_call = member.trim_start().starts_with("call");
            let owner = if is_call { "client" } else { "server" };
            if did_you_mean(text, [owner]).is_some() {
                names = vec![owner];
            }
        }
        self.fail(unknown_variable::unknown_variable(name.span, text, names));
    }

    /// Reports a variable with an upper-case letter, once a rule.
    pub(super) fn upper_variable(&mut self, name: Name, kind: &str) {
        self.is_broken = true;
        let text = self.text(name);
        let next = self.checker.diagnostics.len();
        let entry = self.upper_variables.iter_mut().find(|(t, _)| *t == text);
        if let Some((_, reported)) = entry {
            if let Some(report) = *reported {
                self.fix_also(report, name.span);
                return;
            }
            *reported = Some(next);
        }
        self.fail(wrong_argument::upper_variable(name.span, text, kind));
    }

    /// A type by its name: declared, or inferred from this use. An unknown one is reported once a
    /// rule.
    pub(super) fn resolve_type(&mut self, name: Name) -> Option<TypeId> {
        let text = self.text(name);
        if let Some((place, of_type)) = self.checker.params.actor_type(text) {
            self.checker.params.mark_used(place);
            self.is_broken |= of_type.is_none();
            return of_type;
        }
        if let Some(id) = self.checker.types.find(text) {
            return Some(id);
        }
        let meant = self.upper_variables.iter().find(|(t, _)| *t == text);
        if let Some((_, report)) = meant.copied() {
            // A variable is meant: reported where it is introduced.
            self.is_broken = true;
            if let Some(report) = report {
                self.fix_also(report, name.span);
            }
            return None;
        }
        if !self.checker.types.are_declared() {
            let shared = self.checker.intern(text);
            return Some(self.checker.types.infer(shared, name.span));
        }
        self.is_broken = true;
        let earlier = self.unknown_types.iter().find(|(t, _)| *t == text);
        if let Some((_, report)) = earlier.copied() {
            self.fix_also(report, name.span);
            return None;
        }
        self.unknown_types
            .push((text, self.checker.diagnostics.len()));
        let names = self.checker.types.names();
        let diagnostic = unknown_type::unknown_type(name.span, text, names);
        self.fail(diagnostic);
        None
    }
}
