// One open session: its transcript, what it asks, what waits to be said, and
// the calls that change it. Errors of those calls go to the banners.

import type { Backend } from "../ipc/backend";
import { errorInfo } from "../ipc/backend";
import type {
  Answer,
  ErrorInfo,
  Event,
  Origin,
  PermissionMode,
  PermissionRequest,
  Question,
  SessionView,
  Usage,
} from "../ipc/types";
import type { Banners } from "./banners.svelte";
import { Branches, type Fork } from "./branches.svelte";
import { type FileDraft, again, parcel } from "./files";
import { EndItem, type UserItem } from "./items.svelte";
import { Outbox, type Request } from "./outbox.svelte";
import { applyStream } from "./stream";
import { Stretch } from "./stretch.svelte";
import { Transcript } from "./transcript.svelte";
import { applyTurn } from "./turn";
import { noUsage } from "./usage";

export type Retry = { attempt: number; atMs: number; reason: string };

/** Where on the screen the switch of a fork stood, and which side was used. */
export type Held = { top: number; side: "back" | "on" };
/** Where the view shall be; each new one is carried out once. */
export type Wish =
  | { to: "end" }
  | { to: "message"; messageId: string; words: readonly string[] }
  | ({ to: "fork"; after: string | null } & Held);
/** A message that has to be in the transcript first; null: none has to. */
export type Goal = { messageId: string | null; wish: Wish };

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
  readonly stretch: Stretch;
  readonly branches: Branches;
  wish = $state.raw<Wish | null>(null);
  /** Key of the line a search led to, while it is marked. */
  found = $state("");
  retry = $state.raw<Retry | null>(null);
  model = $state("");
  workspace = $state("");
  /** It is worked on under cover. */
  undercover = $state(false);
  readonly outbox = new Outbox();
  turnStartedMs = $state(0);
  /** Events passed it by: opening it reads everything again. */
  stale = false;
  #seq = 0;
  #early: Event[] = [];
  /** Takes what happens beyond the stretch on screen; read anew there. */
  #beyond = new Transcript();

  constructor(
    readonly id: string,
    readonly backend: Backend,
    readonly banners: Banners,
  ) {
    this.stretch = new Stretch(id, backend, banners);
    this.branches = new Branches(id, backend, banners, this.transcript, this.stretch);
  }

  get empty(): boolean {
    return this.transcript.turns.length === 0 && this.outbox.queue.length === 0;
  }

  /** The live end of the history is not on screen. */
  get away(): boolean {
    return this.stretch.newer > 0;
  }

  /** Where what happens now goes. */
  get live(): Transcript {
    return this.away ? this.#beyond : this.transcript;
  }

  /** Opens it anew; what `goal` names is then on screen, or the end. One
   * that is warm tells the shell where speech shall go, and reads its
   * history again only when events passed it by. */
  async open(goal?: Goal): Promise<void> {
    // Left behind in the middle of its history, it comes back at its end.
    if (!goal && this.away) this.stale = true;
    if (!this.loading && !this.failure && !this.stale) {
      const view = await this.banners.guard(this.backend.sessionOpen(this.id));
      if (view && !this.running && view.last_seq > this.#seq) this.#load(view);
    } else {
      this.loading = true;
      this.stale = false;
      this.failure = null;
      try {
        this.#load(await this.backend.sessionOpen(this.id));
        if (!goal) this.wish = { to: "end" };
      } catch (reason) {
        this.failure = errorInfo(reason);
      }
      this.loading = false;
    }
    if (!goal || this.failure) return;
    const reached = goal.messageId === null || (await this.#reach(goal.messageId));
    this.wish = reached ? goal.wish : { to: "end" };
  }

  /** Brings a message into the transcript; false when that failed. */
  async #reach(messageId: string): Promise<boolean> {
    if (this.transcript.has(messageId)) return true;
    const page = await this.banners.guard(this.backend.historyAround(this.id, messageId));
    if (!page) return false;
    // Whether the last turn goes on is seen when the end is joined.
    this.transcript.load(page.messages, "more");
    this.stretch.begin(page.messages, page.older, Math.max(1, page.newer));
    this.#beyond = new Transcript();
    if (page.newer === 0) await this.#join();
    return true;
  }

  /** The page after what is shown. */
  async showNewer(): Promise<void> {
    if (await this.stretch.showNewer(this.transcript)) await this.#join();
  }

  /** The stretch reached the end: from here on it is live again. */
  async #join(): Promise<void> {
    this.loading = true;
    const view = await this.banners.guard(this.backend.sessionOpen(this.id));
    if (view) {
      this.transcript.extend(view.messages, view.running ? "stream" : "nothing");
      this.stretch.newer = 0;
      this.#take(view);
    }
    this.#settle();
  }

  async toEnd(): Promise<void> {
    if (this.away) await this.reload();
    else this.wish = { to: "end" };
  }

  /** Goes on with another line of the history, the switch staying put. */
  async choose(fork: Fork, index: number, held: Held): Promise<void> {
    if (this.running || !(await this.branches.choose(fork, index))) return;
    await this.branches.load();
    this.stale = true;
    await this.open({ messageId: fork.after, wish: { to: "fork", after: fork.after, ...held } });
  }

  /** Goes back to before one of the person's messages, which comes back into
   * the composer. What came after stays on its branch. */
  async editFrom(item: UserItem): Promise<void> {
    const cut = await this.banners.guard(this.backend.sessionRewind(this.id, { side: "before", message_id: item.messageId }));
    if (!cut) return;
    this.outbox.fill(item.text, again(item.attachments, item.messageId));
    await this.reload();
  }

  /** Reads its history again, for it has changed under us. */
  async reload(): Promise<void> {
    this.stale = true;
    await this.open();
  }

  #load(view: SessionView): void {
    this.transcript.load(view.messages, view.running ? "stream" : "nothing");
    this.stretch.begin(view.messages, view.older ?? 0, 0);
    this.#take(view);
    void this.branches.load();
    this.#settle();
  }

  #take(view: SessionView): void {
    this.running = view.running;
    this.mode = view.mode;
    this.undercover = view.undercover;
    this.permissions = view.permissions;
    this.questions = view.questions;
    this.todos = view.todos;
    this.usage = view.usage;
    this.workspace = view.summary.workspace;
    this.#seq = view.last_seq;
  }

  /** Whether it is under cover hangs on settings that may have changed. */
  async readCover(): Promise<void> {
    if (this.loading) return;
    const view = await this.banners.guard(this.backend.sessionOpen(this.id));
    if (view) this.undercover = view.undercover;
  }

  #settle(): void {
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
    if (event.type === "message_started") this.retry = null;
    if (event.type === "message_added" && this.away) this.stretch.newer += 1;
    if (!applyStream(this.live, event)) applyTurn(this, event);
  }

  finish(event: Event & { type: "turn_finished" }): void {
    this.running = false;
    this.stopping = false;
    this.retry = null;
    if (this.branches.list.length > 1) void this.branches.load();
    this.permissions = [];
    this.questions = [];
    const error = event.error ?? null;
    const silent = event.reason === "done" && !error;
    this.live.finish(event.turn_id, silent ? null : new EndItem(`end:${event.turn_id}`, event.reason, error));
    if (event.reason === "done") {
      const next = this.outbox.next();
      if (next) void this.#submit(next);
    } else {
      this.outbox.unqueueAll();
    }
  }

  /** Sends now, or after the running turn. */
  async say(text: string, files: readonly FileDraft[] = [], origin: Origin = "typed"): Promise<void> {
    if (this.away) await this.reload();
    const request = { text, files, origin };
    if (this.running) this.outbox.queue = [...this.outbox.queue, request];
    else await this.#submit(request);
  }

  async #submit(request: Request): Promise<void> {
    this.running = true;
    this.turnStartedMs = Date.now();
    try {
      await this.backend.sessionSubmit(this.id, request.text, request.origin, parcel(request.files));
    } catch (reason) {
      this.running = false;
      this.outbox.putBack(request);
      if (request.files.length > 0) this.outbox.refuse(errorInfo(reason));
      else this.banners.show(reason);
    }
  }

  async stop(): Promise<void> {
    if (!this.running || this.stopping) return;
    this.stopping = true;
    const done = await this.banners.guard(this.backend.sessionCancel(this.id).then(() => true));
    if (!done) this.stopping = false;
  }

  /** Null when the mode holds, else why it was refused. */
  async setMode(mode: PermissionMode): Promise<ErrorInfo | null> {
    const before = this.mode;
    this.mode = mode;
    try {
      await this.backend.sessionSetMode(this.id, mode);
      return null;
    } catch (reason) {
      this.mode = before;
      return errorInfo(reason);
    }
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
