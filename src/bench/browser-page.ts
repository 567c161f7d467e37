// What the bench does inside the tab. Each function is sent there as text: it uses nothing but its argument.

/** The rows that a search shown in the list begins with. */
export interface ExpectedRows {
  readonly search: string;
  /** Of the first rows; nobody when the search finds nobody. */
  readonly names: readonly string[];
  /** Whether the service is asked for them now, so that rows from before do not count. */
  readonly isAsked: boolean;
}

/** Milliseconds from a key's event to the end of the frame that paints its rows. */
export interface KeyWatch {
  readonly painted: Promise<number>;
}

/** Waits for the next key. */
export function watchKey({ search, names, isAsked }: ExpectedRows): KeyWatch {
  const answerLimitMs = 20_000;
  const from = performance.now();
  let pressedAt: number | undefined;
  const note = (event: Event) => {
    pressedAt ??= event.timeStamp;
  };
  // Letters that no key of the keyboard has come as input alone.
  for (const type of ['keydown', 'beforeinput']) addEventListener(type, note, { capture: true, once: true });
  performance.setResourceTimingBufferSize(100_000);

  const isAnswered = () =>
    !isAsked ||
    performance.getEntriesByType('resource').some(({ name, startTime, duration }) => {
      const { pathname, searchParams } = new URL(name);
      return pathname === '/api/users' && searchParams.get('search') === search && startTime >= from && duration > 0;
    });
  const isShown = () => {
    if (names.length === 0) return document.querySelector('[role="grid"]') === null;
    const rows = document.querySelectorAll('[role="grid"] [role="row"]');
    return names.every((name, index) => rows[index + 1]?.textContent?.includes(name));
  };
  const failure = () => {
    const shown = [...document.querySelectorAll('[role="row"]')].slice(1, 1 + names.length);
    const state = `key ${pressedAt}, asked ${isAsked}, answered ${isAnswered()}`;
    return `"${search}" (${state}): ${names.join() || 'nobody'} instead of ${shown.map((row) => row.textContent).join()}`;
  };
  const painted = new Promise<number>((resolve, reject) => {
    const look = () => {
      const isDone = pressedAt !== undefined && isAnswered() && isShown();
      if (!isDone && performance.now() - from < answerLimitMs) return requestAnimationFrame(look);
      // The first task after this frame was painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        if (isDone) resolve(performance.now() - (pressedAt ?? 0));
        else reject(new Error(failure()));
      };
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
  return { painted };
}

export interface Scrolled {
  readonly rows: number;
  readonly frames: number;
  readonly frameP95Ms: number;
  /** Tasks of more than 50 ms, longest first. */
  readonly longTasksMs: readonly number[];
  /** The most that were there at once. */
  readonly rowElements: number;
  /** The most elements that rows and all within them were at once. */
  readonly elementsInRows: number;
}

/** Scrolls through so many rows, a little in each frame, as far as they are loaded. */
export async function scrollThrough({
  rows,
  pixelsPerFrame,
}: {
  rows: number;
  pixelsPerFrame: number;
}): Promise<Scrolled> {
  const grid = document.querySelector('[role="grid"]') as HTMLElement;
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const longTasksMs: number[] = [];
  const keep = (entries: PerformanceEntryList) => longTasksMs.push(...entries.map(({ duration }) => duration));
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: 'longtask' });

  const rowHeight = grid.querySelectorAll<HTMLElement>('[role="row"]')[1]?.offsetHeight ?? 1;
  const framesMs: number[] = [];
  let rowElements = 0;
  let elementsInRows = 0;
  let before = await frame();
  grid.scrollTop = 0;
  while (grid.scrollTop + grid.clientHeight < rows * rowHeight) {
    grid.scrollTop += pixelsPerFrame;
    const now = await frame();
    framesMs.push(now - before);
    before = now;
    const shown = grid.querySelectorAll('[role="row"]').length;
    rowElements = Math.max(rowElements, shown);
    elementsInRows = Math.max(elementsInRows, shown + grid.querySelectorAll('[role="row"] *').length);
  }
  await frame();
  await frame();
  keep(observer.takeRecords());
  observer.disconnect();
  framesMs.sort((a, b) => a - b);
  return {
    rows,
    frames: framesMs.length,
    frameP95Ms: framesMs[Math.floor(framesMs.length * 0.95)] ?? 0,
    longTasksMs: longTasksMs.sort((a, b) => b - a),
    rowElements,
    elementsInRows,
  };
}
