/** How a device's alarm level looks; the trade's warning colours are never shown without character and shape. */
export type Tone = 'red' | 'orange' | 'yellow' | 'blue' | 'normal' | 'muted';
export type Shape = 'diamond' | 'triangle' | 'square' | 'circle';

export interface Look {
  tone: Tone;
  shape: Shape;
  /** 0 is the most urgent. */
  rank: number;
}

const alarmLooks: Record<string, Look> = {
  '1': { tone: 'red', shape: 'diamond', rank: 0 },
  '2': { tone: 'orange', shape: 'triangle', rank: 1 },
  '3': { tone: 'blue', shape: 'circle', rank: 2 },
};

const warningLooks: Record<string, Look> = {
  red: { tone: 'red', shape: 'diamond', rank: 0 },
  orange: { tone: 'orange', shape: 'triangle', rank: 1 },
  yellow: { tone: 'yellow', shape: 'square', rank: 2 },
  blue: { tone: 'blue', shape: 'circle', rank: 3 },
};

/** Risk levels in the plan's four colours: what may come, with the shapes of the other ladders. */
const riskLooks: Record<string, Look> = {
  major: { tone: 'red', shape: 'diamond', rank: 0 },
  considerable: { tone: 'orange', shape: 'triangle', rank: 1 },
  general: { tone: 'yellow', shape: 'square', rank: 2 },
  low: { tone: 'blue', shape: 'circle', rank: 3 },
};

const unknown: Look = { tone: 'muted', shape: 'circle', rank: 9 };

/** The look of a level code of any ladder. */
export function lookOf(level: string | null | undefined): Look {
  const code = level ?? '';
  return alarmLooks[code] ?? warningLooks[code] ?? riskLooks[code] ?? unknown;
}

export const ALARM_LEVELS = Object.keys(alarmLooks);
