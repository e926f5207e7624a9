// Syntax colours as a tree of scopes; the caller renders it as text nodes.
// Loaded on first use: an answer without code never pays for it.

import type { LanguageFn } from "highlight.js";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";

const languages: Record<string, LanguageFn> = {
  bash, c, cpp, css, diff, go, ini, java, javascript, json, makefile, markdown, python, ruby, rust, sql, typescript, xml, yaml,
};
const lowlight = createLowlight(languages);
lowlight.registerAlias({ bash: ["console", "shell", "sh", "zsh"], ini: ["toml"], xml: ["svelte", "vue"] });

export type Scoped = { scope: string; text: string };

/** The code as runs of one scope each, or none for an unknown language. */
export function highlight(code: string, language: string): Scoped[] | null {
  if (!lowlight.registered(language)) return null;
  const runs: Scoped[] = [];
  type Node = ReturnType<typeof lowlight.highlight>["children"][number];
  const walk = (nodes: readonly Node[], scope: string): void => {
    for (const node of nodes) {
      if (node.type === "text") runs.push({ scope, text: node.value });
      else if (node.type === "element") walk(node.children, scopeOf(node.properties["className"]) ?? scope);
    }
  };
  walk(lowlight.highlight(language, code).children, "");
  return runs;
}

function scopeOf(className: unknown): string | undefined {
  const first: unknown = Array.isArray(className) ? className[0] : undefined;
  return typeof first === "string" ? first.replace(/^hljs-/, "") : undefined;
}
