//! Payment and trade.

use super::to_value;
use crate::shape::{Left, Shape};
use crate::value::is_random;

pub(super) const SHAPES: &[Shape] = &[
    Shape::token(
        "stripe-key",
        "Stripe secret key",
        &["sk_live_", "sk_test_"],
        r"sk_(?:live|test)_[A-Za-z0-9]{24,250}",
    ),
    Shape::token(
        "stripe-restricted-key",
        "Stripe restricted key",
        &["rk_live_", "rk_test_"],
        r"rk_(?:live|test)_[A-Za-z0-9]{24,250}",
    ),
    Shape::token(
        "webhook-secret",
        "webhook secret",
        &["whsec_"],
        r"whsec_[A-Za-z0-9+/]{24,}={0,2}",
    ),
    Shape::token(
        "square-token",
        "Square access token",
        &["EAAA", "sq0atp-"],
        r"(?:EAAA[A-Za-z0-9_-]{60}|sq0atp-[A-Za-z0-9_-]{22,})",
    )
    .left(Left::NoRun)
    .only_if(is_random),
    Shape::token(
        "square-secret",
        "Square application secret",
        &["sq0csp-"],
        r"sq0csp-[A-Za-z0-9_-]{40,}",
    ),
    Shape::named(
        "paypal-secret",
        "PayPal client secret",
        &["paypal"],
        concat!(
            r"(?i-u:paypal[a-z_-]{0,20}(?:secret|key))",
            to_value!(),
            r"([A-Za-z0-9_-]{80})"
        ),
    )
    .only_if(is_random),
    Shape::token(
        "braintree-token",
        "Braintree access token",
        &["access_token$"],
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
    ),
    Shape::token(
        "shopify-token",
        "Shopify token",
        &["shpat_", "shpca_", "shppa_", "shpss_", "shprt_", "shpua_"],
        r"shp(?:at|ca|pa|ss|rt|ua)_[0-9a-fA-F]{32,}",
    ),
    Shape::token(
        "plaid-token",
        "Plaid access token",
        &[
            "access-sandbox-",
            "access-development-",
            "access-production-",
        ],
        concat!(
            r"access-(?:sandbox|development|production)-",
            r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
        ),
    ),
];
