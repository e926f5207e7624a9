import { expect, test } from "vitest";
import type { FoundItem } from "../ipc/types";
import { all, click, find, maybe, openWindow, press, send, session, settled, words } from "../testing/open";
import { grouped } from "../words/trust";

const root = "/home/lea/code/tidepool";
const found: FoundItem[] = [
  { kind: "mcp_server", path: ".mcp.json", detail: "tickets: npx -y tickets" },
  { kind: "mcp_server", path: ".mcp.json", detail: "docs: https://docs.example" },
  { kind: "git_program", path: ".git/hooks", detail: "pre-commit" },
  { kind: "notes", path: "AGENTS.md", detail: "" },
];

type Prepare = Parameters<typeof openWindow>[0];

const restricted = (prepare: Prepare = () => undefined) =>
  openWindow((fake) => {
    fake.law.trusted = [];
    fake.law.found = { [root]: found };
    prepare(fake);
  });

const dialog = () => document.querySelector("dialog");
const heading = () => words(document.querySelector("dialog h2"));

async function chooseMode(mode: string): Promise<void> {
  await click(find("mode-header"));
  await click(document.querySelector(`[role=menu] [data-value=${mode}]`)!);
  await settled();
}

test("a folder that is not trusted is marked, one that is trusted is not", async () => {
  const shell = await restricted((fake) => {
    fake.sessions = [session("s1", "Here", 10), { ...session("s2", "There", 5), workspace: "/srv/other" }];
    fake.law.trusted = [{ path: "/srv", at_ms: 1 }];
  });
  expect(words(find("trust-chip"))).toBe("Restricted");
  expect(find("trust-chip").title).toContain("nothing that lies in it is started");
  await click(all("session-item").find((item) => item.dataset["id"] === "s2")!);
  await settled();
  expect(maybe("trust-chip"), "around it there is trust").toBeNull();
  expect(shell.called("trustView")).toEqual([[root], ["/srv/other"]]);
});

test("the dialog says what a folder brings along, by kind, and what trust changes", async () => {
  await restricted();
  await click(find("trust-chip"));
  expect(heading()).toBe("Do you trust this folder?");
  expect(words(find("trust-path"))).toBe("~/code/tidepool");
  expect(words(dialog())).toContain("It brings along 4 things that could run or steer something:");
  const groups = [...find("trust-found").querySelectorAll("section")].map((group) => words(group));
  expect(groups).toEqual([
    "Servers that would be started for tools .mcp.json tickets: npx -y ticketsdocs: https://docs.example",
    "Hooks and programs of git .git/hooks pre-commit",
    "Notes for agents; they become part of every request AGENTS.md",
  ]);
  expect(words(dialog())).toContain("Restricted: nothing that lies in this folder is started");
});

test("what hides in a path or a command is spelled out", async () => {
  await restricted((fake) => void (fake.law.found = { [root]: [{ kind: "agent_hooks", path: "a\u200Bb.json", detail: "rm \u202Efdp.exe" }] }));
  await click(find("trust-chip"));
  expect(words(find("trust-found"))).toContain("a⟨U+200B⟩b.json rm ⟨U+202E⟩fdp.exe");
});

test("no key gives trust by itself; staying restricted changes nothing", async () => {
  const shell = await restricted();
  await click(find("trust-chip"));
  expect(find("trust-give").getAttribute("aria-keyshortcuts")).toBeNull();
  await press(dialog()!, "Enter");
  expect(shell.called("trustGive")).toEqual([]);
  expect(find("trust-stay").getAttribute("aria-keyshortcuts")).toBe("Escape");
  dialog()!.dispatchEvent(new Event("cancel"));
  await settled();
  expect(dialog()).toBeNull();
  expect(maybe("trust-chip")).not.toBeNull();
});

test("a mode that needs trust asks for it, and holds once it is given", async () => {
  const shell = await restricted();
  await chooseMode("auto");
  expect(find("mode-header").dataset["value"], "not in force").toBe("ask");
  expect(maybe("banner"), "the dialog says it").toBeNull();
  expect(words(dialog())).toContain("Mode auto is for folders you trust");
  await click(find("trust-give"));
  await settled();
  expect(shell.called("trustGive")).toEqual([[root]]);
  expect(shell.called("sessionSetMode")).toEqual([["s1", "auto"], ["s1", "auto"]]);
  expect(find("mode-header").dataset["value"]).toBe("auto");
  expect(maybe("trust-chip")).toBeNull();
  expect(dialog()).toBeNull();
});

