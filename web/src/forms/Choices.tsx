import { useEffect, useRef } from 'react';
import { useLabel } from '@/api/meta';
import { useText } from '@/i18n';
import styles from './Choices.module.css';
import type { FormField } from './schema';

interface Props {
  field: FormField;
  value: unknown;
  focus: boolean;
  onChange: (value: string) => void;
}

/** A few choices side by side; the digits 1–9 pick one. */
export function Choices({ field, value, focus, onChange }: Props) {
  const text = useText();
  const label = useLabel();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focus) first.current?.focus();
  }, [focus]);
  return (
    <fieldset
      className={styles.choices}
      onKeyDown={(event) => {
        const picked = field.choices[Number(event.key) - 1];
        if (picked !== undefined) onChange(picked);
      }}
    >
      <legend>{text(field.title)}</legend>
      {field.choices.map((choice, index) => (
        <label key={choice} data-on={value === choice}>
          <input
            ref={index === 0 ? first : undefined}
            type="radio"
            name={field.name}
            value={choice}
            required={field.required}
            checked={value === choice}
            onChange={() => onChange(choice)}
          />
          {label(field.enum, choice)}
          <kbd>{index + 1}</kbd>
        </label>
      ))}
    </fieldset>
  );
}
