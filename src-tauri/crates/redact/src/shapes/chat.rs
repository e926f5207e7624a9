//! Messengers and mail.

use super::to_value;
use crate::shape::{Left, Shape};

pub(super) const SHAPES: &[Shape] = &[
    Shape::token(
        "slack-bot-token",
        "Slack bot token",
        &["xoxb-"],
        r"xoxb-[A-Za-z0-9-]{24,}",
    ),
    Shape::token(
        "slack-user-token",
        "Slack user token",
        &["xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxc-", "xoxd-"],
        r"xox[parscd]-[A-Za-z0-9%/+-]{24,}",
    ),
    Shape::token(
        "slack-app-token",
        "Slack app token",
        &["xapp-"],
        r"xapp-[0-9]-[A-Z0-9]{6,}-[0-9]{6,}-[0-9a-f]{32,}",
    ),
    Shape::token(
        "slack-refresh-token",
        "Slack refresh token",
        &["xoxe-", "xoxe."],
        r"xoxe(?:\.xox[bp])?-[0-9]-[A-Za-z0-9]{60,}",
    ),
    Shape::token(
        "slack-webhook",
        "Slack webhook",
        &["hooks.slack.com/"],
        r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9_/-]{30,})",
    ),
    // Base64 of digits, in groups of three: the identifier of the bot.
    Shape::token(
        "discord-bot-token",
        "Discord bot token",
        &["MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"],
        concat!(
            r"(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){5,6}[A-Za-z0-9]{0,3}",
            r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}"
        ),
    )
    .left(Left::NoRun),
    Shape::token(
        "discord-webhook",
        "Discord webhook",
        &["discord.com/api/", "discordapp.com/api/"],
        r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{17,20}/([A-Za-z0-9_-]{60,})",
    ),
    // After the number of the bot, which is no secret.
    Shape::token(
        "telegram-bot-token",
        "Telegram bot token",
        &[":AA"],
        r":(AA[A-Za-z0-9_-]{33})",
    )
    .left(Left::Digit),
    Shape::token("twilio-key", "Twilio API key", &["SK"], r"SK[0-9a-f]{32}"),
    Shape::token(
        "twilio-account-token",
        "Twilio auth token",
        &["AC"],
        r"AC[0-9a-f]{32}:([0-9a-f]{32})",
    ),
    Shape::named(
        "twilio-auth-token",
        "Twilio auth token",
        &["twilio"],
        concat!(
            r"(?i-u:twilio[a-z_-]{0,16}(?:token|secret))",
            to_value!(),
            r"([0-9a-f]{32})"
        ),
    ),
    Shape::token(
        "sendgrid-key",
        "SendGrid API key",
        &["SG."],
        r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
    ),
    Shape::token(
        "mailgun-key",
        "Mailgun API key",
        &["key-"],
        r"key-[0-9a-f]{32}",
    )
    .left(Left::NoRun),
    Shape::named(
        "mailgun-private-key",
        "Mailgun API key",
        &["mailgun"],
        concat!(
            r"(?i-u:mailgun[a-z_-]{0,16}key)",
            to_value!(),
            r"([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})"
        ),
    ),
    Shape::token(
        "mailchimp-key",
        "Mailchimp API key",
        &["-us"],
        r"[0-9a-f]{32}-us[0-9]{1,2}",
    )
    .lead(32),
    Shape::token(
        "brevo-key",
        "Brevo API key",
        &["xkeysib-", "xsmtpsib-"],
        r"x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}",
    ),
    Shape::token(
        "resend-key",
        "Resend API key",
        &["re_"],
        r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}",
    )
    .left(Left::NoRun),
];
