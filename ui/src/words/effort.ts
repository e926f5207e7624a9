// How hard a model thinks, in the words the window uses for it.

import type { Effort } from "../ipc/types";

const all: Record<Effort, { label: string; note: string }> = {
  auto: { label: "Auto", note: "The provider decides how long the model thinks." },
  low: { label: "Low", note: "Quick and cheap." },
  medium: { label: "Medium", note: "Balanced." },
  high: { label: "High", note: "Thorough: slower, and more tokens." },
  max: { label: "Max", note: "As much as the model can, whatever it costs." },
};

export function effortWords(effort: Effort): { label: string; note: string } {
  return all[effort];
}

/** What can be chosen: the provider's own choice, then what the model takes. */
export function effortOptions(efforts: readonly Effort[]): { value: Effort; label: string; note: string }[] {
  const rest = efforts.filter((effort) => effort !== "auto");
  return ["auto" as const, ...rest].map((effort) => ({ value: effort, ...all[effort] }));
}
