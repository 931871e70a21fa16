//! Policies of many rules, the same for the same seed.

use std::fmt::{self, Write as _};

use oorandom::Rand32;

/// How the rules of a policy look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One comparison or two, one behavior: some 55 bytes.
    Short,
    /// Calls and references, one behavior or two: some 100 bytes.
    Medium,
    /// A name, attributes, a comment, four or five atoms, windows and an aggregate: some 350 bytes.
    Long,
    /// A third of each.
    Mixed,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [Kind::Short, Kind::Medium, Kind::Long, Kind::Mixed];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Short => "short",
            Kind::Medium => "medium",
            Kind::Long => "long",
            Kind::Mixed => "mixed",
        }
    }
}

/// What rules are about.
#[derive(Debug)]
pub struct Subject {
    /// A type.
    pub name: &'static str,
    /// A function of it.
    pub function: &'static str,
    /// A property: a list of another type.
    pub list: &'static str,
    /// The type of the list's members.
    pub listed: &'static str,
    /// A property: a whole number.
    pub value: &'static str,
}

const fn subject([name, function, list, listed, value]: [&'static str; 5]) -> Subject {
    Subject {
        name,
        function,
        list,
        listed,
        value,
    }
}

/// All that rules are about.
pub const SUBJECTS: [Subject; 10] = [
    subject(["Partition", "read", "children", "Partition", "depth"]),
    subject(["Folder", "open", "files", "File", "entries"]),
    subject(["File", "write", "readers", "Client", "versions"]),
    subject(["Player", "update", "seen", "Item", "level"]),
    subject(["Session", "join", "players", "Player", "round"]),
    subject(["Client", "poll", "opened", "Folder", "age"]),
    subject(["Item", "take", "owners", "Player", "price"]),
    subject(["Room", "enter", "doors", "Room", "seats"]),
    subject(["Index", "search", "shards", "Shard", "terms"]),
    subject(["Shard", "fetch", "copies", "Shard", "documents"]),
];

/// What is compared.
pub const RESOURCES: [&str; 3] = ["cpu", "mem", "net"];

/// A rule apart from the language that it is written in: [`Display`](fmt::Display) writes it in ours.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What it says.
    pub form: Form,
    /// What it is about.
    pub subject: &'static Subject,
    /// What it compares.
    pub resource: &'static str,
    /// Its bounds.
    pub numbers: Numbers,
}

/// What a rule says.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A server is above `high` or below `low`: balance the type.
    Band,
    /// An actor is above `low`: reserve.
    Own,
    /// A server is above `high`: balance the type.
    Busy,
    /// Clients' calls to an actor are above `share`: reserve, and its list comes along.
    Share,
    /// An actor calls one of the listed type, which is above `share`, more than `count` times: colocate.
    Pair,
    /// A value is above `count`, a load above `share`, the server's above 60: reserve.
    Level,
    /// All of it, with a name, attributes and a comment.
    Long,
}

/// The numbers in a rule; which of them, its form says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    /// Place of the rule among all.
    pub place: usize,
    /// A high bound, in percent.
    pub high: u32,
    /// A low bound, in percent.
    pub low: u32,
    /// Some bound, in percent.
    pub share: u32,
    /// A bound on calls, or on a value.
    pub count: u32,
    /// Priority of the rule.
    pub priority: u32,
    /// Length of a window and of a cool-down.
    pub seconds: u32,
}

/// So many rules.
pub fn rules(kind: Kind, count: usize, seed: u64) -> Vec<Rule> {
    let mut random = Rand32::new(seed);
    let draw = |number| match (kind, number % 3) {
        (Kind::Short, _) | (Kind::Mixed, 0) => short(&mut random),
        (Kind::Medium, _) | (Kind::Mixed, 1) => medium(&mut random),
        (Kind::Long, _) | (Kind::Mixed, _) => long(&mut random, number),
    };
    (0..count).map(draw).collect()
}

/// A policy of so many rules with the declarations that they need. Nothing in it is wrong or doubtful
/// by itself; what is said of the whole is that there are too many rules for two of the lints.
pub fn policy(kind: Kind, count: usize, seed: u64) -> String {
    let mut text = String::new();
    for Subject {
        name,
        function,
        list,
        listed,
        value,
    } in &SUBJECTS
    {
        let _ = writeln!(
            text,
            "actor {name} {{\n  fn {function};\n  {list}: [{listed}];\n  {value}: int;\n}}"
        );
    }
    text.push('\n');
    for rule in rules(kind, count, seed) {
        let _ = writeln!(text, "{rule}");
    }
    text
}

