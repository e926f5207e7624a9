import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // Tests mount components, so they need Svelte's browser build.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  build: {
    target: ["es2022", "safari16"],
    // Fonts stay files: `font-src` of the security policy has no `data:`.
    assetsInlineLimit: 0,
    // The preload helper would fetch what the local disk serves at once.
    modulePreload: false,
    reportCompressedSize: false,
  },
  server: { port: 5173, strictPort: true },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/testing/setup.ts"],
    css: false,
    // Every test mounts a window of its own; a fresh DOM and module graph per
    // file on top of that cost three times as long.
    isolate: false,
    pool: "threads",
  },
}));
