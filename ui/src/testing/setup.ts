// What the test DOM lacks and the window needs.

import { cleanup } from "@testing-library/svelte";
import { afterEach } from "vitest";

// Transitions end at once: tests see states, not motion.
Element.prototype.animate = function animate() {
  const animation = { cancel() {}, finish() {}, currentTime: 0, startTime: 0, playState: "finished", effect: null, onfinish: null as (() => void) | null };
  queueMicrotask(() => animation.onfinish?.());
  return animation as unknown as Animation;
};

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});
