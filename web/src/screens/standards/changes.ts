import type { Cell, RowChange, Standard, StandardColumn, StandardRow } from './data';

/** What was typed, by row and column; only cells that were touched are in it. */
export type Edits = Record<string, Record<string, string>>;

export interface CellChange {
  key: string;
  column: string;
  before: Cell;
  after: Cell;
}

/** The columns every row has besides those of its table. */
export const CLAUSE = '#clause';
export const CERTAINTY = '#certainty';
export const NOTE = '#note';

/** What a row says in a column; a table's own column may bear any name. */
export function cellOf(row: StandardRow, column: string): Cell {
  if (column === CLAUSE) return row.clause;
  if (column === CERTAINTY) return row.certainty;
  if (column === NOTE) return row.note;
  return row.values[column] ?? null;
}

function typed(text: string, column: StandardColumn | undefined): Cell {
  if (column?.kind !== 'number') return text;
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : text;
}

/** Each cell that differs from *standard*; what was typed back to the old value is no change. */
export function changesOf(standard: Standard, edits: Edits): CellChange[] {
  const columns = new Map(standard.columns.map((column) => [column.name, column]));
  return standard.rows.flatMap((row) =>
    Object.entries(edits[row.key] ?? {}).flatMap(([column, text]) => {
      const before = cellOf(row, column);
      const after = typed(text, columns.get(column));
      return (before ?? '') === (after ?? '') ? [] : [{ key: row.key, column, before, after }];
    }),
  );
}

/** The number cells in which something else than a number stands, or nothing though something must. */
export function faultsOf(standard: Standard, changes: CellChange[]): CellChange[] {
  const columns = new Map(standard.columns.map((column) => [column.name, column]));
  return changes.filter(({ column, after }) => {
    const asked = columns.get(column);
    if (!asked) return false;
    if (after === null || after === '') return asked.required;
    return asked.kind === 'number' && typeof after !== 'number';
  });
}

/** The changes as the server takes them: one entry a row, with the values that change. */
export function payloadOf(changes: CellChange[]): RowChange[] {
  const rows = new Map<string, RowChange>();
  for (const { key, column, after } of changes) {
    const row = rows.get(key) ?? { key };
    if (column === CLAUSE) row.clause = String(after ?? '');
    else if (column === CERTAINTY) row.certainty = String(after ?? '');
    else if (column === NOTE) row.note = String(after ?? '');
    else row.values = { ...row.values, [column]: after };
    rows.set(key, row);
  }
  return [...rows.values()];
}
