//! The three rules that evaluation is measured by, in the language.

use plasma_check::program::{CheckedProgram, FileId};
use plasma_check::{Environment, check_source};

/// The rules: balance, folders with their files, sessions with their players.
pub const POLICY: &str = "\
server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
Session(s).call(Player(p).update).count > 100 => colocate(s, p);
";

/// The rules, checked.
///
/// # Errors
///
/// What the checker says of them, if it refuses them.
pub fn program() -> Result<CheckedProgram, String> {
    checked(POLICY)
}

/// A policy without a schema, checked.
///
/// # Errors
///
/// What the checker says of it, if it refuses it.
pub fn checked(policy: &str) -> Result<CheckedProgram, String> {
    let checked = check_source(FileId::default(), policy, &Environment::default());
    match checked.has_errors() {
        true => Err(format!(
            "the policy has mistakes: {:?}",
            checked.diagnostics
        )),
        false => Ok(checked.program),
    }
}
