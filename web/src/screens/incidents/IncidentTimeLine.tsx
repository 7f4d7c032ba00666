import { useTranslation } from 'react-i18next';
import { useLabel } from '@/api/meta';
import { withUnit } from '@/i18n/format';
import { Moment, type MomentTone, TimeLine } from '@/parts/TimeLine';
import { Computed } from '@/screens/runs/Computed';
import type { IncidentEntry } from './data';

const REACH = /^aegl(\d)_m$/;
const FIGURES: Record<string, string> = {
  dead: 'incident.dead',
  missing: 'incident.missing',
  seriously_injured: 'incident.serious',
  lightly_injured: 'incident.light',
  trapped: 'incident.trapped',
};

const TONES: Record<string, MomentTone> = { opened: 'accent', footprint: 'accent', escalated: 'orange' };

/** What was done and learnt, the newest first. */
export function IncidentTimeLine({ entries }: { entries: IncidentEntry[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <TimeLine title={t('incident.timeLine')} level={2}>
      {[...entries].reverse().map((entry) => (
        <Moment
          key={entry.id}
          what={label('EntryKind', entry.kind)}
          at={entry.at}
          by={entry.actor}
          tone={TONES[entry.kind]}
        >
          {entry.note ? <p>{entry.note}</p> : null}
          <Said entry={entry} />
        </Moment>
      ))}
    </TimeLine>
  );
}

function Said({ entry }: { entry: IncidentEntry }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { facts, kind } = entry;
  if (kind === 'graded')
    return (
      <p>
        {label('IncidentGrade', facts.before)} → {label('IncidentGrade', facts.after)}
      </p>
    );
  const reached = Object.entries(facts).flatMap(([name, value]) => {
    const rank = REACH.exec(name)?.[1];
    return rank ? [`AEGL-${rank} ${withUnit(Number(value), 'm')}`] : [];
  });
  if (reached.length > 0)
    return (
      <p>
        <Computed run={entry.run}>{reached.join(' · ')}</Computed>
      </p>
    );
  const counted = Object.entries(FIGURES).flatMap(([name, words]) =>
    typeof facts[name] === 'number' && facts[name] > 0
      ? [`${t(words)} ${t('map.persons', { count: facts[name] })}`]
      : [],
  );
  return counted.length > 0 ? <p>{counted.join(' · ')}</p> : null;
}
