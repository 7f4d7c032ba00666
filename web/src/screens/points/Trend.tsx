import { LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { lookOf } from '@/design/levels';
import { palettes } from '@/design/tokens';
import { figure, fullTime } from '@/i18n/format';
import { usePreferences } from '@/shell/preferences';
import type { Limit, Series } from './data';
import styles from './Trend.module.css';

use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

interface Props {
  series: Series;
  limits: Limit[];
  unit: string;
  name: string;
}

type Pair = [number, number | null];

/** Each bucket draws its smallest and its largest value, so that no peak is lost. */
function pairs(series: Series): Pair[] {
  const drawn: Pair[] = [];
  series.time_ms.forEach((time, index) => {
    const [low, high] = [series.minimum[index] ?? null, series.maximum[index] ?? null];
    drawn.push([time, low]);
    if (high !== low) drawn.push([time, high]);
  });
  return drawn;
}

/** The limits close enough to be drawn without flattening the trend: within one and a half of its own span. */
function nearLimits(drawn: Pair[], limits: Limit[]): number[] {
  const values = drawn.flatMap(([, value]) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const reach = 1.5 * (high - low);
  return limits.flatMap(({ threshold }) =>
    threshold !== null && threshold >= low - reach && threshold <= high + reach ? [threshold] : [],
  );
}

/** The trend as a line with the limits in force. */
export default function Trend({ series, limits, unit, name }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const theme = usePreferences((state) => state.theme);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);

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

  const option = useMemo(() => {
    const colours = palettes[theme];
    const drawn = pairs(series);
    const axis = {
      axisLine: { lineStyle: { color: colours.lineStrong } },
      axisLabel: { color: colours.muted },
    };
    return {
      animation: false,
      aria: { enabled: true, label: { description: t('point.chartOf', { name }) } },
      grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
      tooltip: {
        trigger: 'axis' as const,
        backgroundColor: colours.raised,
        borderColor: colours.lineStrong,
        textStyle: { color: colours.text },
        formatter: (items: unknown) => {
          const first = (Array.isArray(items) ? items[0] : items) as { value: Pair } | undefined;
          return first ? `${fullTime(first.value[0])}<br><b>${figure(first.value[1])} ${unit}</b>` : '';
        },
      },
      xAxis: {
        type: 'time' as const,
        ...axis,
        axisLabel: {
          ...axis.axisLabel,
          hideOverlap: true,
          formatter: (ms: number) => fullTime(ms).slice(5, 16),
        },
      },
      yAxis: {
        type: 'value' as const,
        scale: true,
        name: unit,
        nameTextStyle: { color: colours.muted, align: 'left' as const },
        ...axis,
        splitLine: { lineStyle: { color: colours.line } },
      },
      series: [
        {
          type: 'line' as const,
          name,
          data: drawn,
          showSymbol: series.time_ms.length < 60,
          symbolSize: 4,
          lineStyle: { width: 1.5, color: colours.series },
          itemStyle: { color: colours.series },
          markLine: {
            silent: true,
            symbol: 'none',
            data: limits
              .filter((limit) => limit.threshold !== null)
              .map((limit) => {
                const tone = lookOf(limit.level).tone;
                const colour = tone === 'muted' ? colours.muted : colours[tone];
                return {
                  yAxis: limit.threshold as number,
                  lineStyle: { color: colour, type: 'dashed' as const },
                  label: {
                    color: colour,
                    // outwards for the outer limits, inwards for the inner ones: close pairs stay readable
                    position:
                      limit.kind === 'HH' || limit.kind === 'L'
                        ? ('insideEndTop' as const)
                        : ('insideEndBottom' as const),
                    formatter: `${label('Condition', limit.kind)} ${figure(limit.threshold)}`,
                  },
                };
              }),
          },
        },
        {
          // draws nothing: it makes the axis reach the limits
          type: 'line' as const,
          data: nearLimits(drawn, limits).map((threshold): Pair => [drawn[0]?.[0] ?? 0, threshold]),
          symbol: 'none',
          silent: true,
          lineStyle: { opacity: 0 },
        },
      ],
    };
  }, [series, limits, unit, name, theme, label, t]);

  useEffect(() => chart.current?.setOption(option, { notMerge: true }), [option]);

  return <div ref={box} className={styles.chart} role="img" aria-label={t('point.chartOf', { name })} />;
}
