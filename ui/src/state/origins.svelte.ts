// Where settings come from, where that is above the person at the window:
// who decides, and whether anything here can change it.

import type { Backend } from "../ipc/backend";
import type { SettingOrigin } from "../ipc/types";
import type { Banners } from "./banners.svelte";

/** Who decides a setting, in words; `locked` when it cannot be changed here. */
export type Decided = { by: string; locked: boolean };

export class Origins {
  #list = $state.raw<SettingOrigin[]>([]);
  readonly #byKey = $derived(new Map(this.#list.map((origin) => [origin.key, origin])));

  constructor(
    readonly backend: Backend,
    readonly banners: Banners,
  ) {}

  async load(): Promise<void> {
    const list = await this.banners.guard(this.backend.settingOrigins());
    if (list) this.#list = list;
  }

  /** Null when it is the person's own to decide. */
  of(key: string): Decided | null {
    const origin = this.#byKey.get(key);
    return origin ? decided(origin) : null;
  }
}

export function decided({ layer, locked }: Pick<SettingOrigin, "layer" | "locked">): Decided | null {
  if (locked) return { by: "Set for this whole machine; it cannot be changed here.", locked };
  if (layer === "environment") return { by: "Set by the environment; a change here holds until Familiar starts again.", locked };
  if (layer === "flag") return { by: "Set on the command line; a change here holds until Familiar starts again.", locked };
  if (layer === "project") return { by: "Set by the project’s own settings.", locked };
  return null;
}
