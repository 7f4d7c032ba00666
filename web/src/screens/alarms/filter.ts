import type { Alarm } from '@/api/types';
import { matches } from '@/shell/search';

/** What the desk shows; it lives in the address, so that a view can be passed on. */
export interface DeskFilter {
  state: 'open' | 'raised' | 'confirmed' | 'handling' | 'closed';
  levels: string[];
  enterprise: string;
  mine: boolean;
  words: string;
}

export const STATES = ['open', 'raised', 'confirmed', 'handling', 'closed'] as const;

export function readFilter(search: URLSearchParams): DeskFilter {
  const state = STATES.find((known) => known === search.get('state')) ?? 'open';
  return {
    state,
    levels: (search.get('level') ?? '').split(',').filter(Boolean),
    enterprise: search.get('enterprise') ?? '',
    mine: search.get('mine') === '1',
    words: search.get('q') ?? '',
  };
}

export function writeFilter(filter: DeskFilter): Record<string, string> {
  const entries = {
    state: filter.state === 'open' ? '' : filter.state,
    level: filter.levels.join(','),
    enterprise: filter.enterprise,
    mine: filter.mine ? '1' : '',
    q: filter.words,
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== ''));
}

/** The alarms that the filter lets through; *names* are those under which the person confirms. */
export function sift(alarms: readonly Alarm[], filter: DeskFilter, names: readonly string[]): Alarm[] {
  return alarms.filter(
    (alarm) =>
      (filter.state === 'open' ? alarm.state !== 'closed' : alarm.state === filter.state) &&
      (filter.levels.length === 0 || filter.levels.includes(alarm.level)) &&
      (filter.enterprise === '' || alarm.enterprise_id === filter.enterprise) &&
      (!filter.mine || names.includes(alarm.confirmed_by)) &&
      (filter.words === '' ||
        matches(
          `${alarm.point_name} ${alarm.point_tag} ${alarm.enterprise_name} ${alarm.process_unit_name}`,
          filter.words.trim(),
        )),
  );
}
