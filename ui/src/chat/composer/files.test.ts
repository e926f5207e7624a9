import { expect, test, vi } from "vitest";
import type { Attachment, MediaType } from "../../ipc/types";
import { all, click, find, later, maybe, openWindow, press, settled, turnFinished, turnStarted, type, words } from "../../testing/open";
import { mediaType, parcel, again, sizeOf } from "../../state/files";

const PNG = "\x89PNG\r\n\x1a\n";
const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const file = (name: string, content: string, type = "") => new File([bytesOf(content)], name, { type });
const png = (name: string) => file(name, `${PNG}rest of ${name}`, "image/png");
const base64 = (content: string) => btoa(content);

function transfer(files: File[], text: string, types: string[]) {
  return { files, types, getData: () => text, dropEffect: "none" };
}

async function give(event: "paste" | "drop", files: File[], text = "", types = ["Files"]): Promise<Event> {
  const made = new Event(event, { bubbles: true, cancelable: true });
  Object.assign(made, { [event === "paste" ? "clipboardData" : "dataTransfer"]: transfer(files, text, types) });
  find("composer-input").dispatchEvent(made);
  for (let round = 0; round < 4; round += 1) await settled();
  return made;
}

async function choose(...files: File[]): Promise<void> {
  const input = find("attach-input") as HTMLInputElement;
  Object.defineProperty(input, "files", { value: files, configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
  for (let round = 0; round < 4; round += 1) await settled();
}

const enter = () => press(find("composer-input"), "Enter");
const value = () => (find("composer-input") as HTMLTextAreaElement).value;
const names = () => all("file-draft").map((item) => item.title);
const attachment = (name: string, media_type: MediaType = "image/png"): Attachment => ({ media_type, name, data: base64(PNG), ...(media_type === "application/pdf" ? {} : { width: 4, height: 3 }) });

test("files are known by their content, never by their name", () => {
  const cases: [content: string, type: MediaType | null][] = [
    [`${PNG}...`, "image/png"],
    ["\xff\xd8\xff\xe0..", "image/jpeg"],
    ["GIF89a....", "image/gif"],
    ["GIF90a....", null],
    ["RIFF\0\0\0\0WEBPVP8 ", "image/webp"],
    ["RIFF\0\0\0\0WAVEfmt ", null],
    ["%PDF-1.7 ...", "application/pdf"],
    [`${" ".repeat(900)}%PDF-1.7`, "application/pdf"],
    [`${" ".repeat(1024)}%PDF-1.7`, null],
    ["fn main() {}", null],
    ["", null],
  ];
  for (const [content, type] of cases) expect(mediaType(bytesOf(content)), content.slice(0, 12)).toBe(type);
});

test("the size of a file is told from its base64", () => {
  for (const content of ["", "a", "ab", "abc", "abcd"]) expect(sizeOf(btoa(content))).toBe(content.length);
});

for (const way of ["paste", "drop"] as const) {
  test(`a ${way} attaches files, which go with the words`, async () => {
    const shell = await openWindow();
    const event = await give(way, [png("a.png"), file("b.pdf", "%PDF-1.7")]);
    expect(event.defaultPrevented).toBe(true);
    expect(names()).toEqual(["a.png", "b.pdf"]);
    await type("What is this?");
    await enter();
    expect(shell.called("sessionSubmit")).toEqual([
      ["s1", "What is this?", "typed", { attachments: [{ name: "a.png", data: base64(`${PNG}rest of a.png`) }, { name: "b.pdf", data: base64("%PDF-1.7") }], attachments_of: null }],
    ]);
    expect(maybe("file-strip")).toBeNull();
    expect(value()).toBe("");
  });
}

test("a picture that the page is not given is asked of the shell", async () => {
  const shell = await openWindow();
  await give("paste", [], "", []);
  expect(maybe("file-strip"), "nothing in it").toBeNull();
  shell.picture = base64(`${PNG}of the screen`);
  await give("paste", [], "", []);
  expect(names()).toEqual(["pasted.png"]);
  await type("And this?");
  void give("paste", [], "", []);
  await enter();
  expect(shell.called("sessionSubmit"), "nothing is sent without it").toEqual([]);
  for (let round = 0; round < 4; round += 1) await settled();
  expect(names()).toEqual(["pasted.png", "pasted.png"]);
  shell.failures.clipboardPicture = { kind: "usage", message: "Too large.", hints: ["Save it."] };
  await give("paste", [], "", []);
  expect(words(find("file-problem"))).toContain("Too large.");
});

test("words in the clipboard come before a picture of them", async () => {
  await openWindow();
  expect((await give("paste", [png("cells.png")], "a\tb")).defaultPrevented).toBe(false);
  expect(maybe("file-strip")).toBeNull();
  await give("paste", [png("shot.png")], "/home/lea/shot.png");
  expect(names(), "a path is the file").toEqual(["shot.png"]);
});

test("the paper clip attaches, and files alone can be sent", async () => {
  const shell = await openWindow();
  expect((find("send") as HTMLButtonElement).disabled).toBe(true);
  await choose(png("a.png"));
  expect((find("send") as HTMLButtonElement).disabled).toBe(false);
  await click(find("send"));
  expect(shell.called("sessionSubmit")[0]?.slice(1, 2)).toEqual([""]);
  expect(shell.called("sessionSubmit")[0]?.[3]).toMatchObject({ attachments: [{ name: "a.png" }] });
});

test("a file is removed by its button or its keys, and the focus stays near", async () => {
  await openWindow();
  await choose(png("a.png"), png("b.png"), png("c.png"));
  const buttons = () => [...document.querySelectorAll<HTMLButtonElement>("[data-remove]")];
  expect(buttons().map((button) => button.getAttribute("aria-label"))).toEqual(["Remove a.png", "Remove b.png", "Remove c.png"]);
  buttons()[1]!.focus();
  await click(buttons()[1]!);
  expect(names()).toEqual(["a.png", "c.png"]);
  expect(document.activeElement).toBe(buttons()[1]);
  await press(buttons()[1]!, "Delete");
  await press(buttons()[0]!, "Backspace");
  expect(maybe("file-strip")).toBeNull();
  expect(document.activeElement).toBe(find("composer-input"));
});

test("a picture that is too large is made smaller, and that is said", async () => {
  const canvas = HTMLCanvasElement.prototype;
  const { getContext, toBlob } = canvas;
  const drawn: number[][] = [];
  vi.stubGlobal("createImageBitmap", () => Promise.resolve({ width: 6000, height: 3000, close: () => undefined }));
  canvas.getContext = (() => ({ fillRect: () => undefined, drawImage: (_: unknown, ...at: number[]) => drawn.push(at) })) as never;
  canvas.toBlob = (resolve: BlobCallback) => resolve(new Blob(["\xff\xd8\xff small"]));
  const shell = await openWindow();
  await choose(file("huge.png", PNG + "x".repeat(4_000_000)));
  expect(drawn).toEqual([[0, 0, 2000, 1000]]);
  expect(words(find("file-note"))).toBe("“huge.png” was made smaller to go along: 4.0 MB became 0.0 MB.");
  await enter();
  expect(shell.called("sessionSubmit")).toHaveLength(1);
  expect(maybe("file-note")).toBeNull();
  Object.assign(canvas, { getContext, toBlob });
  vi.unstubAllGlobals();
});

test("what cannot go along is said at the composer, and nothing is lost", async () => {
  await openWindow();
  await type("Look at these");
  await choose(png("a.png"), file("notes.txt", "plain"), file("huge.png", PNG + "x".repeat(4_000_000)));
  expect(names()).toEqual(["a.png"]);
  const said = all("file-problem").map((line) => words(line));
  expect(said[0]).toContain("“notes.txt” is neither an image nor a PDF");
  expect(said[1]).toContain("“huge.png” has 4.0 MB, which is too much. Make it smaller than 3.9 MB.");
  expect(value()).toBe("Look at these");
  await choose(...Array.from({ length: 20 }, (_, index) => png(`${index}.png`)));
  expect(names()).toHaveLength(20);
  expect(all("file-problem").map((line) => words(line))).toEqual(["“19.png” is one too many: a message takes 20 files. Send it with the next message."]);
});

test("a refused message comes back with its words and files", async () => {
  const shell = await openWindow((fake) => {
    fake.failures.sessionSubmit = { kind: "usage", message: "The image `a.png` is damaged.", hints: ["Save it again."] };
  });
  await choose(png("a.png"));
  await type("See?");
  await enter();
  expect(names()).toEqual(["a.png"]);
  expect(value()).toBe("See?");
  expect(words(find("file-problem"))).toBe("The image `a.png` is damaged. Save it again.");
  expect(maybe("banner")).toBeNull();
  delete shell.failures.sessionSubmit;
  await click(document.querySelector("[data-remove]")!);
  expect(maybe("file-problem")).toBeNull();
});

test("a model that takes no images is told of before sending", async () => {
  const shell = await openWindow((fake) => {
    fake.state.active = { id: "anthropic", label: "Anthropic", model: "claude-scribe-1", effort: "auto", efforts: [], offline: false };
  });
  await choose(file("b.pdf", "%PDF-1.7"), png("a.png"));
  expect(words(find("file-warning"))).toContain("Claude Scribe 1 takes no images and no PDF files");
  shell.emit({ from: "state", state: { ...shell.state, active: { ...shell.state.active, model: "claude-haiku-4-5" } } });
  await settled();
  expect(maybe("file-warning")).toBeNull();
  shell.emit({ from: "state", state: { ...shell.state, active: { ...shell.state.active, model: "somebodys-own" } } });
  await settled();
  expect(maybe("file-warning"), "nobody knows").toBeNull();
});

test("a message that waits keeps its files", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted());
  await settled();
  await choose(png("a.png"));
  await enter();
  await type("and then this");
  await enter();
  expect(all("queue").map((list) => words(list))[0]).toContain("a.png 1 file");
  shell.agent("s1", turnFinished());
  await settled();
  expect(shell.called("sessionSubmit").at(-1)?.[3]).toMatchObject({ attachments: [{ name: "a.png" }] });
  await choose(png("b.png"));
  shell.agent("s1", turnFinished("t1", { reason: "cancelled" }));
  await settled();
  expect(names()).toEqual(["b.png"]);
  expect(value()).toBe("and then this");
});

