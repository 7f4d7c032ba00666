import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import { asProblem } from '@/api/problem';
import { useLanguage, useText } from '@/i18n';
import { duration, figure, fullTime, withUnit } from '@/i18n/format';
import { Button } from '@/parts/Button';
import { ProblemLine } from '@/parts/Notice';
import type { Limit, Point } from './data';
import type { Period } from './history';
import styles from './TrialPanel.module.css';
import {
  barOf,
  type Draft,
  draftOf,
  type Figure,
  figuresOf,
  KINDS,
  type Outcome,
  TRIAL_SPANS,
  type Trial,
  tryRule,
  unitOf,
} from './trial';

const LISTED = 200;

interface Props {
  point: Point;
  end: number | null;
  limits: Limit[];
}

interface Asked {
  draft: Draft;
  period: Period;
}

/** Tries a rule on the history of a point: how often and how long it would have told, beside the rule in force. */
export default function TrialBench({ point, end, limits }: Props) {
  const first = limits.find((limit) => KINDS.some((kind) => kind === limit.kind))?.kind ?? 'H';
  const [draft, setDraft] = useState<Draft>(() => draftOf(first, limits));
  const [span, setSpan] = useState<number>(TRIAL_SPANS[2][1]);
  const trying = useMutation({
    mutationFn: ({ draft, period }: Asked) => tryRule(point.id, draft, period),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    // up to the newest reading and no further: an alarm that holds must not be counted into time to come
    const to = (end ?? Date.now()) + 1;
    trying.mutate({ draft, period: { from: to - span, to } });
  }

  return (
    <>
      <TrialForm
        draft={draft}
        span={span}
        unit={point.unit}
        limits={limits}
        error={trying.error}
        pending={trying.isPending}
        onDraft={setDraft}
        onSpan={setSpan}
        onSubmit={submit}
      />
      <div aria-live="polite">
        {trying.data ? <Result trial={trying.data} asked={trying.variables} unit={point.unit} /> : null}
      </div>
    </>
  );
}

interface FormProps {
  draft: Draft;
  span: number;
  unit: string;
  limits: Limit[];
  error: unknown;
  pending: boolean;
  onDraft: (draft: Draft) => void;
  onSpan: (span: number) => void;
  onSubmit: (event: FormEvent) => void;
}

function TrialForm({ draft, span, unit, limits, error, pending, onDraft, onSpan, onSubmit }: FormProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const text = useText();
  const kindId = useId();
  const problem = error ? asProblem(error) : null;
  const wrong = (name: Figure) => problem?.errors.find((one) => one.field === name)?.message;
  return (
    <form className={styles.form} aria-label={t('trial.title')} onSubmit={onSubmit}>
      <div className={styles.fields}>
        <div>
          <label htmlFor={kindId}>{t('trial.kind')}</label>
          <select
            id={kindId}
            value={draft.kind}
            onChange={(event) => onDraft(draftOf(event.target.value, limits))}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {label('Condition', kind)}
              </option>
            ))}
          </select>
        </div>
        {figuresOf(draft.kind).map((name) => (
          <FigureInput
            key={name}
            name={name}
            unit={unitOf(name, draft.kind, unit)}
            value={draft[name]}
            wrong={wrong(name) ? text(wrong(name)) : ''}
            onChange={(value) => onDraft({ ...draft, [name]: value })}
          />
        ))}
      </div>
      <div className={styles.ask}>
        <fieldset aria-label={t('point.span')}>
          {TRIAL_SPANS.map(([name, ms]) => (
            <Button key={name} aria-pressed={span === ms} onClick={() => onSpan(ms)}>
              {t(`trial.spans.${name}`)}
            </Button>
          ))}
        </fieldset>
        <Button type="submit" kind="primary" disabled={pending}>
          {pending ? t('trial.trying') : t('trial.try')}
        </Button>
      </div>
      {error ? <ProblemLine error={error} /> : null}
    </form>
  );
}

interface FigureProps {
  name: Figure;
  unit: string;
  value: string;
  wrong: string;
  onChange: (value: string) => void;
}

function FigureInput({ name, unit, value, wrong, onChange }: FigureProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>
        {t(`trial.figures.${name}`)} <small>{unit}</small>
      </label>
      <input
        id={id}
        type="number"
        step="any"
        min={name === 'threshold' ? undefined : 0}
        required={name === 'threshold' || name === 'window_s'}
        value={value}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {wrong ? (
        <p id={`${id}-wrong`} className={styles.wrong}>
          {wrong}
        </p>
      ) : null}
    </div>
  );
}

