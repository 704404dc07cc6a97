// Everything that happened, newest first.

import { call, save } from './api.js';
import { card, el, field, local, renew, select, t } from './dom.js';
import * as journal from './journal.js';

const SHOWN = 300;
const KINDS = ['request', 'account', 'registration', 'message', 'decision', 'refused', 'token', 'session', 'clock', 'due', 'fault'];

/** Whether an entry says that something was refused or broken. */
export const isBad = (it) => it.kind === 'refused' || it.kind === 'fault' || it.status >= 400;

const words = (it) => (it.kind === 'request' ? `${it.method} ${it.path} → ${it.status}` : it.text);

const lines = new WeakMap();

/** An entry as a line that opens; the same line every time, so that one that was opened stays open. */
export function line(it) {
  if (!lines.has(it)) lines.set(it, made(it));
  return lines.get(it);
}

function made(it) {
  const details = el('details', {}, el('summary', {}, local(it.at), ' ', el('b', {}, it.kind), ' ', words(it)));
  details.addEventListener('toggle', () => details.append(el('pre', {}, JSON.stringify(it, null, 2))), { once: true });
  return el('li', { class: isBad(it) ? 'bad' : null }, details);
}

export async function open({ place, act }) {
  const kind = select({ id: 'kind', onchange: () => refresh() }, [['', t('mọi loại', 'every kind')], ...KINDS.map((it) => [it, it])]);
  const sought = el('input', { id: 'sought', placeholder: '/oauth2/token', spellcheck: 'false', oninput: () => refresh() });
  const log = el('ol', { id: 'log', class: 'log' });
  const count = el('p', { class: 'hint' });
  async function refresh() {
    const belongs = (it) => (!kind.value || it.kind === kind.value) && (!sought.value || JSON.stringify(it).includes(sought.value));
    const found = journal.all().filter(belongs);
    count.textContent = t(`${found.length} mục, hiện ${Math.min(found.length, SHOWN)} mục mới nhất.`, `${found.length} entries, the newest ${Math.min(found.length, SHOWN)} shown.`);
    const shown = found.slice(-SHOWN).reverse();
    renew(log, shown.map((it) => it.seq), () => shown.map(line));
  }
  const clear = async () => { await call('DELETE', '/journal'); journal.forget(); };
  place.append(card(t('Nhật ký, mới nhất trước', 'Journal, newest first'),
    el('div', { class: 'row' }, field(t('Loại', 'Kind'), kind), field(t('Có chữ', 'Containing'), sought),
      act(t('HAR · tất cả', 'HAR · all'), async () => save('mock-vneid.har', JSON.stringify(await call('GET', '/journal/har'))), { class: 'quiet' }),
      act(t('Xóa nhật ký', 'Clear the journal'), clear, { class: 'quiet', asks: true })), count, log));
  return { refresh };
}
