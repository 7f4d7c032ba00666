import { useTranslation } from 'react-i18next';
import { useRegionName } from '@/api/meta';
import { fullTime } from '@/i18n/format';
import { Marks } from '@/parts/Marks';
import type { Notice } from './data';
import styles from './Source.module.css';

const URGENCIES: Record<string, string> = {
  info: 'notices.info',
  attention: 'notices.attention',
  urgent: 'notices.urgent',
};

/** How urgent a notice is, of when and of where. */
export function Source({ of }: { of: Notice }) {
  const { t } = useTranslation();
  const region = useRegionName();
  return (
    <small className={styles.source} data-urgency={of.urgency}>
      <em>{t(URGENCIES[of.urgency] ?? 'notices.info')}</em> {fullTime(of.at)} · {region(of.region)}{' '}
      <Marks of={of} />
    </small>
  );
}
