//! Verbs that take something away or put something out for good, whatever
//! the program is called: `delete`, `db:drop`, `schedule-key-deletion`,
//! `hex.publish`.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::{self, among};
use crate::bash::script::Leaf;
use crate::bash::word::Word;

const ENDS: &str = "delete destroy drop purge wipe flush uninstall unregister unregistervm undefine terminate \
    obliterate abandon revert rollback downgrade revoke remove rm rb reset prune erase nuke unlock deregister \
    decommission drain evict unpublish yank flushdb flushall truncate deletion teardown disable deactivate \
    suspend seal leave detach strip expunge evacuate del unlink down rmr uncommit";
const PUBLISHES: &str = "publish upload push release deploy submit promote unyank";
/// They end what the name before them says: `flyway clean`.
const OWN: &[(&str, &str)] = &[
    ("flyway", "clean undo"),
    ("hg", "purge rollback backout histedit"),
    ("pulumi", "up update cancel"),
    ("cdk", "deploy"),
    ("nomad", "stop system"),
    ("consul", "leave force-leave"),
    ("kubectl", "clusterrolebinding rolebinding cordon taint"),
    ("gh", "ssh-key gpg-key deploy-key"),
    ("p4", "obliterate reopen"),
    ("multipass", "stop"),
    ("zfs", "destroy rollback"),
    ("migrate", "force"),
];
/// Options that say the same.
const OPTIONS: &str = "purge destroy delete drop wipe hard remove-files remove-source-files nodeps force-all \
    delete-all delete-after delete-excluded delete-data zap sdel prune drop-database force-yes allow-unauthenticated";
/// Behind these the rest is only looked up.
const LOOKS: &str = "list ls get describe show view status logs log inspect help search info explain diff cat why \
    outdated audit tree test check lint fmt doc version whoami plan validate dry-run";
/// Programs whose operands are files, messages or patterns.
const NOT_CLIENTS: &str = "git cp mv rm rmdir mkdir touch ln install chmod chown tee dd tar unzip zip gzip kill \
    echo printf cd pushd export declare local alias set unset read man less more open vi vim nvim nano emacs code \
    source . eval exec command builtin type which for case select function if while until do docker podman compose docker-compose podman-compose \
    tput stty convert ffmpeg curl wget ssh scp rsync sudo env time nohup timeout xargs make gmake go";
/// Package managers take their own packages away again, and build.
const MANAGERS: &str = "npm pnpm yarn bun cargo pip pip3 uv poetry pipenv gem bundle composer rustup brew conda \
    mamba dotnet opam stack nvm asdf mise luarocks cpanm helm flatpak code cabal hatch pdm rye";
const TAKES_BACK: &str = "uninstall remove rm prune unlink reset drop del disable unlock";

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        let name = leaf.name();
        let settled = reading.listed && reading.refused.is_empty();
        if settled || leaf.guessed || leaf.is(&["git", "echo"]) || only_builds(&name) {
            continue;
        }
        // The operands of a program that is known are no verbs.
        let is_client = !reading.listed && !among(NOT_CLIENTS, &name);
        let verb = verb(leaf, &name).filter(|_| is_client);
        let what = match verb.or_else(|| option(leaf)) {
            Some(verb) => format!("{name} {verb}"),
            None if is_client && ends_by_name(&name) => name,
            None => continue,
        };
        hits.danger(leaf.span, format!("`{what}` cannot simply be taken back."));
    }
}

fn only_builds(name: &str) -> bool {
    let tasks =
        "cargo mix rake mvn gradle gradlew sbt lein just task invoke nx turbo docker-compose";
    names::BUILDERS.contains(&name) && !among(tasks, name)
}

fn verb<'l>(leaf: &'l Leaf, name: &str) -> Option<&'l str> {
    let own = OWN
        .iter()
        .find(|(program, _)| *program == name)
        .map_or("", |(_, verbs)| verbs);
    let operands: Vec<&Word> = leaf.operands().take(5).collect();
    for (at, word) in operands.iter().enumerate() {
        let text = word.text.as_str();
        let lower = text.to_ascii_lowercase();
        if among(LOOKS, &lower) {
            return None;
        }
        let takes_back = among(MANAGERS, name) && among(TAKES_BACK, &lower);
        let script = lower.contains('/') || lower.contains(' ') || lower.len() > 40;
        if takes_back || script {
            continue;
        }
        // `gh release list` only looks at what is published, and the text
        // behind an option is rarely a verb.
        let looks = operands
            .get(at + 1)
            .is_some_and(|next| among(LOOKS, &next.text));
        let value = leaf.words.windows(2).any(|pair| {
            matches!(pair, [before, this] if before.text.starts_with('-') && this.start == word.start)
        });
        let publishes = publishes(&lower) && !looks && !value;
        if publishes || ends(&lower) || ends(first_hump(text)) || among(own, &lower) {
            return Some(text);
        }
    }
    None
}

/// `kafka-delete-records.sh`: the verb is part of the program's name.
fn ends_by_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem.contains('-') && stem.split('-').skip(1).any(|part| among(ENDS, part))
}

/// Any part of `db:drop`, `reset_db`, `drop-all`; the last of `a.delete`.
fn ends(text: &str) -> bool {
    let task = text.rsplit('.').next().unwrap_or_default();
    let file = text.contains('.') && text.rsplit('.').next().is_some_and(|end| end.len() < 4);
    !file && task.split([':', '-', '_']).any(|part| among(ENDS, part))
}

/// `drop` of `dropAll`; all of what is spelled otherwise.
fn first_hump(text: &str) -> &str {
    let end = text.find(|c: char| c.is_ascii_uppercase());
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// `publish`, `hex.publish`, `deploy:prod`; not `build:release`.
fn publishes(text: &str) -> bool {
    let first = text.split([':', '-', '_']).next().unwrap_or_default();
    let task = first.rsplit('.').next().unwrap_or_default();
    among(PUBLISHES, task)
}

fn option(leaf: &Leaf) -> Option<&str> {
    let removes = leaf.is(&["pacman", "yay", "paru", "emerge"]);
    leaf.options().find_map(|word| {
        if removes && word.text.starts_with(['-']) && word.text[1..].starts_with(['R', 'C']) {
            return Some(word.text.as_str());
        }
        let text = word.text.trim_start_matches('-');
        let head = text.split('=').next().unwrap_or_default();
        let long = word.text.starts_with("--") || head.len() > 3;
        (long && among(OPTIONS, head)).then_some(word.text.as_str())
    })
}
