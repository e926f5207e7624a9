// Keeps the view where the reader is: at the end only if it was there, and
// in place when something above it changes its height.

const END_SLACK_PX = 40;

export class ScrollKeeper {
  #scroller: HTMLElement | null = null;
  #atEnd = true;
  #top = 0;
  #height = 0;
  readonly #onEndChange: (atEnd: boolean) => void;

  constructor(onEndChange: (atEnd: boolean) => void) {
    this.#onEndChange = onEndChange;
  }

  /** Holds on to the end while more comes; off where the end of what is
   * shown is not the end of the history. */
  follows = true;

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

  /** Brings an element to `top`, in pixels below the top of the view, and
   * lets go of the end. */
  place(element: HTMLElement, top: number): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.#set(false);
    scroller.scrollTop += element.getBoundingClientRect().top - scroller.getBoundingClientRect().top - top;
    this.#top = scroller.scrollTop;
    this.#height = scroller.scrollHeight;
  }

  /** Something above the view grew by `pixels`: stay on what is read. */
  shift(pixels: number): void {
    if (this.#scroller && !this.#atEnd) this.#scroller.scrollTop += pixels;
  }

  /** Scroll events come a frame late, when more text may have arrived: only
   * a view that moved up, while nothing shrank, was moved by the reader. */
  #see(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    if (scrollHeight - scrollTop - clientHeight < END_SLACK_PX) this.#set(this.follows);
    else if (scrollTop < this.#top && scrollHeight >= this.#height) this.#set(false);
    this.#top = scrollTop;
    this.#height = scrollHeight;
  }

  #hold(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    if (this.#atEnd) scroller.scrollTop = scroller.scrollHeight;
    this.#top = scroller.scrollTop;
    this.#height = scroller.scrollHeight;
  }

  #set(atEnd: boolean): void {
    if (this.#atEnd === atEnd) return;
    this.#atEnd = atEnd;
    this.#onEndChange(atEnd);
  }
}
