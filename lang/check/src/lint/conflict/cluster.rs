//! The search for a cluster in which two conditions hold and a contradiction shows.

use std::collections::BTreeMap;

use plasma_model::{Gauge, PERIOD_SECONDS_DEFAULT};

use super::clash::{Clash, Contradiction};
use super::furnish::Furnishing;
use super::judge::{Domain, Judge};
use super::places::Places;
use super::scene::{Need, Scene};
use super::values::Filling;
use super::world::{Actor, Server, World};
use crate::lint::truth::{Conjunction, Literal, Wanted};
use crate::program::{Condition, ServerRef, TypeSet, VariableId};
use crate::schema::{Schema, TypeId};

/// So many ways to make both conditions true are tried for one contradiction.
const WAYS_MAX: usize = 64;

/// Nobody waits longer for a test, in seconds of its own time.
const TEST_SECONDS_MAX: f64 = 86_400.0;

/// A cluster, and the places of the variables in it.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) assigned: Vec<Option<usize>>,
}

impl Scene {
    /// When both rules fire in a cluster that has been as it is from the beginning, in seconds.
    pub(super) fn at_seconds(&self) -> f64 {
        let rules = self.seconds.iter();
        let periods = rules.map(|seconds| periods_in(*seconds));
        periods.fold(1.0, f64::max) * PERIOD_SECONDS_DEFAULT
    }

    /// Whether one of the rules looks at the past.
    pub(super) fn looks_back(&self) -> bool {
        self.seconds.iter().any(|seconds| *seconds > 0.0)
    }
}

/// So many periods are in a window.
fn periods_in(seconds: f64) -> f64 {
    (seconds / PERIOD_SECONDS_DEFAULT).ceil().max(1.0)
}

impl Contradiction {
    /// Whether the rule that wins fires as early as the other one.
    fn fires_first(&self, scene: &Scene) -> bool {
        let [first, second] = match *scene.seconds {
            _ if matches!(self.clash, Clash::None) => return true,
            [first, second] => [first, second].map(periods_in),
            // Both are one rule.
            _ => return true,
        };
        match self.first_wins {
            true => first <= second,
            false => second <= first,
        }
    }
}

/// A cluster that shows a contradiction; `None` where none is found.
pub(super) fn cluster(
    schema: &Schema,
    scene: &Scene,
    contradiction: &Contradiction,
    ways_left: &mut usize,
) -> Option<Stage> {
    let looks_back = scene.at_seconds() > PERIOD_SECONDS_DEFAULT;
    let is_quiet = contradiction.clash.is_quiet(contradiction.first_wins);
    if looks_back && (!is_quiet || scene.at_seconds() > TEST_SECONDS_MAX) {
        return None;
    }
    // The one that loses must not act before the other one fires.
    if looks_back && !contradiction.fires_first(scene) {
        return None;
    }
    let whole = Condition::And(scene.conditions.clone());
    let conjunction = Conjunction::of(Wanted {
        condition: &whole,
        holds: true,
    });
    let mut ways = Ways {
        left: WAYS_MAX.min(*ways_left),
        found: None,
    };
    let before = ways.left;
    ways.visit(conjunction, Vec::new(), &mut |literals| {
        staged(schema, scene, contradiction, literals)
    });
    *ways_left -= before - ways.left;
    ways.found
}

/// The choices among the sides of `or`s.
struct Ways {
    left: usize,
    found: Option<Stage>,
}

