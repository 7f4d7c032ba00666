import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Notice } from '@/parts/Notice';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Notice icon="search" title={t('notFound.title')} detail={t('notFound.next')}>
      <Link to="/alarms">{t('nav.desk')}</Link>
    </Notice>
  );
}
