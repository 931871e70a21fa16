//! Random applications: a few actor types with references, published values and functions.

use proptest::prelude::*;

/// Names of types, and the letter of their variables.
pub(crate) const TYPES: [(&str, &str); 4] = [
    ("Folder", "f"),
    ("Image", "i"),
    ("Shard", "s"),
    ("User", "u"),
];

/// An actor type.
#[derive(Clone, Debug)]
pub(crate) struct TypePlan {
    /// Properties that refer to actors, each with the places of the types that it may refer to.
    pub(crate) refs: Vec<(&'static str, usize, bool)>,
    pub(crate) has_depth: bool,
    pub(crate) has_hot: bool,
    pub(crate) has_zone: bool,
    pub(crate) functions: Vec<&'static str>,
}

/// An application: the types are the first of [`TYPES`].
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) types: Vec<TypePlan>,
}

impl Schema {
    pub(crate) fn name(&self, place: usize) -> &'static str {
        TYPES[place % self.types.len()].0
    }

    /// As the language declares it.
    pub(crate) fn text(&self) -> String {
        let declared = self.types.iter().enumerate().map(|(place, plan)| {
            let refs = plan.refs.iter().map(|(name, to, is_list)| {
                let to = self.name(*to);
                match is_list {
                    true => format!("{name}: [{to}]; "),
                    false => format!("{name}: {to}?; "),
                }
            });
            let values = [
                (plan.has_depth, "depth: float; "),
                (plan.has_hot, "hot: bool; "),
                (plan.has_zone, "zone: text; "),
            ];
            let values = values.into_iter().filter(|(has, _)| *has);
            let functions = plan.functions.iter().map(|name| format!("fn {name}; "));
            let members: String = refs
                .chain(values.map(|(_, text)| text.to_owned()))
                .chain(functions)
                .collect();
            format!("actor {} {{ {members}}}\n", self.name(place))
        });
        declared.collect()
    }
}

pub(crate) fn schemas() -> impl Strategy<Value = Schema> {
    let list = (Just("files"), 0..4usize, Just(true));
    let single = (Just("owner"), 0..4usize, Just(false));
    let functions = prop_oneof![
        Just(vec!["open"]),
        Just(vec!["open", "update"]),
        Just(vec!["update"]),
    ];
    let plan = (
        prop::option::weighted(0.7, list),
        prop::option::weighted(0.4, single),
        any::<[bool; 3]>(),
        functions,
    );
    let plan = plan.prop_map(|(list, single, values, functions)| TypePlan {
        refs: list.into_iter().chain(single).collect(),
        has_depth: values[0],
        has_hot: values[1],
        has_zone: values[2],
        functions,
    });
    prop::collection::vec(plan, 2..=4).prop_map(|types| Schema { types })
}
