import { expect, test } from "vitest";

import { sandboxWords } from "./sandbox";

test("the sandbox is on only in the mode that uses it", () => {
  const there = { available: true, detail: "bubblewrap" };
  expect(sandboxWords(there, "auto").word).toBe("on");
  expect(sandboxWords(there, "ask").word).toBe("ready");
  expect(sandboxWords(there, "bypass").word).toBe("ready");
});

test("what is missing is said", () => {
  const missing = sandboxWords({ available: false, detail: "bubblewrap is not installed" }, "auto");
  expect(missing.word).toBe("none");
  expect(missing.title).toContain("bubblewrap is not installed");
  expect(missing.title).toContain("mode Auto is refused");
  expect(sandboxWords(undefined, "auto").word).toBe("none");
});
