import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMeta } from '@/api/meta';
import type { ResourceMeta } from '@/api/types';
import { hasIcon, type IconName } from '@/design/icons';
import { useText } from '@/i18n';

/** A place that the menu and the palette lead to. */
export interface Destination {
  path: string;
  title: string;
  icon: IconName;
  /** Where it stands in the rail; places without it are found through the palette. */
  rail: 'top' | 'bottom' | null;
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

function iconOf(resource: ResourceMeta): IconName {
  if (resource.icon && hasIcon(resource.icon)) return resource.icon;
  return icons[resource.name] ?? 'list';
}

/** Every place the signed-in person may go to; resources come from the server's meta. */
export function useDestinations(): Destination[] {
  const { t } = useTranslation();
  const text = useText();
  const { resources } = useMeta();
  return useMemo(() => {
    const listed = resources.map(
      (resource): Destination =>
        resource.plural === 'alarms'
          ? { path: '/alarms/table', title: t('nav.alarmTable'), icon: 'list', rail: null }
          : { path: `/${resource.plural}`, title: text(resource.title), icon: iconOf(resource), rail: 'top' },
    );
    const desk: Destination[] = resources.some((resource) => resource.plural === 'alarms')
      ? [{ path: '/alarms', title: t('nav.desk'), icon: 'alarm', rail: 'top' }]
      : [];
    return [...desk, ...listed, { path: '/status', title: t('nav.status'), icon: 'status', rail: 'bottom' }];
  }, [resources, t, text]);
}
