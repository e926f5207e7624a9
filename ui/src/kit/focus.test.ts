import { cleanup, render } from "@testing-library/svelte";
import { createRawSnippet, tick } from "svelte";
import { expect, test } from "vitest";
import ActionMenu from "./ActionMenu.svelte";
import Menu from "./Menu.svelte";
import Popover from "./Popover.svelte";

const html = (text: string) => createRawSnippet(() => ({ render: () => text }));
const options = ["one", "two", "three"].map((value) => ({ value, label: value }));
const actions = options.map(({ label }) => ({ label, icon: "pencil" as const, act: () => undefined }));

const focused = () => document.activeElement as HTMLElement;
const trigger = () => document.querySelector<HTMLElement>("[data-testid=trigger]")!;
const isOpen = () => trigger().getAttribute("aria-expanded") === "true";
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Whether the part let the key through to the page. */
function press(key: string): boolean {
  let heard = false;
  const hear = () => (heard = true);
  window.addEventListener("keydown", hear);
  focused().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  window.removeEventListener("keydown", hear);
  return heard;
}

/** Opens it, and nothing else, beside a button that is outside of it. */
async function opened(part: () => unknown): Promise<HTMLElement> {
  cleanup();
  document.body.replaceChildren();
  part();
  const outside = document.createElement("button");
  document.body.append(outside);
  trigger().focus();
  trigger().click();
  await tick();
  expect(isOpen()).toBe(true);
  return outside;
}

const menu = () => render(Menu, { label: "Menu", options, value: "two", testid: "trigger", onchoose: () => undefined, children: html("<b>Menu</b>") });
const actionMenu = () => render(ActionMenu, { label: "Actions", actions, testid: "trigger" });
const popover = () => render(Popover, { label: "More", testid: "trigger", trigger: html("<b>More</b>"), children: html("<button>Inside</button>") });

test("the arrows, Home and End go round in a menu", async () => {
  const cases: [part: () => unknown, first: string][] = [
    [menu, "two"],
    [actionMenu, "one"],
  ];
  for (const [part, first] of cases) {
    await opened(part);
    expect(focused().textContent.trim()).toBe(first);
    for (const [key, at] of [["Home", "one"], ["ArrowUp", "three"], ["ArrowDown", "one"], ["ArrowDown", "two"], ["End", "three"]] as const) {
      expect(press(key), key).toBe(false);
      expect(focused().textContent.trim(), key).toBe(at);
    }
  }
});

test("a menu of choices lets through the keys it has no use for, one of actions none", async () => {
  await opened(menu);
  expect(press("x")).toBe(true);
  await opened(actionMenu);
  expect(press("x")).toBe(false);
});

test("what is open closes when the focus leaves it, not while it moves inside", async () => {
  for (const part of [menu, popover]) {
    const outside = await opened(part);
    const inside = [...trigger().parentElement!.querySelectorAll("button")].at(-1)!;
    inside.focus();
    await frame();
    expect(isOpen()).toBe(true);
    outside.focus();
    await frame();
    expect(isOpen()).toBe(false);
  }
});

test("a focus that goes nowhere closes it, that of a window which goes behind does not", async () => {
  for (const part of [menu, popover]) {
    await opened(part);
    focused().dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
    await frame();
    expect(isOpen(), "the window went behind").toBe(true);
    focused().blur();
    await frame();
    expect(isOpen()).toBe(false);
  }
});
