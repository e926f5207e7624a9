// The sessions by the place they lie in: the list, the archive, the trash;
// newest first, grouped by day, each place a page at a time.

import type { Backend } from "../ipc/backend";
import type { Place, SessionSummary, ShelfCounts } from "../ipc/types";
import { period, type Period } from "../words/time";
import type { Banners } from "./banners.svelte";

const CLOCK_TICK_MS = 30_000;
/** A turn brings its session back from where it lay a moment after it begins. */
const RETURN_DELAY_MS = 300;
/** What the shell keeps to, until it has said so. */
const USUAL_TRASH_DAYS = 30;
const DAY_MS = 86_400_000;

export type Listed = SessionSummary & { placed_ms?: number };
type Shelf = { list: Listed[]; total: number };
export type Group = { period: Period | null; sessions: Listed[] };

const nothing: Shelf = { list: [], total: 0 };

export class Sessions {
  /** The place on screen. */
  shelf = $state<Place>("active");
  now = $state(Date.now());
  loaded = $state(false);
  counts = $state.raw<ShelfCounts | null>(null);
  #shelves = $state.raw<Record<Place, Shelf>>({ active: nothing, archived: nothing, trashed: nothing });
  /** Sessions known to lie elsewhere than in the list. */
  #places = $state.raw<ReadonlyMap<string, Place>>(new Map());
  #returning: ReturnType<typeof setTimeout> | undefined;

  readonly all = $derived(this.#shelves.active.list);
  readonly shown = $derived(this.#shelves[this.shelf].list);
  /** How many more lie here than are listed. */
  readonly more = $derived(Math.max(0, this.#shelves[this.shelf].total - this.shown.length));
  /** How many there are in the list, those that are not listed yet included. */
  readonly total = $derived(this.#shelves.active.total);
  readonly trashDays = $derived(this.counts?.trash_days ?? USUAL_TRASH_DAYS);
  readonly groups = $derived.by((): Group[] => {
    if (this.shelf === "trashed") return this.shown.length > 0 ? [{ period: null, sessions: this.shown }] : [];
    const groups: Group[] = [];
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
    await Promise.all([this.#read("active"), this.#count(), ...(this.shelf === "active" ? [] : [this.#read(this.shelf)])]);
    this.loaded = true;
  }

  async show(place: Place): Promise<void> {
    this.shelf = place;
    await Promise.all([this.#read(place), this.#count()]);
  }

  /** Lists the next page of the place on screen. */
  async showMore(): Promise<void> {
    await this.#read(this.shelf, this.shown.length);
  }

  async #read(place: Place, offset = 0): Promise<void> {
    const page = await this.banners.guard(this.backend.shelf({ words: "", workspace: null, places: [place], limit: 0, offset }));
    if (!page) return;
    this.#know(page.entries.map(({ id }) => id), place);
    // A session nothing was said in yet is known to the window only.
    const known = this.#shelves[place].list.filter((session) => offset > 0 || (place === "active" && session.message_count === 0));
    const kept = known.filter(({ id }) => !page.entries.some((entry) => entry.id === id));
    this.#set(place, [...kept, ...page.entries], page.total);
  }

  async #count(): Promise<void> {
    const counts = await this.banners.guard(this.backend.shelfCounts());
    if (counts) this.counts = counts;
  }

  #set(place: Place, list: readonly Listed[], total = list.length): void {
    const newest = (one: Listed) => (place === "trashed" ? (one.placed_ms ?? 0) : one.updated_ms);
    const sorted = [...list].sort((one, other) => newest(other) - newest(one));
    this.#shelves = { ...this.#shelves, [place]: { list: sorted, total: Math.max(total, sorted.length) } };
  }

  /** Ticks the relative times; returns how to end it. */
  keepTime(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), CLOCK_TICK_MS);
    return () => clearInterval(timer);
  }

  get(id: string): Listed | undefined {
    return Object.values(this.#shelves).flatMap(({ list }) => list).find((session) => session.id === id);
  }

  /** Remembers where a session lies. */
  know(id: string, place: Place): void {
    this.#know([id], place);
  }

  #know(ids: readonly string[], place: Place): void {
    const news = ids.filter((id) => this.placeOf(id) !== place);
    if (news.length === 0) return;
    const places = new Map(this.#places);
    for (const id of news) {
      if (place === "active") places.delete(id);
      else places.set(id, place);
    }
    this.#places = places;
  }

  placeOf(id: string): Place {
    return this.#places.get(id) ?? "active";
  }

  /** Days until a session of the trash is removed for good. */
  daysLeft(session: Listed): number {
    return Math.max(0, this.trashDays - Math.floor((this.now - (session.placed_ms ?? this.now)) / DAY_MS));
  }

  update(summary: SessionSummary): void {
    this.now = Date.now();
    const place = this.placeOf(summary.id);
    const { list, total } = this.#shelves[place];
    const known = list.find(({ id }) => id === summary.id);
    if (known) this.#set(place, [{ ...known, ...summary }, ...list.filter((session) => session !== known)], total);
    else if (place === "active") this.#set(place, [summary, ...list], total + 1);
    if (place === "active") return;
    // Whoever goes on with it brings it back: the store knows.
    clearTimeout(this.#returning);
    this.#returning = setTimeout(() => void this.load(), RETURN_DELAY_MS);
  }

  #drop(id: string): Listed | undefined {
    const session = this.get(id);
    for (const place of ["active", "archived", "trashed"] as const) {
      const { list, total } = this.#shelves[place];
      if (list.some((one) => one.id === id)) this.#set(place, list.filter((one) => one.id !== id), total - 1);
    }
    return session;
  }

  /** Puts a session into a place; false when the shell refused. */
  async put(id: string, place: Place): Promise<boolean> {
    const before = this.placeOf(id);
    // Before the call: news of the session may come before its answer.
    this.know(id, place);
    const done = await this.banners.guard(this.backend.sessionPlace(id, place).then(() => true));
    if (!done) {
      this.know(id, before);
      return false;
    }
    const session = this.#drop(id);
    if (session && session.message_count > 0) this.#set(place, [{ ...session, placed_ms: Date.now() }, ...this.#shelves[place].list], this.#shelves[place].total + 1);
    await this.#count();
    return true;
  }

  /** Removes a session for good; false when the shell refused. */
  async remove(id: string): Promise<boolean> {
    const done = await this.banners.guard(this.backend.sessionDelete(id).then(() => true));
    if (!done) return false;
    this.#drop(id);
    await this.#count();
    return true;
  }

  /** Empties the trash; the sessions known to have been in it. */
  async empty(): Promise<string[]> {
    const done = await this.banners.guard(this.backend.trashEmpty());
    if (done === undefined) return [];
    this.#set("trashed", []);
    await this.#count();
    return [...this.#places].filter(([, place]) => place === "trashed").map(([id]) => id);
  }

  async rename(id: string, title: string): Promise<void> {
    const session = this.get(id);
    if (!session || title.trim() === "" || title === session.title) return;
    this.update({ ...session, title: title.trim() });
    const done = await this.banners.guard(this.backend.sessionRename(id, title.trim()).then(() => true));
    if (!done) this.update(session);
  }
}
