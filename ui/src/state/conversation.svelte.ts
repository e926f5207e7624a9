// One open session: its transcript, what it asks, what waits to be said, and
// the calls that change it. Errors of those calls go to the banners.

import type { Backend } from "../ipc/backend";
import { errorInfo } from "../ipc/backend";
import type {
  Answer,
  ErrorInfo,
  Event,
  PermissionMode,
  PermissionRequest,
  Question,
  SessionView,
  Usage,
} from "../ipc/types";
import { tokens } from "../words/amount";
import type { Banners } from "./banners.svelte";
import { Earlier } from "./earlier.svelte";
import { noUsage, sum } from "./usage";
import { EndItem } from "./items.svelte";
import { Transcript } from "./transcript.svelte";

export type Retry = { attempt: number; atMs: number; reason: string };

export class Conversation {
  readonly transcript = new Transcript();
  loading = $state(true);
  failure = $state.raw<ErrorInfo | null>(null);
  running = $state(false);
  stopping = $state(false);
  mode = $state<PermissionMode>("ask");
  permissions = $state.raw<PermissionRequest[]>([]);
  questions = $state.raw<Question[]>([]);
  todos = $state.raw<unknown>(null);
  usage = $state.raw<Usage>(noUsage);
  lastRequest = $state.raw<Usage | null>(null);
  /** Tokens of the last request and its answer, and how many there may be. */
  context = $state.raw<{ used: number; window: number | null } | null>(null);
  condensing = $state(false);
  readonly earlier: Earlier;
  retry = $state.raw<Retry | null>(null);
  model = $state("");
  workspace = $state("");
  /** Typed while a turn ran; sent one by one when it ends. */
  queue = $state.raw<string[]>([]);
  draft = $state("");
  turnStartedMs = $state(0);
  /** Events passed it by: opening it reads everything again. */
  stale = false;
  #seq = 0;
  #early: Event[] = [];

  constructor(
    readonly id: string,
    readonly backend: Backend,
    readonly banners: Banners,
  ) {
    this.earlier = new Earlier(id, backend, banners);
  }

  get empty(): boolean {
    return this.transcript.turns.length === 0 && this.queue.length === 0;
  }

  /** Opens it anew. One that is warm tells the shell where speech shall go,
   * and reads its history again only when events passed it by. */
  async open(): Promise<void> {
    if (!this.loading && !this.failure && !this.stale) {
      const view = await this.banners.guard(this.backend.sessionOpen(this.id));
      if (view && !this.running && view.last_seq > this.#seq) this.#load(view);
      return;
    }
    this.loading = true;
    this.stale = false;
    this.failure = null;
    try {
      this.#load(await this.backend.sessionOpen(this.id));
    } catch (reason) {
      this.failure = errorInfo(reason);
    }
    this.loading = false;
  }

  /** Goes back to before one of the person's messages, which comes back into
   * the composer. What came after stays on its branch. */
  async editFrom(messageId: string, text: string): Promise<void> {
    const cut = await this.banners.guard(this.backend.sessionRewind(this.id, { side: "before", message_id: messageId }));
    if (!cut) return;
    this.draft = text;
    await this.reload();
  }

  /** Reads its history again, for it has changed under us. */
  async reload(): Promise<void> {
    this.stale = true;
    await this.open();
  }

  #load(view: SessionView): void {
    this.transcript.load(view.messages, view.running);
    this.earlier.begin(view);
    this.running = view.running;
    this.mode = view.mode;
    this.permissions = view.permissions;
    this.questions = view.questions;
    this.todos = view.todos;
    this.usage = view.usage;
    this.workspace = view.summary.workspace;
    this.#seq = view.last_seq;
    const early = this.#early;
    this.#early = [];
    this.loading = false;
    for (const event of early) this.apply(event);
  }

