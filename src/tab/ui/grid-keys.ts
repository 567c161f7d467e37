/** One cell of the grid: row 0 is the header, column 0 the selection. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  /** With the header. */
  readonly rows: number;
  readonly columns: number;
  /** How many rows Page Up and Page Down move. */
  readonly pageRows: number;
}

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Where a key leads, undefined for keys that do not move. Right-to-left mirrors the arrows.
 * @see ARIA Authoring Practices, grid pattern
 */
export function moveInGrid(from: Cell, key: Key, size: GridSize, direction: 'ltr' | 'rtl'): Cell | undefined {
  const to = target(from, key, size, direction);
  return to && { row: clamp(to.row, size.rows), column: clamp(to.column, size.columns) };
}

function target({ row, column }: Cell, key: Key, size: GridSize, direction: 'ltr' | 'rtl'): Cell | undefined {
  const isFar = key.ctrlKey || key.metaKey;
  const forward = direction === 'rtl' ? -1 : 1;
  switch (key.key) {
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowRight':
      return { row, column: column + forward };
    case 'ArrowLeft':
      return { row, column: column - forward };
    case 'PageDown':
      return { row: row + size.pageRows, column };
    case 'PageUp':
      return { row: Math.max(1, row - size.pageRows), column };
    case 'Home':
      return { row: isFar ? 1 : row, column: 0 };
    case 'End':
      return { row: isFar ? size.rows - 1 : row, column: size.columns - 1 };
    default:
      return undefined;
  }
}

function clamp(value: number, count: number): number {
  return Math.min(Math.max(value, 0), count - 1);
}
