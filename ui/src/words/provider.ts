// Providers a person without any key looks for first.

const wellKnown = ["anthropic", "openai", "gemini"];

export function isWellKnown(id: string): boolean {
  return wellKnown.includes(id);
}
