// The part of a history that is not on screen yet, fetched page by page.

import type { Backend } from "../ipc/backend";
import type { SessionView } from "../ipc/types";
import type { Banners } from "./banners.svelte";
import type { Transcript } from "./transcript.svelte";

export class Earlier {
  /** Messages before those that are shown. */
  count = $state(0);
  fetching = $state(false);
  #firstId = "";

  constructor(
    readonly sessionId: string,
    readonly backend: Backend,
    readonly banners: Banners,
  ) {}

  begin(view: SessionView): void {
    this.count = view.older ?? 0;
    this.#firstId = view.messages[0]?.id ?? "";
  }

  /** Fetches the page before what is shown. */
  async show(transcript: Transcript): Promise<void> {
    if (this.count === 0 || this.fetching) return;
    this.fetching = true;
    const page = await this.banners.guard(this.backend.historyOlder(this.sessionId, this.#firstId));
    this.fetching = false;
    const [first] = page?.messages ?? [];
    if (!page || !first) return;
    transcript.prepend(page.messages);
    this.#firstId = first.id;
    this.count = page.older;
  }
}
