import type { ReactNode } from 'react';
import { fullTime } from '@/i18n/format';
import styles from './TimeLine.module.css';

interface LineProps {
  title: string;
  /** Its heading's level: 2 for a line that is a part of the page, 3 for one that belongs to a panel. */
  level: 2 | 3;
  children: ReactNode;
}

/** What happened to an object, one moment under the other. */
export function TimeLine({ title, level, children }: LineProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className={styles.line}>
      <Heading>{title}</Heading>
      <ol>{children}</ol>
    </section>
  );
}

export type MomentTone = 'accent' | 'red' | 'orange' | 'normal';

interface MomentProps {
  what: string;
  at: string;
  by: string;
  tone?: MomentTone | undefined;
  children?: ReactNode;
}

/** One moment: what was done, when and by whom; a `span` says a figure, a `p` stands on a line of its own. */
export function Moment({ what, at, by, tone, children }: MomentProps) {
  return (
    <li data-tone={tone}>
      <b>{what}</b>
      <time>{fullTime(at)}</time>
      <span>{by}</span>
      {children}
    </li>
  );
}
