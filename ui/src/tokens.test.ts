import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/tokens.css", "utf8");
const TEXT_CONTRAST = 4.5;
const EDGE_CONTRAST = 3;

function theme(name: string): Record<string, string> {
  const block = new RegExp(`\\[data-theme="${name}"\\] \\{([^}]+)\\}`).exec(css)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, token, color]) => [token, color]));
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

const pairs: [text: string, grounds: string[], least: number][] = [
  ["ink", ["paper", "raised", "sunk", "moss-soft", "rose-soft", "ember-soft"], TEXT_CONTRAST],
  ["soft", ["paper", "raised", "sunk", "moss-soft", "rose-soft"], TEXT_CONTRAST],
  ["faint", ["paper", "raised", "sunk"], TEXT_CONTRAST],
  ["ember", ["paper", "raised", "sunk", "ember-soft"], TEXT_CONTRAST],
  ["on-ember", ["ember", "ember-deep"], TEXT_CONTRAST],
  ["moss", ["paper", "raised", "sunk", "moss-soft"], TEXT_CONTRAST],
  ["rose", ["paper", "raised", "sunk", "rose-soft"], TEXT_CONTRAST],
  ["sky", ["paper", "raised", "sunk"], TEXT_CONTRAST],
  ["plum", ["paper", "raised", "sunk"], TEXT_CONTRAST],
  ["paper", ["ink"], TEXT_CONTRAST],
  ["edge", ["paper", "raised", "sunk"], EDGE_CONTRAST],
];

for (const name of ["light", "dark", "contrast", "contrast-dark"]) {
  test(`${name}: every text can be read on every ground it stands on`, () => {
    const colors = theme(name);
    const weak = pairs.flatMap(([text, grounds, least]) =>
      grounds
        .map((ground) => ({ pair: `${text} on ${ground}`, ratio: contrast(colors[text]!, colors[ground]!), least }))
        .filter(({ ratio }) => !(ratio >= least)),
    );
    expect(weak).toEqual([]);
  });

  test(`${name}: has every colour the light theme has`, () => {
    expect(Object.keys(theme(name)).sort()).toEqual(Object.keys(theme("light")).sort());
  });
}

test("the high contrast themes reach 7:1 for text", () => {
  for (const name of ["contrast", "contrast-dark"]) {
    const colors = theme(name);
    for (const text of ["ink", "soft", "faint", "ember", "moss", "rose", "sky"]) {
      expect(contrast(colors[text]!, colors["paper"]!), `${text} in ${name}`).toBeGreaterThanOrEqual(7);
    }
  }
});
