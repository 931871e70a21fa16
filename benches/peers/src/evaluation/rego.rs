//! regorus, Rego in Rust, by its virtual machine, with `rego/policy.rego`.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_benches::generated::Generated;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};

use super::bindings::Bindings;
use super::engine::Form;
use super::layout::Layout;
use crate::versions;

const POLICY: &str = include_str!("../../rego/policy.rego");

/// What is asked for, in the order of the rules.
const ENTRIES: [&str; 3] = [
    "data.plasma.balance",
    "data.plasma.folders",
    "data.plasma.sessions",
];

/// A machine with the compiled policy and one snapshot.
pub(crate) struct Machine(RegoVM);

impl<'c> Form<'c> for Machine {
    fn version() -> Option<String> {
        Some(format!("regorus {}", versions::of("regorus")))
    }

    fn load(cluster: &'c Generated) -> Result<Self, String> {
        load(cluster).map_err(|error| format!("{error:#}"))
    }

    fn evaluate(&mut self, bindings: Option<&mut Bindings>) -> Result<(), String> {
        let mut found = [const { Value::Undefined }; 3];
        for (place, value) in found.iter_mut().enumerate() {
            let executed = self.0.execute_entry_point_by_index(place);
            *value = executed.map_err(|error| format!("{}: {error}", ENTRIES[place]))?;
        }
        if let Some(bindings) = bindings {
            let [balance, folders, sessions] = found;
            *bindings = Bindings {
                balance: balance == Value::Bool(true),
                folders: pairs(&folders)?,
                sessions: pairs(&sessions)?,
            };
        }
        Ok(())
    }
}

fn pairs(set: &Value) -> Result<Vec<(u32, u32)>, String> {
    let set = set.as_set().map_err(|error| error.to_string())?;
    let number = |value: Option<&Value>| value.and_then(|v| v.as_u32().ok());
    let pair = |value: &Value| {
        let pair = value.as_array().ok()?;
        Some((number(pair.first())?, number(pair.get(1))?))
    };
    let pairs = set.iter().map(pair);
    let pairs: Option<_> = pairs.collect();
    pairs.ok_or_else(|| "a firing is no pair of numbers".to_owned())
}

fn load(cluster: &Generated) -> anyhow::Result<Machine> {
    let mut engine = Engine::new();
    engine.add_policy("policy.rego".to_owned(), POLICY.to_owned())?;
    let compiled = engine.compile_with_entrypoint(&Rc::from(ENTRIES[0]))?;
    let program = Compiler::compile_from_policy(&compiled, &ENTRIES)?;
    let mut machine = RegoVM::new();
    machine.load_program(Arc::clone(&program));
    machine.set_max_instructions(usize::MAX);
    machine.set_data(data(cluster))?;
    Ok(Machine(machine))
}

fn data(cluster: &Generated) -> Value {
    let layout = Layout::of(cluster);
    let mut received = vec![Vec::new(); cluster.server_cpu.len()];
    for (host, count) in layout.received {
        received[host as usize].push(Value::from(count));
    }
    let mut opens = vec![Vec::new(); cluster.server_cpu.len()];
    for (folder, host, count) in layout.opens {
        opens[host as usize].push(array([folder, count].map(Value::from).to_vec()));
    }
    let servers = cluster.server_cpu.iter().zip(received).zip(opens);
    let servers = servers.map(|((cpu, received), opens)| {
        object([
            ("cpu", Value::from(*cpu)),
            ("received", array(received)),
            ("opens", array(opens)),
        ])
    });
    let updates = layout
        .updates
        .into_iter()
        .map(|(session, player, count)| array([session, player, count].map(Value::from).to_vec()));
    let files = layout.files.into_iter().map(|(folder, files)| {
        let files = files.into_iter().map(Value::from);
        (Value::from(folder), array(files.collect()))
    });
    object([
        ("servers", array(servers.collect())),
        ("partitions", Value::from(layout.partitions)),
        ("updates", array(updates.collect())),
        ("files", Value::from(files.collect::<BTreeMap<_, _>>())),
    ])
}

fn array(values: Vec<Value>) -> Value {
    Value::from(values)
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let fields = fields.map(|(name, value)| (Value::from(name), value));
    Value::from(BTreeMap::from(fields))
}
