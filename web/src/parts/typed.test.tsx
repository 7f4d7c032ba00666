import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTyped } from './typed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('text that is being typed', () => {
  it('keeps every letter of fast fingers and is handed on once, in the pause', () => {
    const onChange = vi.fn();
    const { result, rerender } = renderHook(({ value }) => useTyped(value, onChange), {
      initialProps: { value: '' },
    });
    act(() => result.current[1]('X'));
    act(() => result.current[1]('XM'));
    rerender({ value: 'X' }); // the address comes late with what was typed before
    expect(result.current[0]).toBe('XM');
    act(() => vi.advanceTimersByTime(200));
    expect(onChange.mock.calls).toEqual([['XM']]);
  });

  it('takes on what another hand wrote, such as a cleared filter', () => {
    const { result, rerender } = renderHook(({ value }) => useTyped(value, () => undefined), {
      initialProps: { value: 'XM' },
    });
    rerender({ value: '' });
    expect(result.current[0]).toBe('');
  });
});
