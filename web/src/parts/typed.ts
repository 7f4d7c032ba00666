import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 150;

/**
 * Text that is being typed while its home is the address: shown at once, handed on in a pause. The address
 * follows too late for fast fingers; a field that shows it directly loses letters.
 */
export function useTyped(value: string, onChange: (value: string) => void): [string, (next: string) => void] {
  const [typed, setTyped] = useState(value);
  const pending = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const handOn = useRef(onChange);
  handOn.current = onChange;
  useEffect(() => () => clearTimeout(pending.current), []);
  useEffect(() => {
    // Changed by another hand: a filter cleared, a page gone back to.
    if (pending.current === undefined) setTyped(value);
  }, [value]);
  function type(next: string): void {
    setTyped(next);
    clearTimeout(pending.current);
    pending.current = setTimeout(() => {
      pending.current = undefined;
      handOn.current(next);
    }, PAUSE_MS);
  }
  return [typed, type];
}
