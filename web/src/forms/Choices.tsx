import { useLabel } from '@/api/meta';
import { useText } from '@/i18n';
import styles from './Choices.module.css';
import type { FormField } from './schema';

interface Props {
  field: FormField;
  value: unknown;
  onChange: (value: string) => void;
}

/** A few choices of an enumeration side by side. */
export function Choices({ field, value, onChange }: Props) {
  const text = useText();
  const label = useLabel();
  return (
    <Radios
      name={field.name}
      legend={text(field.title)}
      required={field.required}
      options={field.choices.map((choice) => ({ value: choice, words: label(field.enum, choice) }))}
      value={value}
      onChange={onChange}
    />
  );
}

interface RadioProps {
  name: string;
  legend: string;
  required: boolean;
  options: { value: string; words: string }[];
  value: unknown;
  onChange: (value: string) => void;
}

/** Radio buttons side by side; the digits 1–9 pick one. */
export function Radios({ name, legend, required, options, value, onChange }: RadioProps) {
  return (
    <fieldset
      className={styles.choices}
      onKeyDown={(event) => {
        const picked = options[Number(event.key) - 1];
        if (picked !== undefined) onChange(picked.value);
      }}
    >
      <legend>{legend}</legend>
      {options.map((option, index) => (
        <label key={option.value} data-on={value === option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            required={required}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          {option.words}
          <kbd>{index + 1}</kbd>
        </label>
      ))}
    </fieldset>
  );
}
