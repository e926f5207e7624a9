//! Clouds, hosting, and the stores in which clouds keep secrets.

use super::to_value;
use crate::shape::{Left, Shape};
use crate::value::{is_mixed, is_random};

pub(super) const SHAPES: &[Shape] = &[
    Shape::token(
        "aws-access-key",
        "AWS access key",
        &["AKIA", "ASIA", "ABIA", "ACCA"],
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
    ),
    Shape::named(
        "aws-secret-key",
        "AWS secret key",
        &[
            "secret_access_key",
            "secretaccesskey",
            "secretAccessKey",
            "SecretAccessKey",
            "aws_secret_key",
        ],
        concat!(
            r"(?i-u:(?:aws_)?secret_?(?:access_?)?key)",
            to_value!(),
            r"([A-Za-z0-9/+]{40})"
        ),
    )
    .only_if(is_mixed),
    Shape::named(
        "aws-session-token",
        "AWS session token",
        &[
            "session_token",
            "sessiontoken",
            "sessionToken",
            "SessionToken",
            "security-token",
            "Security-Token",
        ],
        concat!(
            r"(?i-u:(?:session|security)[_-]?token)",
            to_value!(),
            r"([A-Za-z0-9/+%]{100,}={0,2})"
        ),
    ),
    Shape::token(
        "bedrock-key",
        "Amazon Bedrock API key",
        &["ABSK", "bedrock-api-key-"],
        r"(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/_-]{60,}={0,2}",
    ),
    Shape::named(
        "aws-signature",
        "AWS signature",
        &["X-Amz-Signature="],
        r"X-Amz-Signature=([0-9a-f]{64})",
    ),
    Shape::token(
        "google-client-secret",
        "Google OAuth client secret",
        &["GOCSPX-"],
        r"GOCSPX-[A-Za-z0-9_-]{28}",
    ),
    Shape::token(
        "google-refresh-token",
        "Google refresh token",
        &["1//0"],
        r"1//0[A-Za-z0-9_-]{40,}",
    ),
    Shape::token(
        "google-access-token",
        "Google access token",
        &["ya29."],
        r"ya29\.[A-Za-z0-9_-]{30,}",
    ),
    Shape::named(
        "azure-storage-key",
        "Azure storage key",
        &["AccountKey", "accountkey", "account_key", "accountKey"],
        concat!(
            r"(?i-u:account_?key)",
            to_value!(),
            r"([A-Za-z0-9+/]{86}==)"
        ),
    ),
    Shape::named(
        "azure-access-key",
        "Azure shared access key",
        &["SharedAccessKey", "sharedaccesskey"],
        concat!(
            r"(?i-u:sharedaccesskey)",
            to_value!(),
            r"([A-Za-z0-9+/]{43}=)"
        ),
    ),
    Shape::token(
        "azure-signature",
        "Azure shared access signature",
        &["sig="],
        r"sig=((?:[A-Za-z0-9/+]|%2[BFbf]){43,}(?:=|%3[Dd]))",
    ),
    // Three characters, the version, and the rest: 40 in all.
    Shape::token(
        "azure-client-secret",
        "Azure client secret",
        &["7Q~", "8Q~"],
        r"[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}",
    )
    .lead(3),
    // 84 characters with a fixed signature near the end.
    Shape::token(
        "azure-devops-token",
        "Azure DevOps token",
        &["AZDO"],
        r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
    )
    .lead(76),
    Shape::token(
        "alibaba-key",
        "Alibaba Cloud access key",
        &["LTAI"],
        r"LTAI[A-Za-z0-9]{16,24}",
    )
    .only_if(is_mixed),
    Shape::token(
        "digitalocean-token",
        "DigitalOcean token",
        &["dop_v1_", "doo_v1_", "dor_v1_"],
        r"do[opr]_v1_[0-9a-f]{64}",
    ),
    Shape::token(
        "heroku-token",
        "Heroku API key",
        &["HRKU-"],
        r"HRKU-[A-Za-z0-9_-]{30,}",
    ),
    Shape::named(
        "heroku-key",
        "Heroku API key",
        &["heroku"],
        concat!(
            r"(?i-u:heroku[a-z_-]{0,16}(?:key|token))",
            to_value!(),
            r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
        ),
    ),
    Shape::token(
        "cloudflare-token",
        "Cloudflare API token",
        &["cfk_", "cfut_", "cfat_"],
        r"cf(?:k|ut|at)_[A-Za-z0-9_-]{40,}",
    ),
    Shape::named(
        "cloudflare-key",
        "Cloudflare API key",
        &["cloudflare", "cf_"],
        concat!(
            r"(?i-u:(?:cloudflare|cf)[a-z_-]{0,24}(?:key|token))",
            to_value!(),
            r"([A-Za-z0-9_-]{37,45})"
        ),
    )
    .left(Left::NoWord)
    .only_if(is_random),
    Shape::token(
        "cloudflare-origin-key",
        "Cloudflare origin CA key",
        &["v1.0-"],
        r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}",
    ),
    Shape::token(
        "fly-token",
        "Fly.io token",
        &["fm1_", "fm1a_", "fm1r_", "fm2_", "fo1_"],
        r"(?:fm[12][ar]?|fo1)_[A-Za-z0-9+/_-]{40,}={0,2}",
    ),
    Shape::token(
        "vercel-token",
        "Vercel token",
        &["vcp_", "vci_", "vca_", "vcr_", "vck_"],
        r"vc[piark]_[A-Za-z0-9_-]{24,}",
    )
    .only_if(is_random),
    Shape::token(
        "vercel-blob-token",
        "Vercel Blob token",
        &["vercel_blob_rw_"],
        r"vercel_blob_rw_[A-Za-z0-9]{10,}_[A-Za-z0-9]{20,}",
    ),
    Shape::token(
        "netlify-token",
        "Netlify token",
        &["nfp_", "nfc_", "nfo_", "nfu_", "nfb_"],
        r"nf[pcoub]_[A-Za-z0-9_-]{36}",
    ),
    Shape::token(
        "render-key",
        "Render API key",
        &["rnd_"],
        r"rnd_[A-Za-z0-9]{24,}",
    )
    .only_if(is_random),
    Shape::token(
        "databricks-token",
        "Databricks token",
        &["dapi"],
        r"dapi[0-9a-f]{32}(?:-[0-9])?",
    ),
    Shape::token(
        "supabase-secret-key",
        "Supabase secret key",
        &["sb_secret_"],
        r"sb_secret_[A-Za-z0-9_-]{20,}",
    ),
    Shape::token(
        "supabase-token",
        "Supabase access token",
        &["sbp_"],
        r"sbp_(?:v0_|oauth_)?[0-9a-f]{40}",
    ),
    Shape::token(
        "planetscale-token",
        "PlanetScale token",
        &["pscale_"],
        r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,}",
    ),
    Shape::token(
        "pulumi-token",
        "Pulumi access token",
        &["pul-"],
        r"pul-[0-9a-f]{40}",
    ),
    Shape::token(
        "terraform-token",
        "Terraform Cloud token",
        &[".atlasv1."],
        r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}",
    )
    .lead(14),
    Shape::token(
        "vault-token",
        "Vault token",
        &["hvs.", "hvb.", "hvr."],
        r"hv[sbr]\.[A-Za-z0-9_-]{24,}",
    ),
    Shape::token(
        "doppler-token",
        "Doppler token",
        &[
            "dp.pt.",
            "dp.st.",
            "dp.ct.",
            "dp.sa.",
            "dp.said.",
            "dp.scim.",
            "dp.audit.",
        ],
        r"dp\.(?:pt|st|ct|sa|said|scim|audit)\.(?:[A-Za-z0-9_-]{1,40}\.)?[A-Za-z0-9]{40,44}",
    ),
    Shape::token(
        "onepassword-token",
        "1Password service account token",
        &["ops_eyJ"],
        r"ops_eyJ[A-Za-z0-9_-]{80,}={0,2}",
    ),
    Shape::token(
        "onepassword-secret-key",
        "1Password secret key",
        &["A3-"],
        r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}",
    ),
    // Bech32, which has no 1, B, I and O.
    Shape::token(
        "age-key",
        "age secret key",
        &["AGE-SECRET-KEY-1"],
        r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}",
    ),
    Shape::token(
        "tailscale-key",
        "Tailscale key",
        &["tskey-"],
        r"tskey-[a-z]{3,12}-[A-Za-z0-9]{6,}(?:-[A-Za-z0-9]{16,})?",
    )
    .only_if(is_mixed),
    Shape::token(
        "dynatrace-token",
        "Dynatrace token",
        &["dt0c01.", "dt0s01.", "dt0s16."],
        r"dt0[cs][0-9]{2}\.[A-Z0-9]{8,24}\.[A-Z0-9]{64}",
    )
    .left(Left::NoRun),
];
