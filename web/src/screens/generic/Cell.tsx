import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel, useMeta, useRegionName } from '@/api/meta';
import type { ColumnMeta, ResourceMeta } from '@/api/types';
import { LevelChip } from '@/design/LevelChip';
import { useLanguage } from '@/i18n';
import { ageOf, DASH, figure, fullTime } from '@/i18n/format';
import { useNow } from '@/live/now';

export type Row = Record<string, unknown> & { id: string };

/** What people call an object: its name; one without, such as a limit, by its point and condition. */
export function useTitleOf(): (resource: ResourceMeta, row: Row) => string {
  const label = useLabel();
  return (resource, row) => {
    if (row.name ?? row.title) return String(row.name ?? row.title);
    const kind = resource.columns.find((column) => column.field === 'kind' && column.kind === 'enum');
    const parts = [row.point_label ?? row.source, kind ? label(kind.enum, row.kind) : null].filter(Boolean);
    const dated = [row.enterprise_name, row.day].filter(Boolean).join(' ');
    return parts.join(' ') || dated || fullTime(row.recorded_at as string) || row.id;
  };
}

function Age({ at }: { at: unknown }) {
  const language = useLanguage();
  const now = useNow();
  return <span title={fullTime(at as string)}>{ageOf(at as string, now, language)}</span>;
}

/** One value of an object, worded and formed by its column's kind. */
export function Cell({ column, row }: { column: ColumnMeta; row: Row }) {
  const { t } = useTranslation();
  const label = useLabel();
  const region = useRegionName();
  const { resources } = useMeta();
  const value = row[column.field];
  switch (column.kind) {
    case 'level':
      return <LevelChip level={value as string} ladder={column.enum ?? ''} />;
    case 'enum':
      return label(column.enum, value);
    case 'region':
      return region(value);
    case 'bool':
      return value === true ? t('generic.yes') : t('generic.no');
    case 'time':
      return <time>{fullTime(value as string | null)}</time>;
    case 'age':
      return <Age at={value} />;
    case 'number':
      return typeof value === 'number' ? `${figure(value)}${column.unit ? ` ${column.unit}` : ''}` : DASH;
    case 'link': {
      const target = resources.find((resource) => resource.name === column.link);
      const id = row[column.link_id ?? `${column.field}_id`];
      const words = value === null || value === undefined || value === '' ? DASH : String(value);
      return target && id ? <Link to={`/${target.plural}/${String(id)}`}>{words}</Link> : words;
    }
    default:
      return value === null || value === undefined || value === '' ? DASH : String(value);
  }
}
