// Opens the whole window on a fake shell: what goes in is what the shell
// says, what comes out is what a person sees.

import { render } from "@testing-library/svelte";
import { tick } from "svelte";
import { vi } from "vitest";
import App from "../App.svelte";
import { FakeBackend } from "../ipc/fake";
import type { EventKind, Message, Origin, PermissionRequest, SessionSummary } from "../ipc/types";

export const nothing = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };

export function session(id: string, title = "A session", updated_ms = Date.now()): SessionSummary {
  return { id, title, workspace: "/home/lea/code/tidepool", state: "idle", created_ms: updated_ms, updated_ms, message_count: 2 };
}

/** The window with session `s1` open. */
export async function openWindow(prepare: (shell: FakeBackend) => void = () => undefined): Promise<FakeBackend> {
  const shell = new FakeBackend();
  shell.sessions = [session("s1")];
  prepare(shell);
  render(App, { backend: shell });
  // Once for the first view, once for the focus that follows it.
  await settled();
  await settled();
  return shell;
}

/** Lets promises, animation frames and the DOM come to rest. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 8; round += 1) await Promise.resolve();
  await tick();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await tick();
}

export function find(testid: string): HTMLElement {
  const element = maybe(testid);
  if (!element) throw new Error(`nothing on screen has the test id ${testid}`);
  return element;
}

export function maybe(testid: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
}

export function all(testid: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)];
}

export function words(element: Element | null): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}

export async function press(target: Element, key: string, more: KeyboardEventInit = {}): Promise<void> {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  await settled();
}

export async function click(element: Element): Promise<void> {
  element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  await settled();
}

export async function type(text: string): Promise<void> {
  const area = find("composer-input") as HTMLTextAreaElement;
  area.focus();
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
}

export async function send(text: string): Promise<void> {
  await type(text);
  await press(find("composer-input"), "Enter");
}

export const turnStarted = (turn_id = "t1"): EventKind => ({ type: "turn_started", turn_id, provider: "offline", model: "", mode: "ask" });

export const turnFinished = (turn_id = "t1", more: Partial<EventKind & { type: "turn_finished" }> = {}): EventKind => ({
  type: "turn_finished",
  turn_id,
  reason: "done",
  error: null,
  usage: nothing,
  duration_ms: 10,
  ...more,
});

export function userSaid(text: string, origin: Origin = "typed", turn_id = "t1"): EventKind {
  return { type: "message_added", message: { id: `u-${text}`, turn_id, role: "user", origin, blocks: [{ type: "text", text }], created_ms: 0 } };
}

export function answered(id: string, text: string, turn_id = "t1"): EventKind {
  const message: Message = { id, turn_id, role: "assistant", origin: "typed", blocks: [{ type: "text", text }], created_ms: 0 };
  return { type: "message_added", message };
}

export function request(id: string, more: Partial<PermissionRequest> = {}): PermissionRequest {
  return {
    id,
    call: { id: `call-${id}`, name: "write", input: { path: "hello.txt" } },
    title: "Create `hello.txt`?",
    subject: "/home/lea/code/tidepool/hello.txt",
    accesses: [{ type: "write", path: "/home/lea/code/tidepool/hello.txt" }],
    findings: [],
    danger: false,
    session_scope: "writing in this folder",
    approved_before: 0,
    confined: false,
    ...more,
  };
}

/** Lets time pass for everything that waits. */
export async function later(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await settled();
}

/** Long enough for a card to take keys. */
export const armed = () => later(400);
