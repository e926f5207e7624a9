// Errors that belong to no turn: shown above the conversation until put away.

import { errorInfo } from "../ipc/backend";
import type { ErrorInfo } from "../ipc/types";

/** Something to do about what a banner says. */
export type Remedy = { label: string; act: () => void };
/** An error, or with `remedy` news that can be taken back. */
export type Banner = { id: number; info: ErrorInfo; remedy?: Remedy };

const SHOWN_LIMIT = 4;
/** News stays this long; what it offers is to be had elsewhere, too. */
const NEWS_MS = 15_000;

export class Banners {
  list = $state.raw<Banner[]>([]);
  #next = 1;

  show(reason: unknown): void {
    const info = errorInfo(reason);
    if (this.list.some((banner) => banner.info.message === info.message)) return;
    this.list = [...this.list, { id: this.#next++, info }].slice(-SHOWN_LIMIT);
  }

  /** News, not an error, with a way to take it back. */
  tell(message: string, remedy: Remedy): void {
    const banner = { id: this.#next++, info: { kind: "usage" as const, message, hints: [] }, remedy };
    this.list = [...this.list.filter(({ remedy }) => !remedy), banner].slice(-SHOWN_LIMIT);
    setTimeout(() => this.dismiss(banner.id), NEWS_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((banner) => banner.id !== id);
  }

  /** The call's value, or undefined after its error is on a banner. */
  async guard<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (reason) {
      this.show(reason);
      return undefined;
    }
  }
}
