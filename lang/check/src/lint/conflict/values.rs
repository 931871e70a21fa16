//! Figures for a cluster so that some literals hold: what is compared is narrowed to what it can be,
//! then one value after the other is chosen, round ones first. What is chosen is judged afterwards; it
//! need not be possible to choose what could be.

use std::sync::Arc;

use plasma_model::{Aggregate, Gauge, PERIOD_SECONDS_DEFAULT, Resource, Statistic};

use super::judge::{Domain, Judge};
use super::world::{Call, Calls, Cell, From, To, Usage, Value, World};
use crate::lint::truth::{Interval, Literal, measured, range};
use crate::program::{
    ActorRef, AtomKind, CalculationKind, Comparison, Feature, Operand, Operator, TextOperand,
    TypeSet,
};
use crate::schema::{PropertyKind, Schema, ValueType};

/// How often what follows for one value is used for the others.
const PASSES: usize = 3;

/// Values at which a choice begins.
const ACTOR_PERC: f64 = 10.0;
const SERVER_PERC: f64 = 50.0;
const SIZE: f64 = 1e6;
const CALLS: f64 = 100.0;
const CALL_BYTES: f64 = 1000.0;
const LATENCY_SECONDS: f64 = 0.01;
const OTHERS: f64 = 1.0;

/// The figures of a cluster while they are chosen.
pub(super) struct Filling<'a> {
    pub(super) schema: &'a Schema,
    pub(super) domains: &'a [Domain],
    pub(super) assigned: &'a [Option<usize>],
    pub(super) world: World,
    /// What each can still be.
    pub(super) known: Vec<(Cell, Interval)>,
}

