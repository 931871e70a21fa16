//! SQLite in memory, with the statements of `sql/sqlite`.

use plasma_benches::generated::{CLIENT, Generated};
use rusqlite::{Connection, Params};

use super::bindings::Bindings;
use super::engine::Form;

const SCHEMA: &str = include_str!("../../sql/sqlite/schema.sql");
const BALANCE: &str = include_str!("../../sql/sqlite/balance.sql");
const FOLDERS: &str = include_str!("../../sql/sqlite/folders.sql");
const SESSIONS: &str = include_str!("../../sql/sqlite/sessions.sql");

/// A database with one snapshot.
pub(crate) struct Database(Connection);

impl<'c> Form<'c> for Database {
    fn version() -> Option<String> {
        Some(format!("SQLite {}", rusqlite::version()))
    }

    fn load(cluster: &'c Generated) -> Result<Self, String> {
        load(cluster).map_err(|error| error.to_string())
    }

    fn evaluate(&mut self, bindings: Option<&mut Bindings>) -> Result<(), String> {
        let found = evaluate(&self.0).map_err(|error| error.to_string())?;
        if let Some(bindings) = bindings {
            *bindings = found;
        }
        Ok(())
    }
}

fn evaluate(database: &Connection) -> rusqlite::Result<Bindings> {
    let pairs = |sql| -> rusqlite::Result<Vec<(u32, u32)>> {
        let mut statement = database.prepare_cached(sql)?;
        statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    Ok(Bindings {
        balance: database
            .prepare_cached(BALANCE)?
            .query_row([], |row| row.get(0))?,
        folders: pairs(FOLDERS)?,
        sessions: pairs(SESSIONS)?,
    })
}

fn load(cluster: &Generated) -> rusqlite::Result<Database> {
    let mut database = Connection::open_in_memory()?;
    database.execute_batch("pragma journal_mode = off; pragma synchronous = off;")?;
    database.execute_batch(SCHEMA)?;
    let transaction = database.transaction()?;
    let server = |(id, cpu)| (id, cpu);
    let servers = (0u32..).zip(&cluster.server_cpu).map(server);
    insert(&transaction, "insert into servers values (?, ?)", servers)?;
    let actors = (0u32..).zip(cluster.types.iter().zip(&cluster.hosts));
    let actors = actors.map(|(id, (actor_type, host))| (id, actor_type, host));
    insert(&transaction, "insert into actors values (?, ?, ?)", actors)?;
    calls(&transaction, cluster)?;
    let mut files: Vec<_> = cluster.files.clone();
    files.sort_unstable_by_key(|(folder, file)| (*folder, actor_type(cluster, *file), *file));
    let files = files
        .iter()
        .map(|(folder, file)| (folder, actor_type(cluster, *file), file));
    insert(&transaction, "insert into files values (?, ?, ?)", files)?;
    transaction.commit()?;
    Ok(Database(database))
}

/// The calls in the order of their tables, which is how they are put in fastest.
fn calls(database: &Connection, cluster: &Generated) -> rusqlite::Result<()> {
    let (mut of_clients, mut of_actors) = (Vec::new(), Vec::new());
    for place in 0..cluster.callees.len() {
        let (from, to) = (cluster.callers[place], cluster.callees[place]);
        let (function, count) = (cluster.functions[place], cluster.counts[place]);
        let callee_type = actor_type(cluster, to);
        if from == CLIENT {
            let host = cluster.hosts[to as usize];
            of_clients.push((host, function, callee_type, to, count));
        } else {
            // Counts are whole and not negative, so their bits are in order.
            let caller_type = actor_type(cluster, from);
            of_actors.push((
                function,
                caller_type,
                callee_type,
                count.to_bits(),
                from,
                to,
            ));
        }
    }
    of_clients.sort_unstable_by_key(|(host, function, kind, to, _)| (*host, *function, *kind, *to));
    of_actors.sort_unstable();
    let sql = "insert into client_calls values (?, ?, ?, ?, ?)";
    insert(database, sql, of_clients)?;
    let of_actors = of_actors
        .into_iter()
        .map(|(function, caller, callee, count, from, to)| {
            (function, caller, callee, f64::from_bits(count), from, to)
        });
    let sql = "insert into actor_calls values (?, ?, ?, ?, ?, ?)";
    insert(database, sql, of_actors)
}

fn actor_type(cluster: &Generated, no: u32) -> u8 {
    cluster.types[no as usize]
}

fn insert<P: Params>(
    database: &Connection,
    sql: &str,
    rows: impl IntoIterator<Item = P>,
) -> rusqlite::Result<()> {
    let mut statement = database.prepare(sql)?;
    rows.into_iter()
        .try_for_each(|row| statement.execute(row).map(drop))
}
