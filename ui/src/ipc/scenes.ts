// Scenes for the browser while developing: `?scene=ask&theme=dark`. A story
// with a beginning (`work`), and still pictures of states that are hard to
// reach by hand.

import { FakeBackend } from "./fake";
import { acts } from "./scenes/acts";
import { history, longHistory, sessions, speechModels } from "./scenes/story";
import type { Theme } from "./types";

export function sceneBackend(query: URLSearchParams): FakeBackend {
  const scene = query.get("scene") ?? "work";
  const shell = new FakeBackend();
  shell.sessions = sessions(Date.now());
  shell.models = speechModels;
  shell.state.settings.theme = (query.get("theme") as Theme | null) ?? "system";
  shell.state.settings.speech_model = "base.en";
  shell.state.active = { id: "anthropic", label: "Anthropic", model: "claude-sonnet-4-5", effort: "auto", efforts: ["low", "medium", "high"], offline: false };
  shell.state.providers = shell.state.providers.map((provider) =>
    provider.id === "anthropic" ? { ...provider, ready: true, detail: "Key from ANTHROPIC_API_KEY", fix: "", key_source: "environment" } : provider,
  );
  shell.messages["s1"] = scene === "long" ? longHistory(10_000) : history;
  const act = acts[scene] ?? acts["work"];
  act?.prepare?.(shell);
  const subscribe = shell.subscribe.bind(shell);
  shell.subscribe = async (onEvents) => {
    await subscribe(onEvents);
    // After the window has opened its session.
    setTimeout(() => act?.play?.(shell), 400);
  };
  return shell;
}
