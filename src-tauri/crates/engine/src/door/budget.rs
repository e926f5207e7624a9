//! What a turn may still use: the command line's bounds, and what is left of
//! the session's and the day's budgets. A turn that starts within them ends with
//! the request that passes them; turns of several sessions at once do not see
//! each other's requests before they end.

use std::sync::Arc;

use agent::{Budget, Limits};
use protocol::{ErrorInfo, ErrorKind};

use super::context::cost;
use super::{Inner, lock};
use crate::Settings;
use crate::clock::now_ms;
use crate::providers::Chosen;
use crate::session::Session;

const MS_PER_DAY: u64 = 86_400_000;

/// The bounds of a turn that is about to start.
///
/// # Errors
/// When nothing is left, or the store cannot be read.
pub(super) async fn limits(
    inner: &Inner,
    session: &Session,
    chosen: &Chosen,
) -> Result<Limits, ErrorInfo> {
    let asked = inner.options.limits;
    let default = Limits::default();
    let settings = lock(&inner.settings).clone();
    let left = if chosen.active.offline {
        Left::default()
    } else {
        Left::of(inner, session, &settings).await?
    };
    let of_settings = Some(settings.turn_requests).filter(|most| *most > 0);
    let max_requests = [asked.max_turns, of_settings].into_iter().flatten().min();
    let max_usd = [asked.max_cost_usd, left.usd]
        .into_iter()
        .flatten()
        .reduce(f64::min);
    Ok(Limits {
        max_requests: max_requests.unwrap_or(default.max_requests),
        max_tokens: [asked.max_tokens, left.tokens].into_iter().flatten().min(),
        budget: max_usd.map(|max_usd| Budget {
            max_usd,
            price: Arc::clone(&chosen.price),
        }),
        ..default
    })
}

/// True when a price must be known to keep what the user set.
pub(crate) fn needs_price(settings: &Settings) -> bool {
    settings.daily_budget_usd > 0.0 || settings.session_budget_usd > 0.0
}

/// What is left of the budgets; none where there is none.
#[derive(Default)]
struct Left {
    usd: Option<f64>,
    tokens: Option<u64>,
}

impl Left {
    async fn of(inner: &Inner, session: &Session, settings: &Settings) -> Result<Self, ErrorInfo> {
        let mut left = Self::default();
        if settings.daily_budget_usd > 0.0 || settings.daily_budget_tokens > 0 {
            let (usd, tokens) = today(inner).await?;
            left.usd = rest("Today's", settings.daily_budget_usd, usd)?;
            left.tokens = rest_of_tokens(settings.daily_budget_tokens, tokens)?;
        }
        if settings.session_budget_usd > 0.0 {
            let turns = inner.store.usage_by_turn(&session.id).await?;
            let usd = turns
                .iter()
                .filter_map(|turn| cost(&turn.provider, &turn.model, &turn.usage))
                .sum();
            let rest = rest("This session's", settings.session_budget_usd, usd)?;
            left.usd = [left.usd, rest].into_iter().flatten().reduce(f64::min);
        }
        Ok(left)
    }
}

/// Money and tokens of this day, all sessions together.
async fn today(inner: &Inner) -> Result<(f64, u64), ErrorInfo> {
    let today = now_ms() / MS_PER_DAY;
    let days = inner.store.usage_by_day().await?;
    let (mut usd, mut tokens) = (0.0, 0);
    for day in days.iter().filter(|day| day.day == today) {
        usd += cost(&day.provider, &day.model, &day.usage).unwrap_or(0.0);
        tokens += day.usage.total();
    }
    Ok((usd, tokens))
}

fn rest(whose: &str, budget: f64, spent: f64) -> Result<Option<f64>, ErrorInfo> {
    if budget <= 0.0 {
        return Ok(None);
    }
    if spent < budget {
        return Ok(Some(budget - spent));
    }
    Err(used_up(format!(
        "{whose} budget of ${budget:.2} is used up."
    )))
}

fn rest_of_tokens(budget: u64, spent: u64) -> Result<Option<u64>, ErrorInfo> {
    if budget == 0 {
        return Ok(None);
    }
    match budget.checked_sub(spent).filter(|left| *left > 0) {
        Some(left) => Ok(Some(left)),
        None => Err(used_up(format!(
            "Today's budget of {budget} tokens is used up."
        ))),
    }
}

fn used_up(message: String) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Limit,
        message,
        "Raise it in the settings, or go on in another session or tomorrow (UTC); the offline commander costs nothing.",
    )
}
