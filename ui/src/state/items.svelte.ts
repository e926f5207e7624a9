// What a conversation shows, one class per kind of line. Only the parts that
// change after they appear are reactive.

import type { Attachment, ErrorInfo, NoticeLevel, Origin, Outcome, OutputStream, StopReason, ToolCall, ToolResult } from "../ipc/types";

export class UserItem {
  readonly kind = "user";
  constructor(
    readonly key: string,
    readonly text: string,
    readonly origin: Origin,
    readonly messageId: string,
    readonly attachments: readonly Attachment[] = [],
  ) {}
}

export class TextItem {
  readonly kind = "text";
  text = $state("");
  streaming = $state(false);
  constructor(readonly key: string) {}
}

export class ThinkingItem {
  readonly kind = "thinking";
  text = $state("");
  streaming = $state(false);
  constructor(readonly key: string) {}
}

export type OutputChunk = { stream: OutputStream; text: string };
export type ToolStatus = "running" | Outcome;

/** Live output beyond this is dropped from the front; the result is whole. */
const OUTPUT_LIMIT_CHARS = 200_000;

export class ToolItem {
  readonly kind = "tool";
  readonly key: string;
  title = $state("");
  subject = $state("");
  output = $state.raw<OutputChunk[]>([]);
  result = $state.raw<ToolResult | null>(null);
  /** Set when the turn ended without a result for this call. */
  abandoned = $state(false);

  constructor(readonly call: ToolCall) {
    this.key = call.id;
  }

  get status(): ToolStatus {
    if (this.result) return this.result.outcome;
    return this.abandoned ? "cancelled" : "running";
  }

  append(chunk: OutputChunk): void {
    const last = this.output.at(-1);
    const joined =
      last?.stream === chunk.stream
        ? [...this.output.slice(0, -1), { stream: chunk.stream, text: last.text + chunk.text }]
        : [...this.output, chunk];
    let over = joined.reduce((sum, part) => sum + part.text.length, 0) - OUTPUT_LIMIT_CHARS;
    while (over > 0 && joined[0]) {
      const cut = Math.min(over, joined[0].text.length);
      joined[0] = { ...joined[0], text: joined[0].text.slice(cut) };
      over -= cut;
      if (joined[0].text === "") joined.shift();
    }
    this.output = joined;
  }
}

export class NoticeItem {
  readonly kind = "notice";
  constructor(
    readonly key: string,
    readonly level: NoticeLevel,
    readonly text: string,
  ) {}
}

export class EndItem {
  readonly kind = "end";
  constructor(
    readonly key: string,
    readonly reason: StopReason,
    readonly error: ErrorInfo | null,
  ) {}
}

export type Item = UserItem | TextItem | ThinkingItem | ToolItem | NoticeItem | EndItem;

/** Reads that followed each other and went well, shown as one line. */
export type ReadsRow = { kind: "reads"; key: string; reads: ToolItem[] };
export type Row = Item | ReadsRow;

/** One that brought words from outside stands alone, to be seen as such. */
function folds(item: Item): item is ToolItem {
  return item.kind === "tool" && item.call.name === "read" && !item.result?.source && (item.status === "ok" || item.status === "running");
}

export function foldReads(items: readonly Item[]): Row[] {
  const rows: Row[] = [];
  let reads: ToolItem[] = [];
  const flush = () => {
    const [first] = reads;
    if (first && reads.length > 1) rows.push({ kind: "reads", key: `reads:${first.key}`, reads });
    else rows.push(...reads);
    reads = [];
  };
  for (const item of items) {
    if (folds(item)) {
      reads.push(item);
    } else {
      flush();
      rows.push(item);
    }
  }
  flush();
  return rows;
}

export class Turn {
  items = $state.raw<Item[]>([]);
  readonly rows = $derived(foldReads(this.items));
  constructor(readonly id: string) {}

  push(...items: Item[]): void {
    this.items = [...this.items, ...items];
  }
}
