// What a person is about to say: the words and files in the composer, what
// waits behind a running turn, and what stands in the way. Nothing typed or
// attached leaves it but by being sent or by their own hand.

import { errorInfo } from "../ipc/backend";
import type { ErrorInfo, Origin } from "../ipc/types";
import { type FileDraft, type Refused, read } from "./files";

export type Request = { text: string; files: readonly FileDraft[]; origin: Origin };

export class Outbox {
  text = $state("");
  files = $state.raw<readonly FileDraft[]>([]);
  /** Why something does not go along, or did not. */
  problems = $state.raw<readonly Refused[]>([]);
  /** Files that are being read. */
  reading = $state(0);
  /** Said while a turn ran; sent one by one when it ends. */
  queue = $state.raw<readonly Request[]>([]);
  #last: Promise<void> = Promise.resolve();

  get empty(): boolean {
    return this.text === "" && this.files.length === 0 && this.queue.length === 0 && this.reading === 0;
  }

  /** One after the other, so that they stand in the order they were given. */
  attach(files: readonly File[]): Promise<void> {
    if (files.length === 0) return this.#last;
    this.problems = [];
    this.reading += files.length;
    this.#last = this.#last.then(async () => {
      for (const file of files) {
        const got = await read(file, this.files);
        if ("key" in got) this.files = [...this.files, got];
        else this.problems = [...this.problems, got];
        this.reading -= 1;
      }
    });
    return this.#last;
  }

  /** A file that is still to come; it counts as being read until then. */
  async attachLater(coming: Promise<File | null>): Promise<void> {
    this.reading += 1;
    try {
      const file = await coming;
      if (file) void this.attach([file]);
    } catch (reason) {
      this.refuse(errorInfo(reason));
    } finally {
      this.reading -= 1;
    }
  }

  drop(key: number): void {
    this.files = this.files.filter((file) => file.key !== key);
    this.problems = [];
  }

  /** What the composer holds, which is empty then. */
  take(): Request {
    const request = { text: this.text.trim(), files: this.files, origin: "typed" as const };
    this.text = "";
    this.files = [];
    this.problems = [];
    return request;
  }

  /** The files alone, for words that were spoken; what is typed stays. */
  takeFiles(): readonly FileDraft[] {
    const files = this.files;
    this.files = [];
    this.problems = [];
    return files;
  }

  /** Something to say again, in place of what the composer holds. */
  fill(text: string, files: readonly FileDraft[] = []): void {
    this.text = text;
    this.files = files;
    this.problems = [];
  }

  /** What could not be sent comes before what was written since. */
  putBack(...requests: readonly Omit<Request, "origin">[]): void {
    this.text = [...requests.map(({ text }) => text), this.text].filter(Boolean).join("\n\n");
    this.files = [...requests.flatMap(({ files }) => files), ...this.files];
  }

  /** Read and understood. */
  forgive(problem: Refused): void {
    this.problems = this.problems.filter((one) => one !== problem);
  }

  /** It did not go: with files they are most likely why. */
  refuse(error: ErrorInfo): void {
    this.problems = [{ message: error.message, hint: error.hints.join(" ") }];
  }

  next(): Request | undefined {
    const [first, ...rest] = this.queue;
    this.queue = rest;
    return first;
  }

  unqueue(index: number): void {
    this.queue = this.queue.filter((_, at) => at !== index);
  }

  /** What was queued behind a turn that did not end well goes back to the
   * person who wrote it. */
  unqueueAll(): void {
    this.putBack(...this.queue);
    this.queue = [];
  }
}