impl Filling<'_> {
    /// Chooses all that the literals are about; `None` where nothing is found.
    pub(super) fn fill(mut self, literals: &[Literal<'_>]) -> Option<World> {
        for literal in literals {
            self.relate(literal)?;
        }
        self.tell_texts(literals);
        self.ask_for_callers()?;
        for literal in literals {
            for operand in literal.atom.operands() {
                operand.for_each_feature(&mut |feature| self.know(feature));
            }
        }
        self.is_of_one_statistic().then_some(())?;
        self.narrow(literals).then_some(())?;
        self.choose_all(literals, |cell| !matches!(cell, Cell::Server(..)))?;
        self.tell_calls()?;
        self.hold_sums()?;
        self.narrow(literals).then_some(())?;
        self.choose_all(literals, |_| true)?;
        self.tell_figures();
        self.tell_other_servers()?;
        Some(self.world)
    }

    fn cells(&self, feature: &Feature) -> Vec<Cell> {
        Judge::new(&self.world, self.domains, self.assigned.to_vec()).cells(feature)
    }

    fn actor(&self, actor: &ActorRef) -> Option<usize> {
        match actor {
            ActorRef::Variable(id) => self.assigned.get(id.0 as usize).copied().flatten(),
            ActorRef::Anonymous(_) => None,
        }
    }

    // References and truths.

    /// Takes in what a literal says about references and published truths.
    fn relate(&mut self, literal: &Literal<'_>) -> Option<()> {
        match &literal.atom.kind {
            AtomKind::InRef {
                member,
                owner,
                property,
            } => {
                let (Some(member), Some(owner)) = (self.actor(member), self.actor(owner)) else {
                    return Some(());
                };
                let property = match property {
                    Some(property) => Some(property.clone()),
                    None => self.reference(owner),
                };
                if let Some(property) = property {
                    let refs = self.world.actors[owner].refs.entry(property).or_default();
                    if literal.holds && !refs.contains(&member) {
                        refs.push(member);
                    }
                }
            }
            AtomKind::Published { actor, property } => {
                if let Some(actor) = self.actor(actor) {
                    let values = &mut self.world.actors[actor].values;
                    let value = Value::Bool(literal.holds);
                    let before = values.insert(property.clone(), value.clone());
                    before.is_none_or(|before| before == value).then_some(())?;
                }
            }
            _ => {}
        }
        Some(())
    }

    /// A property by which an actor can refer to others.
    fn reference(&self, owner: usize) -> Option<Arc<str>> {
        let of_type = self.schema.get(self.world.actors[owner].type_id?)?;
        let mut properties = of_type.properties.iter();
        let is_reference = |kind: &PropertyKind| matches!(kind, PropertyKind::Reference { .. });
        let property = properties.find(|property| is_reference(&property.kind));
        match property {
            Some(property) => Some(property.name.clone()),
            None => (!self.schema.declared).then(|| "refs".into()),
        }
    }

    /// Chooses labels and published texts: those that must be one text, then the others.
    fn tell_texts(&mut self, literals: &[Literal<'_>]) {
        let compared = |literal: &Literal<'_>| match &literal.atom.kind {
            AtomKind::CompareText { left, right, equal } => {
                Some((left.clone(), right.clone(), *equal == literal.holds))
            }
            _ => None,
        };
        let compared: Vec<_> = literals.iter().filter_map(compared).collect();
        for _ in 0..PASSES {
            for (left, right, _) in compared.iter().filter(|(.., are_same)| *are_same) {
                match (self.text(left), self.text(right)) {
                    (Some(text), None) => self.tell_text(right, text),
                    (None, Some(text)) => self.tell_text(left, text),
                    _ => {}
                }
            }
        }
        // Each of its own; those that must be one follow it.
        let mut letters = ('a'..='z').map(|letter| Arc::<str>::from(letter.to_string()));
        let is_taken = |letter: &Arc<str>| {
            let mut sides = compared.iter().flat_map(|(left, right, _)| [left, right]);
            sides.any(|side| matches!(side, TextOperand::Literal(text) if text == letter))
        };
        for (left, right, are_same) in &compared {
            for (side, other) in [(left, right), (right, left)] {
                if self.text(side).is_some() {
                    continue;
                }
                let text = match (are_same, self.text(other)) {
                    (true, Some(text)) => Some(text),
                    _ => letters.find(|letter| !is_taken(letter)),
                };
                if let Some(text) = text {
                    self.tell_text(side, text);
                }
            }
        }
    }

    fn text(&self, text: &TextOperand) -> Option<Arc<str>> {
        match text {
            TextOperand::Literal(text) => Some(text.clone()),
            TextOperand::Published { actor, property } => {
                match self.world.actors[self.actor(actor)?].values.get(property) {
                    Some(Value::Text(text)) => Some(text.clone()),
                    _ => None,
                }
            }
            TextOperand::Label { server, name } => {
                let servers = Judge::new(&self.world, self.domains, self.assigned.to_vec());
                match *servers.servers(server) {
                    [server] => self.world.servers[server].labels.get(name).cloned(),
                    _ => None,
                }
            }
        }
    }

    fn tell_text(&mut self, text: &TextOperand, told: Arc<str>) {
        match text {
            TextOperand::Literal(_) => {}
            TextOperand::Published { actor, property } => {
                if let Some(actor) = self.actor(actor) {
                    let values = &mut self.world.actors[actor].values;
                    values.insert(property.clone(), Value::Text(told));
                }
            }
            TextOperand::Label { server, name } => {
                let servers = Judge::new(&self.world, self.domains, self.assigned.to_vec());
                if let [server] = *servers.servers(server) {
                    self.world.servers[server].labels.insert(name.clone(), told);
                }
            }
        }
    }

    // What can be.

    /// A variable that ranges over callers has called.
    fn ask_for_callers(&mut self) -> Option<()> {
        let domains = self.domains;
        for (place, domain) in domains.iter().enumerate() {
            let (Domain::Actors(types, called), Some(actor)) =
                (domain, self.assigned.get(place).copied().flatten())
            else {
                continue;
            };
            for (callee, function) in called {
                let calls = Calls {
                    from: From::Actor {
                        actor,
                        kind: types.clone(),
                    },
                    to: match callee {
                        ActorRef::Variable(id) => To::Actor(self.actor(&ActorRef::Variable(*id))?),
                        ActorRef::Anonymous(types) => To::All(types.clone()),
                    },
                    function: function.clone(),
                };
                let some = Interval::closed(1.0, f64::INFINITY);
                self.meet(Cell::Calls(calls, Statistic::Count), some);
            }
        }
        Some(())
    }

    /// What a feature is measured of can be all that can be measured and written down.
    fn know(&mut self, feature: &Feature) {
        let possible = match feature {
            Feature::Published { .. } => Interval::closed(0.0, f64::INFINITY),
            _ => measured(feature),
        };
        for cell in self.cells(feature) {
            self.meet(cell, possible);
        }
    }

    fn meet(&mut self, cell: Cell, interval: Interval) {
        match self.known.iter_mut().find(|(known, _)| *known == cell) {
            Some((_, known)) => *known = known.meet(interval),
            None => self.known.push((cell, interval)),
        }
    }

    /// Shares and amounts of one resource would have to agree about capacities, which are not told;
    /// amounts of cpu cannot be.
    fn is_of_one_statistic(&self) -> bool {
        let used = |of: Resource, wanted: Statistic| {
            self.known.iter().any(|(cell, _)| match cell {
                Cell::Server(_, resource, statistic) | Cell::Actor(_, resource, statistic) => {
                    (*resource, *statistic) == (of, wanted)
                }
                _ => false,
            })
        };
        let mut resources = Resource::ALL.into_iter();
        !used(Resource::Cpu, Statistic::Size)
            && resources.all(|of| !used(of, Statistic::Perc) || !used(of, Statistic::Size))
    }

    fn interval(&self, feature: &Feature) -> Interval {
        match &*self.cells(feature) {
            [cell] => self.interval_of(cell).unwrap_or_else(|| measured(feature)),
            _ => measured(feature),
        }
    }

    fn interval_of(&self, cell: &Cell) -> Option<Interval> {
        if let (Cell::Hosted(_), Some(count)) = (cell, self.world.measured(cell)) {
            return Some(Interval::closed(count, count));
        }
        let known = self.known.iter().find(|(known, _)| known == cell);
        known.map(|(_, interval)| *interval)
    }

    /// Keeps what the literals leave; whether that is something of everything.
    fn narrow(&mut self, literals: &[Literal<'_>]) -> bool {
        (0..PASSES).all(|_| literals.iter().all(|literal| self.narrow_by(literal)))
    }

    fn narrow_by(&mut self, literal: &Literal<'_>) -> bool {
        let Some((left, comparison, right)) = literal.comparing() else {
            return true;
        };
        let (left_range, right_range) = {
            let of = |feature: &Feature| self.interval(feature);
            (range(left, &of), range(right, &of))
        };
        left_range.compare(comparison, right_range) != Some(false)
            && self.keep(left, comparison, right_range)
            && self.keep(right, comparison.mirrored(), left_range)
    }

    fn keep(&mut self, operand: &Operand, comparison: Comparison, other: Interval) -> bool {
        self.keep_within(operand, Interval::comparing(comparison, other))
    }

    /// Keeps what makes an operand lie within an interval, or a little more; whether that is something.
    fn keep_within(&mut self, operand: &Operand, wanted: Interval) -> bool {
        match operand {
            Operand::Number(_) => true,
            Operand::Feature(feature) => {
                let [cell] = &*self.cells(feature) else {
                    return true;
                };
                self.meet(cell.clone(), wanted);
                self.interval_of(cell).is_none_or(|left| !left.is_empty())
            }
            Operand::Calculation(calculation) => self.keep_calculated(&calculation.kind, wanted),
        }
    }

    fn keep_calculated(&mut self, kind: &CalculationKind, wanted: Interval) -> bool {
        match kind {
            CalculationKind::Negative(inner) => self.keep_within(inner, wanted.negative()),
            CalculationKind::Arithmetic {
                left,
                operator,
                right,
                scale,
            } if *scale > 0.0 => {
                let wanted = match *scale == 1.0 {
                    true => wanted,
                    false => wanted.calculate(Operator::Divide, Interval::closed(*scale, *scale)),
                };
                let (left_range, right_range) = {
                    let of = |feature: &Feature| self.interval(feature);
                    (range(left, &of), range(right, &of))
                };
                let is_off_zero = |range: Interval| range.least > 0.0 || range.most < 0.0;
                let unless_zero = |by: Interval| match is_off_zero(by) {
                    true => wanted.calculate(Operator::Divide, by),
                    false => Interval::ALL,
                };
                let (of_left, of_right) = match operator {
                    Operator::Add => (
                        wanted.calculate(Operator::Subtract, right_range),
                        wanted.calculate(Operator::Subtract, left_range),
                    ),
                    Operator::Subtract => (
                        wanted.calculate(Operator::Add, right_range),
                        left_range.calculate(Operator::Subtract, wanted),
                    ),
                    Operator::Multiply => (unless_zero(right_range), unless_zero(left_range)),
                    Operator::Divide => (
                        wanted.calculate(Operator::Multiply, right_range),
                        Interval::ALL,
                    ),
                };
                self.keep_within(left, of_left) && self.keep_within(right, of_right)
            }
            CalculationKind::OfNumbers(function, values) => {
                let each = match function {
                    Aggregate::Max => Interval {
                        least: f64::NEG_INFINITY,
                        is_least_reached: true,
                        ..wanted
                    },
                    Aggregate::Min => Interval {
                        most: f64::INFINITY,
                        is_most_reached: true,
                        ..wanted
                    },
                    _ => return true,
                };
                values.iter().all(|value| self.keep_within(value, each))
            }
            _ => true,
        }
    }

    // Choices.

    fn choose_all(
        &mut self,
        literals: &[Literal<'_>],
        is_due: impl Fn(&Cell) -> bool,
    ) -> Option<()> {
        for place in 0..self.known.len() {
            let (cell, interval) = self.known.get(place)?.clone();
            if is_due(&cell) && !matches!(cell, Cell::Hosted(_)) {
                self.choose(place, &cell, interval, literals)?;
            }
        }
        Some(())
    }

    /// Chooses the first value that leaves something for all the others.
    fn choose(
        &mut self,
        place: usize,
        cell: &Cell,
        interval: Interval,
        literals: &[Literal<'_>],
    ) -> Option<()> {
        (!interval.is_empty()).then_some(())?;
        let mut candidates = candidates(interval, first_choice(cell), self.is_whole(cell));
        // All calls or none: a share between them needs others.
        if matches!(cell, Cell::Calls(_, Statistic::Perc)) {
            let is_between = |share: &f64| *share != 0.0 && *share != 100.0;
            candidates.sort_by_key(is_between);
        }
        for value in candidates {
            let before = self.known.clone();
            self.known.get_mut(place)?.1 = Interval::closed(value, value);
            if self.narrow(literals) {
                return Some(());
            }
            self.known = before;
        }
        None
    }

    fn is_whole(&self, cell: &Cell) -> bool {
        match cell {
            Cell::Server(_, _, statistic) | Cell::Actor(_, _, statistic) => {
                *statistic == Statistic::Size
            }
            Cell::Gauge(_, gauge) => matches!(gauge, Gauge::Mailbox | Gauge::Moves),
            Cell::Hosted(_) => true,
            Cell::Published(actor, property, _) => {
                let of_type = self.world.actors[*actor].type_id;
                let of_type = of_type.and_then(|id| self.schema.get(id));
                let property = of_type.and_then(|of_type| of_type.property(property));
                let whole = PropertyKind::Value(ValueType::Int);
                let bytes = PropertyKind::Value(ValueType::Bytes);
                property.is_some_and(|p| p.kind == whole || p.kind == bytes)
            }
            Cell::Calls(_, statistic) => matches!(statistic, Statistic::Count | Statistic::Size),
        }
    }

    /// A server uses at least what its actors do.
    fn hold_sums(&mut self) -> Option<()> {
        for place in 0..self.known.len() {
            let (Cell::Server(server, resource, statistic), _) = self.known.get(place)?.clone()
            else {
                continue;
            };
            let actors: Vec<usize> = self.world.on(server).collect();
            let cells = actors.iter().map(|a| Cell::Actor(*a, resource, statistic));
            let used = cells.filter_map(|cell| self.interval_of(&cell));
            let sum: f64 = used.map(|interval| interval.least).sum();
            let cell = Cell::Server(server, resource, statistic);
            self.meet(cell.clone(), Interval::closed(sum, f64::INFINITY));
            let left = self.interval_of(&cell)?;
            (!left.is_empty()).then_some(())?;
        }
        Some(())
    }

    // What is told.

    fn tell_figures(&mut self) {
        for (cell, interval) in std::mem::take(&mut self.known) {
            let value = interval.least;
            match cell {
                Cell::Server(server, resource, statistic) => {
                    self.world.servers[server].usage[resource].set(statistic, value);
                }
                Cell::Actor(actor, resource, statistic) => {
                    self.world.actors[actor].usage[resource].set(statistic, value);
                }
                Cell::Gauge(actor, gauge) => self.world.actors[actor].gauges.push((gauge, value)),
                Cell::Published(actor, property, unit) => {
                    let values = &mut self.world.actors[actor].values;
                    values.insert(property, Value::Number(value, unit));
                }
                Cell::Hosted(_) | Cell::Calls(..) => {}
            }
        }
    }

    /// A server of which nothing was asked uses at least what its actors do: arbitration moves nobody
    /// to a server whose cpu is unknown.
    fn tell_other_servers(&mut self) -> Option<()> {
        for server in 0..self.world.servers.len() {
            for resource in Resource::ALL {
                let actors = self.world.on(server);
                let of = |actor: usize| self.world.actors[actor].usage[resource];
                let used: Vec<Usage> = actors.map(of).collect();
                let sum: f64 = used.iter().filter_map(|usage| usage.perc).sum();
                let usage = &mut self.world.servers[server].usage[resource];
                if usage.perc.is_none() && (resource == Resource::Cpu || sum > 0.0) {
                    let round = (sum / 10.0).ceil() * 10.0;
                    usage.perc = Some(round.max(10.0));
                }
                (usage.perc.is_none_or(|perc| (sum..=100.0).contains(&perc))).then_some(())?;
            }
        }
        Some(())
    }

    /// Chooses who calls whom how often.
    fn tell_calls(&mut self) -> Option<()> {
        let mut asked: Vec<Calls> = Vec::new();
        for (cell, _) in &self.known {
            if let Cell::Calls(calls, _) = cell
                && !asked.contains(calls)
            {
                asked.push(calls.clone());
            }
        }
        for calls in asked {
            self.tell_calls_of(&calls)?;
        }
        Some(())
    }

    fn tell_calls_of(&mut self, calls: &Calls) -> Option<()> {
        let figure = |statistic: Statistic| {
            let interval = self.interval_of(&Cell::Calls(calls.clone(), statistic));
            interval.map(|interval| interval.least)
        };
        let share = figure(Statistic::Perc);
        let rate = figure(Statistic::Rate);
        let count = figure(Statistic::Count)
            .or(rate.map(|rate| rate * PERIOD_SECONDS_DEFAULT))
            .unwrap_or(match share {
                Some(0.0) => 0.0,
                _ => CALLS,
            });
        if count == 0.0 {
            return Some(());
        }
        let (size, latency_seconds) = (figure(Statistic::Size), figure(Statistic::Mean));
        let some_of = |types: &TypeSet| self.world.of(types).next();
        let from = match &calls.from {
            From::Client => None,
            From::Actor { actor, .. } => Some(*actor),
            From::All(types) => Some(some_of(types)?),
        };
        let to = match &calls.to {
            To::Actor(actor) => *actor,
            To::All(types) => some_of(types)?,
        };
        let function = match &calls.function {
            Some(function) => function.clone(),
            None => self.function(to, None)?,
        };
        let call = Call {
            from,
            to,
            function: function.clone(),
            count,
            size,
            latency_seconds,
        };
        // All the other calls that its server receives go to another function.
        if let Some(share) = share.filter(|share| 0.0 < *share && *share < 100.0)
            && calls.function.is_some()
        {
            let others = Call {
                function: self.function(to, Some(&function))?,
                count: count * (100.0 - share) / share,
                size: None,
                latency_seconds: None,
                ..call.clone()
            };
            self.world.calls.push(others);
        }
        self.world.calls.push(call);
        Some(())
    }

    /// A function of an actor, not this one.
    fn function(&self, actor: usize, not: Option<&Arc<str>>) -> Option<Arc<str>> {
        let of_type = self.world.actors[actor].type_id;
        let of_type = of_type.and_then(|id| self.schema.get(id));
        let functions = of_type.iter().flat_map(|of_type| &of_type.functions);
        let mut others = functions.filter(|function| Some(&function.name) != not);
        match others.next() {
            Some(function) => Some(function.name.clone()),
            None => (!self.schema.declared).then(|| "other".into()),
        }
    }
}

/// Where a choice begins.
fn first_choice(cell: &Cell) -> f64 {
    match cell {
        Cell::Server(_, _, Statistic::Perc) => SERVER_PERC,
        Cell::Actor(_, _, Statistic::Perc) => ACTOR_PERC,
        Cell::Server(..) => 100.0 * SIZE,
        Cell::Actor(..) => SIZE,
        Cell::Gauge(..) | Cell::Hosted(_) | Cell::Published(..) => OTHERS,
        Cell::Calls(_, statistic) => match statistic {
            Statistic::Size => CALL_BYTES,
            Statistic::Mean | Statistic::P50 | Statistic::P99 => LATENCY_SECONDS,
            Statistic::Rate => CALLS / PERIOD_SECONDS_DEFAULT,
            _ => CALLS,
        },
    }
}

/// Some numbers of an interval, the roundest close to the first choice first.
fn candidates(interval: Interval, first: f64, is_whole: bool) -> Vec<f64> {
    let is_in = |value: f64| !interval.meet(Interval::closed(value, value)).is_empty();
    let near = first.clamp(interval.least, interval.most);
    let mut found = Vec::new();
    if is_in(first) {
        found.push(first);
    }
    let magnitude = 10f64.powi(near.max(10.0).log10().floor() as i32);
    // Parts of one are divided by whole numbers, so that they are written as they are read.
    for (step, parts) in [
        (magnitude, 1.0),
        (10.0, 1.0),
        (5.0, 1.0),
        (1.0, 1.0),
        (1.0, 10.0),
        (1.0, 100.0),
        (1.0, 1e4),
    ] {
        if is_whole && parts > 1.0 {
            break;
        }
        let place = (near * parts / step).floor();
        for place in [place, place + 1.0, place - 1.0, place + 2.0] {
            let value = place * step / parts;
            if value.is_finite() && is_in(value) && !found.contains(&value) {
                found.push(value);
            }
        }
    }
    for end in [interval.least, interval.most] {
        if end.is_finite() && is_in(end) && (!is_whole || end.fract() == 0.0) {
            found.push(end);
        }
    }
    found
}
