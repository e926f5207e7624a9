import { expect, test } from "vitest";
import type { VoiceState } from "../../ipc/types";
import { click, find, maybe, openWindow, press, settled, type, words } from "../../testing/open";

async function speaking(state: VoiceState) {
  const shell = await openWindow();
  shell.emit({ from: "voice", event: { type: "state", state } });
  await settled();
  return shell;
}

async function pointer(name: string): Promise<void> {
  find("mic").dispatchEvent(new PointerEvent(name, { bubbles: true, button: 0, pointerId: 1 }));
  await settled();
}

test("each state is named and said in words", async () => {
  const cases: [VoiceState, RegExp][] = [
    [{ state: "idle" }, /^$/],
    [{ state: "listening", since_ms: 0, ready: false }, /One moment/],
    [{ state: "listening", since_ms: 0, ready: true }, /Listening — let go to send/],
    [{ state: "transcribing" }, /Writing down what you said/],
    [{ state: "error", info: { kind: "microphone", message: "The microphone is busy.", hints: [] } }, /^$/],
  ];
  for (const [state, said] of cases) {
    await speaking(state);
    expect(find("voice-state").dataset["state"]).toBe(state.state);
    expect(words(find("voice-state"))).toMatch(said);
    document.body.replaceChildren();
  }
});

test("what went wrong is said whole, with what to do about it", async () => {
  const shell = await speaking({ state: "error", info: { kind: "microphone", message: "The microphone is busy.", hints: ["Close the other program."] } });
  expect(words(find("voice-error"))).toBe("The microphone is busy. Close the other program. Try again");
  shell.emit({ from: "voice", event: { type: "state", state: { state: "idle" } } });
  await settled();
  expect(maybe("voice-error")).toBeNull();
});

test("holding the button talks, letting go ends it", async () => {
  const shell = await openWindow();
  await pointer("pointerdown");
  expect(shell.called("voicePress")).toHaveLength(1);
  await pointer("pointerup");
  expect(shell.called("voiceRelease")).toHaveLength(1);
});

test("the button can be held with the space bar, whose repeats count once", async () => {
  const shell = await openWindow();
  await press(find("mic"), " ");
  await press(find("mic"), " ", { repeat: true });
  expect(shell.called("voicePress")).toHaveLength(1);
  find("mic").dispatchEvent(new KeyboardEvent("keyup", { key: " ", bubbles: true }));
  await settled();
  expect(shell.called("voiceRelease")).toHaveLength(1);
});

test("a window that loses the focus lets go", async () => {
  const shell = await openWindow();
  await pointer("pointerdown");
  window.dispatchEvent(new Event("blur"));
  await settled();
  expect(shell.called("voiceRelease")).toHaveLength(1);
});

test("Esc while listening cancels and stops no turn", async () => {
  const shell = await speaking({ state: "listening", since_ms: 0, ready: true });
  await press(find("composer-input"), "Escape");
  expect(shell.called("voiceCancel")).toHaveLength(1);
  expect(shell.called("sessionCancel")).toEqual([]);
});

test("held for editing, the words go to the cursor", async () => {
  const shell = await openWindow((fake) => (fake.state.settings.voice_send = "hold"));
  await type("please now");
  (find("composer-input") as HTMLTextAreaElement).setSelectionRange(6, 6);
  shell.emit({ from: "voice", event: { type: "transcript", text: "run the tests", audio_ms: 900, decode_ms: 80 } });
  await settled();
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("please run the tests now");
  expect(shell.called("sessionSubmit")).toEqual([]);
});

test("sent at once, the words are left to the shell", async () => {
  const shell = await openWindow();
  shell.emit({ from: "voice", event: { type: "transcript", text: "run the tests", audio_ms: 900, decode_ms: 80 } });
  await settled();
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("");
  expect(shell.called("sessionSubmit")).toEqual([]);
});

test("a hint is shown", async () => {
  const shell = await openWindow();
  shell.emit({ from: "voice", event: { type: "hint", text: "Hold a little longer." } });
  await settled();
  expect(words(find("voice-state"))).toBe("Hold a little longer.");
});

test("without a speech model the microphone leads to where one can be had", async () => {
  const shell = await openWindow((fake) => (fake.state.voice.model.installed = false));
  await pointer("pointerdown");
  await click(find("mic"));
  expect(shell.called("voicePress")).toEqual([]);
  expect(maybe("settings")).not.toBeNull();
});
