import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { LevelChip } from '@/design/LevelChip';
import { useLanguage, useText } from '@/i18n';
import { duration, figure, fullTime } from '@/i18n/format';
import type { GapMap, PointEvent } from './history';
import { type Line, moments } from './lines';
import styles from './Trend.module.css';

const MAX_ROWS = 300;

interface Props {
  lines: Line[];
  events: PointEvent[];
  gaps: GapMap | undefined;
}

/** The trend as a table, newest first: what the chart shows, for those who read rather than look. */
export function TrendTable({ lines, events, gaps }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const times = moments(lines);
  const shown = times.slice(-MAX_ROWS).reverse();
  const places = lines.map((line) => new Map(line.time_ms.map((time, index) => [time, index])));
  return (
    <div className={styles.tables}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('point.table')}>
        <table>
          <caption>
            {times.length > shown.length
              ? t('point.newest', { count: shown.length, total: times.length })
              : null}
          </caption>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                {t('point.time')}
              </th>
              {lines.map((line) => (
                <th key={line.id} scope="colgroup" colSpan={5}>
                  <span lang="zh-CN">{line.tag}</span> {line.unit ? <small>{line.unit}</small> : null}
                </th>
              ))}
            </tr>
            <tr>
              {lines.map((line) =>
                (['minimum', 'maximum', 'mean', 'quality', 'count'] as const).map((column) => (
                  <th key={line.id + column} scope="col">
                    {t(`point.columns.${column}`)}
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((time) => (
              <tr key={time}>
                <th scope="row">{fullTime(time)}</th>
                {lines.map((line, place) => {
                  const index = places[place]?.get(time);
                  return index === undefined ? (
                    <td key={line.id} colSpan={5} />
                  ) : (
                    <Row
                      key={line.id}
                      line={line}
                      index={index}
                      quality={label('Quality', line.quality[index])}
                    />
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <EventList events={events} />
      <GapList gaps={gaps} />
    </div>
  );
}

function Row({ line, index, quality }: { line: Line; index: number; quality: string }) {
  return (
    <>
      <td>{figure(line.minimum[index])}</td>
      <td>{figure(line.maximum[index])}</td>
      <td>{figure(line.mean[index])}</td>
      <td className={styles.word}>{quality}</td>
      <td>{figure(line.count[index])}</td>
    </>
  );
}

function EventList({ events }: { events: PointEvent[] }) {
  const { t } = useTranslation();
  const text = useText();
  if (events.length === 0) return null;
  return (
    <LongList title={t('point.events')}>
      <ol>
        {[...events].reverse().map((event) => (
          <li key={event.id + event.at}>
            <p>
              {event.level ? <LevelChip level={event.level} ladder="AlarmLevel" /> : null} {text(event.title)}{' '}
              · {fullTime(event.at)} – {event.until ? fullTime(event.until) : t('point.goingOn')}
            </p>
            {event.steps.length > 0 ? (
              <ul>
                {event.steps.map((step) => (
                  <li key={step.at + step.title.en}>
                    {fullTime(step.at)} {text(step.title)} <span lang="zh-CN">{step.note}</span>
                  </li>
                ))}
              </ul>
            ) : null}
          </li>
        ))}
      </ol>
    </LongList>
  );
}

function GapList({ gaps }: { gaps: GapMap | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!gaps || gaps.gaps.length === 0) return null;
  return (
    <LongList title={t('point.gaps')}>
      <ol>
        {gaps.gaps.map((gap) => (
          <li key={gap.start_ms}>
            {fullTime(gap.start_ms)} – {fullTime(gap.end_ms)} ·{' '}
            {duration(gap.end_ms - gap.start_ms, language)}
          </li>
        ))}
      </ol>
      {gaps.truncated ? <p>{t('point.moreGaps')}</p> : null}
    </LongList>
  );
}

/** What stands under a heading and scrolls when it is long. */
function LongList({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.list}>
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that */}
      <section className={styles.scrolled} tabIndex={0} aria-label={title}>
        {children}
      </section>
    </section>
  );
}
