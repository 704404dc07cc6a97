// Time: what it is, what it will do, what it did.

import { call } from './api.js';
import { card, el, field, local, t, table } from './dom.js';

const STEPS = [
  ['PT181S', t('3 phút (hết hạn OTP)', '3 minutes (an OTP ends)')], ['PT1H', t('1 giờ', '1 hour')], ['P1D', t('1 ngày', '1 day')],
  ['P7D', t('7 ngày', '7 days')], ['P365D', t('365 ngày', '365 days')],
];

const WIRES = {
  real: t('token theo giờ máy tính', 'tokens show the computer\u2019s time'),
  virtual: t('token theo giờ này', 'tokens show this time'),
};
const MODES = { running: t('đang chạy', 'running'), frozen: t('đứng yên', 'frozen') };

/** Shows the time at the head of every view, and lets it run there. */
export async function tick(place) {
  const read = await call('GET', '/clock');
  const began = performance.now();
  const show = () => {
    const gone = read.mode === 'frozen' ? 0 : performance.now() - began;
    const now = new Date(Date.parse(read.now) + gone).toISOString();
    place.replaceChildren(t('Giờ của thế giới này: ', 'Time of this realm: '), local(now), ` · ${MODES[read.mode] ?? read.mode} · ${WIRES[read.wire_time] ?? read.wire_time}`);
  };
  clearInterval(tick.timer);
  tick.timer = setInterval(show, 1000);
  show();
}

/** What something that is due is about, as a link where there is a view of it. */
const about = (to) => (/^\d{12}$/.test(to) ? el('a', { href: `#accounts/${to}` }, to) : to);

export async function open({ place, act }) {
  const moved = async (how, body) => {
    const { happened = [] } = await call('POST', `/clock/${how}`, body);
    // What stands still or runs on has nothing to tell.
    if (happened.length === 0 && ['freeze', 'resume'].includes(how)) return;
    const rows = happened.map((it) => [local(it.at), it.what, about(it.to)]);
    did.replaceChildren(table([t('Lúc', 'At'), t('Việc', 'What'), t('Của', 'Of')], rows, t('Không có việc gì đến hạn.', 'Nothing was due.')));
  };
  const did = el('div', { id: 'happened' });
  const due = el('div', { id: 'due' });
  const stretch = el('input', { value: 'P1D', size: 12, spellcheck: 'false' });
  const moment = el('input', { placeholder: '2026-03-02T09:00:00+07:00', size: 28, spellcheck: 'false' });
  place.append(
    card(t('Dời thời gian', 'Move time'),
      el('p', {}, STEPS.map(([duration, text]) => act(`+ ${text}`, () => moved('advance', { duration }), { class: 'quiet', 'data-step': duration }))),
      el('div', { class: 'row' }, field(t('Khoảng (ISO 8601)', 'Stretch (ISO 8601)'), stretch),
        act(t('Tiến', 'Advance'), () => moved('advance', { duration: stretch.value })),
        field(t('Thời điểm (RFC 3339)', 'Moment (RFC 3339)'), moment),
        act(t('Đặt', 'Set'), () => moved('set', { at: moment.value }))),
      el('p', {}, act(t('Tới việc đến hạn tiếp theo', 'To the next due thing'), () => moved('next', undefined), { id: 'next' }),
        act(t('Dừng', 'Freeze'), () => moved('freeze', {}), { class: 'quiet', id: 'freeze' }),
        act(t('Chạy tiếp', 'Resume'), () => moved('resume', undefined), { class: 'quiet', id: 'resume' }))),
    card(t('Vừa xảy ra', 'What just happened'), did),
    card(t('Sắp đến hạn', 'What is due'), el('p', { class: 'hint' }, t('Chỉ tính tài khoản đã dùng hoặc đã đổi: tài khoản chưa ai động tới tự theo giờ, không báo ai.', 'Of accounts that were used or changed: one that nobody touched yet follows the time by itself, and nobody is told.')), due));
  return {
    async refresh() {
      const rows = (await call('GET', '/clock/due?limit=100')).map((it) => [local(it.at), it.kind, about(it.to)]);
      due.replaceChildren(table([t('Lúc', 'At'), t('Loại', 'Kind'), t('Của', 'Of')], rows, t('Không có gì.', 'Nothing.')));
    },
  };
}
