// Key combinations as the shell names them: `Ctrl+Alt+Space`.

const modifiers = new Set(["Control", "Alt", "Shift", "Meta", "AltGraph", "OS", "Super"]);

export type Combination = { complete: string } | { partial: string };

/** Reads a key press; complete when a key is held with a modifier, or is a
 * function key, which no text ever needs. */
export function combination(event: KeyboardEvent): Combination {
  const held = [
    event.ctrlKey && "Ctrl",
    event.altKey && "Alt",
    event.shiftKey && "Shift",
    event.metaKey && "Super",
  ].filter((name): name is string => typeof name === "string");
  if (modifiers.has(event.key)) return { partial: held.join("+") };
  const key = keyName(event.code);
  const strong = event.ctrlKey || event.altKey || event.metaKey || /^F\d+$/.test(key);
  if (!key || !strong) return { partial: held.join("+") };
  return { complete: [...held, key].join("+") };
}

function keyName(code: string): string {
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  if (/^Digit\d$/.test(code)) return code.slice(5);
  return code;
}
