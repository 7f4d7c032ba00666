import { useTranslation } from 'react-i18next';
import { Dialog } from '@/parts/Dialog';
import styles from './KeyboardHelp.module.css';

const groups = [
  {
    title: 'help.everywhere',
    keys: [
      [['Ctrl', 'K'], 'help.palette'],
      [['?'], 'help.help'],
      [['g', 'a'], 'help.goDesk'],
      [['g', 'm'], 'help.goMap'],
      [['g', 's'], 'help.goStatus'],
      [['m'], 'help.mute'],
    ],
  },
  {
    title: 'help.desk',
    keys: [
      [['↑', '↓'], 'help.select'],
      [['j', 'k'], 'help.select'],
      [['Enter'], 'help.open'],
      [['c'], 'help.confirm'],
      [['h'], 'help.handle'],
      [['x'], 'help.close'],
      [['n'], 'help.note'],
      [['i'], 'help.incident'],
      [['1–5'], 'help.cause'],
      [['Ctrl', 'Enter'], 'help.submit'],
      [['/'], 'help.search'],
      [['Esc'], 'help.escape'],
    ],
  },
] as const;

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('help.title')} onClose={onClose}>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{t(group.title)}</h3>
            <dl>
              {group.keys.map(([keys, meaning]) => (
                <div key={keys.join()}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(meaning)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
