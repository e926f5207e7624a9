//! Statements that drop or empty data, or run a program from a client.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::Leaf;

const CLIENTS: &str = "psql mysql mariadb sqlite3 sqlcmd mongo mongosh redis-cli clickhouse-client cqlsh duckdb \
    bq influx dropdb mysqladmin rails rake prisma sqlplus cockroach bundle npx php artisan alembic";

const STATEMENTS: &[&str] = &[
    "drop table",
    "drop database",
    "drop schema",
    "drop user",
    "drop view",
    "drop collection",
    "truncate",
    "delete from",
    "alter table",
    "update ",
    "grant all",
    "flushall",
    "flushdb",
    "config set",
    "shutdown",
    "dropdatabase",
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
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| among(CLIENTS, &leaf.name()))
    {
        if leaf.is(&["dropdb"])
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

fn changes(leaf: &Leaf) -> bool {
    let text = format!("{} {}", leaf.argv().join(" "), leaf.bodies.join(" ")).to_ascii_lowercase();
    let program = text.contains("copy") && text.contains("program");
    program || STATEMENTS.iter().any(|statement| text.contains(statement))
}
