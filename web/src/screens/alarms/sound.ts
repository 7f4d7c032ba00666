import { useEffect, useRef, useState } from 'react';

const REPEAT_MS = 12_000;
let context: AudioContext | null = null;

function audio(): AudioContext | null {
  if (typeof AudioContext === 'undefined') return null;
  context ??= new AudioContext();
  return context;
}

/** Two short falling tones, three times: heard across a room, not startling. */
function beep(): void {
  const ctx = audio();
  if (ctx?.state !== 'running') return;
  for (let burst = 0; burst < 3; burst += 1) {
    for (const [offset, frequency] of [
      [0, 988],
      [0.14, 784],
    ] as const) {
      const at = ctx.currentTime + burst * 0.42 + offset;
      const tone = ctx.createOscillator();
      const gain = ctx.createGain();
      tone.type = 'triangle';
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.22, at + 0.015);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.13);
      tone.connect(gain).connect(ctx.destination);
      tone.start(at);
      tone.stop(at + 0.14);
    }
  }
}

/**
 * Sounds while *urgent* alarms wait: at once for a new one, then every few seconds until they are confirmed.
 * Returns whether the browser keeps the page silent until it is clicked.
 */
export function useAlarmSound(urgent: readonly string[], muted: boolean): boolean {
  const [blocked, setBlocked] = useState(false);
  const heard = useRef(new Set<string>());
  const active = urgent.length > 0 && !muted;

  useEffect(() => {
    const unlock = (): void => {
      void audio()
        ?.resume()
        .then(() => setBlocked(false));
    };
    document.addEventListener('pointerdown', unlock);
    document.addEventListener('keydown', unlock);
    return () => {
      document.removeEventListener('pointerdown', unlock);
      document.removeEventListener('keydown', unlock);
    };
  }, []);

  useEffect(() => {
    const fresh = urgent.some((id) => !heard.current.has(id));
    heard.current = new Set(urgent);
    if (fresh && active) beep();
  }, [urgent, active]);

  useEffect(() => {
    if (!active) return;
    setBlocked(audio()?.state !== 'running');
    const timer = setInterval(beep, REPEAT_MS);
    return () => clearInterval(timer);
  }, [active]);

  return active && blocked;
}
