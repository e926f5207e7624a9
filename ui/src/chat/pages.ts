// Turns in pages. Their borders are counted from the turn the transcript
// began with, so that a page stays the same when earlier ones come before it.

import type { Turn } from "../state/items.svelte";
import type { Transcript } from "../state/transcript.svelte";

const TURNS_PER_PAGE = 12;

export type Page = { key: string; turns: readonly Turn[] };

export function pagesOf(transcript: Transcript): Page[] {
  const { turns, before, generation } = transcript;
  const pages: Page[] = [];
  const first = Math.floor(-before / TURNS_PER_PAGE);
  for (let number = first; number * TURNS_PER_PAGE + before < turns.length; number += 1) {
    const start = Math.max(0, number * TURNS_PER_PAGE + before);
    const end = (number + 1) * TURNS_PER_PAGE + before;
    pages.push({ key: `${generation}:${number}`, turns: turns.slice(start, end) });
  }
  return pages;
}
