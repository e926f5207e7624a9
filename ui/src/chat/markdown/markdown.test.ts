import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { settled, words } from "../../testing/open";
import { BlockReader, webAddress } from "./blocks";
import { highlight } from "./highlight";
import Markdown from "./Markdown.svelte";

async function shown(text: string): Promise<HTMLElement> {
  const { container } = render(Markdown, { text });
  await settled();
  return container;
}

const hostile = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "![pixel](https://evil.example/p.png)",
  "![x](javascript:alert(1))",
  "[click](javascript:alert(1))",
  "[click](JaVaScRiPt:alert(1))",
  "[click](data:text/html,<script>alert(1)</script>)",
  "[click](vbscript:msgbox)",
  "[click](file:///etc/passwd)",
  "<a href='javascript:alert(1)'>x</a>",
  "<iframe src='https://evil.example'></iframe>",
  "<svg onload=alert(1)><circle/></svg>",
  "<style>body{display:none}</style>",
  "<form action='https://evil.example'><input name=a></form>",
  "inline <b onclick=alert(1)>bold</b> html",
  "[ref]\n\n[ref]: javascript:alert(1)",
  "<https://evil.example/\"onmouseover=alert(1)>",
  "```html\n<script>alert(1)</script>\n```",
  "| a |\n| - |\n| <img src=x onerror=alert(1)> |",
  "- <video src=x onerror=alert(1)>\n- <object data=x></object>",
  "> <base href='https://evil.example'>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "# <img src=x onerror=alert(1)>",
  "<details open ontoggle=alert(1)>x</details>",
];

for (const text of hostile) {
  test(`is inert: ${JSON.stringify(text)}`, async () => {
    const container = await shown(text);
    const made = container.querySelectorAll("script, img, iframe, svg:not([aria-hidden]), style, form, a, video, object, base, b, details, link, meta, audio, embed");
    expect([...made].map((element) => element.outerHTML)).toEqual([]);
    for (const element of container.querySelectorAll("*")) {
      const names = element.getAttributeNames();
      expect(names.filter((name) => name.startsWith("on") || name === "href" || name === "src" || name === "srcdoc")).toEqual([]);
    }
  });
}

test("raw html is shown as the text it is", async () => {
  expect(words(await shown("<b>bold?</b> no"))).toBe("<b>bold?</b> no");
});

test("entities are shown as their characters", async () => {
  expect(words(await shown("a &lt; b &amp;&amp; c &#62; d"))).toBe("a < b && c > d");
});

test("a web address can be copied and is never followed", async () => {
  const container = await shown("see [the page](https://example.org/x)");
  expect(container.querySelector("a")).toBeNull();
  expect(container.querySelector("button")?.title).toContain("https://example.org/x");
  expect(webAddress("javascript:alert(1)")).toBeNull();
  expect(webAddress("relative/path.md")).toBeNull();
});

test("every kind of block is drawn", async () => {
  const text = "# Head\n\npara *em* **strong** ~~gone~~ `code`\n\n1. one\n2. two\n   - deep\n\n- [x] done\n- [ ] open\n\n> quote\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```rust\nfn x() {}\n```\n\n---\n";
  const container = await shown(text);
  for (const selector of ["h2", "p em", "p strong", "del", "p code", "ol > li:nth-child(2) ul li", ".task .done", "blockquote p", "th", "td", "figure pre code", "hr"]) {
    expect(container.querySelector(selector), selector).not.toBeNull();
  }
  expect(words(container.querySelector("figcaption"))).toContain("rust");
});

test("streamed in any pieces, the blocks are those of the whole text", () => {
  const text = "# A\n\nfirst *para*\nsecond line\n\n- one\n- two\n\n  more of two\n- three\n\n```js\nlet a = 1;\n\nlet b;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n> on\n\nlast <b>x</b>\n\n1. a\n\n\n2. b\n";
  const whole = new BlockReader().read(text).map(({ key, token }) => [key, token.type, token.raw.trimEnd()]);
  for (const step of [1, 2, 3, 7, 19]) {
    const reader = new BlockReader();
    let blocks = reader.read("");
    for (let end = step; end < text.length + step; end += step) blocks = reader.read(text.slice(0, end));
    expect(blocks.map(({ key, token }) => [key, token.type, token.raw.trimEnd()]), `in steps of ${step}`).toEqual(whole);
  }
});

test("while text streams, the blocks before the last are not read again", () => {
  const reader = new BlockReader();
  const before = reader.read("one\n\ntwo\n\nthr");
  const after = reader.read("one\n\ntwo\n\nthree and more");
  expect(after[0]?.token).toBe(before[0]?.token);
  expect(after[1]?.token).toBe(before[1]?.token);
  expect(after[2]?.token.raw).toBe("three and more");
});

test("a text that is replaced is read anew", () => {
  const reader = new BlockReader();
  reader.read("one\n\ntwo");
  expect(reader.read("other").map(({ token }) => token.raw)).toEqual(["other"]);
});

test("code keeps every character through highlighting", () => {
  const code = 'fn main() {\n    println!("<b>{}</b>", 1 & 2);\n}\n';
  const runs = highlight(code, "rust");
  expect(runs?.map((run) => run.text).join("")).toBe(code);
  expect(runs?.some((run) => run.scope === "keyword")).toBe(true);
  expect(highlight(code, "no-such-language")).toBeNull();
  expect(highlight("[a]\nb = 1", "toml")).not.toBeNull();
});

test("code is coloured once it is complete, also when it ends the answer", async () => {
  const text = "```rust\nfn main() {}\n```";
  const { container, rerender } = render(Markdown, { text, streaming: true });
  await import("./highlight");
  await settled();
  expect(container.querySelector(".keyword")).toBeNull();
  await rerender({ text, streaming: false });
  await settled();
  expect(words(container.querySelector(".keyword"))).toBe("fn");
});
