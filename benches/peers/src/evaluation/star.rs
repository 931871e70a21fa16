//! starlark-rust, with `star/policy.star`.

use plasma_benches::generated::Generated;
use starlark::environment::{FrozenModule, Globals, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};
use starlark::values::dict::AllocDict;
use starlark::values::list::AllocList;
use starlark::values::{UnpackValue, Value};

use super::bindings::Bindings;
use super::engine::Form;
use super::layout::Layout;
use crate::versions;

const POLICY: &str = include_str!("../../star/policy.star");

/// Functions, each with the data that it is called with.
const CALLS: [(&str, &[&str]); 3] = [
    ("balance", &["data_servers", "data_partitions"]),
    (
        "folders",
        &["data_servers", "data_received", "data_opens", "data_files"],
    ),
    ("sessions", &["data_updates"]),
];

/// A frozen module with the functions and one snapshot.
pub(crate) struct Script(FrozenModule);

impl<'c> Form<'c> for Script {
    fn version() -> Option<String> {
        Some(format!("starlark {}", versions::of("starlark")))
    }

    fn load(cluster: &'c Generated) -> Result<Self, String> {
        load(cluster).map_err(|error| error.to_string())
    }

    fn evaluate(&mut self, bindings: Option<&mut Bindings>) -> Result<(), String> {
        let evaluated = Module::with_temp_heap(|module| evaluate(&self.0, &module, bindings));
        evaluated.map_err(|error| error.to_string())
    }
}

fn evaluate<'v>(
    script: &FrozenModule,
    module: &Module<'v>,
    bindings: Option<&mut Bindings>,
) -> starlark::Result<()> {
    let mut evaluator = Evaluator::new(module);
    let mut call = |(function, arguments): (&str, &[&str])| -> starlark::Result<Value<'v>> {
        let get = |name: &&str| -> starlark::Result<Value<'v>> {
            Ok(module.heap().access_owned_frozen_value(&script.get(name)?))
        };
        let arguments = arguments.iter().map(get);
        let arguments = arguments.collect::<starlark::Result<Vec<_>>>()?;
        evaluator.eval_function(get(&function)?, &arguments, &[])
    };
    let [balance, folders, sessions] = CALLS.map(&mut call);
    let (balance, folders, sessions) = (balance?, folders?, sessions?);
    if let Some(bindings) = bindings {
        *bindings = Bindings {
            balance: balance.to_bool(),
            folders: pairs(folders)?,
            sessions: pairs(sessions)?,
        };
    }
    Ok(())
}

fn pairs(list: Value<'_>) -> starlark::Result<Vec<(u32, u32)>> {
    use starlark::values::list::UnpackList;
    Ok(UnpackList::<(u32, u32)>::unpack_value_err(list)?.items)
}

fn load(cluster: &Generated) -> starlark::Result<Script> {
    let ast = AstModule::parse("policy.star", POLICY.to_owned(), &Dialect::Standard)?;
    let layout = Layout::of(cluster);
    Module::with_temp_heap(|module| {
        let heap = module.frozen_heap();
        let servers = heap.alloc(AllocList(cluster.server_cpu.iter().copied()));
        let files = layout.files.into_iter();
        let files = heap.alloc(AllocDict(files.map(|(folder, f)| (folder, AllocList(f)))));
        let data = [
            ("data_servers", servers),
            ("data_partitions", heap.alloc(layout.partitions)),
            ("data_received", heap.alloc(AllocList(layout.received))),
            ("data_opens", heap.alloc(AllocList(layout.opens))),
            ("data_files", files),
            ("data_updates", heap.alloc(AllocList(layout.updates))),
        ];
        for (name, value) in data {
            module.set(name, value.to_value());
        }
        Evaluator::new(&module).eval_module(ast, &Globals::standard())?;
        Ok(Script(module.freeze()?))
    })
}
