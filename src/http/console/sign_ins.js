// Sign-ins: who began one at which client, and how far it came.

import { card, el, local, t, table } from './dom.js';
import * as journal from './journal.js';

const badge = (kind, text) => [el('span', { class: `state ${kind}` }, text), ' '];

/** What became of a sign-in, and what went wrong in it on purpose. */
function outcome(entries) {
  const has = (test) => entries.some(test);
  const fault = has((it) => it.kind === 'fault') ? badge('locked', t('gặp lỗi cố ý', 'met a fault')) : [];
  if (has((it) => it.path === '/oauth2/token' && it.status === 200)) return [badge('active', t('đã có token', 'tokens issued')), fault];
  if (has((it) => it.kind === 'refused')) return [badge('approved', t('bị từ chối', 'refused')), fault];
  return [badge('', t('đang dở', 'under way')), fault];
}

/** The sign-ins of the journal, newest first. */
export function grouped() {
  const of = journal.signInOf();
  const found = new Map();
  for (const it of journal.all()) {
    const number = of(it);
    if (number === undefined) continue;
    if (!found.has(number)) found.set(number, []);
    found.get(number).push(it);
  }
  return [...found].reverse();
}

const first = (entries, name) => entries.find((it) => it[name] !== undefined)?.[name];

export async function open({ place }) {
  const list = el('div', { id: 'sign-ins' });
  place.append(card(t('Lần đăng nhập, mới nhất trước', 'Sign-ins, newest first'), list));
  return {
    async refresh() {
      const rows = grouped().slice(0, 200).map(([number, entries]) => {
        const citizen = first(entries, 'citizen');
        return [el('a', { href: `#sign-ins/${number}` }, `#${number}`), local(entries[0].at), first(entries, 'client_id'),
          citizen ? el('a', { href: `#accounts/${citizen}` }, citizen) : '', entries.length, outcome(entries)];
      });
      const heads = [t('Lần', 'Sign-in'), t('Lúc', 'At'), t('Bên tin cậy', 'Client'), t('Công dân', 'Citizen'), t('Số mục', 'Entries'), t('Kết quả', 'Outcome')];
      list.replaceChildren(table(heads, rows, t('Chưa có lần đăng nhập nào trong nhật ký.', 'No sign-in in the journal yet.')));
    },
  };
}
