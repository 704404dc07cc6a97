// The admin API, as any other program calls it.

import { t } from './dom.js';

/** The realm's path: empty for the default realm. */
export const base = document.getElementById('console').dataset.base;
const KEPT = 'mock-vneid admin token';

/** What the API refused: `status`, and its problem (RFC 9457). */
export class Refused extends Error {
  constructor(status, problem) {
    const fields = (problem.errors ?? []).map((it) => `${it.field}: ${it.message}`).join('; ');
    super([`${status} ${problem.code ?? ''}`.trim(), problem.detail, fields].filter(Boolean).join(' · '));
    this.status = status;
  }
}

export const hasToken = () => sessionStorage.getItem(KEPT) !== null;
export const keepToken = (token) => sessionStorage.setItem(KEPT, token);

let told = () => {};
/** `heard(text)` is told each call that changes something, as a command. */
export const tellCalls = (heard) => { told = heard; };

const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function asCommand(method, url, body) {
  const words = ['curl', '-X', method, quoted(location.origin + url)];
  if (sessionStorage.getItem(KEPT)) words.push('-H', '"Authorization: Bearer $TOKEN"');
  if (body !== undefined) words.push('-H', quoted('content-type: application/json'), '-d', quoted(JSON.stringify(body)));
  return words.join(' ');
}

async function asked(method, url, body, signal) {
  const headers = {};
  const token = sessionStorage.getItem(KEPT);
  // A header carries no other characters; no token of the program has them either.
  if (token && !/^[\x21-\x7e]+$/.test(token)) throw new Refused(401, {});
  if (token) headers.authorization = `Bearer ${token}`;
  // Looking must not fill the journal that is looked at.
  if (method === 'GET') headers['x-vneid-journal'] = 'off';
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET') told(asCommand(method, url, body));
  let answer;
  try {
    answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refused(0, { detail: t('không nối được với chương trình', 'the program does not answer') });
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({ detail: answer.statusText }));
  throw new Refused(answer.status, problem);
}

const read = async (answer) => {
  if (answer.status === 204) return null;
  const kind = answer.headers.get('content-type') ?? '';
  return kind.includes('json') ? answer.json() : answer.text();
};

/** Asks the realm; `path` is beneath `/admin/v1`. */
export const call = async (method, path, body, signal) =>
  read(await asked(method, `${base}/admin/v1${path}`, body, signal));

/** The items of a list to its end, or at most ten thousand. */
export async function everything(path) {
  const items = [];
  for (let page = { next: '' }; page.next !== undefined && items.length < 10_000;) {
    page = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=1000${page.next ? `&after=${encodeURIComponent(page.next)}` : ''}`);
    items.push(...page.items);
  }
  return items;
}

/** Asks the root, which alone knows of realms. */
export const callRoot = async (method, path, body) => read(await asked(method, `/admin/v1${path}`, body));

let document_;
/** The names a type of the API's document allows. */
export async function names(type) {
  document_ ??= asked('GET', '/admin/openapi.json').then((answer) => answer.json());
  try {
    return (await document_).components.schemas[type].enum;
  } catch (error) {
    document_ = undefined;
    throw error;
  }
}

/** Hands a text over as a file. */
export function save(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
