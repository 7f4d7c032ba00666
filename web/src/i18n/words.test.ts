import { describe, expect, it } from 'vitest';
import en from './en.json';
import zh from './zh-CN.json';

type Tree = { [key: string]: string | Tree };

function keysOf(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : keysOf(value, `${prefix}${key}.`),
  );
}

const sources = import.meta.glob('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const code = Object.entries(sources)
  .filter(([path]) => !path.endsWith('.test.ts'))
  .map(([, text]) => String(text))
  .join('\n');
const chinese = new Map(keysOf(zh as Tree));
const english = new Map(keysOf(en as Tree));

describe('the words on screen', () => {
  it('say everything in both languages', () => {
    expect([...english.keys()]).toEqual([...chinese.keys()]);
    expect([...chinese.values(), ...english.values()].filter((words) => words.trim() === '')).toEqual([]);
  });

  it('use the same figures in both languages', () => {
    const slots = (words: string) => (words.match(/\{\{\w+\}\}/g) ?? []).sort();
    for (const [key, words] of chinese)
      expect([key, slots(english.get(key) ?? '')]).toEqual([key, slots(words)]);
  });

  it('exist for every key that the code names', () => {
    const named = [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1]);
    expect(named.filter((key) => !chinese.has(key ?? ''))).toEqual([]);
  });

  it('are all used', () => {
    const families = [
      'point.spans.',
      'point.columns.',
      'point.resolution.',
      'run.input.',
      'run.table.',
      'status.process.',
      'status.figure.',
      'threat.seen.',
      'trial.figures.',
      'trial.spans.',
      'trial.strip.',
    ];
    const unused = [...chinese.keys()].filter(
      (key) => !code.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });
});
