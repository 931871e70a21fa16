//! Updates of actors: whether their figures can be measured.

use plasma_model::{Field, Resource, UsageUpdate, Value};

use super::WindowError;
use super::usage::{self, check_figure};

/// Refuses an update whose figures cannot be measured.
pub(super) fn check<'u>(
    id: &str,
    figures: [(Resource, &Field<UsageUpdate>); 3],
    [age, idle]: [Field<f64>; 2],
    values: impl Iterator<Item = (&'u str, &'u Value)>,
) -> Result<(), WindowError> {
    let owner = || format!("actor `{id}`");
    for (resource, figures) in figures {
        usage::check(&owner, resource.name(), figures)?;
    }
    check_figure(&|| format!("age of {}", owner()), age)?;
    check_figure(&|| format!("idle of {}", owner()), idle)?;
    for (property, value) in values {
        if let Value::Number(value) = value
            && !value.is_finite()
        {
            return Err(WindowError::Figure {
                what: format!("{property} of {}", owner()),
                value: *value,
                expected: "a finite number",
            });
        }
    }
    Ok(())
}

/// The three resources of an update, each with its figures.
pub(super) fn usage_updates<'a, T>(cpu: &'a T, mem: &'a T, net: &'a T) -> [(Resource, &'a T); 3] {
    [
        (Resource::Cpu, cpu),
        (Resource::Mem, mem),
        (Resource::Net, net),
    ]
}
