import type { JsonSchema, Text } from '@/api/types';

export type Widget =
  | 'text'
  | 'textarea'
  | 'number'
  | 'checkbox'
  | 'enum'
  | 'region'
  | 'zone'
  | 'unit'
  | 'link';

/** One field of a form as the server describes it. */
export interface FormField {
  name: string;
  title: Text;
  help: Text | null;
  unit: string | null;
  widget: Widget;
  enum: string | null;
  choices: string[];
  link: string | null;
  required: boolean;
  nullable: boolean;
  integer: boolean;
  initial: unknown;
  maxLength: number | null;
  minimum: number | null;
}

type Node = Record<string, unknown>;

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}

/** The schema behind `$ref`, `allOf` and `anyOf … null`. */
function resolved(schema: Node, root: Node): { inner: Node; nullable: boolean; name: string | null } {
  const variants = (schema.anyOf ?? schema.allOf) as unknown[] | undefined;
  if (variants) {
    const kept = variants.map(node).filter((one) => one.type !== 'null');
    const first = resolved(kept[0] ?? {}, root);
    return { ...first, nullable: first.nullable || kept.length < variants.length };
  }
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return { inner: node(node(root.$defs)[name]), nullable: false, name };
  }
  return { inner: schema, nullable: false, name: null };
}

function widgetOf(hints: Node, inner: Node): Widget {
  if (typeof hints.link === 'string') return 'link';
  if (typeof hints.widget === 'string') return hints.widget as Widget;
  if (Array.isArray(inner.enum)) return 'enum';
  if (inner.type === 'boolean') return 'checkbox';
  if (inner.type === 'number' || inner.type === 'integer') return 'number';
  return 'text';
}

/** The fields of a form in the order of its JSON schema. */
export function fieldsOf(schema: JsonSchema | null): FormField[] {
  const root = node(schema);
  const required = new Set((root.required as string[] | undefined) ?? []);
  return Object.entries(node(root.properties))
    .filter(([name]) => name !== 'version')
    .map(([name, value]) => {
      const outer = node(value);
      const hints = node(outer['x-ui']);
      const { inner, nullable, name: referred } = resolved(outer, root);
      const title = (hints.title as Text | undefined) ?? { zh: String(outer.title ?? name), en: name };
      return {
        name,
        title,
        help: (hints.help as Text | undefined) ?? null,
        unit: (hints.unit as string | undefined) ?? null,
        widget: widgetOf(hints, inner),
        enum: referred,
        choices: ((inner.enum as unknown[] | undefined) ?? []).map(String),
        link: (hints.link as string | undefined) ?? null,
        required: required.has(name) && !nullable,
        nullable,
        integer: inner.type === 'integer',
        initial: outer.default ?? (inner.type === 'boolean' ? false : null),
        maxLength: (inner.maxLength as number | undefined) ?? (outer.maxLength as number | undefined) ?? null,
        minimum: (inner.minimum as number | undefined) ?? null,
      };
    });
}

export type Values = Record<string, unknown>;

export function initialValues(fields: FormField[], from?: Values): Values {
  return Object.fromEntries(fields.map((field) => [field.name, from?.[field.name] ?? field.initial]));
}

/** What is sent: empty text of an optional field is null or left out, numbers are numbers. */
export function payloadOf(fields: FormField[], values: Values): Values {
  const sent: Values = {};
  for (const field of fields) {
    const value = values[field.name];
    const empty = value === null || value === undefined || value === '';
    if (empty && field.nullable) sent[field.name] = null;
    else if (empty && !field.required && typeof field.initial !== 'string') continue;
    else if (field.widget === 'number') sent[field.name] = empty ? null : Number(value);
    else sent[field.name] = empty ? '' : value;
  }
  return sent;
}
