//! `shadowed-rule`: a rule that never matters, since another one asks for the same whenever it fires.

use plasma_diagnostic::{Code, Diagnostic, Span};
use plasma_syntax::tree::Tree;

use super::matching::Matching;
use super::renamed::Renaming;
use super::truth::{By, is_implied};
use crate::program::{
    BehaviorCall, BehaviorKind, Condition, Operand, Rule, Scope, Variable, VariableId,
};

/// So many rules are held against each other.
const RULES_MAX: usize = 256;

/// So many ways to match the variables of two rules are tried.
const MATCHES_MAX: usize = 64;

/// Reports the rules that another one makes useless.
pub(crate) fn check(rules: &[Rule], tree: &Tree, found: &mut Vec<Diagnostic>) {
    let heads: Vec<Span> = tree
        .rules()
        .map(|rule| match &rule.head {
            Some(head) => head.span,
            None => tree.expr(rule.condition).span,
        })
        .collect();
    let head = |rule: &Rule| heads.get(rule.index).copied().unwrap_or(rule.span);
    let (compared, beyond) = rules.split_at(rules.len().min(RULES_MAX));
    for rule in compared {
        let shadow = compared.iter().find(|other| shadows(other, rule));
        if let Some(shadow) = shadow {
            found.push(shadowed_rule(rule, head(rule), shadow, head(shadow)));
        }
    }
    if let Some(first) = beyond.first() {
        found.push(not_compared(head(first)));
    }
}

/// Whether all that `rule` asks for is asked for by `other` as well, and counts there at least as
/// much.
fn shadows(other: &Rule, rule: &Rule) -> bool {
    let is_before = other.priority > rule.priority
        || other.priority == rule.priority && other.index < rule.index;
    // An action of both rules is held back if one of them is.
    let is_alike = other.cooldown_seconds == rule.cooldown_seconds
        && other.release_periods == rule.release_periods;
    if !is_before || !is_alike || rule.behaviors.is_empty() {
        return false;
    }
    let asks_for_a_like = |behavior: &BehaviorKind| {
        let mut all = other.behaviors.iter();
        all.any(|o| may_be_same(&o.kind, behavior))
    };
    // What is bound within the condition only would have to be found in it.
    let is_plain = |v: &Variable| matches!(v.scope, Scope::Rule | Scope::ImplicitServer);
    if !rule.behaviors.iter().all(|b| asks_for_a_like(&b.kind))
        || !other.variables.iter().all(is_plain)
    {
        return false;
    }
    Matching::new(rule, other, MATCHES_MAX).finds(&mut |chosen| fits(other, rule, chosen))
}

/// Whether two behaviors may be the same, whichever variables stand for each other.
fn may_be_same(behavior: &BehaviorKind, other: &BehaviorKind) -> bool {
    match (behavior, other) {
        (BehaviorKind::Balance { .. }, _) => Renaming::of(&[]).is_same(behavior, other),
        (
            BehaviorKind::Reserve { resource, .. },
            BehaviorKind::Reserve {
                resource: wanted, ..
            },
        ) => resource == wanted,
        _ => std::mem::discriminant(behavior) == std::mem::discriminant(other),
    }
}

/// Whether the other rule, with the chosen variables, fires and asks for the same whenever the rule does.
fn fits(other: &Rule, rule: &Rule, chosen: &[VariableId]) -> bool {
    let renaming = Renaming::of(chosen);
    let is_asked = rule.behaviors.iter().all(|wanted| {
        let mut all = other.behaviors.iter();
        all.any(|behavior| renaming.is_same(&behavior.kind, &wanted.kind))
    });
    if !is_asked || has_calculation(&other.condition) {
        return false;
    }
    // A reservation takes what is said about the load of its host for true, in each rule by itself.
    let reserves = |b: &BehaviorCall| matches!(b.kind, BehaviorKind::Reserve { .. });
    let by = match rule.behaviors.iter().chain(&other.behaviors).any(reserves) {
        true => By::Identity,
        false => By::Reasoning,
    };
    let condition = renaming.condition(&other.condition);
    condition.is_some_and(|condition| is_implied(&rule.condition, &condition, by))
}

/// Whether anything is compared that is calculated from others, which is left undecided.
fn has_calculation(condition: &Condition) -> bool {
    let mut has = false;
    condition.for_each_atom(&mut |atom, _| {
        has |= atom
            .operands()
            .any(|operand| matches!(operand, Operand::Calculation(_)));
    });
    has
}

fn shadowed_rule(rule: &Rule, head: Span, shadow: &Rule, shadow_head: Span) -> Diagnostic {
    let (name, other) = (&rule.name, &shadow.name);
    let message =
        format!("rule `{name}` never matters: rule `{other}` asks for the same whenever it fires");
    let rank = match shadow.priority > rule.priority {
        true => format!("fires as well, with priority {}", shadow.priority),
        false => "fires as well, and comes first".to_owned(),
    };
    Diagnostic::new(Code::ShadowedRule, head, message)
        .with_label(shadow_head, rank)
        .with_help(format!(
            "remove `{name}`, or give it a higher priority than `{other}` if it should win more often"
        ))
}

/// Rules beyond the bound.
fn not_compared(first: Span) -> Diagnostic {
    let message = format!(
        "whether this rule and those behind it are shadowed is unknown: only the first {RULES_MAX} \
         are held against each other"
    );
    Diagnostic::new(Code::ShadowedRule, first, message)
        .with_help("divide the policy into several files to have all of them looked at")
}
