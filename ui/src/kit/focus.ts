// How the focus moves inside of what opens over the page, and what its going
// away means. Where it begins and returns to, each part decides by itself.

type From<E extends Event> = E & { currentTarget: EventTarget & HTMLElement };

/** A menu is one stop for Tab, so the arrows go through its buttons. Whether
 * the key was one of theirs is told, for the other keys differ by menu. */
export function step(event: From<KeyboardEvent>): boolean {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) items[(at + by + items.length) % items.length]?.focus();
  else if (event.key === "Home") items[0]?.focus();
  else if (event.key === "End") items.at(-1)?.focus();
  else return false;
  return true;
}

/** For `focusout`, which also fires between two parts of the same element. When
 * it does not say where the focus goes, the next frame knows: a window that
 * merely lost the focus still has it here, and closes nothing. */
export function whenFocusLeaves(act: () => void): (event: From<FocusEvent>) => void {
  return ({ currentTarget, relatedTarget }) => {
    const check = (focused: EventTarget | null) => {
      if (!currentTarget.contains(focused as Node | null)) act();
    };
    if (relatedTarget) check(relatedTarget);
    else requestAnimationFrame(() => check(document.activeElement));
  };
}
