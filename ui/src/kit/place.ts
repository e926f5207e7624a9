// Where something fixed opens beside its button, so that nothing that scrolls
// or clips cuts it off.

const MARGIN_PX = 8;
const GAP_PX = 4;

/** Below the button, or above it where there is no room, and always inside of
 * the window. */
export function beside(button: Element, menu: HTMLElement, side: "left" | "right" = "right"): void {
  const anchor = button.getBoundingClientRect();
  const below = anchor.bottom + GAP_PX;
  const top = below + menu.offsetHeight > innerHeight - MARGIN_PX ? anchor.top - GAP_PX - menu.offsetHeight : below;
  const left = side === "right" ? anchor.right - menu.offsetWidth : anchor.left;
  menu.style.top = `${Math.max(MARGIN_PX, top)}px`;
  menu.style.left = `${Math.max(MARGIN_PX, Math.min(left, innerWidth - MARGIN_PX - menu.offsetWidth))}px`;
}
