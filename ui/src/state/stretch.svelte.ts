// Which stretch of a history is on screen, and what comes before and after
// it, fetched page by page.

import type { Backend } from "../ipc/backend";
import type { Message } from "../ipc/types";
import type { Banners } from "./banners.svelte";
import type { Transcript } from "./transcript.svelte";

export class Stretch {
  /** Messages before those that are shown. */
  older = $state(0);
  /** Messages after those that are shown; the live end is on screen at 0. */
  newer = $state(0);
  fetching = $state(false);
  #firstId = "";
  #lastId = "";

  constructor(
    readonly sessionId: string,
    readonly backend: Backend,
    readonly banners: Banners,
  ) {}

  begin(messages: readonly Message[], older: number, newer: number): void {
    this.older = older;
    this.newer = newer;
    this.#firstId = messages[0]?.id ?? "";
    this.#lastId = messages.at(-1)?.id ?? "";
  }

  /** Fetches the page before what is shown. */
  async showOlder(transcript: Transcript): Promise<void> {
    if (this.older === 0 || this.fetching) return;
    this.fetching = true;
    const page = await this.banners.guard(this.backend.historyOlder(this.sessionId, this.#firstId));
    this.fetching = false;
    const [first] = page?.messages ?? [];
    if (!page || !first) return;
    transcript.prepend(page.messages);
    this.#firstId = first.id;
    this.older = page.older;
  }

  /** Fetches the page after what is shown; true when it reaches the end. */
  async showNewer(transcript: Transcript): Promise<boolean> {
    if (this.newer === 0 || this.fetching) return false;
    this.fetching = true;
    const page = await this.banners.guard(this.backend.historyNewer(this.sessionId, this.#lastId));
    this.fetching = false;
    if (!page) return false;
    transcript.extend(page.messages, "more");
    this.#lastId = page.messages.at(-1)?.id ?? this.#lastId;
    // The end itself is the caller's to join.
    this.newer = Math.max(1, page.newer);
    return page.newer === 0;
  }
}
