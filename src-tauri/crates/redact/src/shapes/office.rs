//! Trackers, documents, and watching over programs.

use super::to_value;
use crate::shape::{Left, Shape};
use crate::value::is_random;

pub(super) const SHAPES: &[Shape] = &[
    Shape::token(
        "linear-key",
        "Linear API key",
        &["lin_api_", "lin_oauth_"],
        r"lin_(?:api|oauth)_[A-Za-z0-9]{40,}",
    ),
    Shape::token(
        "notion-token",
        "Notion token",
        &["ntn_", "secret_"],
        r"(?:ntn_[0-9]{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43})",
    )
    .left(Left::NoRun)
    .only_if(is_random),
    Shape::token(
        "figma-token",
        "Figma token",
        &["figd_", "figdr_", "figo_", "figor_", "figu_", "figur_"],
        r"fig(?:dr?|or?|ur?)_[A-Za-z0-9_-]{40,}",
    ),
    Shape::token(
        "airtable-token",
        "Airtable token",
        &["pat"],
        r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",
    ),
    Shape::token(
        "dropbox-token",
        "Dropbox access token",
        &["sl."],
        r"sl\.(?:u\.)?[A-Za-z0-9_-]{100,}",
    ),
    Shape::token(
        "contentful-token",
        "Contentful token",
        &["CFPAT-"],
        r"CFPAT-[A-Za-z0-9_-]{40,}",
    ),
    Shape::token(
        "okta-token",
        "Okta API token",
        &["SSWS "],
        r"SSWS (00[A-Za-z0-9_-]{40})",
    ),
    Shape::token(
        "sentry-token",
        "Sentry auth token",
        &["sntrys_", "sntryu_", "sntrya_", "sntryi_"],
        r"sntry(?:s_eyJ[A-Za-z0-9+/_=-]{80,}|[uai]_[0-9a-f]{64})",
    ),
    Shape::token(
        "new-relic-key",
        "New Relic user key",
        &["NRAK-", "NRAA-", "NRII-"],
        r"NR(?:AK|AA|II)-[A-Za-z0-9_-]{27,}",
    ),
    Shape::token(
        "new-relic-license",
        "New Relic license key",
        &["NRAL"],
        r"[0-9a-zA-Z]{36}NRAL",
    )
    .lead(36),
    Shape::named(
        "datadog-key",
        "Datadog key",
        &["datadog", "dd_", "dd-"],
        concat!(
            r"(?i-u:(?:datadog|dd)[a-z_-]{0,16}key)",
            to_value!(),
            r"([0-9a-f]{32}(?:[0-9a-f]{8})?)"
        ),
    )
    .left(Left::NoWord),
    Shape::token(
        "grafana-token",
        "Grafana token",
        &["glsa_", "glc_"],
        r"(?:glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_eyJ[A-Za-z0-9+/_-]{60,}={0,2})",
    ),
    // Base64 of `{"k":"`, the older keys.
    Shape::token(
        "grafana-key",
        "Grafana API key",
        &["eyJrIjoi"],
        r"eyJrIjoi[A-Za-z0-9+/_-]{60,}={0,2}",
    )
    .left(Left::NoRun),
    Shape::token(
        "posthog-key",
        "PostHog personal key",
        &["phx_"],
        r"phx_[A-Za-z0-9]{40,}",
    ),
];
