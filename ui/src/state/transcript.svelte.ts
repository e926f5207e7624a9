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
/** What follows the messages given: what a running turn streams, nothing, or
 * messages that are not on screen. */
export type Follows = "stream" | "nothing" | "more";

export class Transcript {
  turns = $state.raw<Turn[]>([]);
  /** Lines of the answer that is streaming, by message. */
  readonly #streams = new Map<string, Prose[]>();
  readonly #tools = new Map<string, ToolItem>();
  readonly #messages = new Set<string>();
  /** The lines of each message, and which message follows which. */
  readonly #lines = new Map<string, Item[]>();
  readonly #next = new Map<string, string>();
  #first: string | null = null;
  #last: string | null = null;
  #count = 0;
  /** Grows with every message that comes in. */
  version = $state(0);
  /** Grows with every new beginning. */
  generation = $state(0);
  /** Turns that were put before those it began with. */
  before = $state(0);

  get lastTurn(): Turn | undefined {
    return this.turns.at(-1);
  }

  /** Begins anew with these messages. */
  load(messages: readonly Message[], follows: Follows): void {
    this.#streams.clear();
    this.#tools.clear();
    this.#messages.clear();
    this.#lines.clear();
    this.#next.clear();
    this.#first = this.#last = null;
    this.before = 0;
    this.generation += 1;
    this.turns = [];
    this.extend(messages, follows);
  }

  /** Puts later messages behind what is there; known ones are passed over. */
  extend(messages: readonly Message[], follows: Follows): void {
    const last = this.turns.at(-1);
    const turns: Turn[] = last ? [new Turn(last.id)] : [];
    for (const message of messages) {
      if (this.#messages.has(message.id)) continue;
      // The last answer of a running turn may still stream: its deltas go
      // on where this text ends, and its durable form takes its place.
      const streams = follows === "stream" && message === messages.at(-1) && message.role === "assistant";
      const items = this.#place(message, turns);
      if (streams) this.#streams.set(message.id, items.filter((item) => item.kind === "text" || item.kind === "thinking"));
      else this.#messages.add(message.id);
      this.#chain(message, items);
    }
    if (last) last.push(...(turns.shift()?.items ?? []));
    this.turns = [...this.turns, ...turns];
    this.version += 1;
    const going = follows === "nothing" ? undefined : this.turns.at(-1);
    for (const turn of last ? [last, ...turns] : turns) if (turn !== going) this.#abandon(turn);
  }

  /** Puts earlier messages before what is there. */
  prepend(messages: readonly Message[]): void {
    const turns: Turn[] = [];
    const first = this.turns[0];
    const chained = this.#last;
    const head = this.#first;
    this.#last = null;
    for (const message of messages) {
      if (this.#messages.has(message.id)) continue;
      this.#messages.add(message.id);
      this.#chain(message, this.#place(message, turns));
    }
    if (this.#last !== null && head !== null) this.#next.set(this.#last, head);
    if (chained !== null) this.#last = chained;
    // A page may begin in the middle of a turn.
    if (first && turns.at(-1)?.id === first.id) first.items = [...(turns.pop()?.items ?? []), ...first.items];
    for (const turn of turns) this.#abandon(turn);
    this.before += turns.length;
    this.turns = [...turns, ...this.turns];
    this.version += 1;
  }

  has(messageId: string): boolean {
    return this.#lines.has(messageId);
  }

  /** The line of a message that holds one of the words, or its first. */
  lineOf(messageId: string, words: readonly string[]): Item | null {
    const lines = this.#lines.get(messageId) ?? [];
    return lines.find((line) => words.some((word) => wordsOf(line).includes(word.toLowerCase()))) ?? lines[0] ?? null;
  }

  /** The key of the first line that follows the message, or, without one,
   * of the first line there is; null when nothing follows. */
  keyAfter(messageId: string | null): string | null {
    if (this.version < 0) return null;
    let next = messageId === null ? this.#first : (this.#next.get(messageId) ?? null);
    while (next !== null) {
      const [line] = this.#lines.get(next) ?? [];
      if (line) return line.key;
      next = this.#next.get(next) ?? null;
    }
    return null;
  }

  #chain(message: Message, items: Item[]): void {
    // A result has no line of its own: it stands in that of its call.
    const calls = message.blocks.flatMap((block) => (block.type === "tool_result" ? (this.#tools.get(block.call_id) ?? []) : []));
    this.#lines.set(message.id, items.length > 0 ? items : calls);
    if (this.#last === null) this.#first = message.id;
    else if (this.#last !== message.id) this.#next.set(this.#last, message.id);
    this.#last = message.id;
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
    this.#chain(message, settled);
    this.version += 1;
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
    for (const block of message.blocks) if (block.type === "tool_result") this.toolFinished(block);
    if (message.role === "user") return message.origin === "program" ? [] : saidBy(message);
    const streamed = [...(this.#streams.get(message.id) ?? [])];
    return message.blocks.flatMap((block, index): Item[] => {
      if (block.type === "tool_call") return [this.#tool(block)];
      if (block.type === "tool_result" || block.type === "redacted_thinking" || block.type === "attachment" || block.text.trim() === "") return [];
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

/** What the person said in a message: its texts, the files with the first. */
function saidBy(message: Message): UserItem[] {
  const files = message.blocks.filter((block) => block.type === "attachment");
  const texts = message.blocks.flatMap((block, index) => (block.type === "text" && block.text.trim() !== "" ? [{ index, text: block.text }] : []));
  if (texts.length === 0 && files.length > 0) texts.push({ index: 0, text: "" });
  return texts.map(({ index, text }, at) => new UserItem(`${message.id}:${index}`, text, message.origin, message.id, at === 0 ? files : []));
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

/** What a line says, for finding words in it. */
function wordsOf(line: Item): string {
  if (line.kind === "tool") return `${JSON.stringify(line.call.input)} ${line.result?.content ?? ""}`.toLowerCase();
  const names = line.kind === "user" ? line.attachments.map(({ name }) => name).join(" ") : "";
  return "text" in line ? `${line.text} ${names}`.toLowerCase() : "";
}
