import { useTranslation } from 'react-i18next';
import styles from './Wordmark.module.css';

/** 安澜: the river at peace. */
export function Wordmark({ size = 'small' }: { size?: 'small' | 'large' }) {
  const { t } = useTranslation();
  return (
    <span className={styles.mark} data-size={size}>
      <svg aria-hidden="true" viewBox="0 0 28 20" fill="none" strokeLinecap="round" strokeWidth="2.4">
        <path className={styles.wave} d="M2 6c4 0 4-4 8-4s4 4 8 4 4-4 8-4" />
        <path className={styles.calm} d="M2 12h24M7 17.5h14" />
      </svg>
      <b>{t('product.name')}</b>
      <span className={styles.tagline}>{t('product.tagline')}</span>
    </span>
  );
}
