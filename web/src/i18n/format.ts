import type { Language } from './index';

export const DASH = '—';
const ZONE = 'Asia/Shanghai';

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

interface Clock {
  day: string;
  time: string;
}

function clockOf(ms: number): Clock {
  const found = Object.fromEntries(parts.formatToParts(ms).map((part) => [part.type, part.value]));
  return {
    day: `${found.year}-${found.month}-${found.day}`,
    time: `${found.hour}:${found.minute}:${found.second}`,
  };
}

function msOf(moment: string | number | null | undefined): number {
  if (moment === null || moment === undefined || moment === '') return Number.NaN;
  return typeof moment === 'number' ? moment : Date.parse(moment);
}

/** Date and time with seconds in China's time; a dash when unknown. */
export function fullTime(moment: string | number | null | undefined): string {
  const ms = msOf(moment);
  if (!Number.isFinite(ms)) return DASH;
  const { day, time } = clockOf(ms);
  return `${day} ${time}`;
}

/** The time of day when it is of the same day as *now*, else month, day and time. */
export function shortTime(moment: string | number | null | undefined, now: number): string {
  const ms = msOf(moment);
  if (!Number.isFinite(ms)) return DASH;
  const { day, time } = clockOf(ms);
  const today = clockOf(now).day;
  if (day === today) return time;
  return day.slice(0, 4) === today.slice(0, 4) ? `${day.slice(5)} ${time}` : `${day} ${time}`;
}

export function timeOfDay(moment: string | number): string {
  return clockOf(msOf(moment)).time;
}

const pad = (n: number): string => String(n).padStart(2, '0');

/** How long ago, in the two largest units: `12分05秒`, `3 h 05 min`. */
export function duration(ms: number, language: Language): string {
  if (!Number.isFinite(ms)) return DASH;
  const s = Math.max(0, Math.floor(ms / 1000));
  const [days, hours, minutes, seconds] = [
    Math.floor(s / 86400),
    Math.floor((s % 86400) / 3600),
    Math.floor((s % 3600) / 60),
    s % 60,
  ];
  const zh = language === 'zh-CN';
  if (days > 0) return zh ? `${days}天${pad(hours)}时` : `${days} d ${pad(hours)} h`;
  if (hours > 0) return zh ? `${hours}时${pad(minutes)}分` : `${hours} h ${pad(minutes)} min`;
  if (minutes > 0) return zh ? `${minutes}分${pad(seconds)}秒` : `${minutes} min ${pad(seconds)} s`;
  return zh ? `${seconds}秒` : `${seconds} s`;
}

export function ageOf(moment: string | number | null | undefined, now: number, language: Language): string {
  return duration(now - msOf(moment), language);
}

/** Decimals that show *value* with about four significant figures. */
export function decimalsFor(...values: (number | null | undefined)[]): number {
  const known = values.filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  const largest = Math.max(...known.map(Math.abs), 0);
  if (largest >= 1000) return 1;
  if (largest >= 100) return 2;
  if (largest >= 1 || largest === 0) return 3;
  return Math.min(8, 3 - Math.floor(Math.log10(largest)));
}

/** A figure grouped by thousands without needless zeros; a dash when unknown. */
export function figure(value: number | null | undefined, decimals = decimalsFor(value)): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  const text = new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals }).format(value);
  return text === '-0' ? '0' : text.replace('-', '−');
}

export function withUnit(value: number | null | undefined, unit: string | null | undefined): string {
  const text = figure(value);
  return text === DASH || !unit ? text : `${text} ${unit}`;
}
