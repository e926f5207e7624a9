//! Commands that delete or change what runs elsewhere.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::Leaf;

const CLIENTS: &str = "aws gcloud az kubectl oc helm terraform tofu pulumi doctl heroku fly flyctl vercel \
    netlify gh glab docker podman docker-compose s3cmd gsutil rclone cdk serverless eksctl ansible vagrant \
    firebase wrangler railway nomad consul etcdctl supabase linode-cli hcloud openstack mc virsh crictl nerdctl skopeo";

const ENDS: &str = "delete destroy rm rb remove drain prune uninstall purge kill down apps:destroy pg:reset \
    rmi del deletefile undefine scale rollback apply deploy --prod state put-bucket-policy put-user-policy \
    attach-user-policy sync replace add-iam-policy-binding set-iam-policy ch up:force";

/// What the names of an API's operations begin with.
const CHANGES: &str = "delete terminate deregister disable detach revoke authorize attach put modify reset \
    schedule remove purge cancel reboot stop disassociate reject release restore deactivate run update create add import";

const FORCES: &[&str] = &["-auto-approve", "--auto-approve", "--privileged"];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| among(CLIENTS, &leaf.name()))
    {
        if ends(leaf) || writes_by_api(leaf) || leaf.has_arg(FORCES) {
            hits.danger(
                leaf.span,
                format!(
                    "`{}` changes or removes something that others use.",
                    leaf.name()
                ),
            );
        }
    }
}

fn ends(leaf: &Leaf) -> bool {
    let makes = leaf.is(&[
        "az",
        "gcloud",
        "aws",
        "eksctl",
        "doctl",
        "hcloud",
        "openstack",
    ]);
    if makes && leaf.has_arg(&["create"]) || leaf.is(&["skopeo"]) && leaf.has_arg(&["copy"]) {
        return true;
    }
    leaf.operands().take(4).any(|word| {
        among(ENDS, &word.text)
            || word
                .text
                .split_once('-')
                .is_some_and(|(verb, _)| among(CHANGES, verb))
    })
}

fn writes_by_api(leaf: &Leaf) -> bool {
    let method = |option: &str| matches!(option, "-X" | "--method");
    let mutates = leaf.has_arg(&["graphql"])
        && leaf
            .args()
            .iter()
            .any(|word| word.text.contains("mutation"));
    leaf.is(&["gh", "glab"]) && mutates
        || leaf.is(&["gh", "glab"])
            && leaf.args().windows(2).any(
                |pair| matches!(pair, [option, verb] if method(&option.text) && verb.text != "GET"),
            )
}
