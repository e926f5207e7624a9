// The story the scenes tell: a parser that times out on long lines.

import type { Block, Message, Origin, SessionSummary, SpeechModel } from "../types";

const minute = 60_000;
const root = "/home/lea/code/tidepool";

export function sessions(now: number): SessionSummary[] {
  const session = (id: string, title: string, ago: number, count: number, workspace = root): SessionSummary => ({
    id,
    title,
    workspace,
    state: "idle",
    created_ms: now - ago,
    updated_ms: now - ago,
    message_count: count,
  });
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const yesterday = now - midnight + 5 * 60 * minute;
  return [
    session("s1", "Parser times out on long lines", 2 * minute, 14),
    session("s2", "Rename Loader to Source", Math.min(61 * minute, (now - midnight) / 3), 8),
    session("s3", "Why is the cold start slow?", Math.min(180 * minute, (now - midnight) / 2), 21),
    session("s4", "Split server into two crates", yesterday, 64),
    session("s5", "Flaky test in cache_test", yesterday + 60 * minute, 12, "/home/lea/code/harbour"),
    session("s6", "Release notes 0.4", yesterday + 24 * 60 * minute, 4),
  ];
}

export const speechModels: SpeechModel[] = [
  { name: "tiny.en", bytes: 77_700_000, language: "English", licence: "MIT", note: "Fast; fine for short commands", installed: false },
  { name: "base.en", bytes: 147_900_000, language: "English", licence: "MIT", note: "A good start", installed: true },
  { name: "small", bytes: 487_600_000, language: "99 languages", licence: "MIT", note: "Slower, hears more", installed: false },
];

let count = 0;
function message(turn: string, role: Message["role"], blocks: Block[], origin: Origin = "typed"): Message {
  count += 1;
  return { id: `m${count}`, turn_id: turn, role, origin, blocks, created_ms: 0 };
}

const call = (id: string, name: string, input: unknown): Block => ({ type: "tool_call", id, name, input });
const result = (call_id: string, content: string, duration_ms: number, details: unknown = null, outcome: "ok" | "failed" = "ok"): Block => ({
  type: "tool_result",
  call_id,
  content,
  outcome,
  details,
  duration_ms,
});

const files = ["lex.rs", "line.rs", "token.rs", "span.rs", "error.rs", "mod.rs"];

export const history: Message[] = [
  message("t1", "user", [{ type: "text", text: "The parser times out on long lines. Find out why and fix it, then run its tests." }], "spoken"),
  message("t1", "assistant", [
    ...files.map((file, index) => call(`r${index}`, "read", { path: `${root}/parser/src/${file}` })),
    call("g1", "grep", { pattern: "advance(", path: `${root}/parser` }),
  ]),
  message("t1", "user", [
    ...files.map((_, index) => result(`r${index}`, "1\tuse crate::Span;\n2\t\n3\tpub struct Lexer<'a> {", 14)),
    result("g1", `parser/src/lex.rs:87:    fn advance(&mut self) {\nparser/src/lex.rs:131:        self.advance();\nparser/src/line.rs:12:    lexer.advance();`, 12, { hits: 31 }),
  ], "program"),
  message("t1", "assistant", [call("b1", "bash", { command: "cargo test -p parser long_line" })]),
  message("t1", "user", [
    result(
      "b1",
      "running 1 test\ntest long_line ... FAILED\n\nfailures:\n    long_line: took 2.1 s, the limit is 100 ms\n\ntest result: FAILED. 0 passed; 1 failed",
      2100,
      { exit_code: 101, signal: null, duration_ms: 2100, truncated: false },
      "failed",
    ),
  ], "program"),
  message("t1", "assistant", [
    { type: "text", text: "The lexer counts the column from the start of the line for every token, so a line of `n` tokens costs `n²`. I keep a running column instead." },
    call("e1", "edit", { path: `${root}/parser/src/lex.rs`, old_string: "a", new_string: "b" }),
  ]),
  message("t1", "user", [
    result("e1", "Edited parser/src/lex.rs", 8, {
      path: `${root}/parser/src/lex.rs`,
      added: 2,
      removed: 1,
      created: false,
      hunks: [
        {
          old_start: 87,
          new_start: 87,
          lines: [
            { kind: "context", text: "fn bump(&mut self) -> Token {" },
            { kind: "del", text: "    let column = self.line[..self.at].chars().count();" },
            { kind: "add", text: "    let column = self.column;" },
            { kind: "add", text: "    self.column += self.width_of_current();" },
            { kind: "context", text: "    self.emit(column)" },
          ],
        },
      ],
    }),
  ], "program"),
];

export const answer = `The tests pass now. A line of 10,000 tokens takes **3 ms** instead of 2.1 s.

| Tokens | Before | After |
| ---: | ---: | ---: |
| 100 | 0.3 ms | 0.1 ms |
| 10,000 | 2,100 ms | 3 ms |

What changed:

1. \`Lexer\` keeps a running \`column\` and resets it at each newline.
2. \`bump\` reads it instead of counting from the start of the line.

\`\`\`rust
/// The column of the next token, in characters from zero.
fn bump(&mut self) -> Token {
    let column = self.column;
    self.column += self.width_of_current();
    self.emit(column)
}
\`\`\`

One thing to decide: wide characters still count as **one** column, as before. See [UAX #11](https://unicode.org/reports/tr11/) if you want them to count as two.`;

export function longHistory(messages: number): Message[] {
  const list: Message[] = [];
  for (let turn = 0; list.length < messages; turn += 1) {
    const id = `long${turn}`;
    list.push(
      message(id, "user", [{ type: "text", text: `Question number ${turn + 1}: what does module ${turn % 40} do?` }]),
      message(id, "assistant", [call(`lr${turn}`, "read", { path: `${root}/src/module_${turn % 40}.rs` })]),
      message(id, "user", [result(`lr${turn}`, "fn main() {}", 3)], "program"),
      message(id, "assistant", [{ type: "text", text: turn % 5 === 0 ? answer : `Module ${turn % 40} reads lines and hands out tokens. Nothing else uses it.` }]),
    );
  }
  return list;
}
