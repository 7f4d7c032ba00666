/** The shapes that the API speaks, as far as the screens use them. */

export interface Text {
  zh: string;
  en: string;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  size: number;
  as_of: string;
}

export interface SessionView {
  username: string;
  display_name: string;
  permissions: string[];
  roles?: Text[];
}

export type ColumnKind = 'text' | 'number' | 'time' | 'enum' | 'region' | 'bool' | 'age' | 'link' | 'level';

export interface ColumnMeta {
  field: string;
  title: Text;
  kind: ColumnKind;
  unit?: string | null;
  enum?: string | null;
  width?: number | null;
  sortable?: boolean;
  link?: string | null;
  link_id?: string | null;
  range?: boolean;
}

export interface DetailGroupMeta {
  title: Text;
  fields: ColumnMeta[];
}

export interface RelatedMeta {
  plural: string;
  field: string;
  title: Text;
}

export interface ActionMeta {
  event: string;
  label: Text;
  form: JsonSchema | null;
  confirm: Text | null;
}

export interface ResourceMeta {
  name: string;
  plural: string;
  title: Text;
  group: Text | null;
  columns: ColumnMeta[];
  filters: ColumnMeta[];
  search: boolean;
  order: string;
  form: JsonSchema | null;
  edit_form?: JsonSchema | null;
  detail_groups: DetailGroupMeta[];
  related: RelatedMeta[];
  icon?: string | null;
  can_create: boolean;
  can_update: boolean;
}

export interface RegionMeta {
  code: string;
  zh: string;
  en: string;
}

export interface Meta {
  version: string;
  resources: ResourceMeta[];
  enums: Record<string, { code: string; zh: string; en: string }[]>;
  regions: RegionMeta[];
  zones?: { code: string; zh: string; en: string }[];
}

export interface JsonSchema {
  [key: string]: unknown;
}

export interface Alarm {
  id: string;
  thread: string;
  version: number;
  state: string;
  level: string;
  condition: string;
  cause: string | null;
  value: number | null;
  threshold: number | null;
  unit: string;
  /** Event time, of the alarm's own timeline. */
  raised_at: string;
  last_raised_at: string;
  returned_at: string | null;
  /** Live time. */
  arrived_at: string;
  committed_at: string;
  confirmed_at: string | null;
  confirmed_by: string;
  closed_at: string | null;
  count: number;
  re_raised: boolean;
  /** Why it is recorded without being announced: `none` for what the desk shows. */
  suppression: string;
  /** Of one that is shelved or under maintenance; live patches leave both out. */
  silence_reason?: string;
  silence_until?: string | null;
  point_id: string;
  point_number: number;
  point_tag: string;
  point_name: string;
  enterprise_id: string;
  enterprise_name: string;
  process_unit_name: string;
  region: string;
  zone: string | null;
  timeline: string | null;
  exercise: boolean;
  synthetic: boolean;
}

export interface AlarmEvent {
  id: string;
  kind: string;
  at: string;
  recorded_at: string;
  actor: string;
  value: number | null;
  cause: string;
  note: string;
}

export interface AlarmDetail extends Alarm {
  events: AlarmEvent[];
  _actions: ActionMeta[];
}
