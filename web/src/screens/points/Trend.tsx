import { LineChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { palettes } from '@/design/tokens';
import { useText } from '@/i18n';
import { fullTime } from '@/i18n/format';
import { usePreferences } from '@/shell/preferences';
import { chartHeight, chartOption, nearest, spread } from './chart';
import type { Limit } from './data';
import type { Period, PointEvent } from './history';
import { type Line, moments } from './lines';
import styles from './Trend.module.css';

use([
  LineChart,
  GridComponent,
  MarkLineComponent,
  MarkAreaComponent,
  TooltipComponent,
  AriaComponent,
  CanvasRenderer,
]);

interface Props {
  lines: Line[];
  limits: Limit[];
  period: Period;
  events?: PointEvent[];
}

const NO_EVENTS: PointEvent[] = [];
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };

/** The trend as lines with the limits in force and what else happened; arrow keys go from row to row. */
export default function Trend({ lines, limits, period, events = NO_EVENTS }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const text = useText();
  const theme = usePreferences((state) => state.theme);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);
  const [place, setPlace] = useState<number | null>(null);
  const times = useMemo(() => moments(lines), [lines]);
  const name = lines.map((line) => line.name).join(' · ');

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = init(element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  const option = useMemo(
    () =>
      chartOption(lines, limits, events, period, palettes[theme], {
        described: t('point.chartOf', { name }),
        condition: (kind) => label('Condition', kind),
        title: (event) => text(event.title),
      }),
    [lines, limits, events, period, name, theme, label, text, t],
  );
  useEffect(() => chart.current?.setOption(option, { notMerge: true }), [option]);

  const at = place === null ? undefined : times[Math.min(place, times.length - 1)];
  useEffect(() => {
    const made = chart.current;
    if (!made || at === undefined) return;
    const first = lines.findIndex((line) => nearest(line.time_ms, at) !== null);
    const line = lines[first];
    const value = line ? (line.last[nearest(line.time_ms, at) ?? 0] ?? 0) : 0;
    const plot = { xAxisIndex: 0, yAxisIndex: 0 };
    const [x, y] = made.convertToPixel(plot, [at, value]) as number[];
    made.dispatchAction({ type: 'showTip', x, y });
  }, [at, lines]);

  function step(event: KeyboardEvent) {
    const last = times.length - 1;
    const by = STEPS[event.key];
    if (event.key === 'Escape') setPlace(null);
    else if (event.key === 'Home') setPlace(0);
    else if (event.key === 'End') setPlace(last);
    else if (by !== undefined) setPlace((now) => Math.max(0, Math.min(last, (now ?? last) + by)));
    else return;
    if (event.key === 'Escape') chart.current?.dispatchAction({ type: 'hideTip' });
    event.preventDefault();
  }

  const said = at === undefined ? t('point.keys') : sayRow(lines, at);
  return (
    <div
      className={styles.focus}
      role="slider"
      tabIndex={0}
      aria-label={t('point.rowOf', { name })}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, times.length - 1)}
      aria-valuenow={place ?? Math.max(0, times.length - 1)}
      aria-valuetext={said}
      onKeyDown={step}
    >
      <div
        ref={box}
        className={styles.chart}
        style={{ height: chartHeight(lines) }}
        role="img"
        aria-label={t('point.chartOf', { name })}
      />
    </div>
  );
}

function sayRow(lines: Line[], at: number): string {
  const values = lines.flatMap((line) => {
    const index = nearest(line.time_ms, at);
    return index === null ? [] : [`${line.tag} ${spread(line, index)}`];
  });
  return [fullTime(at), ...values].join(', ');
}
