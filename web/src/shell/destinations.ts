import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMeta } from '@/api/meta';
import type { ResourceMeta } from '@/api/types';
import { hasIcon, type IconName } from '@/design/icons';
import { useText } from '@/i18n';
import { useImportTargets } from '@/screens/imports/data';
import { type Goal, goalOf } from './goals';
import { useMay } from './session';

/** A place that the menu and the palette lead to. */
export interface Destination {
  path: string;
  title: string;
  icon: IconName;
  /** Where it stands in the menu: always in sight, under a goal, or found through the palette only. */
  menu: 'first' | Goal | null;
}

const icons: Record<string, IconName> = {
  alarm: 'alarm',
  point: 'point',
  enterprise: 'enterprise',
  process_unit: 'unit',
  limit: 'limit',
  gateway: 'gateway',
  dead_letter: 'letter',
  user: 'people',
};

/** What people go to most under their goals, in this order; the other resources follow as the server lists them. */
const FIRST = [
  'warnings',
  'risk-scores',
  'enterprises',
  'major-hazards',
  'structures',
  'points',
  'limits',
  'gateways',
  'connections',
  'standard-tables',
];

/** Parts of other objects: their own lists are found through the palette and on the object's page. */
const PARTS = new Set([
  'access-assessments',
  'access-signals',
  'alarm-events',
  'bulletin-lines',
  'gas-tests',
  'holdings',
  'incident-entries',
  'pond-points',
  'risk-changes',
  'slope-stations',
  'standard-rows',
  'standard-versions',
  'stock-movements',
  'warning-entries',
  'warning-evidence',
]);

function byUse(one: ResourceMeta, other: ResourceMeta): number {
  const place = ({ plural }: ResourceMeta) => (FIRST.includes(plural) ? FIRST.indexOf(plural) : FIRST.length);
  return place(one) - place(other);
}

function iconOf(resource: ResourceMeta): IconName {
  if (resource.icon && hasIcon(resource.icon)) return resource.icon;
  return icons[resource.name] ?? 'list';
}

/** Every place the signed-in person may go to; resources come from the server's meta. */
export function useDestinations(): Destination[] {
  const { t } = useTranslation();
  const text = useText();
  const { resources } = useMeta();
  const mayReadMap = useMay('geo.read');
  const mayReadNotices = useMay('notices.read');
  const mayImport = (useImportTargets().data ?? []).length > 0;
  return useMemo(() => {
    const listed = [...resources].sort(byUse).map((resource): Destination => {
      if (resource.plural === 'alarms')
        return { path: '/alarms/table', title: t('nav.alarmTable'), icon: 'list', menu: null };
      const menu = PARTS.has(resource.plural) ? null : goalOf(resource);
      return { path: `/${resource.plural}`, title: text(resource.title), icon: iconOf(resource), menu };
    });
    const desk: Destination[] = resources.some((resource) => resource.plural === 'alarms')
      ? [{ path: '/alarms', title: t('nav.desk'), icon: 'alarm', menu: 'first' }]
      : [];
    const map: Destination[] = mayReadMap
      ? [{ path: '/map', title: t('nav.map'), icon: 'map', menu: 'first' }]
      : [];
    const imports: Destination[] = mayImport
      ? [{ path: '/import', title: t('imports.title'), icon: 'upload', menu: 'data' }]
      : [];
    const notices: Destination[] = mayReadNotices
      ? [{ path: '/notices', title: t('notices.title'), icon: 'mail', menu: null }]
      : [];
    const incidents = listed
      .filter(({ path }) => path === '/incidents')
      .map((place): Destination => ({ ...place, menu: 'first' }));
    return [
      ...desk,
      ...map,
      ...incidents,
      ...listed.filter(({ path }) => path !== '/incidents'),
      ...imports,
      ...notices,
      { path: '/status', title: t('nav.status'), icon: 'status', menu: 'operations' },
    ];
  }, [resources, mayReadMap, mayReadNotices, mayImport, t, text]);
}
