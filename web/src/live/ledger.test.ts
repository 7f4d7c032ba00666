import { describe, expect, it } from 'vitest';
import { applyPatches, Ledger } from './ledger';

interface Row {
  id: string;
  version: number;
  state: string;
}
const row = (id: string, version: number, state = 'raised'): Row => ({ id, version, state });

describe('patches on rows', () => {
  it('apply only when newer, whatever the order of arrival', () => {
    const rows = applyPatches([row('a', 2)], [row('a', 4, 'handling'), row('a', 3, 'confirmed')]);
    expect(rows).toEqual([row('a', 4, 'handling')]);
  });

  it('change nothing when delivered twice', () => {
    const once = applyPatches([row('a', 1)], [row('a', 2, 'confirmed')]);
    expect(applyPatches(once, [row('a', 2, 'confirmed')])).toEqual(once);
  });

  it('add rows that are new', () => {
    expect(applyPatches([row('a', 1)], [row('b', 1)]).map((r) => r.id)).toEqual(['a', 'b']);
  });
});

describe('a snapshot meeting patches', () => {
  it('keeps a patch that overtook the snapshot', () => {
    const ledger = new Ledger<Row>();
    const mark = ledger.mark();
    ledger.note(row('a', 5, 'closed'));
    expect(ledger.merge([row('a', 4, 'handling')], mark)).toEqual([row('a', 5, 'closed')]);
  });

  it('keeps a row raised while the snapshot was on its way', () => {
    const ledger = new Ledger<Row>();
    const mark = ledger.mark();
    ledger.note(row('b', 1));
    expect(ledger.merge([row('a', 1)], mark).map((r) => r.id)).toEqual(['a', 'b']);
  });

  it('does not revive a row whose closing was lost in a gap', () => {
    const ledger = new Ledger<Row>();
    ledger.note(row('ghost', 1));
    const mark = ledger.mark();
    expect(ledger.merge([row('a', 1)], mark).map((r) => r.id)).toEqual(['a']);
  });

  it('believes a snapshot newer than its patches', () => {
    const ledger = new Ledger<Row>();
    ledger.note(row('a', 2, 'confirmed'));
    expect(ledger.merge([row('a', 3, 'handling')], ledger.mark())).toEqual([row('a', 3, 'handling')]);
  });

  it('refuses to note older or equal versions', () => {
    const ledger = new Ledger<Row>();
    expect(ledger.note(row('a', 3))).toBe(true);
    expect(ledger.note(row('a', 3))).toBe(false);
    expect(ledger.note(row('a', 2))).toBe(false);
  });
});
