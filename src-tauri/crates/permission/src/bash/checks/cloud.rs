//! Commands that delete or change what runs elsewhere.

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

fn why(leaf: &Leaf) -> Option<String> {
    const CLIENTS: &[&str] = &[
        "aws",
        "gcloud",
        "az",
        "kubectl",
        "oc",
        "helm",
        "terraform",
        "tofu",
        "pulumi",
        "doctl",
        "heroku",
        "fly",
        "flyctl",
        "vercel",
        "netlify",
        "gh",
        "glab",
        "docker",
        "podman",
        "docker-compose",
        "s3cmd",
        "gsutil",
        "rclone",
        "cdk",
        "serverless",
        "eksctl",
        "ansible",
        "vagrant",
        "firebase",
        "wrangler",
        "railway",
        "nomad",
        "consul",
        "etcdctl",
        "supabase",
        "linode-cli",
        "hcloud",
        "openstack",
        "mc",
        "virsh",
    ];
    const ENDS: &[&str] = &[
        "delete",
        "destroy",
        "rm",
        "rb",
        "remove",
        "terminate-instances",
        "drain",
        "prune",
        "uninstall",
        "purge",
        "kill",
        "delete-stack",
        "delete-bucket",
        "down",
        "apps:destroy",
        "pg:reset",
        "rmi",
        "del",
        "deletefile",
        "undefine",
        "delete-db-instance",
        "delete-user",
        "scale",
        "rollback",
        "apply",
        "deploy",
        "--prod",
        "state",
        "put-bucket-policy",
        "put-user-policy",
        "attach-user-policy",
        "sync",
        "replace",
    ];
    if !leaf.is(CLIENTS) {
        return None;
    }
    let word = leaf.operands().take(4).find(|word| {
        ENDS.contains(&word.text.as_str())
            || word.text.starts_with("delete-")
            || word.text.starts_with("terminate-")
    });
    let method = leaf.is(&["gh", "glab"]) && leaf.args().windows(2).any(|pair| matches!(pair, [option, verb] if matches!(option.text.as_str(), "-X" | "--method") && verb.text != "GET"));
    let forced = leaf.has_arg(&["-auto-approve", "--auto-approve", "--privileged"]);
    (word.is_some() || method || forced).then(|| {
        format!(
            "`{}` changes or removes something that others use.",
            leaf.name()
        )
    })
}
