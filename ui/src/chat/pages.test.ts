import { expect, test } from "vitest";
import type { Message } from "../ipc/types";
import { Transcript } from "../state/transcript.svelte";
import { pagesOf } from "./pages";

const said = (number: number): Message => ({ id: `m${number}`, turn_id: `t${number}`, role: "user", origin: "typed", blocks: [{ type: "text", text: "x" }], created_ms: 1 });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => said(from + index));
const shape = (transcript: Transcript) => pagesOf(transcript).map(({ key, turns }) => `${key} ${turns[0]?.id}..${turns.at(-1)?.id}`);

test("pages hold every turn once and stay the same when more come on either side", () => {
  const transcript = new Transcript();
  expect(pagesOf(transcript)).toEqual([]);
  transcript.load(range(100, 130), "more");
  expect(shape(transcript)).toEqual(["1:0 t100..t111", "1:1 t112..t123", "1:2 t124..t129"]);
  transcript.prepend(range(90, 100));
  expect(shape(transcript)).toEqual(["1:-1 t90..t99", "1:0 t100..t111", "1:1 t112..t123", "1:2 t124..t129"]);
  transcript.prepend(range(80, 90));
  transcript.extend(range(128, 140), "nothing");
  expect(shape(transcript)).toEqual(["1:-2 t80..t87", "1:-1 t88..t99", "1:0 t100..t111", "1:1 t112..t123", "1:2 t124..t135", "1:3 t136..t139"]);
  const turns = pagesOf(transcript).flatMap((page) => page.turns);
  expect(turns).toEqual(transcript.turns);
  transcript.load(range(0, 2), "nothing");
  expect(shape(transcript)).toEqual(["2:0 t0..t1"]);
});

test("lines follow each other across pages in both directions", () => {
  const transcript = new Transcript();
  transcript.load(range(10, 12), "more");
  expect(transcript.keyAfter("m9")).toBeNull();
  transcript.prepend(range(8, 10));
  transcript.extend(range(12, 14), "nothing");
  expect([7, 8, 9, 11, 13].map((number) => transcript.keyAfter(`m${number}`))).toEqual([null, "m9:0", "m10:0", "m12:0", null]);
  expect(transcript.keyAfter(null)).toBe("m8:0");
  expect(transcript.lineOf("m12", [])?.key).toBe("m12:0");
  expect(transcript.lineOf("m99", [])).toBeNull();
});

test("a result that comes with a later page closes the call of an earlier one", () => {
  const transcript = new Transcript();
  const call: Message = { ...said(1), turn_id: "t", role: "assistant", blocks: [{ type: "tool_call", id: "c", name: "bash", input: { command: "ls" } }] };
  const result: Message = { ...said(2), turn_id: "t", origin: "program", blocks: [{ type: "tool_result", call_id: "c", content: "zebra", outcome: "ok", details: null, duration_ms: 1 }] };
  transcript.load([call], "more");
  const line = transcript.lineOf("m1", []);
  expect(line?.kind === "tool" && line.status).toBe("running");
  transcript.extend([result], "nothing");
  expect(line?.kind === "tool" && line.status).toBe("ok");
  expect(transcript.lineOf("m2", ["zebra"])).toBe(line);
});
