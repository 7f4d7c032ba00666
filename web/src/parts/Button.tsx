import type { ButtonHTMLAttributes } from 'react';
import { Link, type LinkProps } from 'react-router';
import styles from './Button.module.css';

type Kind = 'plain' | 'primary';

export function Button({
  kind = 'plain',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind }) {
  return <button type="button" {...rest} className={styles.button} data-kind={kind} />;
}

/** A link that looks like a button: it leads to another screen. */
export function LinkButton({ kind = 'plain', ...rest }: LinkProps & { kind?: Kind }) {
  return <Link {...rest} className={styles.button as string} data-kind={kind} />;
}
