import { describe, expect, it } from 'vitest';
import en from '@/i18n/en.json';
import zh from '@/i18n/zh-CN.json';
import { GOALS, goalOf } from './goals';

describe('where a resource stands in the menu', () => {
  it.each([
    ['sites', { zh: '重大危险源', en: 'Major hazards' }, 'monitoring'],
    ['enterprises', null, 'monitoring'],
    ['deadlines', null, 'command'],
    ['runs', { zh: '标准与参数', en: 'Standards' }, 'data'],
    ['scenarios', { zh: '指挥决策', en: 'Command' }, 'command'],
    ['what-comes-next', null, 'other'],
    ['what-comes-next', { zh: '新的分组', en: 'New' }, 'other'],
  ])('%s under %o is %s', (plural, group, goal) => expect(goalOf({ plural, group })).toBe(goal));

  it('has a heading in words for every goal', () => {
    expect(Object.keys(zh.nav.goals)).toEqual([...GOALS]);
    expect(Object.keys(en.nav.goals)).toEqual([...GOALS]);
  });
});