test("a mode that was wanted is forgotten with the dialog", async () => {
  const shell = await restricted();
  await chooseMode("auto");
  await click(find("trust-stay"));
  await click(find("trust-chip"));
  expect(words(dialog())).not.toContain("Mode auto");
  await click(find("trust-give"));
  await settled();
  expect(shell.called("sessionSetMode")).toHaveLength(1);
  expect(find("mode-header").dataset["value"]).toBe("ask");
});

test("bypass asks once for itself and once for the folder", async () => {
  const shell = await restricted();
  await chooseMode("bypass");
  await click([...document.querySelectorAll("dialog button")].find((button) => words(button) === "Turn on bypass")!);
  await settled();
  expect(heading()).toBe("Do you trust this folder?");
  await click(find("trust-give"));
  await settled();
  expect(shell.called("sessionSetMode").at(-1)).toEqual(["s1", "bypass"]);
  expect(find("mode-header").dataset["value"]).toBe("bypass");
});

test("other refusals of a mode stay banners", async () => {
  await openWindow((fake) => void (fake.state.sandbox = { available: false, detail: "bubblewrap is not installed" }));
  await chooseMode("auto");
  expect(dialog()).toBeNull();
  expect(words(find("banner"))).toContain("Mode auto is refused, because there is no sandbox here");
  expect(find("mode-header").dataset["value"]).toBe("ask");
});

test("a slash command that needs trust asks for it and goes on", async () => {
  const shell = await restricted();
  shell.failures.commandRun = { kind: "not_trusted", message: "Mode auto is for folders you trust.", hints: [] };
  await send("/mode auto");
  await settled();
  expect(words(dialog())).toContain("Mode auto is for folders you trust.");
  delete shell.failures.commandRun;
  shell.replies["/mode auto"] = { said: "The mode is auto now.", open: null, session: null };
  await click(find("trust-give"));
  await settled();
  expect(shell.called("commandRun")).toEqual([["s1", "/mode auto"], ["s1", "/mode auto"]]);
});

test("the trust in a folder is taken back where it was given", async () => {
  const shell = await restricted((fake) => {
    fake.law.trusted = [{ path: "/home/lea/code", at_ms: 1 }, { path: "/home", at_ms: 1 }];
    fake.replies["/trust"] = { said: null, open: "trust", session: null };
  });
  await send("/trust");
  await settled();
  expect(heading()).toBe("This folder is trusted");
  expect(words(dialog())).toContain("The trust was given to ~/code, a folder around it");
  await click(find("trust-revoke"));
  await settled();
  expect(shell.called("trustRevoke")).toEqual([["/home/lea/code"]]);
  expect(words(dialog()), "another one around it still holds").toContain("The trust was given to /home");
  await click(find("trust-revoke"));
  await settled();
  expect(heading()).toBe("Do you trust this folder?");
});

test("trust that cannot be kept is said, and nothing goes on", async () => {
  const shell = await restricted();
  await chooseMode("auto");
  shell.failures.trustGive = { kind: "store", message: "The database cannot be written.", hints: [] };
  await click(find("trust-give"));
  expect(words(find("banner"))).toContain("The database cannot be written.");
  expect(dialog()).not.toBeNull();
  expect(shell.called("sessionSetMode")).toHaveLength(1);
});

test("a folder that brings nothing, and one that is gone", async () => {
  const shell = await restricted((fake) => (fake.law.found = {}));
  await click(find("trust-chip"));
  expect(words(find("trust-nothing"))).toContain("Nothing was found in it");
  shell.failures.trustView = { kind: "workspace_gone", message: "The folder is gone.", hints: ["Choose another folder."] };
  await click(find("trust-stay"));
  await click(find("trust-chip"));
  await settled();
  expect(heading()).toBe("This folder cannot be looked at");
  expect(words(dialog())).toContain("The folder is gone. Choose another folder.");
  expect(maybe("trust-give")).toBeNull();
});

test("found things are grouped as they come", () => {
  const groups = grouped([...found, { kind: "mcp_server", path: ".cursor/mcp.json", detail: "" }]);
  expect(groups.map(({ kind, files }) => [kind, files.map(({ path, details }) => `${path} ${details.length}`)])).toEqual([
    ["mcp_server", [".mcp.json 2", ".cursor/mcp.json 0"]],
    ["git_program", [".git/hooks 1"]],
    ["notes", ["AGENTS.md 0"]],
  ]);
});
