// The search over sessions: titles at once, all that was said and done as
// soon as the shell has looked. One question is out at a time, so that fast
// typing never queues up, and only the answer to the last one is shown.

import { errorInfo, type Backend } from "../ipc/backend";
import type { ErrorInfo, Place, SearchHit, SnippetPart } from "../ipc/types";
import { holdsAll, markWords, wordsOf } from "../words/find";
import type { Sessions } from "./sessions.svelte";

const DELAY_MS = 120;
/** Before that nobody waits, so nothing has to say so. */
const SAY_MS = 300;
const HITS_ASKED = 60;
const TITLES_SHOWN = 20;
const HITS_FOLDED = 3;

export type Found = {
  id: string;
  title: SnippetPart[];
  workspace: string;
  place: Place;
  atMs: number;
  hits: SearchHit[];
};

/** Something to be chosen: a session, one of its messages, or the rest of them. */
export type Choice = { key: string; group: Found; hit: SearchHit | null; rest: number };

export class Search {
  query = $state("");
  /** Only sessions of this folder. */
  workspace = $state<string | null>(null);
  slow = $state(false);
  pending = $state(false);
  failure = $state.raw<ErrorInfo | null>(null);
  more = $state(false);
  /** The title of what was opened, for those who do not see it happen. */
  opened = $state("");
  /** The list takes more room while somebody looks through it. */
  browsing = $state(false);
  #hits = $state.raw<SearchHit[]>([]);
  #chosen = $state("");
  #unfolded = $state.raw<readonly string[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sayTimer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #wanted = 0;
  #answered = 0;

  readonly words = $derived(wordsOf(this.query));
  readonly active = $derived(this.query.trim() !== "");
  /** What is listed is searched, and with the list the archive. */
  readonly places = $derived.by((): Place[] => (this.sessions.shelf === "active" ? ["active", "archived"] : [this.sessions.shelf]));

  readonly groups = $derived.by((): Found[] => {
    const groups = new Map<string, Found>();
    for (const session of this.words.length > 0 ? this.sessions.shown : []) {
      if (this.workspace !== null && session.workspace !== this.workspace) continue;
      if (!holdsAll(session.title, this.words) || groups.size >= TITLES_SHOWN) continue;
      groups.set(session.id, { id: session.id, title: markWords(session.title, this.words), workspace: session.workspace, place: this.sessions.placeOf(session.id), atMs: session.updated_ms, hits: [] });
    }
    for (const hit of this.#hits) {
      let group = groups.get(hit.session_id);
      if (!group) {
        const title = this.sessions.get(hit.session_id)?.title ?? hit.title;
        group = { id: hit.session_id, title: markWords(title, this.words), workspace: hit.workspace, place: hit.place, atMs: hit.at_ms, hits: [] };
        groups.set(hit.session_id, group);
      }
      if (hit.message_id !== null) group.hits.push(hit);
    }
    return [...groups.values()];
  });

  readonly choices = $derived(
    this.groups.flatMap((group): Choice[] => {
      const folded = !this.#unfolded.includes(group.id) && group.hits.length > HITS_FOLDED + 1;
      const hits = folded ? group.hits.slice(0, HITS_FOLDED) : group.hits;
      const choices: Choice[] = [{ key: group.id, group, hit: null, rest: 0 }, ...hits.map((hit) => ({ key: `${group.id}:${hit.message_id}`, group, hit, rest: 0 }))];
      if (folded) choices.push({ key: `${group.id}:rest`, group, hit: null, rest: group.hits.length - hits.length });
      return choices;
    }),
  );

  /** The choice Enter takes: the one walked to, or what fits best. */
  readonly chosen = $derived(this.choices.find(({ key }) => key === this.#chosen) ?? this.#best());

  readonly nothing = $derived(this.active && !this.pending && !this.failure && this.choices.length === 0);

  constructor(
    readonly backend: Backend,
    readonly sessions: Sessions,
  ) {}

  #best(): Choice | null {
    const [first, second] = this.choices;
    // Without its title being a hit, the session's first hit is meant.
    if (first && second?.hit && !first.group.title.some(({ hit }) => hit)) return second;
    return first ?? null;
  }

  type(query: string): void {
    this.query = query;
    this.opened = "";
    this.browsing = true;
    this.#chosen = "";
    this.#unfolded = [];
    this.#ask(DELAY_MS);
  }

  end(): void {
    this.type("");
    this.browsing = false;
  }

  /** This folder only, or everywhere with null. */
  narrow(workspace: string | null): void {
    this.workspace = workspace;
    this.#chosen = "";
    this.#ask(0);
  }

  again(): void {
    this.#ask(0);
  }

  step(by: number): void {
    const at = this.choices.findIndex(({ key }) => key === this.chosen?.key);
    this.#chosen = this.choices[Math.min(this.choices.length - 1, Math.max(0, at + by))]?.key ?? "";
  }

  choose(choice: Choice): void {
    this.#chosen = choice.key;
    if (choice.rest > 0) return;
    this.opened = choice.group.title.map(({ text }) => text).join("");
    this.browsing = false;
  }

  /** Shows all hits of a session. */
  unfold(id: string): void {
    const group = this.groups.find((one) => one.id === id);
    this.#unfolded = [...this.#unfolded, id];
    const next = group?.hits[HITS_FOLDED];
    if (next) this.#chosen = `${id}:${next.message_id}`;
  }

  async showMore(): Promise<void> {
    const number = this.#wanted;
    const page = await this.#look(this.#hits.length).catch(() => null);
    if (!page || number !== this.#wanted) return;
    this.#hits = [...this.#hits, ...page.hits];
    this.more = page.more;
  }

  #ask(delayMs: number): void {
    this.#wanted += 1;
    clearTimeout(this.#timer);
    if (!this.active) {
      this.#answered = this.#wanted;
      this.#show([], false);
      return;
    }
    this.pending = true;
    this.#sayTimer ??= setTimeout(() => (this.slow = this.pending), SAY_MS);
    this.#timer = setTimeout(() => void this.#run(), delayMs);
  }

  async #run(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    while (this.#answered !== this.#wanted) {
      const number = this.#wanted;
      try {
        const page = await this.#look(0);
        if (number === this.#wanted) this.#show(page.hits, page.more);
      } catch (reason) {
        if (number === this.#wanted) this.#show([], false, errorInfo(reason));
      }
      this.#answered = Math.max(this.#answered, number);
    }
    this.#asking = false;
  }

  #look(offset: number) {
    return this.backend.search({ words: this.query.trim(), workspace: this.workspace, places: this.places, limit: HITS_ASKED, offset });
  }

  #show(hits: SearchHit[], more: boolean, failure: ErrorInfo | null = null): void {
    this.#hits = hits;
    this.more = more;
    this.failure = failure;
    this.pending = this.slow = false;
    clearTimeout(this.#sayTimer);
    this.#sayTimer = undefined;
  }
}
