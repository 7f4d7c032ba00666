import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/design/icons';
import styles from './Dialog.module.css';

interface DialogProps {
  title: string;
  hideTitle?: boolean;
  /** At the right edge over the full height, so that what it explains stays in sight. */
  side?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal on the browser's own dialog: focus stays inside, Escape closes. */
export function Dialog({ title, hideTitle = false, side = false, onClose, children }: DialogProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes the dialog by itself
    <dialog
      ref={dialog}
      className={styles.dialog}
      data-side={side}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles.body}>
        {hideTitle ? null : (
          <header className={styles.head}>
            <h2>{title}</h2>
            <button type="button" aria-label={t('common.close')} onClick={onClose}>
              <Icon name="close" />
            </button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
