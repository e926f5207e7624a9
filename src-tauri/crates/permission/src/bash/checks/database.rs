//! Statements that drop or empty data.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<&'static str> {
    const CLIENTS: &[&str] = &[
        "psql",
        "mysql",
        "mariadb",
        "sqlite3",
        "sqlcmd",
        "mongo",
        "mongosh",
        "redis-cli",
        "clickhouse-client",
        "cqlsh",
        "duckdb",
        "bq",
        "influx",
        "dropdb",
        "mysqladmin",
        "rails",
        "rake",
        "prisma",
        "sqlplus",
        "cockroach",
        "bundle",
        "npx",
        "php",
        "artisan",
        "alembic",
    ];
    if !leaf.is(CLIENTS) {
        return None;
    }
    if leaf.is(&["dropdb"]) {
        return Some("It drops a database.");
    }
    let text =
        leaf.argv().join(" ").to_ascii_lowercase() + &leaf.bodies.join(" ").to_ascii_lowercase();
    let drops = [
        "drop table",
        "drop database",
        "drop schema",
        "drop user",
        "drop view",
        "truncate",
        "delete from",
        "flushall",
        "flushdb",
        "dropdatabase",
        ".drop(",
        "deletemany",
        "db:drop",
        "db:reset",
        "migrate reset",
        "--force-reset",
        "migrate:fresh",
        "alter table",
        "update ",
        "shutdown",
        "drop collection",
        "db push",
        "copy (",
        "\\!",
        ".shell",
        ".system",
        "into outfile",
        "load_file",
        "pg_read_file",
        "config set",
        "grant all",
    ];
    drops
        .iter()
        .any(|drop| text.contains(drop))
        .then_some("It drops, empties or changes data, or runs a program from a database client.")
}
