// Push to talk as the window sees it: state, level, the words heard.

import type { Backend } from "../ipc/backend";
import type { VoiceEvent, VoiceState } from "../ipc/types";
import type { Banners } from "./banners.svelte";

export const LEVEL_COUNT = 24;
const HINT_MS = 6000;

export class Voice {
  state = $state.raw<VoiceState>({ state: "idle" });
  levels = $state.raw<number[]>(Array<number>(LEVEL_COUNT).fill(0));
  hint = $state("");
  /** True from press to release, however the shell is getting on. */
  held = $state(false);
  #hintTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly backend: Backend,
    readonly banners: Banners,
  ) {}

  apply(event: VoiceEvent): void {
    if (event.type === "state") {
      this.state = event.state;
      if (event.state.state === "listening") {
        this.levels = Array<number>(LEVEL_COUNT).fill(0);
        this.hint = "";
      }
    } else if (event.type === "level") {
      this.levels = [...this.levels.slice(1), Math.min(1, Math.sqrt(event.rms) * 2)];
    } else if (event.type === "hint") {
      this.hint = event.text;
      clearTimeout(this.#hintTimer);
      this.#hintTimer = setTimeout(() => (this.hint = ""), HINT_MS);
    }
  }

  press(): void {
    if (this.held) return;
    this.held = true;
    void this.banners.guard(this.backend.voicePress());
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    void this.banners.guard(this.backend.voiceRelease());
  }

  cancel(): void {
    this.held = false;
    void this.banners.guard(this.backend.voiceCancel());
  }

  retry(): void {
    void this.banners.guard(this.backend.voiceRetry());
  }
}