function Result({ trial, asked, unit }: { trial: Trial; asked: Asked | undefined; unit: string }) {
  const { t } = useTranslation();
  if (!asked) return null;
  const { period, draft } = asked;
  const until = Date.parse(trial.until);
  const said = [
    t('trial.source', { readings: figure(trial.readings), time: fullTime(trial.as_of) }),
    t('trial.period', { from: fullTime(period.from), to: fullTime(until) }),
    t('trial.step', { version: trial.software_version }),
  ];
  return (
    <div className={styles.result}>
      {trial.complete ? null : (
        <p className={styles.wrong}>{t('trial.incomplete', { time: fullTime(until) })}</p>
      )}
      <table className={styles.outcomes}>
        <caption className="visually-hidden">{t('trial.outcome')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('trial.rule')}</th>
            <th scope="col">{t('trial.count')}</th>
            <th scope="col">{t('trial.minutes')}</th>
            <th scope="col">{t('trial.longest')}</th>
          </tr>
        </thead>
        <tbody>
          <OutcomeRow outcome={trial.tried} until={until}>
            <b>
              {t('trial.tried', {
                value: withUnit(Number(draft.threshold), unitOf('threshold', draft.kind, unit)),
              })}
            </b>
          </OutcomeRow>
          {trial.in_force ? (
            <OutcomeRow outcome={trial.in_force} until={until}>
              <Link to={`/limits/${trial.in_force_id}`}>{t('trial.inForce')}</Link>
            </OutcomeRow>
          ) : (
            <tr>
              <th scope="row">{t('trial.inForce')}</th>
              <td colSpan={3}>{t('trial.none')}</td>
            </tr>
          )}
        </tbody>
      </table>
      <Strip outcome={trial.tried} period={period} until={until} of="tried" />
      {trial.in_force ? <Strip outcome={trial.in_force} period={period} until={until} of="inForce" /> : null}
      <Intervals outcome={trial.tried} unit={unit} />
      <p className={styles.foot}>{said.join(' · ')}</p>
    </div>
  );
}

function OutcomeRow({
  outcome,
  until,
  children,
}: {
  outcome: Outcome;
  until: number;
  children: React.ReactNode;
}) {
  const language = useLanguage();
  const longest = Math.max(
    0,
    ...outcome.alarms.map(
      (alarm) => (alarm.returned_at ? Date.parse(alarm.returned_at) : until) - Date.parse(alarm.raised_at),
    ),
  );
  return (
    <tr>
      <th scope="row">{children}</th>
      <td>{figure(outcome.count)}</td>
      <td>{figure(outcome.total_s / 60, 1)}</td>
      <td>{outcome.count ? duration(longest, language) : '0'}</td>
    </tr>
  );
}

/** The alarms along the period; the same as the figures and the list, for the eye. */
function Strip({
  outcome,
  period,
  until,
  of,
}: {
  outcome: Outcome;
  period: Period;
  until: number;
  of: 'tried' | 'inForce';
}) {
  const { t } = useTranslation();
  return (
    <div className={styles.strip} data-of={of} aria-hidden="true">
      <span>{t(`trial.strip.${of}`)}</span>
      <div>
        {outcome.alarms.map((alarm) => {
          const { left, width } = barOf(alarm, period, until);
          return <i key={alarm.raised_at} style={{ left: `${left}%`, width: `${width}%` }} />;
        })}
      </div>
    </div>
  );
}

function Intervals({ outcome, unit }: { outcome: Outcome; unit: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const shown = outcome.alarms.slice(0, LISTED);
  if (shown.length === 0) return <p className={styles.foot}>{t('trial.silent')}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('trial.intervals')}>
        <table>
          <caption className="visually-hidden">{t('trial.intervals')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('trial.raised')}</th>
              <th scope="col">{t('trial.returned')}</th>
              <th scope="col">{t('trial.lasted')}</th>
              <th scope="col">{t('trial.value')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((alarm) => (
              <tr key={alarm.raised_at}>
                <th scope="row">{fullTime(alarm.raised_at)}</th>
                <td>{alarm.returned_at ? fullTime(alarm.returned_at) : t('trial.holds')}</td>
                <td>
                  {alarm.returned_at
                    ? duration(Date.parse(alarm.returned_at) - Date.parse(alarm.raised_at), language)
                    : ''}
                </td>
                <td>{withUnit(alarm.value, unit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {outcome.count > shown.length ? (
        <p className={styles.foot}>{t('trial.more', { shown: shown.length, count: outcome.count })}</p>
      ) : null}
    </>
  );
}
