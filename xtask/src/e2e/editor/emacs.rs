//! Emacs without a screen, with its own client.

use super::{bounded, plugin, with_demo};
use crate::e2e::Trouble;
use crate::e2e::setup::{self, Setup};
use crate::session::succeed;

pub(crate) static TOOLS: Setup<()> = Setup::new(|| setup::debian(&["emacs-nox", "elpa-eglot"]));

pub(crate) fn test() -> Result<(), Trouble> {
    TOOLS.get().map_err(Trouble::Skipped)?;
    let mut command = bounded("emacs");
    with_demo(&mut command, "emacs")?;
    let plugin = plugin("emacs")?;
    // `-Q` would hide what Debian installs.
    command.args(["--batch", "-q", "-L"]).arg(&plugin);
    command.arg("-l").arg(plugin.join("test/edit.el"));
    succeed(command)?;
    Ok(())
}
