// What happens in each scene.

import type { FakeBackend } from "../fake";
import type { PermissionRequest } from "../types";
import { givingActs } from "./giving";
import { lawActs } from "./law";
import { shelfActs } from "./shelf";
import { answer } from "./story";

type Act = { prepare?: (shell: FakeBackend) => void; play?: (shell: FakeBackend) => void };

const root = "/home/lea/code/tidepool";
const usage = { input_tokens: 3_120, output_tokens: 840, cache_read_tokens: 14_600, cache_write_tokens: 2_050 };
const todos = [
  { content: "Reproduce with a long line", status: "completed" },
  { content: "Keep a running column", status: "completed" },
  { content: "Run the parser's tests", status: "in_progress" },
  { content: "Benchmark 10,000 tokens", status: "pending" },
];

const command = "cargo test -p parser && cargo install cargo-fuzz";
const ask: PermissionRequest = {
  id: "p1",
  call: { id: "b2", name: "bash", input: { command } },
  title: "Run the parser's tests, and install what they need?",
  subject: command,
  accesses: [{ type: "execute", command, cwd: root }],
  findings: [
    { check: "bash.builds", reason: "Builds and runs code of this project", danger: false, span: null },
    { check: "bash.install", reason: "Installs a program from the network into ~/.cargo/bin", danger: false, span: { start: 24, end: 37 } },
  ],
  danger: false,
  session_scope: "`cargo test` in this folder",
  approved_before: 0,
  confined: false,
};

const rm = "find . -name '*.log' | xargs rm -rf /home/lea/code/tidepool/target ~/Documents";
const danger: PermissionRequest = {
  id: "p2",
  call: { id: "b3", name: "bash", input: { command: rm } },
  title: "Delete files in two folders?",
  subject: rm,
  accesses: [
    { type: "execute", command: rm, cwd: root },
    { type: "write", path: `${root}/target` },
    { type: "write", path: "/home/lea/Documents" },
  ],
  findings: [{ check: "bash.rm", reason: "Deletes a folder outside of the workspace, for good", danger: true, span: { start: 29, end: 35 } }],
  danger: true,
  session_scope: null,
  approved_before: 0,
  confined: false,
};

function running(shell: FakeBackend): void {
  shell.views["s1"] = { running: true, todos, usage };
  shell.sessions = shell.sessions.map((session) => (session.id === "s1" ? { ...session, state: "working" } : session));
}

function waiting(shell: FakeBackend, ...permissions: PermissionRequest[]): void {
  shell.views["s1"] = { running: true, permissions, todos, usage };
  shell.sessions = shell.sessions.map((session) => (session.id === "s1" ? { ...session, state: "waiting" } : session));
}

function stream(shell: FakeBackend, text: string, done: () => void): void {
  const words = text.split(/(?<=\s)/);
  shell.agent("s1", { type: "message_started", message_id: "a1" });
  const timer = setInterval(() => {
    const next = words.splice(0, 3).join("");
    if (next) shell.agent("s1", { type: "text_delta", message_id: "a1", text: next });
    else {
      clearInterval(timer);
      done();
    }
  }, 40);
}

function runTests(shell: FakeBackend): void {
  const lines = ["   Compiling parser v0.4.0\n", "    Finished in 4.1 s\n", "running 31 tests\n", "...............................\n", "test result: ok. 31 passed\n"];
  shell.agent("s1", { type: "tool_call_started", call: { id: "b2", name: "bash", input: { command: "cargo test -p parser" } }, title: "Run", subject: "cargo test -p parser", read_only: false });
  lines.forEach((text, index) => setTimeout(() => shell.agent("s1", { type: "tool_output", call_id: "b2", stream: "stdout", text }), 300 * (index + 1)));
  setTimeout(() => {
    shell.agent("s1", {
      type: "tool_call_finished",
      result: { call_id: "b2", content: lines.join(""), outcome: "ok", details: { exit_code: 0, signal: null, duration_ms: 4300, truncated: false }, duration_ms: 4300 },
    });
    stream(shell, answer, () => {
      shell.agent(
        "s1",
        { type: "message_added", message: { id: "a1", turn_id: "t1", role: "assistant", origin: "typed", blocks: [{ type: "text", text: answer }], created_ms: Date.now() } },
        { type: "usage_reported", usage },
        { type: "todos_changed", todos: todos.map((todo) => ({ ...todo, status: "completed" })) },
        { type: "turn_finished", turn_id: "t1", reason: "done", error: null, usage, duration_ms: 12_000 },
      );
    });
  }, 2000);
}

export const acts: Record<string, Act> = {
  ...shelfActs,
  ...givingActs,
  ...lawActs,
  work: { prepare: running, play: runTests },
  done: {
    prepare: (shell) => {
      shell.views["s1"] = { todos: todos.map((todo) => ({ ...todo, status: "completed" })), usage };
      shell.messages["s1"]?.push({ id: "a1", turn_id: "t1", role: "assistant", origin: "typed", blocks: [{ type: "text", text: answer }], created_ms: 0 });
    },
  },
  ask: {
    prepare: (shell) => waiting(shell, ask),
    play: (shell) => shell.agent("s1", { type: "usage_reported", usage }),
  },
  danger: { prepare: (shell) => waiting(shell, danger, ask) },
  question: {
    prepare: (shell) => {
      running(shell);
      shell.views["s1"] = {
        ...shell.views["s1"],
        questions: [
          {
            id: "q1",
            text: "Should wide characters count as one column or two?",
            options: [
              { label: "One", description: "As it was until now; error messages stay where they are" },
              { label: "Two", description: "As terminals draw them; some snapshots change" },
            ],
          },
        ],
      };
    },
  },
  voice: {
    play: (shell) => {
      shell.emit({ from: "voice", event: { type: "state", state: { state: "listening", since_ms: 0, ready: true } } });
      let step = 0;
      setInterval(() => {
        step += 1;
        shell.emit({ from: "voice", event: { type: "level", rms: 0.02 + 0.09 * Math.abs(Math.sin(step * 1.3) * Math.cos(step * 0.31)) } });
      }, 60);
    },
  },
  error: {
    prepare: (shell) => {
      shell.state.notices = [{ kind: "microphone", message: "No microphone was found.", hints: ["Plug one in, or type; everything that can be said can be typed."] }];
    },
    play: (shell) =>
      shell.agent(
        "s1",
        { type: "turn_started", turn_id: "t2", provider: "anthropic", model: "claude-sonnet-4-5", mode: "ask" },
        { type: "message_added", message: { id: "u2", turn_id: "t2", role: "user", origin: "typed", blocks: [{ type: "text", text: "Now benchmark it" }], created_ms: 0 } },
        {
          type: "turn_finished",
          turn_id: "t2",
          reason: "failed",
          error: { kind: "auth", message: "Anthropic did not accept the key.", hints: ["Set a valid key in the settings, or continue offline with the commander."] },
          usage,
          duration_ms: 400,
        },
      ),
  },
  first: {
    prepare: (shell) => {
      shell.sessions = [];
      shell.state.first_start = true;
      shell.state.voice.model = { installed: false, name: "", path: "" };
    },
  },
  empty: { prepare: (shell) => void (shell.sessions = []) },
  settings: { play: () => document.querySelector<HTMLElement>("[data-testid=settings-open]")?.click() },
  long: {},
};
