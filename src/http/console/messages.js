// What the simulator sent: SMS, e-mail, notices of the app, with their codes.

import { call, everything } from './api.js';
import { card, el, field, local, t, table } from './dom.js';

const STATUS = { queued: t('đang chờ', 'queued'), sent: t('đã gửi, chưa tới', 'sent, not delivered'), delivered: t('đã tới', 'delivered'), failed: t('thất bại', 'failed') };

/** Messages as a table; `empty` is said where there are none. */
export function list(items, empty = t('Chưa có tin nhắn nào.', 'No messages yet.')) {
  const rows = items.map((it) => [local(it.at), `${it.channel} · ${it.purpose}`, it.to, STATUS[it.status] ?? it.status,
    [el('p', { class: 'text', lang: 'vi' }, it.text), it.code ? el('code', { class: 'code' }, it.code) : null].filter(Boolean)]);
  return table([t('Lúc', 'At'), t('Loại', 'Kind'), t('Tới', 'To'), t('Tình trạng', 'Status'), t('Nội dung', 'Text')], rows, empty);
}

export async function open({ place, act }) {
  const to = el('input', { id: 'to', inputmode: 'tel', placeholder: '0912345601', oninput: () => refresh().catch(() => {}) });
  const found = el('div', { id: 'messages' });
  async function refresh() {
    found.replaceChildren(list((await sought()).slice(-200).reverse(), to.value ? t('Không có tin nào gửi tới đúng địa chỉ này.', 'None went to exactly this address.') : undefined));
  }
  const sought = () => everything(to.value.trim() ? `/messages?to=${encodeURIComponent(to.value.replaceAll(' ', ''))}` : '/messages');
  // Those that are shown, and no others.
  const clear = async () => {
    if (!to.value.trim()) return void (await call('DELETE', '/messages'));
    for (const it of await sought()) await call('DELETE', `/messages/${it.cursor}`);
  };
  place.append(card(t('Tin nhắn, mới nhất trước', 'Messages, newest first'),
    el('div', { class: 'row' }, field(t('Tới', 'To'), to), act(t('Xóa hết', 'Delete all'), clear, { class: 'quiet', asks: true })), found));
  return { refresh };
}
