// Whether the folder that is worked in is trusted, what it brings along, and
// which folders are trusted at all. The shell decides what trust means.

import type { Backend } from "../ipc/backend";
import { errorInfo } from "../ipc/backend";
import type { ErrorInfo, TrustedFolder, TrustView } from "../ipc/types";
import type { Banners } from "./banners.svelte";

/** Something that was refused for want of trust, and how to try it again. */
export type Wanted = { info: ErrorInfo; again: () => void };

export class Trust {
  view = $state.raw<TrustView | null>(null);
  /** Why there is no view: the folder is gone, for example. */
  failure = $state.raw<ErrorInfo | null>(null);
  folders = $state.raw<TrustedFolder[] | null>(null);
  wanted = $state.raw<Wanted | null>(null);
  #folder: string | null = null;
  #looks = 0;

  readonly restricted = $derived(this.view !== null && !this.view.trusted);
  /** The folder whose trust holds here: this one, or one around it. */
  readonly source = $derived(this.view?.trusted ? nearest(this.view.path, this.folders ?? []) : null);

  constructor(
    readonly backend: Backend,
    readonly banners: Banners,
  ) {}

  /** Looks at another folder. A failure stays here: whoever works in a folder
   * that is gone is told so anyway. */
  async look(folder: string | null): Promise<void> {
    if (folder !== this.#folder) this.view = this.failure = null;
    this.#folder = folder;
    this.#looks += 1;
    const number = this.#looks;
    if (folder === null) return;
    try {
      const view = await this.backend.trustView(folder);
      if (number === this.#looks) [this.view, this.failure] = [view, null];
    } catch (reason) {
      if (number === this.#looks) [this.view, this.failure] = [null, errorInfo(reason)];
    }
  }

  async lookAgain(): Promise<void> {
    await Promise.all([this.look(this.#folder), this.loadFolders()]);
  }

  async loadFolders(): Promise<void> {
    const folders = await this.banners.guard(this.backend.trustedFolders());
    if (folders) this.folders = folders;
  }

  /** Trusts the folder in view; false when that was refused. */
  async give(): Promise<boolean> {
    if (!this.view) return false;
    const given = await this.banners.guard(this.backend.trustGive(this.view.path));
    if (given) await this.lookAgain();
    return given !== undefined;
  }

  /** Takes the trust in a folder back; false when that was refused. */
  async revoke(folder: string): Promise<boolean> {
    const done = await this.banners.guard(this.backend.trustRevoke(folder));
    // Somebody else may have been first: then the list is old.
    await this.lookAgain();
    return done !== undefined;
  }
}

function nearest(path: string, folders: readonly TrustedFolder[]): TrustedFolder | null {
  const around = folders.filter((folder) => path === folder.path || path.startsWith(folder.path.endsWith("/") ? folder.path : `${folder.path}/`));
  return around.sort((one, other) => other.path.length - one.path.length)[0] ?? null;
}
