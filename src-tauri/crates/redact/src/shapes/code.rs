//! Where code is kept, built and published.

use crate::shape::{Left, Shape};
use crate::value::{is_mixed, is_random};

pub(super) const SHAPES: &[Shape] = &[
    // GitHub asks for `[A-Za-z0-9._]` since installation tokens hold a JWT.
    Shape::token(
        "github-app-token",
        "GitHub app token",
        &["ghs_"],
        r"ghs_(?:[0-9]{1,20}_eyJ[A-Za-z0-9._-]{36,}|[A-Za-z0-9]{36,255})",
    ),
    Shape::token(
        "github-token",
        "GitHub token",
        &["ghp_", "gho_", "ghu_", "ghr_"],
        r"gh[pour]_[A-Za-z0-9]{36,255}",
    ),
    Shape::token(
        "github-fine-grained-token",
        "GitHub fine-grained token",
        &["github_pat_"],
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{50,}",
    ),
    Shape::token(
        "gitlab-token",
        "GitLab token",
        &[
            "glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "gloas-",
            "glsoat-", "glagent-", "glwt-", "glffct-",
        ],
        r"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|oas|soat|agent|wt|ffct)-[A-Za-z0-9_.-]{20,}",
    ),
    Shape::token(
        "gitlab-runner-token",
        "GitLab runner token",
        &["GR1348941"],
        r"GR1348941[A-Za-z0-9_-]{20,}",
    ),
    Shape::token(
        "bitbucket-password",
        "Bitbucket app password",
        &["ATBB"],
        r"ATBB[A-Za-z0-9]{32}",
    ),
    Shape::token(
        "atlassian-token",
        "Atlassian API token",
        &["ATATT3", "ATCTT3", "ATSTT3"],
        r"AT[ACS]TT3[A-Za-z0-9_-]{60,}(?:=[0-9A-F]{8})?",
    ),
    Shape::token(
        "sourcegraph-token",
        "Sourcegraph token",
        &["sgp_"],
        r"sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}",
    ),
    Shape::token(
        "circleci-token",
        "CircleCI token",
        &["CCIPAT_", "CCIPRJ_"],
        r"CCI(?:PAT|PRJ)_[A-Za-z0-9]{20,24}_[0-9a-f]{40}",
    ),
    Shape::token(
        "buildkite-token",
        "Buildkite token",
        &["bkua_", "bkct_"],
        r"bk(?:ua|ct)_[A-Za-z0-9_-]{40,}",
    ),
    Shape::token(
        "sonar-token",
        "SonarQube token",
        &["squ_", "sqp_", "sqa_"],
        r"sq[upa]_[0-9a-f]{40}",
    ),
    Shape::token("npm-token", "npm token", &["npm_"], r"npm_[A-Za-z0-9]{36}"),
    Shape::token(
        "pypi-token",
        "PyPI token",
        &["pypi-"],
        r"pypi-[A-Za-z0-9_-]{70,}",
    ),
    Shape::token(
        "rubygems-key",
        "RubyGems API key",
        &["rubygems_"],
        r"rubygems_[0-9a-f]{48}",
    ),
    Shape::token(
        "crates-io-token",
        "crates.io token",
        &["cio"],
        r"cio[A-Za-z0-9]{32}",
    )
    .left(Left::NoRun)
    .only_if(is_random),
    Shape::token(
        "docker-token",
        "Docker Hub token",
        &["dckr_pat_", "dckr_oat_"],
        r"dckr_[po]at_[A-Za-z0-9_-]{27,}",
    ),
    Shape::token("nuget-key", "NuGet API key", &["oy2"], r"oy2[a-z0-9]{43}")
        .left(Left::NoRun)
        .only_if(is_mixed),
    Shape::token(
        "jfrog-key",
        "JFrog API key",
        &["AKCp", "cmVmdGtu"],
        r"(?:AKCp[A-Za-z0-9]{69}|cmVmdGtu[A-Za-z0-9]{56})",
    ),
    Shape::token(
        "clojars-token",
        "Clojars token",
        &["CLOJARS_"],
        r"CLOJARS_[0-9a-f]{60}",
    ),
    Shape::token(
        "postman-key",
        "Postman API key",
        &["PMAK-"],
        r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    ),
];
