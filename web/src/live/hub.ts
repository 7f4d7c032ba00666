import { useEffect } from 'react';
import { create } from 'zustand';
import { announceSessionEnd } from '@/api/http';
import { type LatestTuple, LiveChannel, type Patch, type Phase } from './channel';

interface Connection {
  phase: Phase;
  /** When the present phase began, and when anything last came in, in ms of this machine's clock. */
  since: number;
  heardAt: number | null;
}

/** The state of the live channel, for every screen to show honestly. */
export const useConnection = create<Connection>(() => ({ phase: 'idle', since: Date.now(), heardAt: null }));

type PatchListener = (patches: Patch[]) => void;
type LatestListener = (points: LatestTuple[]) => void;
type ResyncListener = () => void;

const patchListeners = new Map<string, Set<PatchListener>>();
const latestListeners = new Set<LatestListener>();
const resyncListeners = new Set<ResyncListener>();
const wanted = new Map<string, number>();

const channel = new LiveChannel({
  resync: () => {
    for (const listener of resyncListeners) listener();
  },
  patches: (patches) => {
    for (const [topic, listeners] of patchListeners) {
      const mine = patches.filter((patch) => patch.topic === topic);
      if (mine.length > 0) for (const listener of listeners) listener(mine);
    }
  },
  latest: (points) => {
    for (const listener of latestListeners) listener(points);
  },
  phase: (phase) => {
    if (useConnection.getState().phase !== phase) useConnection.setState({ phase, since: Date.now() });
  },
  heard: () => {
    const { heardAt } = useConnection.getState();
    const now = Date.now();
    if (heardAt === null || now - heardAt > 900) useConnection.setState({ heardAt: now });
  },
  signedOut: announceSessionEnd,
});

function change(topic: string, by: 1 | -1): void {
  const count = (wanted.get(topic) ?? 0) + by;
  if (count > 0) wanted.set(topic, count);
  else wanted.delete(topic);
  channel.subscribe(wanted.keys());
}

/** Opens the channel for as long as someone is signed in. */
export function useLiveChannel(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const retry = (): void => channel.retryNow();
    channel.start();
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', retry);
    return () => {
      window.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', retry);
      channel.stop();
    };
  }, [active]);
}

/** Listens to a topic while the component is on screen. */
export function useTopic(topic: string | null, onPatches: PatchListener): void {
  useEffect(() => {
    if (topic === null) return;
    const listeners = patchListeners.get(topic) ?? new Set();
    patchListeners.set(topic, listeners.add(onPatches));
    change(topic, 1);
    return () => {
      listeners.delete(onPatches);
      change(topic, -1);
    };
  }, [topic, onPatches]);
}

/** Listens to the latest values of one point while the component is on screen. */
export function useLatest(point: number | null, onValues: (values: LatestTuple[]) => void): void {
  useEffect(() => {
    if (point === null) return;
    const listener: LatestListener = (points) => {
      const mine = points.filter(([number]) => number === point);
      if (mine.length > 0) onValues(mine);
    };
    latestListeners.add(listener);
    change(`point:${point}`, 1);
    return () => {
      latestListeners.delete(listener);
      change(`point:${point}`, -1);
    };
  }, [point, onValues]);
}

/** Calls back when snapshots must be fetched again. */
export function useResync(onResync: ResyncListener): void {
  useEffect(() => {
    resyncListeners.add(onResync);
    return () => {
      resyncListeners.delete(onResync);
    };
  }, [onResync]);
}