  /** Takes an event in order; what the opened view already holds is skipped. */
  apply(event: Event): void {
    if (this.loading) {
      this.#early.push(event);
      return;
    }
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
    if (!this.#applyStream(event)) this.#applyTurn(event);
  }

  #applyStream(event: Event): boolean {
    const transcript = this.transcript;
    switch (event.type) {
      case "message_started":
        this.retry = null;
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

  #applyTurn(event: Event): void {
    switch (event.type) {
      case "session_updated":
        this.workspace = event.summary.workspace;
        break;
      case "turn_started":
        this.running = true;
        this.stopping = false;
        this.turnStartedMs = Date.now();
        this.model = event.model;
        this.mode = event.mode;
        this.transcript.begin(event.turn_id);
        break;
      case "permission_asked":
        this.permissions = [...this.permissions.filter(({ id }) => id !== event.request.id), event.request];
        break;
      case "permission_answered":
        this.permissions = this.permissions.filter(({ id }) => id !== event.request_id);
        break;
      case "question_asked":
        this.questions = [...this.questions.filter(({ id }) => id !== event.question.id), event.question];
        break;
      case "question_answered":
        this.questions = this.questions.filter(({ id }) => id !== event.request_id);
        break;
      case "todos_changed":
        this.todos = event.todos;
        break;
      case "retry_scheduled":
        this.retry = { attempt: event.attempt, atMs: Date.now() + event.delay_ms, reason: event.reason };
        break;
      case "usage_reported":
        this.lastRequest = event.usage;
        this.usage = sum(this.usage, event.usage);
        break;
      case "context_changed":
        this.context = { used: event.used_tokens, window: event.window };
        break;
      case "compaction_started":
        this.condensing = true;
        break;
      case "compaction_finished":
        this.condensing = false;
        if (event.after_tokens < event.before_tokens) {
          this.transcript.notice("info", `Condensed the earlier part: ${tokens(event.before_tokens)} tokens became ${tokens(event.after_tokens)}. /compact-undo brings it back.`);
        }
        break;
      case "notice":
        this.transcript.notice(event.level, event.text);
        break;
      case "mode_changed":
        this.mode = event.mode;
        break;
      case "turn_finished":
        this.#finish(event);
        break;
    }
  }

  #finish(event: Event & { type: "turn_finished" }): void {
    this.running = false;
    this.stopping = false;
    this.retry = null;
    this.permissions = [];
    this.questions = [];
    const error = event.error ?? null;
    const silent = event.reason === "done" && !error;
    this.transcript.finish(event.turn_id, silent ? null : new EndItem(`end:${event.turn_id}`, event.reason, error));
    if (event.reason === "done") {
      const [next, ...rest] = this.queue;
      this.queue = rest;
      if (next !== undefined) void this.#submit(next);
    } else {
      this.#unqueue();
    }
  }

  /** Sends now, or after the running turn. */
  async say(text: string): Promise<void> {
    if (this.running) this.queue = [...this.queue, text];
    else await this.#submit(text);
  }

  async #submit(text: string): Promise<void> {
    this.running = true;
    this.turnStartedMs = Date.now();
    try {
      await this.backend.sessionSubmit(this.id, text, "typed");
    } catch (reason) {
      this.running = false;
      this.draft = this.draft ? `${text}\n\n${this.draft}` : text;
      this.banners.show(reason);
    }
  }

  unqueue(index: number): void {
    this.queue = this.queue.filter((_, at) => at !== index);
  }

  /** What was queued behind a turn that did not end well goes back to the
   * person who wrote it. */
  #unqueue(): void {
    if (this.queue.length === 0) return;
    this.draft = [...this.queue, this.draft].filter(Boolean).join("\n\n");
    this.queue = [];
  }

  async stop(): Promise<void> {
    if (!this.running || this.stopping) return;
    this.stopping = true;
    const done = await this.banners.guard(this.backend.sessionCancel(this.id).then(() => true));
    if (!done) this.stopping = false;
  }

  async setMode(mode: PermissionMode): Promise<void> {
    const before = this.mode;
    this.mode = mode;
    const done = await this.banners.guard(this.backend.sessionSetMode(this.id, mode).then(() => true));
    if (!done) this.mode = before;
  }

  async answerPermission(requestId: string, answer: Answer): Promise<void> {
    const answered = await this.banners.guard(this.backend.permissionAnswer(requestId, answer));
    if (answered !== undefined) this.permissions = this.permissions.filter(({ id }) => id !== requestId);
  }

  async answerQuestion(requestId: string, answer: string | null): Promise<void> {
    const answered = await this.banners.guard(this.backend.questionAnswer(requestId, answer));
    if (answered !== undefined) this.questions = this.questions.filter(({ id }) => id !== requestId);
  }
}
