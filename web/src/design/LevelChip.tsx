import { useLabel } from '@/api/meta';
import { ShapeMark } from './icons';
import styles from './LevelChip.module.css';
import { lookOf } from './levels';

/** A level as character, shape and colour together: readable without colour and in grey print. */
export function LevelChip({ level, ladder }: { level: string | null | undefined; ladder: string }) {
  const label = useLabel();
  const look = lookOf(level);
  return (
    <span className={styles.chip} data-tone={look.tone}>
      <ShapeMark shape={look.shape} />
      {label(ladder, level)}
    </span>
  );
}
