//! Clusters in which one rule fires and another one does not, as far as can be told from their
//! conditions.

use super::block::cluster_lines;
use super::clash::{Clash, Contradiction};
use super::cluster::{Stage, cluster};
use super::scene::Scene;
use crate::lint::renamed::Renaming;
use crate::program::{Condition, OrSide, Range, Rule, Scope, VariableId};
use crate::schema::Schema;

/// So many ways to make a condition true are tried for one situation.
const WAYS_MAX: usize = 64;

/// A cluster, as it is written in the language.
#[derive(Clone, Debug, PartialEq)]
pub struct Situation {
    /// What it is like, a statement a line.
    pub cluster: Vec<String>,
    /// For how long it must have been so until all that is asked about it is known, in seconds.
    pub at_seconds: f64,
}

/// Clusters in which `fires` fires: first one in which `silent` does not, as its condition is read, then
/// any. Both rules are of one [`SideBySide`](crate::compare::SideBySide), whose schema it is.
pub fn situations(schema: &Schema, fires: &Rule, silent: Option<&Rule>) -> Vec<Situation> {
    let denied = silent.and_then(|silent| staged(schema, fires, Some(silent)));
    denied
        .into_iter()
        .chain(staged(schema, fires, None))
        .collect()
}

fn staged(schema: &Schema, fires: &Rule, silent: Option<&Rule>) -> Option<Situation> {
    let mut scene = Scene::default();
    let part = scene.add(fires)?;
    if let Some(silent) = silent {
        let denied = denied(&mut scene, &part.variables, fires, silent)?;
        scene.deny(&denied)?;
    }
    // The spare server is where actors of the example can go.
    let contradiction = Contradiction {
        clash: Clash::None,
        first_wins: true,
        same: Vec::new(),
    };
    let mut ways_left = WAYS_MAX;
    let Stage { world, .. } = cluster(schema, &scene, &contradiction, &mut ways_left)?;
    Some(Situation {
        cluster: cluster_lines(&world),
        at_seconds: scene.at_seconds(),
    })
}

/// The condition that must not hold, about the same actors: a variable of the same name, or at the same
/// place, is the same; the others may be anything.
fn denied(
    scene: &mut Scene,
    variables: &[VariableId],
    fires: &Rule,
    silent: &Rule,
) -> Option<Condition> {
    let mut ids = Vec::new();
    let mut open = Vec::new();
    for (place, variable) in silent.variables.iter().enumerate() {
        let fits = |place: &usize| {
            let other = fires.variables.get(*place);
            other.is_some_and(|other| {
                let is_server = |range: &Range| matches!(range, Range::Servers);
                other.scope == variable.scope
                    && is_server(&other.range) == is_server(&variable.range)
                    && !ids.contains(&variables[*place])
            })
        };
        let mut places = 0..fires.variables.len();
        let named = places.find(|place| {
            let other = fires.variables.get(*place);
            other.is_some_and(|other| other.name == variable.name) && fits(place)
        });
        let is_local = matches!(variable.scope, Scope::OrSide | Scope::Aggregate);
        let same = named.or(Some(place).filter(fits)).filter(|_| !is_local);
        ids.push(match same {
            Some(same) => variables[same],
            None => {
                let id = scene.local(variable, &ids)?;
                if !is_local {
                    open.push(id);
                }
                id
            }
        });
    }
    let condition = Renaming::of(&ids).condition(&silent.condition)?;
    Some(match open.is_empty() {
        true => condition,
        false => Condition::Or(vec![OrSide {
            locals: open,
            condition,
        }]),
    })
}
