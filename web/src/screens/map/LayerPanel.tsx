import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import { Icon } from '@/design/icons';
import { ALARM_LEVELS } from '@/design/levels';
import { palettes } from '@/design/tokens';
import { useText } from '@/i18n';
import { fullTime } from '@/i18n/format';
import type { MapLayer } from '@/map/data';
import { MarkImage } from '@/map/MarkImage';
import type { PlacedAlarms } from '@/map/scene';
import { ALARMS, alarmMark, markOf } from '@/map/style';
import { Marks } from '@/parts/Marks';
import { useImportTargets } from '@/screens/imports/data';
import { usePreferences } from '@/shell/preferences';
import styles from './LayerPanel.module.css';

interface Props {
  layers: MapLayer[];
  shown: ReadonlySet<string>;
  alarms: PlacedAlarms;
  onToggle: (name: string) => void;
  onClose: () => void;
}

/** What the map shows: each layer with its legend, where its data come from and of what time they are. */
export function LayerPanel({ layers, shown, alarms, onToggle, onClose }: Props) {
  const { t } = useTranslation();
  const text = useText();
  const mayImport = (useImportTargets().data ?? []).length > 0;
  const groups = useMemo(() => {
    const found = new Map<string, MapLayer[]>();
    for (const layer of [...layers].reverse()) {
      const members = found.get(layer.group.zh) ?? [];
      found.set(layer.group.zh, [...members, layer]);
    }
    return [...found.values()];
  }, [layers]);
  return (
    <aside className={styles.panel} aria-label={t('map.layers')}>
      <header>
        <h2>{t('map.layers')}</h2>
        <button type="button" aria-label={t('common.close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <section>
        <h3>{t('map.live')}</h3>
        <AlarmLayer alarms={alarms} shown={shown.has(ALARMS)} onToggle={() => onToggle(ALARMS)} />
      </section>
      {groups.map((members) => (
        <section key={members[0]?.group.zh}>
          <h3>{text(members[0]?.group)}</h3>
          {members.map((layer) => (
            <Entry
              key={layer.name}
              layer={layer}
              shown={shown.has(layer.name)}
              onToggle={() => onToggle(layer.name)}
            />
          ))}
        </section>
      ))}
      {mayImport ? (
        <p className={styles.import}>
          <Link to="/import">{t('imports.title')}</Link>
        </p>
      ) : null}
    </aside>
  );
}

function AlarmLayer({
  alarms,
  shown,
  onToggle,
}: {
  alarms: PlacedAlarms;
  shown: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  const label = useLabel();
  const palette = palettes[usePreferences((state) => state.theme)];
  return (
    <div className={styles.layer}>
      <label>
        <input type="checkbox" checked={shown} onChange={onToggle} />
        <span>{t('map.alarms')}</span>
        <b>{alarms.placed}</b>
      </label>
      <p>
        {t('map.alarmSource')}
        {alarms.unplaced > 0 ? (
          <>
            {' · '}
            <Link to="/alarms">{t('map.unplaced', { count: alarms.unplaced })}</Link>
          </>
        ) : null}
      </p>
      {shown ? (
        <ul>
          {ALARM_LEVELS.map((level) => (
            <li key={level}>
              <MarkImage name={alarmMark(level, palette)} />
              {label('AlarmLevel', level)}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Entry({ layer, shown, onToggle }: { layer: MapLayer; shown: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const text = useText();
  const origin = [layer.source, layer.licence].filter(Boolean).join(' · ');
  return (
    <div className={styles.layer}>
      <label>
        <input type="checkbox" checked={shown} onChange={onToggle} />
        <span>{text(layer.title)}</span>
        <Marks of={layer} />
        {layer.classes.length === 0 ? <Swatch symbol={layer.symbol} /> : null}
      </label>
      {layer.source ? (
        <p>
          {t('map.source', { source: origin })}
          {layer.data_time ? <> · {t('map.dataTime', { time: fullTime(layer.data_time) })}</> : null}
        </p>
      ) : null}
      {text(layer.note) ? <p>{text(layer.note)}</p> : null}
      {shown && layer.min_zoom > 0 ? <p>{t('map.fromZoom')}</p> : null}
      {shown ? <Legend layer={layer} /> : null}
    </div>
  );
}

function Swatch({ symbol }: { symbol: string }) {
  return <i className={styles.swatch} data-symbol={symbol} aria-hidden="true" />;
}

const AEGL: [number, string][] = [
  [3, 'red'],
  [2, 'orange'],
  [1, 'yellow'],
];

function Legend({ layer }: { layer: MapLayer }) {
  const { t } = useTranslation();
  const text = useText();
  const palette = palettes[usePreferences((state) => state.theme)];
  if (layer.symbol === 'footprint')
    return (
      <ul>
        {AEGL.map(([rank, tone]) => (
          <li key={rank}>
            <i className={styles.zone} data-tone={tone} aria-hidden="true" />
            {t('map.aegl', { rank })}
          </li>
        ))}
      </ul>
    );
  const classes = layer.symbol === 'incident' ? [] : layer.classes;
  const marked = classes.flatMap(({ value, label }) => {
    const mark = markOf(layer.symbol, value, palette);
    return mark ? [{ value, label, mark }] : [];
  });
  if (marked.length === 0) return null;
  return (
    <ul>
      {marked.map(({ value, label, mark }) => (
        <li key={value}>
          <MarkImage name={mark} />
          {text(label)}
        </li>
      ))}
    </ul>
  );
}
