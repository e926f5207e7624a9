// Theme and motion as attributes of the root element. The only place that
// reaches there.

import type { Settings } from "../ipc/types";

type Look = "light" | "dark" | "contrast" | "contrast-dark";

function resolve(theme: Settings["theme"], dark: boolean, contrast: boolean): Look {
  if (theme === "contrast" || (theme === "system" && contrast)) return dark ? "contrast-dark" : "contrast";
  if (theme === "system") return dark ? "dark" : "light";
  return theme;
}

/** Applies the look and follows the system; returns how to stop. */
export function keepLook(settings: Settings | null): () => void {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const contrast = matchMedia("(prefers-contrast: more)");
  const motion = matchMedia("(prefers-reduced-motion: reduce)");
  const apply = () => {
    root.dataset["theme"] = resolve(settings?.theme ?? "system", dark.matches, contrast.matches);
    root.dataset["motion"] = settings?.reduced_motion || motion.matches ? "reduced" : "full";
  };
  // A theme that arrives is not a change to be shown: no colour fades in.
  root.dataset["settling"] = "";
  apply();
  requestAnimationFrame(() => requestAnimationFrame(() => delete root.dataset["settling"]));
  const queries = [dark, contrast, motion];
  for (const query of queries) query.addEventListener("change", apply);
  return () => {
    for (const query of queries) query.removeEventListener("change", apply);
  };
}
