import { useLabel } from '@/api/meta';
import { useText } from '@/i18n';
import styles from './Choices.module.css';
import type { FormField } from './schema';

interface Props {
  field: FormField;
  value: unknown;
  onChange: (value: string) => void;
}

/** A few choices side by side; the digits 1–9 pick one. */
export function Choices({ field, value, onChange }: Props) {
  const text = useText();
  const label = useLabel();
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
