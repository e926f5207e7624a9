//! Statements that drop or empty data, or run a program from a client.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::{Join, Leaf};

const CLIENTS: &str = "psql mysql mariadb sqlite3 sqlcmd mongo mongosh redis-cli clickhouse-client cqlsh duckdb \
    bq influx dropdb mysqladmin rails rake prisma sqlplus cockroach bundle npx php artisan alembic isql ksql osql usql pgcli mycli litecli turso libsql surreal arangosh cypher-shell \
    dropuser createuser pg_restore mongorestore mysqlimport";

const STATEMENTS: &[&str] = &[
    "drop ",
    "dropdatabase",
    "load_extension",
    "writefile",
    ".remove(",
    "deleteone",
    "xp_cmdshell",
    "lo_import",
    "lo_export",
    "create user",
    "alter user",
    "alter role",
    "set global",
    "truncate",
    "delete from",
    "alter table",
    "update ",
    "grant all",
    "flushall",
    "flushdb",
    "config set",
    "shutdown",
    ".drop(",
    "deletemany",
    "db:drop",
    "db:reset",
    "db push",
    "migrate reset",
    "--force-reset",
    "migrate:fresh",
    "copy (",
    "\\!",
    ".shell",
    ".system",
    "into outfile",
    "load_file",
    "pg_read_file",
    "os.execute",
    "io.popen",
    "to '/",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| among(CLIENTS, &leaf.name()))
    {
        if leaf.is(&["dropdb", "dropuser", "createuser"])
            || (leaf.is(&["pg_restore", "mongorestore"])
                && (leaf.long("clean") || leaf.short('c') || leaf.long("drop")))
            || fed(leaf, subject.text)
            || (leaf.is(&["mysqladmin"]) && leaf.has_arg(&["drop"]))
            || changes(leaf)
        {
            hits.danger(
                leaf.span,
                "It drops, empties or changes data, or runs a program from a database client.",
            );
        }
    }
}

/// A client at the end of a pipe does what the rest of the line says.
fn fed(leaf: &Leaf, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let sql = !leaf.is(&["php", "npx", "bundle", "rake", "rails", "bq"]);
    let input = leaf.before == Join::Pipe
        || leaf
            .redirects
            .iter()
            .any(|redirect| redirect.operator == "<<<");
    sql && input && STATEMENTS.iter().any(|statement| text.contains(statement))
}

fn changes(leaf: &Leaf) -> bool {
    let text = format!("{} {}", leaf.argv().join(" "), leaf.bodies.join(" ")).to_ascii_lowercase();
    let program = text.contains("copy") && text.contains("program");
    program || STATEMENTS.iter().any(|statement| text.contains(statement))
}
