// The settings: shown as changed at once, kept by the shell, taken back when
// the shell refuses.

import type { Backend } from "../ipc/backend";
import type { Settings } from "../ipc/types";
import type { Banners } from "./banners.svelte";

export class Preferences {
  value = $state.raw<Settings | null>(null);
  #kept: Settings | null = null;
  #changes = 0;

  constructor(
    readonly backend: Backend,
    readonly banners: Banners,
  ) {}

  set(settings: Settings): void {
    this.#kept = settings;
    this.value = settings;
  }

  async change(patch: Partial<Settings>): Promise<void> {
    if (!this.value) return;
    this.#changes += 1;
    const number = this.#changes;
    const wanted = { ...this.value, ...patch };
    this.value = wanted;
    const kept = await this.banners.guard(this.backend.settingsUpdate(wanted));
    if (kept) this.#kept = kept;
    if (number === this.#changes && this.#kept) this.value = this.#kept;
  }
}
