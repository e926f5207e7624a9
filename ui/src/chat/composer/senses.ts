// What the model that answers takes, and what it will not see.

import type { AppState, ModelFacts } from "../../ipc/types";
import { type FileDraft, isImage } from "../../state/files";

/** What is known of the model that answers; null when nobody knows it. */
export function factsOf(app: AppState | null): ModelFacts | null {
  const provider = app?.providers.find(({ id }) => id === app.active.id);
  return provider?.model_facts.find(({ name }) => name === app?.active.model) ?? null;
}

/** What is to be said before files go to a model that cannot take them;
 * empty when it takes them all, or when that is not known. */
export function blind(app: AppState | null, files: readonly FileDraft[]): string {
  const facts = factsOf(app);
  if (!app || !facts) return "";
  const images = !facts.images && files.some(isImage);
  const documents = !facts.pdfs && files.some((file) => !isImage(file));
  if (!images && !documents) return "";
  const what = [images ? "images" : "", documents ? "PDF files" : ""].filter(Boolean).join(" and no ");
  const name = app.active.offline ? app.active.label : facts.label;
  return `${name} takes no ${what}: it is told their names and nothing of what is in them. Another model may take them.`;
}
