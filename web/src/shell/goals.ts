import type { ResourceMeta } from '@/api/types';

/** The goals of the plan, under which people look for a system, in the order of the menu. */
export const GOALS = [
  'monitoring',
  'regulation',
  'command',
  'communications',
  'mobilisation',
  'data',
  'operations',
  'other',
] as const;

export type Goal = (typeof GOALS)[number];

/** The words of each goal as keys: a heading must be worded in both languages. */
export const GOAL_WORDS: Record<Goal, string> = {
  monitoring: 'nav.goals.monitoring',
  regulation: 'nav.goals.regulation',
  command: 'nav.goals.command',
  communications: 'nav.goals.communications',
  mobilisation: 'nav.goals.mobilisation',
  data: 'nav.goals.data',
  operations: 'nav.goals.operations',
  other: 'nav.goals.other',
};

/** The server's own headings, by their Chinese words. */
const BY_GROUP: Record<string, Goal> = {
  监测预警: 'monitoring',
  重大危险源: 'monitoring',
  预警: 'monitoring',
  报警管理: 'monitoring',
  承诺与作业: 'monitoring',
  线上巡查: 'monitoring',
  数据接入: 'monitoring',
  边坡与尾矿库: 'monitoring',
  监管执法: 'regulation',
  指挥决策: 'command',
  应急通讯: 'communications',
  社会动员: 'mobilisation',
  标准与参数: 'data',
  运维防护: 'operations',
};

/** Where resources stand that the server puts under no heading. */
const BY_PLURAL: Record<string, Goal> = {
  enterprises: 'monitoring',
  'process-units': 'monitoring',
  points: 'monitoring',
  limits: 'monitoring',
  gateways: 'monitoring',
  'dead-letters': 'monitoring',
  'weather-hours': 'monitoring',
  deadlines: 'command',
  jobs: 'operations',
};

/** The goal that a resource serves; a heading that is nobody's goal leaves it among the others. */
export function goalOf({ plural, group }: Pick<ResourceMeta, 'plural' | 'group'>): Goal {
  return BY_GROUP[group?.zh ?? ''] ?? BY_PLURAL[plural] ?? 'other';
}
