//! What stops a turn that would not stop by itself.

use std::sync::Arc;

use protocol::Usage;

/// Bounds of one turn. Reaching one ends the turn with `limit`; the history
/// stays valid and the user may go on.
#[derive(Clone)]
pub struct Limits {
    /// Most requests to the model.
    pub max_requests: u32,
    /// Most tool calls.
    pub max_tool_calls: u32,
    /// Most tokens of all its requests, cached ones included.
    pub max_tokens: Option<u64>,
    /// Most money, when the user set a budget.
    pub budget: Option<Budget>,
}

/// What a turn has used so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    pub requests: u32,
    pub calls: u32,
    pub usage: Usage,
    pub spent_usd: f64,
}

/// A budget in money.
#[derive(Clone)]
pub struct Budget {
    /// The most a turn may cost, in US dollars.
    pub max_usd: f64,
    /// What one request's tokens cost with the model in use, in US dollars.
    pub price: Arc<dyn Fn(&Usage) -> f64 + Send + Sync>,
}

impl Default for Limits {
    /// Far above what honest work needs (a long refactoring takes some 80
    /// requests), low enough that a model caught in a circle ends today.
    fn default() -> Self {
        Self {
            max_requests: 250,
            max_tool_calls: 1000,
            max_tokens: None,
            budget: None,
        }
    }
}

impl Limits {
    /// What one request cost, in US dollars; 0 without a budget.
    pub(crate) fn cost(&self, usage: &Usage) -> f64 {
        self.budget
            .as_ref()
            .map_or(0.0, |budget| (budget.price)(usage))
    }

    /// Says which limit the turn has reached, if any.
    pub(crate) fn reached(&self, used: &Used) -> Option<String> {
        let (requests, calls) = (used.requests, used.calls);
        if requests >= self.max_requests {
            return Some(format!(
                "Stopped after {requests} model requests, the limit for one turn."
            ));
        }
        if calls >= self.max_tool_calls {
            return Some(format!(
                "Stopped after {calls} tool calls, the limit for one turn."
            ));
        }
        let tokens = used.usage.total();
        if let Some(most) = self.max_tokens.filter(|most| tokens >= *most) {
            return Some(format!(
                "Stopped at {tokens} tokens: the budget of {most} is used up."
            ));
        }
        let budget = self.budget.as_ref()?;
        let spent_usd = used.spent_usd;
        (spent_usd >= budget.max_usd).then(|| {
            format!(
                "Stopped at ${spent_usd:.4}: the budget of ${:.2} is used up.",
                budget.max_usd
            )
        })
    }
}
