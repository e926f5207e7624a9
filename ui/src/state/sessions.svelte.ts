// The list of sessions: newest first, grouped by day, searched by the shell.

import type { Backend } from "../ipc/backend";
import type { SessionSummary } from "../ipc/types";
import { period, type Period } from "../words/time";
import type { Banners } from "./banners.svelte";

const SEARCH_DELAY_MS = 120;
const CLOCK_TICK_MS = 30_000;

export class Sessions {
  all = $state.raw<SessionSummary[]>([]);
  query = $state("");
  now = $state(Date.now());
  loaded = $state(false);
  #found = $state.raw<SessionSummary[] | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #search = 0;

  readonly shown = $derived(this.#found ?? this.all);
  readonly groups = $derived.by(() => {
    const groups: { period: Period; sessions: SessionSummary[] }[] = [];
    for (const session of this.shown) {
      const name = period(session.updated_ms, this.now);
      const group = groups.find((candidate) => candidate.period === name);
      if (group) group.sessions.push(session);
      else groups.push({ period: name, sessions: [session] });
    }
    return groups;
  });

  constructor(
    readonly backend: Backend,
    readonly banners: Banners,
  ) {}

  async load(): Promise<void> {
    const list = await this.banners.guard(this.backend.sessionList(""));
    if (list) this.all = sorted(list);
    this.loaded = true;
  }

  /** Ticks the relative times; returns how to end it. */
  keepTime(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), CLOCK_TICK_MS);
    return () => clearInterval(timer);
  }

  get(id: string): SessionSummary | undefined {
    return this.all.find((session) => session.id === id);
  }

  update(summary: SessionSummary): void {
    this.all = sorted([summary, ...this.all.filter(({ id }) => id !== summary.id)]);
    if (this.#found?.some(({ id }) => id === summary.id)) {
      this.#found = sorted([summary, ...this.#found.filter(({ id }) => id !== summary.id)]);
    }
    this.now = Date.now();
  }

  remove(id: string): void {
    this.all = this.all.filter((session) => session.id !== id);
    if (this.#found) this.#found = this.#found.filter((session) => session.id !== id);
  }

  search(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    if (query.trim() === "") {
      this.#search += 1;
      this.#found = null;
      return;
    }
    this.#timer = setTimeout(() => void this.#find(query.trim()), SEARCH_DELAY_MS);
  }

  async #find(query: string): Promise<void> {
    this.#search += 1;
    const number = this.#search;
    const list = await this.banners.guard(this.backend.sessionList(query));
    if (list && number === this.#search) this.#found = sorted(list);
  }

  async rename(id: string, title: string): Promise<void> {
    const session = this.get(id);
    if (!session || title.trim() === "" || title === session.title) return;
    this.update({ ...session, title: title.trim() });
    const done = await this.banners.guard(this.backend.sessionRename(id, title.trim()).then(() => true));
    if (!done) this.update(session);
  }
}

function sorted(list: SessionSummary[]): SessionSummary[] {
  return [...list].sort((one, other) => other.updated_ms - one.updated_ms);
}
