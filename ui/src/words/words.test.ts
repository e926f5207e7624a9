import { expect, test } from "vitest";
import { bytes, count, percent, tokens } from "./amount";
import { holdsAll, markWords, wordsOf } from "./find";
import { leaf, near, tilde } from "./path";
import { ago, dayWords, duration, past, period, utcDay } from "./time";

test("durations and ages are in human units", () => {
  expect([12, 140, 2100, 31_000, 125_000, 120_000].map(duration)).toEqual(["12 ms", "0.1 s", "2.1 s", "31 s", "2 min 5 s", "2 min"]);
  const now = Date.now();
  expect([0, 120_000, 3 * 3_600_000, 50 * 3_600_000, -5].map((past) => ago(now - past, now))).toEqual(["now", "2 min", "3 h", "2 d", "now"]);
});

test("the past and days are said as a person would", () => {
  const now = Date.UTC(2027, 0, 31, 23, 59);
  const spans = [10_000, 60_000, 125_000, 3_600_000, 5 * 3_600_000, 24 * 3_600_000, 72 * 3_600_000, -5];
  expect(spans.map((gone) => past(now - gone, now))).toEqual(["just now", "a minute ago", "2 minutes ago", "an hour ago", "5 hours ago", "a day ago", "3 days ago", "just now"]);
  expect(utcDay(now)).toBe("2027-01-31");
  expect(["2027-01-31", "2026-12-05", "someday", "2027-13-01"].map(dayWords)).toEqual(["31 January 2027", "5 December 2026", "someday", "2027-13-01"]);
});

test("periods follow calendar days", () => {
  const noon = new Date(2026, 2, 10, 12).getTime();
  expect(period(new Date(2026, 2, 10, 0, 1).getTime(), noon)).toBe("Today");
  expect(period(new Date(2026, 2, 9, 23, 59).getTime(), noon)).toBe("Yesterday");
  expect(period(new Date(2026, 2, 8, 23, 59).getTime(), noon)).toBe("Earlier");
});

test("amounts are short", () => {
  expect([940, 1000, 12_400, 123_456, 1_200_000].map(tokens)).toEqual(["940", "1k", "12.4k", "123k", "1.2M"]);
  expect([900, 57_000, 147_900_000, 1_530_000_000].map(bytes)).toEqual(["900 B", "57 kB", "148 MB", "1.5 GB"]);
  expect([count(1, "file"), count(6, "file")]).toEqual(["1 file", "6 files"]);
});

test("paths are relative inside of the workspace and short outside", () => {
  const root = "/home/lea/code";
  expect(near(root, root)).toBe(".");
  expect(near(`${root}/src/a.rs`, root)).toBe("src/a.rs");
  expect(near("/home/lea/code-other/a.rs", root)).toBe("~/code-other/a.rs");
  expect([tilde("/root/x"), tilde("/rooted"), tilde("/etc/hosts")]).toEqual(["~/x", "/rooted", "/etc/hosts"]);
  expect(leaf("/home/lea/code/")).toBe("code");
});

test("words of a query are held together by quotes, finished or not", () => {
  const check = (query: string, words: string[]) => expect(wordsOf(query), query).toEqual(words);
  check("Parser  times", ["parser", "times"]);
  check('a "long line" b', ["a", "long line", "b"]);
  check('"not closed', ["not closed"]);
  check('  "" ', []);
});

test("what was looked for is marked, the longest word first, and the text stays whole", () => {
  const shown = (text: string, query: string) => {
    const parts = markWords(text, wordsOf(query));
    expect(parts.map((part) => part.text).join("")).toBe(text);
    return parts.map((part) => (part.hit ? `[${part.text}]` : part.text)).join("");
  };
  expect(shown("The Parser parses", "parse the")).toBe("[The] [Parse]r [parse]s");
  expect(shown("aaa", "a aa")).toBe("[aa][a]");
  expect(shown("nothing here", "zebra")).toBe("nothing here");
  expect(shown("İstanbul", "i"), "lower case of another length").toBe("İstanbul");
  expect(shown("", "a")).toBe("");
  expect(holdsAll("Parser times out", ["out", "parser"])).toBe(true);
  expect(holdsAll("Parser times out", ["out", "parsing"])).toBe(false);
});

test("shares are percent, and none is a dash", () => {
  expect([0, 0.844, 1, null].map(percent)).toEqual(["0 %", "84 %", "100 %", "–"]);
});
