import { lookOf } from '@/design/levels';
import type { Palette } from '@/design/tokens';
import { figure, fullTime } from '@/i18n/format';
import type { Limit } from './data';
import type { PointEvent } from './history';
import { byUnit, doubtful, type Line, type Pair, pairs } from './lines';

const PLOT_PX = 250;
const LONE_PLOT_PX = 340;
const GAP_PX = 34;
const MAX_LABELLED = 12;

/** What the chart says in words of the language on screen. */
export interface Words {
  described: string;
  condition: (kind: string) => string;
  title: (event: PointEvent) => string;
}

/** How tall the chart is: one plot for each unit. */
export function chartHeight(lines: Line[]): number {
  const plots = byUnit(lines).length;
  return plots > 1 ? plots * (PLOT_PX + GAP_PX) : LONE_PLOT_PX;
}

/** Up to eight lines: four colours that mean no level, then the same dashed. */
export function strokeOf(index: number, colours: Palette): { color: string; type: 'solid' | 'dashed' } {
  const inks = [colours.series, colours.accent, colours.normal, colours.exercise];
  return {
    color: inks[index % inks.length] ?? colours.series,
    type: index < inks.length ? 'solid' : 'dashed',
  };
}

/** The shade of a quality behind a line. */
export function shadeOf(quality: number, colours: Palette): string {
  return (
    [colours.panel, colours.yellowSoft, colours.redSoft, colours.blueSoft, colours.exerciseSoft][quality] ??
    colours.panel
  );
}

/** The limits close enough to be drawn without flattening the trend: within one and a half of its own span. */
function nearLimits(drawn: Pair[], limits: Limit[]): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [, value] of drawn) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const reach = 1.5 * (high - low);
  return limits.flatMap(({ threshold }) =>
    threshold !== null && threshold >= low - reach && threshold <= high + reach ? [threshold] : [],
  );
}

function limitLines(limits: Limit[], colours: Palette, words: Words) {
  return limits
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
          formatter: `${words.condition(limit.kind)} ${figure(limit.threshold)}`,
        },
      };
    });
}

/** Where an event begins: its level's colour; its name as long as there is room for all names. */
function eventLines(events: PointEvent[], colours: Palette, words: Words) {
  return events.map((event) => {
    const tone = lookOf(event.level).tone;
    const colour = tone === 'muted' || tone === 'normal' ? colours.muted : colours[tone];
    return {
      xAxis: Date.parse(event.at),
      lineStyle: { color: colour, type: 'solid' as const, width: 1 },
      label: {
        show: events.length <= MAX_LABELLED,
        color: colour,
        position: 'end' as const,
        formatter: words.title(event),
      },
    };
  });
}

function eventAreas(events: PointEvent[], end: number, colours: Palette) {
  return events
    .filter((event) => !event.momentary)
    .map((event) => {
      const tone = lookOf(event.level).tone;
      const colour = tone === 'muted' || tone === 'normal' ? colours.muted : colours[tone];
      return [
        { xAxis: Date.parse(event.at), itemStyle: { color: colour, opacity: 0.08 } },
        { xAxis: event.until ? Date.parse(event.until) : end },
      ];
    });
}

function qualityAreas(line: Line, colours: Palette) {
  return doubtful(line).map((stretch) => [
    { xAxis: stretch.from, itemStyle: { color: shadeOf(stretch.quality, colours), opacity: 1 } },
    { xAxis: stretch.to },
  ]);
}

function tooltipOf(lines: Line[]) {
  return (items: unknown) => {
    const given = (Array.isArray(items) ? items : [items]) as {
      value?: Pair;
      seriesIndex?: number;
      axisValue?: number;
    }[];
    const at = given.find((item) => item.value)?.value?.[0];
    if (at === undefined) return '';
    const said = lines.flatMap((line) => {
      const index = nearest(line.time_ms, at);
      return index === null ? [] : [`${escapeText(line.tag)} <b>${spread(line, index)}</b>`];
    });
    return [fullTime(at), ...said].join('<br>');
  };
}

