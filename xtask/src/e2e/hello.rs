//! A user's own actors: `examples/hello`, built and run as its page says, must move an actor.

use crate::session::{cargo, report, root, succeed};

pub(crate) fn test() -> Result<(), String> {
    let folder = root().join("examples/hello");
    let arguments = [
        "run",
        "--quiet",
        "--",
        "run",
        "hello.plasma",
        "--duration",
        "9s",
        "--format",
        "json",
    ];
    let report = report(&succeed(cargo(&folder, &arguments))?)?;
    match report["moves"].as_u64() {
        Some(moves) if moves > 0 => Ok(()),
        _ => Err(format!("no actor moved: {report}")),
    }
}
