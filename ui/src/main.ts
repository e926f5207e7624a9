// Mounts the window on the shell behind it. In a plain browser, while
// developing, a fake shell plays its part.

import { mount } from "svelte";
import App from "./App.svelte";
import "./tokens.css";
import "./base.css";
import type { Backend } from "./ipc/backend";
import { isTauri, tauriBackend } from "./ipc/tauri";

async function backend(): Promise<Backend> {
  if (import.meta.env.DEV && !isTauri()) {
    const { sceneBackend } = await import("./ipc/scenes");
    return sceneBackend(new URLSearchParams(location.search));
  }
  return tauriBackend();
}

const target = document.getElementById("app");
if (target) mount(App, { target, props: { backend: await backend() } });
