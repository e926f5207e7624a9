// The history of one session as turns of items. It turns messages and stream
// events into lines and keeps a line's identity from its first character to
// its durable form, so that nothing on screen is torn down and made again.

import type { Block, Message, ToolCall, ToolResult } from "../ipc/types";
import {
  EndItem,
  type Item,
  NoticeItem,
  TextItem,
  ThinkingItem,
  ToolItem,
  Turn,
  UserItem,
  type OutputChunk,
} from "./items.svelte";

type Prose = TextItem | ThinkingItem;

export class Transcript {
  turns = $state.raw<Turn[]>([]);
  /** Lines of the answer that is streaming, by message. */
  readonly #streams = new Map<string, Prose[]>();
  readonly #tools = new Map<string, ToolItem>();
  readonly #messages = new Set<string>();
  #count = 0;

  get lastTurn(): Turn | undefined {
    return this.turns.at(-1);
  }

  load(messages: readonly Message[], running: boolean): void {
    this.#streams.clear();
    this.#tools.clear();
    this.#messages.clear();
    const turns: Turn[] = [];
    for (const message of messages) {
      const items = this.#place(message, turns);
      // The last answer of a running turn may still stream: its deltas go
      // on where this text ends, and its durable form takes its place.
      if (running && message === messages.at(-1) && message.role === "assistant") {
        this.#streams.set(message.id, items.filter((item) => item.kind === "text" || item.kind === "thinking"));
      } else {
        this.#messages.add(message.id);
      }
    }
    this.turns = turns;
    const open = running ? turns.at(-1) : undefined;
    for (const turn of turns) if (turn !== open) this.#abandon(turn);
  }

  /** Puts earlier messages before what is there. */
  prepend(messages: readonly Message[]): void {
    const turns: Turn[] = [];
    for (const message of messages) {
      if (this.#messages.has(message.id)) continue;
      this.#messages.add(message.id);
      this.#place(message, turns);
    }
    const first = this.turns[0];
    // A page may begin in the middle of a turn.
    if (first && turns.at(-1)?.id === first.id) first.items = [...(turns.pop()?.items ?? []), ...first.items];
    for (const turn of turns) this.#abandon(turn);
    this.turns = [...turns, ...this.turns];
  }

  #place(message: Message, turns: Turn[]): Item[] {
    let turn = turns.at(-1);
    if (turn?.id !== message.turn_id) turns.push((turn = new Turn(message.turn_id)));
    const items = this.#itemsOf(message);
    turn.items.push(...items);
    return items;
  }

  begin(turnId: string): void {
    if (!this.turns.some((turn) => turn.id === turnId)) this.turns = [...this.turns, new Turn(turnId)];
  }

  /** Adds a durable message, or settles the one that was streaming. */
  add(message: Message): void {
    if (this.#messages.has(message.id)) return;
    this.#messages.add(message.id);
    this.begin(message.turn_id);
    const turn = this.turns.find((candidate) => candidate.id === message.turn_id);
    if (!turn) return;
    const settled = this.#itemsOf(message);
    const replaced = new Set<Item>([...(this.#streams.get(message.id) ?? []), ...settled]);
    const first = turn.items.findIndex((item) => replaced.has(item));
    const before = first < 0 ? turn.items : turn.items.slice(0, first);
    const after = first < 0 ? [] : turn.items.slice(first).filter((item) => !replaced.has(item));
    turn.items = [...before, ...settled, ...after];
    this.#streams.delete(message.id);
  }

  startMessage(messageId: string): void {
    if (!this.#streams.has(messageId)) this.#streams.set(messageId, []);
  }

  text(messageId: string, text: string): void {
    this.#grow(messageId, text, "text");
  }

  thinking(messageId: string, text: string): void {
    this.#grow(messageId, text, "thinking");
  }

  discard(messageId: string): void {
    const streamed = new Set<Item>(this.#streams.get(messageId) ?? []);
    this.#streams.delete(messageId);
    const turn = this.lastTurn;
    if (turn) turn.items = turn.items.filter((item) => !streamed.has(item));
  }

  toolStarted(call: ToolCall, title: string, subject: string): void {
    let tool = this.#tools.get(call.id);
    if (!tool) {
      tool = this.#tool(call);
      this.lastTurn?.push(tool);
    }
    tool.title = title;
    tool.subject = subject;
  }

  toolOutput(callId: string, chunk: OutputChunk): void {
    this.#tools.get(callId)?.append(chunk);
  }

  toolFinished(result: ToolResult): void {
    const tool = this.#tools.get(result.call_id);
    if (!tool) return;
    // The stored copy has no more to say than the one with the details.
    if (!tool.result || result.details != null) tool.result = result;
  }

  notice(level: "info" | "warning", text: string): void {
    this.lastTurn?.push(new NoticeItem(this.#key("notice"), level, text));
  }

  finish(turnId: string, end: EndItem | null): void {
    const turn = this.turns.find((candidate) => candidate.id === turnId) ?? this.lastTurn;
    if (!turn) return;
    for (const items of this.#streams.values()) for (const item of items) item.streaming = false;
    this.#streams.clear();
    this.#abandon(turn);
    if (end) turn.push(end);
  }

  #grow(messageId: string, text: string, kind: Prose["kind"]): void {
    const lines = this.#streams.get(messageId) ?? [];
    this.#streams.set(messageId, lines);
    const last = lines.at(-1);
    if (last?.kind === kind) {
      last.text += text;
      last.streaming = true;
      return;
    }
    if (last) last.streaming = false;
    const key = `${messageId}:${lines.length}`;
    const line = kind === "text" ? new TextItem(key) : new ThinkingItem(key);
    line.text = text;
    line.streaming = true;
    lines.push(line);
    if (!this.lastTurn) this.begin(messageId);
    this.lastTurn?.push(line);
  }

  #itemsOf(message: Message): Item[] {
    const streamed = [...(this.#streams.get(message.id) ?? [])];
    return message.blocks.flatMap((block, index): Item[] => {
      if (block.type === "tool_call") return [this.#tool(block)];
      if (block.type === "tool_result") {
        this.toolFinished(block);
        return [];
      }
      if (block.type === "redacted_thinking" || block.text.trim() === "") return [];
      if (message.role === "user") {
        return message.origin === "program" ? [] : [new UserItem(`${message.id}:${index}`, block.text, message.origin, message.id)];
      }
      return [settle(streamed, block, `${message.id}:block${index}`)];
    });
  }

  #tool(call: ToolCall): ToolItem {
    const known = this.#tools.get(call.id);
    if (known) return known;
    const tool = new ToolItem({ id: call.id, name: call.name, input: call.input });
    this.#tools.set(call.id, tool);
    return tool;
  }

  #abandon(turn: Turn): void {
    for (const item of turn.items) if (item.kind === "tool" && !item.result) item.abandoned = true;
  }

  #key(kind: string): string {
    this.#count += 1;
    return `${kind}:${this.#count}`;
  }
}

/** The streamed line this block became, or a new one. */
function settle(streamed: Prose[], block: Block & { type: "text" | "thinking" }, key: string): Prose {
  const index = streamed.findIndex((line) => line.kind === block.type);
  const [line] = index >= 0 ? streamed.splice(0, index + 1).slice(-1) : [];
  const settled = line ?? (block.type === "text" ? new TextItem(key) : new ThinkingItem(key));
  settled.text = block.text;
  settled.streaming = false;
  return settled;
}
