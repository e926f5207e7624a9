// What the test DOM lacks and the window needs.

import { cleanup } from "@testing-library/svelte";
import { afterEach, beforeEach, vi } from "vitest";

// Transitions end at once: tests see states, not motion.
Element.prototype.animate = function animate() {
  const animation = { cancel() {}, finish() {}, currentTime: 0, startTime: 0, playState: "finished", effect: null, onfinish: null as (() => void) | null };
  queueMicrotask(() => animation.onfinish?.());
  return animation as unknown as Animation;
};

// Time passes when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});

afterEach(() => {
  vi.useRealTimers();
  cleanup();
  document.body.replaceChildren();
});
