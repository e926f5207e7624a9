//! Releases that cannot be taken back.

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
    let publishes = match leaf.name().as_str() {
        "npm" | "pnpm" | "yarn" | "bun" => {
            leaf.has_arg(&["publish", "unpublish", "deprecate", "owner", "dist-tag"])
        }
        "cargo" => leaf.has_arg(&["publish", "yank", "owner", "login"]),
        "twine" => leaf.has_arg(&["upload"]),
        "gem" => leaf.has_arg(&["push", "yank", "owner"]),
        "uv" | "poetry" | "flit" | "hatch" => leaf.has_arg(&["publish"]),
        "docker" | "podman" | "helm" => leaf.has_arg(&["push", "login"]),
        "gh" => {
            leaf.has_arg(&["release", "repo", "secret", "auth", "workflow"])
                && leaf.has_arg(&[
                    "create", "delete", "edit", "set", "login", "run", "archive", "upload",
                ])
                || leaf.has_arg(&["merge", "close"])
        }
        "mvn" | "gradle" => leaf.has_arg(&["deploy", "publish"]),
        "dotnet" | "nuget" => leaf.has_arg(&["push"]),
        "semantic-release" | "release-it" | "np" | "goreleaser" | "changeset" | "auto" => !leaf
            .has_arg(&[
                "--help",
                "--version",
                "--dry-run",
                "check",
                "build",
                "add",
                "version",
                "status",
            ]),
        "vsce" | "ovsx" => leaf.has_arg(&["publish"]),
        "firebase" | "vercel" | "netlify" | "wrangler" | "fly" | "flyctl" | "heroku" | "eb"
        | "cap" | "fab" => leaf.has_arg(&["deploy", "publish", "release", "--prod"]),
        _ => false,
    };
    publishes.then_some("It publishes something, which cannot be taken back.")
}
