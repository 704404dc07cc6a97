// What the simulator sent: SMS, e-mail, notices of the app, with their codes.

import { call, everything } from './api.js';
import { card, el, field, local, t, table } from './dom.js';

const STATUS = { queued: t('đang chờ', 'queued'), sent: t('đã gửi, chưa tới', 'sent, not delivered'), delivered: t('đã tới', 'delivered'), failed: t('thất bại', 'failed') };

/** Messages as a table. */
export function list(items) {
  const rows = items.map((it) => [local(it.at), `${it.channel} · ${it.purpose}`, it.to, STATUS[it.status] ?? it.status,
    [el('p', { class: 'text', lang: 'vi' }, it.text), it.code ? el('code', { class: 'code' }, it.code) : null].filter(Boolean)]);
  return table([t('Lúc', 'At'), t('Loại', 'Kind'), t('Tới', 'To'), t('Tình trạng', 'Status'), t('Nội dung', 'Text')], rows, t('Chưa có tin nhắn nào.', 'No messages yet.'));
}

export async function open({ place, act }) {
  const to = el('input', { id: 'to', inputmode: 'tel', placeholder: '0912345601', oninput: () => refresh().catch(() => {}) });
  const found = el('div', { id: 'messages' });
  async function refresh() {
    const items = await (to.value ? everything(`/messages?to=${encodeURIComponent(to.value)}`) : everything('/messages'));
    found.replaceChildren(list(items.slice(-200).reverse()));
  }
  place.append(card(t('Tin nhắn, mới nhất trước', 'Messages, newest first'),
    el('div', { class: 'row' }, field(t('Tới', 'To'), to), act(t('Xóa hết', 'Delete all'), () => call('DELETE', '/messages').then(() => undefined), { class: 'quiet', asks: true })), found));
  return { refresh };
}
