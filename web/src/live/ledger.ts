/** A row that the live channel may change: newer versions replace older ones, never the reverse. */
export interface Versioned {
  id: string;
  version: number;
}

/**
 * Reconciles snapshots with patches of the same rows.
 *
 * A patch may overtake the snapshot that was asked for before it, and a snapshot may be older than a patch
 * already shown. `mark()` is taken when a snapshot is asked for; `merge` then keeps the newer of both for
 * rows in the snapshot, and adds rows that were patched after the mark. Patches from before the mark add
 * nothing: the snapshot knows better whether such a row still belongs to the list.
 */
export class Ledger<Row extends Versioned> {
  private entries = new Map<string, { row: Row; at: number }>();
  private counter = 0;

  /** Notes a patched row; false when a newer or equal version is known already. */
  note(row: Row): boolean {
    const known = this.entries.get(row.id);
    if (known && known.row.version >= row.version) return false;
    this.counter += 1;
    this.entries.set(row.id, { row, at: this.counter });
    return true;
  }

  mark(): number {
    return this.counter;
  }

  merge(snapshot: readonly Row[], mark: number): Row[] {
    const merged: Row[] = [];
    const seen = new Set<string>();
    for (const row of snapshot) {
      const patched = this.entries.get(row.id)?.row;
      const newer = patched !== undefined && patched.version > row.version;
      merged.push(newer ? patched : row);
      if (!newer) this.entries.delete(row.id);
      seen.add(row.id);
    }
    for (const [id, { row, at }] of this.entries) {
      if (seen.has(id)) continue;
      if (at > mark) merged.push(row);
      else this.entries.delete(id);
    }
    return merged;
  }
}

/** *rows* with *patches* applied: newer versions replace, unknown rows are added. */
export function applyPatches<Row extends Versioned>(rows: readonly Row[], patches: readonly Row[]): Row[] {
  if (patches.length === 0) return rows as Row[];
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const patch of patches) {
    const known = byId.get(patch.id);
    if (!known || patch.version > known.version) byId.set(patch.id, patch);
  }
  return [...byId.values()];
}
