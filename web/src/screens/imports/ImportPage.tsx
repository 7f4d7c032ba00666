import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Loading, Notice, ProblemNotice } from '@/parts/Notice';
import { type ImportTarget, type Order, useImport, useImportTargets, usePreview } from './data';
import { FindingsView } from './FindingsView';
import { ImportForm } from './ImportForm';
import styles from './ImportPage.module.css';

/** Bringing in data from a file: what it is, what the server makes of it, and only then the import. */
export default function ImportPage() {
  const { t } = useTranslation();
  const targets = useImportTargets();
  if (targets.error && !targets.data)
    return <ProblemNotice error={targets.error} onRetry={() => void targets.refetch()} />;
  if (!targets.data) return <Loading />;
  return (
    <div className={styles.page}>
      <h1>{t('imports.title')}</h1>
      {targets.data.length === 0 ? (
        <Notice icon="upload" title={t('imports.none')} detail={t('imports.noneNext')} />
      ) : (
        <Desk targets={targets.data} />
      )}
    </div>
  );
}

function Desk({ targets }: { targets: ImportTarget[] }) {
  const [search] = useSearchParams();
  const [round, setRound] = useState(0);
  const [order, setOrder] = useState<Order | null>(null);
  const preview = usePreview();
  const applied = useImport();
  const found = applied.data ?? preview.data;
  const results = useRef<HTMLElement>(null);
  const asked = targets.find(({ name }) => name === search.get('target'));

  useEffect(() => {
    if (found) results.current?.focus();
  }, [found]);

  function forget(): void {
    setOrder(null);
    preview.reset();
    applied.reset();
  }

  return (
    <div className={styles.columns}>
      <ImportForm
        key={round}
        targets={targets}
        first={asked ?? (targets.length === 1 ? targets[0] : undefined)}
        pending={preview.isPending}
        done={applied.data !== undefined}
        error={preview.error}
        onChange={forget}
        onPreview={(next) => {
          applied.reset();
          setOrder(next);
          preview.mutate(next);
        }}
      />
      {found && order ? (
        <FindingsView
          ref={results}
          found={found}
          target={targets.find(({ name }) => name === order.target) as ImportTarget}
          pending={applied.isPending}
          error={applied.error}
          onConfirm={() => applied.mutate(order)}
          onAgain={() => {
            forget();
            setRound(round + 1);
          }}
        />
      ) : null}
    </div>
  );
}
