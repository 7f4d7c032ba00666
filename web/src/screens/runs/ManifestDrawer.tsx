import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLabel } from '@/api/meta';
import { useText } from '@/i18n';
import { DASH, figure, fullTime, withUnit } from '@/i18n/format';
import { Dialog } from '@/parts/Dialog';
import { Marks } from '@/parts/Marks';
import { Loading, ProblemNotice } from '@/parts/Notice';
import { useTableNames } from '@/screens/standards/data';
import { useOpenRun } from './Computed';
import { type Run, useRun } from './data';
import styles from './ManifestDrawer.module.css';

const DEGREES = '°';
/** The inputs that people ask after first, in their order, with their units. */
const INPUTS: [name: string, unit: string][] = [
  ['cas', ''],
  ['rate_kg_s', 'kg/s'],
  ['duration_s', 's'],
  ['mass_kg', 'kg'],
  ['height_m', 'm'],
  ['lon', DEGREES],
  ['lat', DEGREES],
  ['wind_m_s', 'm/s'],
  ['wind_from_deg', DEGREES],
  ['stability', ''],
  ['terrain', ''],
  ['air_temperature_k', 'K'],
  ['humidity', ''],
  ['mixing_height_m', 'm'],
  ['averaging_s', 's'],
  ['richardson', ''],
  ['exposed_persons', ''],
  ['area_km2', 'km²'],
  ['cell_deg', DEGREES],
];

/** What a computed number rests on: model, version, verification, inputs, tables, reservations. */
export default function ManifestDrawer({ run }: { run: string }) {
  const { t } = useTranslation();
  const show = useOpenRun((state) => state.show);
  const found = useRun(run);
  return (
    <Dialog title={t('run.title')} side onClose={() => show(null)}>
      {found.data ? (
        <Shown run={found.data} onLeave={() => show(null)} />
      ) : found.error ? (
        <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

function Shown({ run, onLeave }: { run: Run; onLeave: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const text = useText();
  return (
    <div className={styles.body}>
      <p className={styles.head}>
        <b>{text(run.manifest.title) || t('run.unnamed')}</b> <code>{run.model}</code> <Marks of={run} />
      </p>
      {run.superseded ? <p className={styles.old}>{t('run.superseded')}</p> : null}
      {run.manifest.caveats.length > 0 ? (
        <ul className={styles.caveats} aria-label={t('run.caveats')}>
          {run.manifest.caveats.map((caveat) => (
            <li key={caveat.code + caveat.zh}>{text(caveat)}</li>
          ))}
        </ul>
      ) : null}
      <dl>
        <Line name={t('run.verification')}>{label('Verification', run.verification)}</Line>
        <Line name={t('run.version')}>
          {t('run.versions', { model: run.model_version, software: run.software_version })}
        </Line>
        <Line name={t('run.computedAt')}>{fullTime(run.computed_at)}</Line>
        <Line name={t('run.validAt')}>{fullTime(run.valid_at)}</Line>
        <Line name={t('run.elapsed')}>
          {run.elapsed_ms === null ? DASH : withUnit(Math.round(run.elapsed_ms), 'ms')}
        </Line>
        <Line name={t('run.seed')}>{run.manifest.seed === null ? t('run.noChance') : run.manifest.seed}</Line>
        <Line name={t('run.digest')}>
          <code>{run.digest}</code>
        </Line>
      </dl>
      <Inputs inputs={run.manifest.inputs} />
      <Tables tables={run.manifest.tables} onLeave={onLeave} />
      <p>
        <Link to={`/runs/${run.id}`} onClick={onLeave}>
          {t('run.open')}
        </Link>
      </p>
    </div>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Inputs({ inputs }: { inputs: Record<string, unknown> }) {
  const { t } = useTranslation();
  const known = INPUTS.filter(([name]) => inputs[name] !== undefined && inputs[name] !== null);
  const said = (name: string, value: unknown, unit: string): string => {
    if (typeof value === 'number' && unit === DEGREES) return `${value.toFixed(5).replace(/\.?0+$/, '')}°`;
    if (typeof value === 'number') return unit ? withUnit(value, unit) : figure(value);
    if (name === 'terrain') return value === 'urban' ? t('run.urban') : t('run.openCountry');
    return String(value);
  };
  return (
    <section>
      <h3>{t('run.inputs')}</h3>
      <dl>
        {known.map(([name, unit]) => (
          <Line key={name} name={t(`run.input.${name}`)}>
            {said(name, inputs[name], unit)}
          </Line>
        ))}
      </dl>
      <details>
        <summary>{t('run.allInputs')}</summary>
        <pre>{JSON.stringify(inputs, null, 2)}</pre>
      </details>
    </section>
  );
}

function Tables({ tables, onLeave }: { tables: Record<string, string>; onLeave: () => void }) {
  const { t, i18n } = useTranslation();
  const words = (code: string) => `run.table.${code.replaceAll('.', '_')}`;
  const names = useTableNames();
  const used = Object.entries(tables);
  if (used.length === 0) return null;
  return (
    <section>
      <h3>{t('run.tables')}</h3>
      <ul className={styles.tables}>
        {used.map(([code, version]) => {
          const name = names(code);
          const number = /^v(\d+) /.exec(version)?.[1];
          return (
            <li key={code}>
              {name ? (
                <Link to={`/standards/${code}${number ? `?version=${number}` : ''}`} onClick={onLeave}>
                  {name}
                </Link>
              ) : (
                <span>
                  {i18n.exists(words(code)) ? t(words(code)) : t('run.ownTable')} <code>{code}</code>
                </span>
              )}
              <small>{version}</small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
