import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { Icon, type IconName } from '@/design/icons';
import { useText } from '@/i18n';
import styles from './Notice.module.css';

interface NoticeProps {
  icon: IconName;
  title: string;
  detail?: string | undefined;
  children?: ReactNode;
  tone?: 'quiet' | 'bad';
}

/** A state of a whole panel: empty, failed or not allowed, with what to do next. */
export function Notice({ icon, title, detail, children, tone = 'quiet' }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icon} size={28} />
      <p className={styles.title}>{title}</p>
      {detail ? <p className={styles.detail}>{detail}</p> : null}
      {children ? <div className={styles.actions}>{children}</div> : null}
    </div>
  );
}

/** A refusal or failure of a whole panel. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const text = useText();
  const problem = asProblem(error);
  return (
    <Notice icon="warning" tone="bad" title={text(problem.title)} detail={text(problem.nextStep)}>
      {onRetry ? (
        <button type="button" className={styles.button} onClick={onRetry}>
          {t('common.retry')}
        </button>
      ) : null}
    </Notice>
  );
}

/** A refusal beside the form that caused it: what is wrong and the next step. */
export function ProblemLine({ error }: { error: unknown }) {
  const text = useText();
  const problem = asProblem(error);
  return (
    <div className={styles.line} role="alert">
      <Icon name="warning" size={16} />
      <div>
        <strong>{text(problem.title)}</strong>
        {problem.nextStep.zh ? <p>{text(problem.nextStep)}</p> : null}
      </div>
    </div>
  );
}

export function Loading() {
  const { t } = useTranslation();
  return (
    <div className={styles.loading} role="status">
      <span className={styles.bar} />
      <span className="visually-hidden">{t('common.loading')}</span>
    </div>
  );
}
