import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { useHotkeys } from './hotkeys';

function Screen({ onOpen }: { onOpen: () => void }) {
  useHotkeys({ Enter: onOpen, o: onOpen });
  return (
    <>
      <button type="button">menu</button>
      <input aria-label="search" />
      <div role="option" aria-selected tabIndex={-1}>
        row
      </div>
    </>
  );
}

describe('the keys of a screen', () => {
  it('leave Enter to the button that has the focus', () => {
    const open = vi.fn();
    render(<Screen onOpen={open} />);
    expect(fireEvent.keyDown(screen.getByRole('button'), { key: 'Enter' })).toBe(true);
    expect(open).not.toHaveBeenCalled();
    expect(fireEvent.keyDown(screen.getByRole('option'), { key: 'Enter' })).toBe(false);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('rest while a field is typed into', () => {
    const open = vi.fn();
    render(<Screen onOpen={open} />);
    fireEvent.keyDown(screen.getByLabelText('search'), { key: 'o' });
    expect(open).not.toHaveBeenCalled();
    fireEvent.keyDown(screen.getByRole('button'), { key: 'o' });
    expect(open).toHaveBeenCalledTimes(1);
  });
});