impl Ways {
    /// Tries all choices until one leads to a cluster.
    fn visit<'c>(
        &mut self,
        conjunction: Conjunction<'c>,
        beside: Vec<Literal<'c>>,
        stage: &mut dyn FnMut(&[Literal<'c>]) -> Option<Stage>,
    ) {
        let mut literals = beside;
        literals.extend(conjunction.literals);
        let mut choices = conjunction.choices.into_iter();
        let Some(choice) = choices.next() else {
            if self.left > 0 {
                self.left -= 1;
                self.found = stage(&literals);
            }
            return;
        };
        let rest: Vec<_> = choices.collect();
        for side in choice {
            let mut chosen = Conjunction::of(side);
            chosen.choices.extend(rest.iter().cloned());
            self.visit(chosen, literals.clone(), stage);
            if self.found.is_some() || self.left == 0 {
                return;
            }
        }
    }
}

/// A cluster in which these literals hold, and with them both conditions.
fn staged(
    schema: &Schema,
    scene: &Scene,
    contradiction: &Contradiction,
    literals: &[Literal<'_>],
) -> Option<Stage> {
    let mut scene = scene.clone();
    let atoms: Vec<_> = literals
        .iter()
        .map(|literal| match literal.holds {
            true => scene.with_names(literal.atom),
            false => literal.atom.clone(),
        })
        .collect();
    let literals: Vec<Literal<'_>> = atoms
        .iter()
        .zip(literals)
        .map(|(atom, literal)| Literal {
            atom,
            holds: literal.holds,
        })
        .collect();
    for literal in &literals {
        literal.atom.for_each_variable(&mut |id| {
            if let Some(need @ Need::IfMentioned) = scene.needs.get_mut(id.0 as usize) {
                *need = Need::Always;
            }
        });
    }
    let mut places = Places::new(scene.domains.len());
    for literal in &literals {
        places.take(literal);
    }
    for (a, b) in &contradiction.same {
        places.same_actor(*a, *b);
    }
    contradiction.clash.relate(&mut places);
    places.are_possible().then_some(())?;
    let Stage { world, assigned } = settled(schema, &scene, &places)?;
    let attempts = contradiction.clash.attempts(world.servers.len());
    let mut attempts = 0..attempts;
    let world = attempts.find_map(|attempt| {
        let world = world.clone();
        furnished(
            schema,
            &scene,
            &contradiction.clash,
            attempt,
            &literals,
            world,
            &assigned,
        )
    })?;
    Some(Stage { world, assigned })
}

/// The actors and servers that the variables stand for, and which they are.
fn settled(schema: &Schema, scene: &Scene, places: &Places) -> Option<Stage> {
    let mut world = World::default();
    let mut servers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut actors: BTreeMap<usize, usize> = BTreeMap::new();
    let mut assigned = vec![None; scene.domains.len()];
    let variables = (0..scene.domains.len() as u32).map(VariableId);
    for id in variables.clone() {
        let place = id.0 as usize;
        if scene.needs[place] != Need::Always {
            continue;
        }
        let element = match &scene.domains[place] {
            Domain::Actors(..) => places.host(id),
            Domain::Servers => places.server(&ServerRef::Variable(id))?,
        };
        let server = *servers.entry(element).or_insert_with(|| {
            world.servers.push(Server::default());
            world.servers.len() - 1
        });
        let Domain::Actors(..) = &scene.domains[place] else {
            assigned[place] = Some(server);
            continue;
        };
        let first = places.of(id);
        if let Some(actor) = actors.get(&first) {
            assigned[place] = Some(*actor);
            continue;
        }
        let is_one = |other: &VariableId| {
            places.of(*other) == first && scene.needs[other.0 as usize] == Need::Always
        };
        let ones: Vec<usize> = variables
            .clone()
            .filter(is_one)
            .map(|other| other.0 as usize)
            .collect();
        let types = ones.iter().map(|place| match &scene.domains[*place] {
            Domain::Actors(types, _) => types.clone(),
            Domain::Servers => TypeSet::Any,
        });
        let types = types.reduce(common)?;
        let (type_id, type_name) = match &types {
            TypeSet::Any => match schema.types.first() {
                Some(of_type) => (Some(TypeId(0)), of_type.name.clone()),
                None => (None, "Actor".into()),
            },
            TypeSet::Of(types) => {
                let id = *types.first()?;
                (Some(id), schema.get(id)?.name.clone())
            }
        };
        let name = ones.iter().map(|place| &scene.names[*place]);
        let name = name.clone().find(|name| !name.is_empty()).cloned();
        world.actors.push(Actor {
            name: name.unwrap_or_default(),
            type_id,
            type_name,
            host: server,
            usage: Default::default(),
            refs: BTreeMap::new(),
            values: BTreeMap::new(),
            gauges: Vec::new(),
        });
        actors.insert(first, world.actors.len() - 1);
        assigned[place] = Some(world.actors.len() - 1);
    }
    Some(Stage { world, assigned })
}

/// The types of both.
fn common(a: TypeSet, b: TypeSet) -> TypeSet {
    match (a, b) {
        (TypeSet::Any, types) | (types, TypeSet::Any) => types,
        (TypeSet::Of(a), TypeSet::Of(b)) => TypeSet::Of(a.intersection(&b)),
    }
}

/// The cluster in full, if both conditions are true in it.
fn furnished(
    schema: &Schema,
    scene: &Scene,
    clash: &Clash,
    attempt: usize,
    literals: &[Literal<'_>],
    mut world: World,
    assigned: &[Option<usize>],
) -> Option<World> {
    let mut known = Vec::new();
    clash.furnish(
        attempt,
        &mut Furnishing {
            schema,
            scene,
            world: &mut world,
            known: &mut known,
            assigned,
        },
    )?;
    let filling = Filling {
        schema,
        domains: &scene.domains,
        assigned,
        world,
        known,
    };
    let mut world = filling.fill(literals)?;
    clash.finish(scene, &mut world, assigned)?;
    // These go on while the cluster stays as it is.
    let goes_on = |(gauge, _): &(Gauge, f64)| matches!(gauge, Gauge::Age | Gauge::Idle);
    let mut actors = world.actors.iter();
    if scene.looks_back() && actors.any(|actor| actor.gauges.iter().any(goes_on)) {
        return None;
    }
    let mut judge = Judge::new(&world, &scene.domains, assigned.to_vec());
    let mut conditions = scene.conditions.iter();
    let holds = conditions.all(|condition| judge.truth(condition) == Some(true));
    holds.then_some(world)
}
