// Scenes of what is given along with a message, of who decides a setting, and
// of what is kept to oneself.

import type { FakeBackend } from "../fake";
import type { Attachment, Effort, Message } from "../types";

type Act = { prepare?: (shell: FakeBackend) => void; play?: (shell: FakeBackend) => void };

const at = (testid: string) => document.querySelector<HTMLElement>(`[data-testid=${testid}]`);

/** A picture drawn on the spot: a plot that climbs. */
function picture(width: number, height: number, hue: number): string {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (!pen) return "";
  pen.fillStyle = `hsl(${hue} 30% 96%)`;
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = `hsl(${hue} 20% 80%)`;
  for (let y = height / 8; y < height; y += height / 8) pen.strokeRect(width * 0.06, y, width * 0.88, 0);
  pen.strokeStyle = `hsl(${hue} 70% 42%)`;
  pen.lineWidth = Math.max(3, width / 160);
  pen.beginPath();
  for (let step = 0; step <= 40; step += 1) pen.lineTo(width * (0.06 + 0.022 * step), height * (0.9 - 0.75 * (step / 40) ** 2 - 0.03 * Math.sin(step)));
  pen.stroke();
  return canvas.toDataURL("image/png").slice("data:image/png;base64,".length);
}

function image(name: string, width: number, height: number, hue = 18): Attachment {
  return { media_type: "image/png", name, data: picture(width, height, hue), width, height };
}

const paper = (): Attachment => ({ media_type: "application/pdf", name: "Measurements of the lexer, second run.pdf", data: btoa(`%PDF-1.7${" ".repeat(230_000)}`) });

function fileOf({ name, data, media_type }: Attachment): File {
  return new File([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))], name, { type: media_type });
}

function give(type: "drop" | "dragenter", files: File[]): void {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
}

