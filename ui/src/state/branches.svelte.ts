// The lines of a session's history: where they part on the line that is
// shown, and what each turn there leads to. The shell keeps them all.

import type { Backend } from "../ipc/backend";
import type { Branch } from "../ipc/types";
import type { Banners } from "./banners.svelte";
import type { Stretch } from "./stretch.svelte";
import type { Transcript } from "./transcript.svelte";

/** A place where lines part: after a message, or at the very start. */
export type Fork = {
  after: string | null;
  /** Lines that go on from here, oldest first. */
  choices: readonly Branch[];
  /** Which of them is shown. */
  at: number;
};

export class Branches {
  list = $state.raw<Branch[]>([]);
  /** The line last shown beyond a fork, to come back to it. */
  readonly #left = new Map<string, number>();
  #asked = 0;

  readonly current = $derived(this.list.find((branch) => branch.current) ?? null);
  readonly forks = $derived(forksOf(this.list));

  /** Forks by the line on screen they stand at. */
  readonly places = $derived.by(() => {
    const places = new Map<string, Fork>();
    if (this.forks.length === 0) return places;
    for (const fork of this.forks) {
      const hidden = fork.after === null && this.stretch.older > 0;
      const key = hidden ? null : this.transcript.keyAfter(fork.after);
      if (key !== null) places.set(key, fork);
    }
    return places;
  });

  /** The fork at the very end: gone back to, and nothing said since. */
  readonly atEnd = $derived.by(() => {
    const current = this.current;
    if (!current || current.message_count > 0) return null;
    const fork = this.forks.find(({ choices }) => choices.includes(current)) ?? null;
    return fork && this.transcript.keyAfter(fork.after) === null ? fork : null;
  });

  constructor(
    readonly sessionId: string,
    readonly backend: Backend,
    readonly banners: Banners,
    readonly transcript: Transcript,
    readonly stretch: Stretch,
  ) {}

  async load(): Promise<void> {
    this.#asked += 1;
    const number = this.#asked;
    const list = await this.banners.guard(this.backend.branches(this.sessionId));
    if (list && number === this.#asked) this.list = list;
  }

  /** Goes on with another choice of the fork; false when it was refused. */
  async choose(fork: Fork, index: number): Promise<boolean> {
    const choice = fork.choices[index];
    const shown = fork.choices[fork.at];
    if (!choice || !shown || choice === shown) return false;
    if (this.current) this.#left.set(beyond(fork, shown), this.current.number);
    const number = this.#left.get(beyond(fork, choice)) ?? choice.number;
    return (await this.banners.guard(this.backend.branchChoose(this.sessionId, number).then(() => true))) ?? false;
  }
}

function beyond(fork: Fork, choice: Branch): string {
  return `${fork.after ?? ""}>${choice.number}`;
}

function forksOf(list: readonly Branch[]): Fork[] {
  const byNumber = new Map(list.map((branch) => [branch.number, branch]));
  const path = new Set<number>();
  // Every step goes to a smaller number, so that it ends.
  for (let branch = list.find(({ current }) => current); branch && !path.has(branch.number); ) {
    path.add(branch.number);
    branch = branch.parent === null ? undefined : byNumber.get(branch.parent);
  }
  const leaving = new Map<string | null, Branch[]>();
  for (const branch of list) {
    if (branch.parent !== null) leaving.set(branch.after, [...(leaving.get(branch.after) ?? []), branch]);
  }
  const forks: Fork[] = [];
  for (const [after, branches] of leaving) {
    const left = byNumber.get(branches[0]?.parent ?? -1);
    const choices = left ? [left, ...branches] : branches;
    const taken = choices.findIndex(({ number }, index) => path.has(number) && (index > 0 || choices.slice(1).every((one) => !path.has(one.number))));
    if (taken >= 0 && choices.length > 1) forks.push({ after, choices, at: taken });
  }
  return forks;
}
