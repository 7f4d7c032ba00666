import { describe, expect, it } from 'vitest';
import { CERTAINTY, changesOf, faultsOf, NOTE, payloadOf } from './changes';
import type { Standard } from './data';

const title = { zh: '', en: '' };
const ammonia = {
  key: '1',
  values: { name: '氨', critical_t: 10, remark: null },
  clause: '表 1',
  certainty: 'probable',
  needs_confirmation: true,
  note: '',
};
const standard: Standard = {
  code: 'named',
  title,
  basis: '',
  number: 1,
  newest: 1,
  effective_from: '2019-03-01',
  source: '',
  columns: [
    { name: 'name', title, kind: 'text', unit: '', required: true },
    { name: 'critical_t', title, kind: 'number', unit: 't', required: true },
    { name: 'remark', title, kind: 'text', unit: '', required: false },
  ],
  rows: [ammonia],
};

describe('the editor of a table', () => {
  it('sends only what changed, numbers as numbers', () => {
    const changes = changesOf(standard, {
      '1': { name: '氨', critical_t: '20', [CERTAINTY]: 'sure', [NOTE]: '' },
    });
    expect(changes).toEqual([
      { key: '1', column: 'critical_t', before: 10, after: 20 },
      { key: '1', column: CERTAINTY, before: 'probable', after: 'sure' },
    ]);
    expect(payloadOf(changes)).toEqual([{ key: '1', certainty: 'sure', values: { critical_t: 20 } }]);
  });

  it('takes what was typed back to the old value for no change', () => {
    expect(changesOf(standard, { '1': { critical_t: '10.0', remark: '' } })).toEqual([]);
  });

  it.each(['', 'ten', '1O'])('does not publish %o as a critical quantity', (text) => {
    const changes = changesOf(standard, { '1': { critical_t: text } });
    expect(faultsOf(standard, changes)).toHaveLength(1);
  });
});
