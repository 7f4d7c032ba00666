// Fails the build when a screen grows beyond what a county's line can carry quickly.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const OUT = new URL('../../src/anlan/server/static/', import.meta.url);
const KIB = 1024;
const BUDGETS = [
  { name: 'first load (script)', entry: 'index.html', kind: 'js', limit: 180 * KIB },
  { name: 'first load (style)', entry: 'index.html', kind: 'css', limit: 16 * KIB },
  { name: 'alarm desk (script)', entry: 'src/screens/alarms/AlarmDesk.tsx', kind: 'js', limit: 40 * KIB },
  { name: 'map (script)', entry: 'src/screens/map/MapPage.tsx', kind: 'js', limit: 30 * KIB },
  { name: 'map engine (script)', entry: 'src/map/MapView.tsx', kind: 'js', limit: 330 * KIB },
  { name: 'map engine (style)', entry: 'src/map/MapView.tsx', kind: 'css', limit: 16 * KIB },
  { name: 'trend (script)', entry: 'src/screens/points/Trend.tsx', kind: 'js', limit: 220 * KIB },
];

const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', OUT), 'utf8'));

function filesOf(entry, kind, seen = new Set()) {
  if (seen.has(entry)) return [];
  seen.add(entry);
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`the manifest has no ${entry}`);
  const own = kind === 'js' ? [chunk.file] : (chunk.css ?? []);
  return [...own, ...(chunk.imports ?? []).flatMap((next) => filesOf(next, kind, seen))];
}

let failed = false;
const first = new Set(['js', 'css'].flatMap((kind) => filesOf('index.html', kind)));
for (const { name, entry, kind, limit } of BUDGETS) {
  const files = filesOf(entry, kind).filter((file) => entry === 'index.html' || !first.has(file));
  let size = 0;
  for (const file of new Set(files)) size += gzipSync(await readFile(new URL(file, OUT))).length;
  const over = size > limit;
  failed ||= over;
  process.stdout.write(
    `${over ? 'OVER ' : 'ok   '}${name}: ${(size / KIB).toFixed(1)} of ${limit / KIB} KiB gzip\n`,
  );
}
process.exitCode = failed ? 1 : 0;
