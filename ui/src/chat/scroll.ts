// Keeps the view where the reader is: at the end only if it was there, and
// in place when something above it changes its height.

const END_SLACK_PX = 40;

export class ScrollKeeper {
  #scroller: HTMLElement | null = null;
  #atEnd = true;
  readonly #onEndChange: (atEnd: boolean) => void;

  constructor(onEndChange: (atEnd: boolean) => void) {
    this.#onEndChange = onEndChange;
  }

  get scroller(): HTMLElement | null {
    return this.#scroller;
  }

  /** Attachment for the scrolling element. */
  readonly attach = (scroller: HTMLElement): (() => void) => {
    this.#scroller = scroller;
    const onScroll = () => this.#see();
    scroller.addEventListener("scroll", onScroll, { passive: true });
    const observer = new ResizeObserver(() => this.#hold());
    observer.observe(scroller);
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild);
    this.toEnd();
    return () => {
      scroller.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  };

  toEnd(): void {
    this.#set(true);
    this.#hold();
  }

  /** Something above the view grew by `pixels`: stay on what is read. */
  shift(pixels: number): void {
    if (this.#scroller && !this.#atEnd) this.#scroller.scrollTop += pixels;
  }

  #see(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.#set(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < END_SLACK_PX);
  }

  #hold(): void {
    if (this.#atEnd && this.#scroller) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #set(atEnd: boolean): void {
    if (this.#atEnd === atEnd) return;
    this.#atEnd = atEnd;
    this.#onEndChange(atEnd);
  }
}