test("what is spoken goes with the files, and what is typed stays", async () => {
  const shell = await openWindow();
  await choose(png("a.png"));
  expect(shell.called("filesWaiting")).toEqual([[true]]);
  await type("half a thou");
  shell.emit({ from: "heard", text: "What is in this picture?" });
  await settled();
  await settled();
  expect(shell.called("sessionSubmit").at(-1)).toMatchObject(["s1", "What is in this picture?", "spoken", { attachments: [{ name: "a.png" }] }]);
  expect(value()).toBe("half a thou");
  expect(shell.called("filesWaiting")).toEqual([[true], [false]]);
});

test("an order leaves the files to what is said next", async () => {
  const shell = await openWindow((fake) => void (fake.replies["/model x"] = { said: "Answers come from x.", open: null, session: null }));
  await choose(png("a.png"));
  await type("/model x");
  await enter();
  expect(shell.called("sessionSubmit")).toEqual([]);
  expect(names()).toEqual(["a.png"]);
});

const withFiles = (...files: Attachment[]) =>
  openWindow((fake) => {
    fake.messages["s1"] = [{ id: "u1", turn_id: "t1", role: "user", origin: "typed", created_ms: 1, blocks: [...files.map((one) => ({ type: "attachment" as const, ...one })), { type: "text", text: "What is this?" }] }];
  });