function say(text: string): void {
  const area = document.querySelector<HTMLTextAreaElement>("[data-composer]");
  if (!area) return;
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function sent(shell: FakeBackend): void {
  const files = [image("cold-start.png", 960, 540), image("lexer-profile.png", 420, 620, 210), paper()];
  const asked: Message = {
    id: "g1",
    turn_id: "g",
    role: "user",
    origin: "typed",
    created_ms: Date.now(),
    blocks: [...files.map((file) => ({ type: "attachment" as const, ...file })), { type: "text", text: "The time grows with the square of the line. Does the paper say the same?" }],
  };
  shell.messages["s1"] = [asked, { id: "g2", turn_id: "g", role: "assistant", origin: "typed", created_ms: Date.now(), blocks: [{ type: "text", text: "Yes: table 2 gives 2.1 s for 10,000 tokens and 8.4 s for 20,000, which is four times as much for twice the length. Both plots fit that." }] }];
}

export function settings(section: string): void {
  at("settings-open")?.click();
  setTimeout(() => [...document.querySelectorAll<HTMLElement>("[data-testid=settings] nav button")].find((button) => button.textContent === section)?.click(), 100);
}

function decided(shell: FakeBackend): void {
  shell.state.settings.provider = "anthropic";
  shell.origins = [
    { key: "daily_budget_usd", layer: "system", value_text: "20.0", locked: true },
    { key: "session_budget_usd", layer: "environment", value_text: "2.5", locked: false },
    { key: "model", layer: "environment", value_text: "", locked: false },
    { key: "base_url", layer: "system", value_text: "", locked: true },
    { key: "theme", layer: "environment", value_text: "", locked: false },
    { key: "permission_mode", layer: "system", value_text: "edits", locked: true },
  ];
  shell.state.settings = { ...shell.state.settings, daily_budget_usd: 20, session_budget_usd: 2.5, daily_budget_tokens: 4_000_000 };
  shell.switches = shell.switches.map((flag) => {
    if (flag.name === "decoys") return { ...flag, on: true, layer: "user" as const };
    if (flag.name === "undercover") return { ...flag, on: true, layer: "system" as const, locked: true };
    if (flag.name === "auto_compact") return { ...flag, on: false, layer: "environment" as const };
    if (flag.name === "checkpoints") return { ...flag, on: false, available: false };
    return flag;
  });
}

const command = (name: string) => () => {
  say(name);
  setTimeout(() => at("send")?.click(), 100);
};

export const givingActs: Record<string, Act> = {
  attach: {
    prepare: sent,
    play: () => {
      give("drop", [image("cold-start.png", 960, 540), image("lexer-profile.png", 420, 620, 210), image("after.png", 640, 640, 120), paper()].map(fileOf));
      say("What changed between these?");
    },
  },
  refused: {
    prepare: (shell) => {
      sent(shell);
      shell.state.active = { ...shell.state.active, model: "claude-scribe-1", efforts: [] };
    },
    play: () => {
      give("drop", [...[image("cold-start.png", 960, 540), paper()].map(fileOf), new File(["fn main() {}"], "main.rs"), new File([new Uint8Array(4_400_000).fill(1).fill(0x89, 0, 1)], "scan.tiff")]);
      say("What changed between these?");
    },
  },
  shrunk: {
    play: () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [1800, 1200];
      const pen = canvas.getContext("2d");
      const noise = pen?.createImageData(1800, 1200);
      if (!pen || !noise) return;
      for (let at = 0; at < noise.data.length; at += 1) noise.data[at] = at % 4 === 3 ? 255 : 90 + Math.random() * 120;
      pen.putImageData(noise, 0, 0);
      canvas.toBlob((blob) => blob && give("drop", [new File([blob], "holiday.png")]));
    },
  },
  dropping: { prepare: sent, play: () => give("dragenter", [fileOf(paper())]) },
  sent: { prepare: sent },
  large: { prepare: sent, play: () => at("message-image")?.click() },
  waiting: {
    prepare: (shell) => {
      sent(shell);
      shell.views["s1"] = { running: true };
    },
    play: () => {
      give("drop", [fileOf(image("after.png", 640, 640, 120))]);
      say("And this one");
      setTimeout(() => {
        at("send")?.click();
        setTimeout(() => give("drop", [fileOf(paper())]), 100);
      }, 300);
    },
  },
  effort: {
    prepare: (shell) => {
      const effort: Effort = "high";
      shell.state.settings = { ...shell.state.settings, effort };
      shell.state.active = { ...shell.state.active, effort };
    },
    play: () => at("effort-chip")?.click(),
  },
  flags: { prepare: decided, play: () => settings("Flags") },
  budgets: { prepare: decided, play: () => settings("Budgets") },
  models: { prepare: decided, play: () => settings("Provider") },
  fields: { prepare: decided, play: () => setTimeout(() => settings("Permissions")) },
  cover: { prepare: (shell) => void (shell.views["s1"] = { undercover: true }), play: () => at("cover-chip")?.click() },
  decoys: {
    prepare: (shell) => {
      shell.replies["/context"] = { said: null, open: "context", session: null };
      const report = shell.contextReport.bind(shell);
      shell.contextReport = async (id) => {
        const full = await report(id);
        const [system, tools, ...rest] = full.parts;
        const decoys = { kind: "decoys" as const, tokens: 320, names: ["sync_ledger", "vault_lookup", "stage_artifact", "replay_trace"] };
        return { ...full, parts: [system, tools, decoys, ...rest].filter((part) => part !== undefined) };
      };
    },
    play: command("/context"),
  },
  overflow: {
    play: (shell) =>
      shell.agent(
        "s1",
        { type: "turn_started", turn_id: "t2", provider: "anthropic", model: "claude-sonnet-4-5", mode: "ask" },
        { type: "message_added", message: { id: "u2", turn_id: "t2", role: "user", origin: "typed", blocks: [{ type: "text", text: "Now read the whole log" }], created_ms: 0 } },
        {
          type: "turn_finished",
          turn_id: "t2",
          reason: "failed",
          error: { kind: "context_overflow", message: "The conversation is larger than claude-sonnet-4-5 takes (214k of 200k tokens).", hints: ["Condense it with /compact, or choose a model with a larger window."] },
          usage: { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 },
          duration_ms: 400,
        },
      ),
  },
};
