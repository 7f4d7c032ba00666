import { type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemLine } from '@/parts/Notice';
import styles from './Login.module.css';
import { useSignIn } from './session';
import { LanguageSwitch, ThemeSwitch } from './switches';
import { Wordmark } from './Wordmark';

/** The sign-in screen; it stands in place of the screen asked for, which opens after signing in. */
export function Login({ ended }: { ended: boolean }) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const id = useId();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate(
      { username: String(form.get('username')).trim(), password: String(form.get('password')) },
      { onError: () => password.current?.select() },
    );
  }

  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <form className={styles.card} onSubmit={submit}>
        <Wordmark size="large" />
        <h1 className={styles.title}>{t('login.title')}</h1>
        {ended && !signIn.error ? <p className={styles.ended}>{t('login.ended')}</p> : null}
        <label htmlFor={`${id}-u`}>{t('login.username')}</label>
        <input
          id={`${id}-u`}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          // biome-ignore lint/a11y/noAutofocus: the only thing to do on this screen
          autoFocus
        />
        <label htmlFor={`${id}-p`}>{t('login.password')}</label>
        <div className={styles.secret}>
          <input
            id={`${id}-p`}
            ref={password}
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            required
            onKeyUp={(event) => setCapsLock(event.getModifierState('CapsLock'))}
          />
          <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? t('login.hide') : t('login.show')}
          </button>
        </div>
        {capsLock ? <p className={styles.hint}>{t('login.capsLock')}</p> : null}
        {signIn.error ? <ProblemLine error={signIn.error} /> : null}
        <button className={styles.submit} type="submit" disabled={signIn.isPending}>
          {signIn.isPending ? t('login.working') : t('login.submit')}
        </button>
        <p className={styles.foot}>{t('login.foot')}</p>
      </form>
    </main>
  );
}
