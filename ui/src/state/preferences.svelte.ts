// The settings: shown as changed at once, kept by the shell, taken back when
// the shell refuses.

import type { Backend } from "../ipc/backend";
import { errorInfo } from "../ipc/backend";
import type { ErrorInfo, Settings } from "../ipc/types";
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
    const refused = await this.attempt(patch);
    if (refused) this.banners.show(refused);
  }

  /** The same for a field that says by itself why it was refused. */
  async attempt(patch: Partial<Settings>): Promise<ErrorInfo | null> {
    if (!this.value) return null;
    this.#changes += 1;
    const number = this.#changes;
    const wanted = { ...this.value, ...patch };
    this.value = wanted;
    let refused: ErrorInfo | null = null;
    try {
      this.#kept = await this.backend.settingsUpdate(wanted);
    } catch (reason) {
      refused = errorInfo(reason);
    }
    if (number === this.#changes && this.#kept) this.value = this.#kept;
    return refused;
  }
}
