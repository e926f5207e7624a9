import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const tauriOnly = {
  group: ["@tauri-apps/*"],
  message: "Only src/ipc names Tauri; take the Backend from the state.",
};
const upwards = {
  group: ["../*"],
  message: "kit imports nothing of ours.",
};

export default ts.config(
  { ignores: ["dist", "node_modules", "src/ipc/types.ts"] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "no-undef": "off",
      "no-eval": "error",
      "no-implied-eval": "error",
      "max-lines": ["error", { max: 300 }],
      "no-restricted-imports": ["error", { patterns: [tauriOnly] }],
      // Maps and sets of ours are private indexes beside the reactive state.
      "svelte/prefer-svelte-reactivity": "off",
      "svelte/no-at-html-tags": "error",
      "svelte/require-each-key": "error",
    },
  },
  // In a test a missing element is a failed test.
  { files: ["**/*.test.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  { files: ["src/ipc/**"], rules: { "no-restricted-imports": "off" } },
  { files: ["src/kit/**"], rules: { "no-restricted-imports": ["error", { patterns: [tauriOnly, upwards] }] } },
);
