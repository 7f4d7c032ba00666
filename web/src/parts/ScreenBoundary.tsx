import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from './Notice';

function Broken({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <Notice icon="warning" tone="bad" title={t('broken.title')} detail={t('broken.next')}>
      <button type="button" onClick={onRetry}>
        {t('broken.retry')}
      </button>
      <button type="button" onClick={() => window.location.reload()}>
        {t('broken.reload')}
      </button>
    </Notice>
  );
}

/** Keeps a fault of one screen from taking down the others and the alarm watch. */
export class ScreenBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? (
      <Broken onRetry={() => this.setState({ failed: false })} />
    ) : (
      this.props.children
    );
  }
}
