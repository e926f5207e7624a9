//! The tools of a session, by name. A panic in a tool ends that call only.

#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use permission::Grant;
use protocol::ToolSpec;
use serde_json::Value;

use crate::{OUTPUT_LIMIT_BYTES, Tool, ToolContext, ToolOutput, clip};

/// The tools on offer, in the order they were given.
#[derive(Clone)]
pub struct Registry {
    tools: Vec<Arc<dyn Tool>>,
    /// Made once: schemas are derived, and every request tells them.
    specs: Vec<ToolSpec>,
    /// Definitions that no tool stands behind.
    decoys: Vec<ToolSpec>,
}

impl Registry {
    /// A registry of these tools. A second tool of the same name is dropped;
    /// a test holds that none has one.
    #[must_use]
    pub fn new(tools: Vec<Arc<dyn Tool>>) -> Self {
        let mut kept: Vec<Arc<dyn Tool>> = Vec::with_capacity(tools.len());
        for tool in tools {
            if kept.iter().all(|other| other.name() != tool.name()) {
                kept.push(tool);
            }
        }
        Self {
            specs: kept.iter().map(|tool| spec(tool.as_ref())).collect(),
            tools: kept,
            decoys: Vec::new(),
        }
    }

    /// The same tools, and definitions that nothing stands behind: models are
    /// told about them, and no call of one is ever run. They stand together
    /// before the tool of this index, so that requests begin alike. One with
    /// the name of a tool is left out.
    #[must_use]
    pub fn with_decoys(mut self, decoys: Vec<ToolSpec>, index: usize) -> Self {
        self.decoys = decoys;
        self.decoys
            .retain(|decoy| self.tools.iter().all(|tool| tool.name() != decoy.name));
        let tools = &self.tools;
        let is_told = |spec: &ToolSpec| tools.iter().any(|tool| tool.name() == spec.name);
        self.specs.retain(is_told);
        let at = index.min(self.specs.len());
        self.specs.splice(at..at, self.decoys.iter().cloned());
        self
    }

    /// The definitions that nothing stands behind.
    #[must_use]
    pub fn decoys(&self) -> &[ToolSpec] {
        &self.decoys
    }

    /// The tool called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Tool>> {
        self.tools.iter().find(|tool| tool.name() == name)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.tools.iter().map(|tool| tool.name())
    }

    /// What the model is told about the tools, decoys among them. The order is stable, so that
    /// the provider's prompt cache holds.
    #[must_use]
    pub fn specs(&self) -> &[ToolSpec] {
        &self.specs
    }

    /// Runs one tool; a panic becomes a failed output, an oversized answer is
    /// cut in the middle.
    pub async fn run(
        tool: &Arc<dyn Tool>,
        input: Value,
        grant: Grant,
        ctx: &ToolContext,
    ) -> ToolOutput {
        let run = AssertUnwindSafe(tool.run(input, grant, ctx)).catch_unwind();
        let mut output = run.await.unwrap_or_else(|panic| {
            ToolOutput::failed(format!(
                "The tool `{}` crashed: {}. This is a bug of ours; try another way.",
                tool.name(),
                panic_text(panic.as_ref())
            ))
        });
        if output.content.len() > OUTPUT_LIMIT_BYTES {
            output.content = clip(&output.content, OUTPUT_LIMIT_BYTES);
        }
        output
    }
}

fn spec(tool: &dyn Tool) -> ToolSpec {
    ToolSpec {
        name: tool.name().to_owned(),
        description: tool.prompt().trim().to_owned(),
        input_schema: tool.input_schema(),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
