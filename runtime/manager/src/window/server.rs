//! A server's figures and labels, as its events tell them.

use plasma_model::{Field, Server, ServerUpdate};

use super::{WindowError, actor, check_name, usage};

/// Refuses an update of a server without a name, or whose figures cannot be measured.
pub(super) fn check(update: &ServerUpdate) -> Result<(), WindowError> {
    check_name("server", "id", update.id.as_str())?;
    for (resource, figures) in actor::usage_updates(&update.cpu, &update.mem, &update.net) {
        let owner = || format!("server `{}`", update.id);
        usage::check(&owner, resource.name(), figures)?;
    }
    Ok(())
}

/// Takes an update over; it was checked before.
pub(super) fn update(server: &mut Server, update: &ServerUpdate) {
    for (resource, figures) in actor::usage_updates(&update.cpu, &update.mem, &update.net) {
        usage::update_server(&mut server.usage[resource], figures);
    }
    match &update.labels {
        Field::Keep => {}
        Field::Unknown => server.labels.clear(),
        Field::Known(labels) => server.labels.clone_from(labels),
    }
    match update.contended {
        Field::Keep => {}
        Field::Unknown => server.contended = false,
        Field::Known(contended) => server.contended = contended,
    }
    server.stale = false;
}