const escapeText = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** The row of a line at or closest before a moment; null before its first. */
export function nearest(time_ms: number[], at: number): number | null {
  let [low, high] = [0, time_ms.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time_ms[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : low - 1;
}

/** The value of a row in words: a bucket from its smallest to its largest. */
export function spread(line: Line, index: number): string {
  const [low, high] = [line.minimum[index], line.maximum[index]];
  const unit = line.unit ? ` ${line.unit}` : '';
  return (low === high ? figure(low) : `${figure(low)} – ${figure(high)}`) + unit;
}

/** The chart as ECharts wants it: a plot per unit above a common time, limits and events in it. */
export function chartOption(
  lines: Line[],
  limits: Limit[],
  events: PointEvent[],
  period: { from: number; to: number },
  colours: Palette,
  words: Words,
) {
  const units = byUnit(lines);
  const plots = units.map(([unit], index) => ({ unit, index }));
  const axis = {
    axisLine: { lineStyle: { color: colours.lineStrong } },
    axisLabel: { color: colours.muted },
  };
  const height = units.length > 1 ? PLOT_PX : undefined;
  return {
    animation: false,
    aria: { enabled: true, label: { description: words.described } },
    axisPointer: { link: [{ xAxisIndex: 'all' as const }] },
    grid: plots.map(({ index }) => ({
      left: 8,
      right: 16,
      top: 30 + index * (PLOT_PX + GAP_PX),
      ...(height ? { height: PLOT_PX - 24 } : { bottom: 8 }),
      containLabel: true,
    })),
    tooltip: {
      trigger: 'axis' as const,
      backgroundColor: colours.raised,
      borderColor: colours.lineStrong,
      textStyle: { color: colours.text },
      formatter: tooltipOf(lines),
    },
    xAxis: plots.map(({ index }) => ({
      type: 'time' as const,
      gridIndex: index,
      min: period.from,
      max: period.to,
      ...axis,
      axisLabel: {
        ...axis.axisLabel,
        hideOverlap: true,
        formatter: (ms: number) => fullTime(ms).slice(5, 16),
      },
    })),
    yAxis: plots.map(({ unit, index }) => ({
      type: 'value' as const,
      gridIndex: index,
      scale: true,
      name: unit,
      nameTextStyle: { color: colours.muted, align: 'left' as const },
      ...axis,
      splitLine: { lineStyle: { color: colours.line } },
    })),
    series: lines.flatMap((line, index) => {
      const plot = units.findIndex(([unit]) => unit === line.unit);
      const first = index === 0;
      const drawn = pairs(line);
      const stroke = strokeOf(index, colours);
      const own = events.filter((event) => event.point_id === line.id);
      const base = { type: 'line' as const, xAxisIndex: plot, yAxisIndex: plot };
      return [
        {
          ...base,
          name: line.name,
          data: drawn,
          showSymbol: line.time_ms.length < 60,
          symbolSize: 4,
          lineStyle: { width: 1.5, ...stroke },
          itemStyle: { color: stroke.color },
          markLine: {
            silent: true,
            symbol: 'none',
            data: [...(first ? limitLines(limits, colours, words) : []), ...eventLines(own, colours, words)],
          },
          markArea: {
            silent: true,
            data: [...qualityAreas(line, colours), ...eventAreas(own, period.to, colours)],
          },
        },
        {
          // draws nothing: it makes the axis reach the limits
          ...base,
          data: (first ? nearLimits(drawn, limits) : []).map(
            (threshold): Pair => [drawn[0]?.[0] ?? 0, threshold],
          ),
          symbol: 'none',
          silent: true,
          lineStyle: { opacity: 0 },
          tooltip: { show: false },
        },
      ];
    }),
  };
}
