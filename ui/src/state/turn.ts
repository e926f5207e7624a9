// What happens to a session besides its text: turns, questions, numbers.

import type { Event } from "../ipc/types";
import { tokens } from "../words/amount";
import type { Conversation } from "./conversation.svelte";
import { sum } from "./usage";

/** Everything an event changes besides the transcript. */
export function applyTurn(conversation: Conversation, event: Event): void {
  switch (event.type) {
    case "session_updated":
      conversation.workspace = event.summary.workspace;
      break;
    case "turn_started":
      conversation.running = true;
      conversation.stopping = false;
      conversation.turnStartedMs = Date.now();
      conversation.model = event.model;
      conversation.mode = event.mode;
      conversation.live.begin(event.turn_id);
      if (!conversation.away) conversation.wish = { to: "end" };
      break;
    case "permission_asked":
      conversation.permissions = [...conversation.permissions.filter(({ id }) => id !== event.request.id), event.request];
      break;
    case "rule_saved":
      conversation.live.notice("info", `From now on \`${event.rule}\` runs without a question ${event.project === null ? "everywhere" : "in this project"}.`);
      break;
    case "permission_answered":
      conversation.permissions = conversation.permissions.filter(({ id }) => id !== event.request_id);
      break;
    case "question_asked":
      conversation.questions = [...conversation.questions.filter(({ id }) => id !== event.question.id), event.question];
      break;
    case "question_answered":
      conversation.questions = conversation.questions.filter(({ id }) => id !== event.request_id);
      break;
    case "todos_changed":
      conversation.todos = event.todos;
      break;
    case "retry_scheduled":
      conversation.retry = { attempt: event.attempt, atMs: Date.now() + event.delay_ms, reason: event.reason };
      break;
    case "usage_reported":
      conversation.lastRequest = event.usage;
      conversation.usage = sum(conversation.usage, event.usage);
      break;
    case "context_changed":
      conversation.context = { used: event.used_tokens, window: event.window };
      break;
    case "compaction_started":
      conversation.condensing = true;
      break;
    case "compaction_finished":
      conversation.condensing = false;
      if (event.after_tokens < event.before_tokens) {
        conversation.live.notice("info", `Condensed the earlier part: ${tokens(event.before_tokens)} tokens became ${tokens(event.after_tokens)}. /compact-undo brings it back.`);
      }
      break;
    case "notice":
      conversation.live.notice(event.level, event.text);
      break;
    case "mode_changed":
      conversation.mode = event.mode;
      break;
    case "turn_finished":
      conversation.finish(event);
      break;
  }
}
