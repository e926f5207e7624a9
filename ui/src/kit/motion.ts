// Durations of transitions, none where motion is reduced.

export function motionMs(ms: number): number {
  return document.documentElement.dataset["motion"] === "reduced" ? 0 : ms;
}