test("files stand in the message, and an image opens large", async () => {
  await withFiles(attachment("a.png"), attachment("b.pdf", "application/pdf"));
  const shown = find("message-files");
  expect(shown.querySelector("img")?.getAttribute("src")).toBe(`data:image/png;base64,${base64(PNG)}`);
  expect(words(shown)).toContain("b.pdf");
  expect(all("message-image")).toHaveLength(1);
  await click(find("message-image"));
  const dialog = document.querySelector("dialog")!;
  expect(words(dialog)).toContain("4 × 3 pixels, 8 B");
  await click([...dialog.querySelectorAll("button")].find((button) => words(button) === "Close")!);
  expect(document.querySelector("dialog")).toBeNull();
});

test("a message of nothing but files is shown, too", async () => {
  await openWindow((fake) => {
    fake.messages["s1"] = [{ id: "u1", turn_id: "t1", role: "user", origin: "typed", created_ms: 1, blocks: [{ type: "attachment", ...attachment("a.png") }] }];
  });
  expect(all("message-image")).toHaveLength(1);
});

test("an edited message takes its files along by its id", async () => {
  const shell = await withFiles(attachment("a.png"), attachment("b.png"));
  await click(find("edit-message"));
  expect(names()).toEqual(["a.png", "b.png"]);
  await choose(png("new.png"));
  await enter();
  expect(shell.called("sessionSubmit").at(-1)?.[3]).toEqual({ attachments: [{ name: "new.png", data: base64(`${PNG}rest of new.png`) }], attachments_of: "u1" });
});

test("an edited message without one of its files sends the rest anew", async () => {
  const shell = await withFiles(attachment("a.png"), attachment("b.png"));
  await click(find("edit-message"));
  await click(document.querySelector("[data-remove]")!);
  await enter();
  expect(shell.called("sessionSubmit").at(-1)?.[3]).toEqual({ attachments: [{ name: "b.png", data: base64(PNG) }], attachments_of: null });
});

test("in a fork the files of the message go anew", () => {
  expect(parcel(again([attachment("a.png")], null))).toEqual({ attachments: [{ name: "a.png", data: base64(PNG) }], attachments_of: null });
  expect(parcel([])).toBeUndefined();
});

test("a drag over the window shows where files go, and only files", async () => {
  await openWindow();
  const drag = async (name: string, types: string[]) => {
    const event = new Event(name, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types, files: [] } });
    document.body.dispatchEvent(event);
    await settled();
    return event;
  };
  await drag("dragenter", ["text/plain"]);
  expect(maybe("drop-zone")).toBeNull();
  await drag("dragenter", ["Files"]);
  expect(maybe("drop-zone")).not.toBeNull();
  expect((await drag("dragover", ["Files"])).defaultPrevented).toBe(true);
  await drag("dragleave", ["Files"]);
  await later(200);
  expect(maybe("drop-zone")).toBeNull();
});
