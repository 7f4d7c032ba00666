import { useEffect, useRef } from 'react';

export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE_MS = 900;

/** Whether the keystroke belongs to a field in which the person is typing. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select'))
  );
}

/** Whether the keystroke presses what has the focus: a screen must not take it away. */
function isPressing(event: KeyboardEvent): boolean {
  const presses = event.key === 'Enter' || event.key === ' ';
  return presses && event.target instanceof HTMLElement && event.target.matches('a, button, summary, label');
}

function nameOf(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? 'ctrl+' : '';
  return control + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/**
 * Keys of a screen, named as `c`, `ctrl+k`, `Escape` or the two-key sequence `g a`.
 * They rest while a field is typed into (Escape and control keys excepted) or a dialog is open.
 */
export function useHotkeys(keys: Hotkeys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    let first = '';
    let at = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.altKey || isPressing(event)) return;
      if (document.querySelector('dialog[open]')) return;
      const name = nameOf(event);
      if (isTyping(event.target) && name !== 'Escape' && !name.startsWith('ctrl+')) return;
      const sequence = first && event.timeStamp - at < SEQUENCE_MS ? `${first} ${name}` : '';
      const act = (sequence && current.current[sequence]) || current.current[name];
      first = act ? '' : name;
      at = event.timeStamp;
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