/// A policy of so many rules that give a warning each.
pub fn doubtful_policy(rules: usize, seed: u64) -> String {
    let mut random = Rand32::new(seed);
    let mut text = String::new();
    for _ in 0..rules {
        let (bound, own) = (random.rand_range(101..200), random.rand_range(1..50));
        let _ = writeln!(
            text,
            "server.cpu.perc > {bound} and Folder(f).cpu.perc > {own} => reserve(f, cpu);"
        );
    }
    text
}

fn one_of<'a, T>(random: &mut Rand32, all: &'a [T]) -> &'a T {
    &all[random.rand_range(0..all.len() as u32) as usize]
}

fn short(random: &mut Rand32) -> Rule {
    let (high, low) = (random.rand_range(70..99), random.rand_range(10..50));
    let resource = *one_of(random, &RESOURCES);
    let subject = one_of(random, &SUBJECTS);
    let form = match random.rand_range(0..4) {
        0 => Form::Band,
        1 => Form::Own,
        _ => Form::Busy,
    };
    let numbers = Numbers {
        high,
        low,
        ..Numbers::default()
    };
    Rule {
        form,
        subject,
        resource,
        numbers,
    }
}

fn medium(random: &mut Rand32) -> Rule {
    let subject = one_of(random, &SUBJECTS);
    let resource = *one_of(random, &RESOURCES);
    let (share, count) = (random.rand_range(10..60), random.rand_range(100..5000));
    let form = match random.rand_range(0..3) {
        0 => Form::Share,
        1 => Form::Pair,
        _ => Form::Level,
    };
    let numbers = Numbers {
        share,
        count,
        ..Numbers::default()
    };
    Rule {
        form,
        subject,
        resource,
        numbers,
    }
}

fn long(random: &mut Rand32, place: usize) -> Rule {
    let subject = one_of(random, &SUBJECTS);
    let resource = *one_of(random, &RESOURCES);
    let (high, low) = (random.rand_range(70..99), random.rand_range(10..50));
    let (priority, seconds) = (random.rand_range(1..100), random.rand_range(10..90));
    let count = random.rand_range(100..5000);
    let numbers = Numbers {
        place,
        high,
        low,
        count,
        priority,
        seconds,
        ..Numbers::default()
    };
    Rule {
        form: Form::Long,
        subject,
        resource,
        numbers,
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Subject {
            name,
            function,
            list,
            listed,
            value,
        } = self.subject;
        let Rule {
            resource, numbers, ..
        } = self;
        let Numbers {
            place,
            high,
            low,
            share,
            count,
            priority,
            seconds,
        } = numbers;
        match self.form {
            Form::Band => write!(
                text,
                "server.{resource}.perc > {high} or server.{resource}.perc < {low} => balance({{{name}}}, {resource});"
            ),
            Form::Own => write!(
                text,
                "{name}(a).{resource}.perc > {low} => reserve(a, {resource});"
            ),
            Form::Busy => write!(
                text,
                "server.{resource}.perc > {high} => balance({{{name}}}, {resource});"
            ),
            Form::Share => write!(
                text,
                "client.call({name}(a).{function}).perc > {share} and {listed}(b) in ref(a.{list})\n  => reserve(a, {resource}); colocate(a, b);"
            ),
            Form::Pair => write!(
                text,
                "{name}(a).call({listed}(b)).count > {count} and b.{resource}.perc > {share} => colocate(a, b);"
            ),
            Form::Level => write!(
                text,
                "{name}(a).{value} > {count} and a.{resource}.perc > {share} and server.{resource}.perc > 60 => reserve(a, {resource});"
            ),
            Form::Long => write!(
                text,
                "
// What clients ask for most gets room of its own.
rule busy_{place} [priority {priority}, cooldown {seconds}s]:
  client.call({name}(a).{function}).perc > {low} and {listed}(b) in ref(a.{list})
  and (a.{resource}.perc > {low} or a.{value} > {count} and a on server(t) and t.{resource}.perc over {seconds}s > {high})
  and avg(s.{resource}.perc for server(s)) < {high} and not b.{resource}.perc > {high}
  => reserve(a, {resource}); colocate(a, b);"
            ),
        }
    }
}
