// What streams into a transcript, event by event.

import type { Event } from "../ipc/types";
import type { Transcript } from "./transcript.svelte";

/** False when the event is none of the transcript's. */
export function applyStream(transcript: Transcript, event: Event): boolean {
  switch (event.type) {
    case "message_started":
      transcript.startMessage(event.message_id);
      return true;
    case "text_delta":
      transcript.text(event.message_id, event.text);
      return true;
    case "thinking_delta":
      transcript.thinking(event.message_id, event.text);
      return true;
    case "message_discarded":
      transcript.discard(event.message_id);
      return true;
    case "message_added":
      transcript.add(event.message);
      return true;
    case "tool_call_started":
      transcript.toolStarted(event.call, event.title, event.subject);
      return true;
    case "tool_output":
      transcript.toolOutput(event.call_id, { stream: event.stream, text: event.text });
      return true;
    case "tool_call_finished":
      transcript.toolFinished(event.result);
      return true;
    default:
      return false;
  }
}
