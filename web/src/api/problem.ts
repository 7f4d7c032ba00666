import type { Text } from './types';

export interface FieldError {
  field: string;
  message: Text;
}

/** What the server (or the network) refused, in words that a person can act on. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: Text;
  readonly nextStep: Text;
  readonly facts: Record<string, unknown>;
  readonly errors: FieldError[];

  constructor(body: {
    code: string;
    status: number;
    title: Text;
    next_step?: Text | undefined;
    facts?: Record<string, unknown> | undefined;
    errors?: FieldError[] | undefined;
  }) {
    super(body.title.en);
    this.name = 'Problem';
    this.code = body.code;
    this.status = body.status;
    this.title = body.title;
    this.nextStep = body.next_step ?? { zh: '', en: '' };
    this.facts = body.facts ?? {};
    this.errors = body.errors ?? [];
  }
}

export const unreachable = (): Problem =>
  new Problem({
    code: 'unreachable',
    status: 0,
    title: { zh: '无法连接服务器', en: 'The server cannot be reached' },
    next_step: {
      zh: '请检查网络；系统会自动重试，也可稍后手动刷新',
      en: 'Check the network; the system retries by itself, or refresh in a moment',
    },
  });

const unexplained = (status: number): Problem =>
  new Problem({
    code: status >= 500 ? 'server_error' : 'refused',
    status,
    title:
      status >= 500
        ? { zh: '服务器内部出错，操作没有完成', en: 'The server failed and the operation was not completed' }
        : { zh: '服务器拒绝了请求', en: 'The server refused the request' },
    next_step: {
      zh: '请稍后重试；若仍失败，请在「系统状态」查看各进程并联系运维',
      en: 'Try again in a moment; if it fails again look at System status and tell operations',
    },
  });

function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}

/** The problem that a refused response carries; anything unreadable becomes a general one. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Record<string, unknown>;
    if (isText(body.title)) {
      return new Problem({
        code: String(body.code ?? 'refused'),
        status: response.status,
        title: body.title,
        next_step: isText(body.next_step) ? body.next_step : undefined,
        facts: (body.facts as Record<string, unknown>) ?? {},
        errors: Array.isArray(body.errors) ? (body.errors as FieldError[]) : [],
      });
    }
  } catch {
    // not JSON: fall through to the general problem
  }
  return unexplained(response.status);
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : unexplained(500);
}
