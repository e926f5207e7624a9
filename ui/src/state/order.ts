// What a slash command brings: something said, something to show, another
// session; or a refusal.

import { errorInfo } from "../ipc/backend";
import type { CommandReply, Page } from "../ipc/types";
import type { Conversation } from "./conversation.svelte";
import type { Familiar } from "./familiar.svelte";

/** Carries out a slash command; false when the text is none. */
export async function order(familiar: Familiar, conversation: Conversation, text: string): Promise<boolean> {
  let reply: CommandReply | null;
  try {
    reply = await familiar.backend.commandRun(conversation.id, text);
  } catch (reason) {
    const info = errorInfo(reason);
    if (info.kind === "not_trusted") {
      familiar.askForTrust({ info, again: () => void order(familiar, conversation, text) });
    } else {
      conversation.outbox.text ||= text;
      familiar.banners.show(info);
    }
    return true;
  }
  if (!reply) return false;
  if (reply.said) conversation.transcript.notice("info", reply.said);
  if (reply.open) show(familiar, conversation, reply.open);
  if (reply.session) {
    familiar.sessions.update(reply.session);
    await familiar.open(reply.session.id);
  }
  return true;
}

function show(familiar: Familiar, conversation: Conversation, page: Page): void {
  switch (page) {
    case "settings":
      familiar.showSettings();
      break;
    case "permissions":
      familiar.showSettings("permission");
      break;
    case "audit":
      familiar.showSettings("audit");
      break;
    case "commands":
      conversation.outbox.text = "/";
      break;
    default:
      familiar.dialog = page;
  }
}
