// What goes wrong: rules that are in force, and the menu they are taken from.

import { call } from './api.js';
import { card, coded, el, field, renew, t, table, whole } from './dom.js';

const VERDICTS = {
  refuse: t('phải từ chối', 'must refuse'), should: t('nên từ chối', 'should refuse'), may: t('tùy', 'may'),
  accept: t('phải chấp nhận', 'must accept'), survive: t('phải chịu được', 'must survive'),
};

const GROUPS = {
  door: t('Cửa vào (HTTP)', 'Doors (HTTP)'), store: t('Kho lưu trữ', 'Store'), message: t('Tin nhắn', 'Messages'), callback: t('Đường về', 'The way back'),
  id_token: 'ID token', access_token: 'Access token', logout_token: 'Logout token', userinfo: 'UserInfo', jwks: 'JWKS', discovery: 'Discovery',
};

const NUMBERS = ['times', 'status', 'milliseconds', 'seconds', 'bytes', 'operations'];

/** A rule's own words: what it says besides its effect and its count. */
const rest = ({ id, effect, seen, fired, ...others }) =>
  Object.entries(others).map(([name, value]) => `${name}=${value}`).join(' ');

function form(row, act) {
  const inputs = {
    client_id: el('input', { size: 14, spellcheck: 'false', 'aria-label': 'client_id', placeholder: t('bên nào cũng bị', 'any client') }),
    citizen: el('input', { size: 14, inputmode: 'numeric', 'aria-label': t('Công dân', 'Citizen'), placeholder: t('ai cũng bị', 'anybody') }),
    times: el('input', { size: 3, inputmode: 'numeric', value: '1', 'aria-label': t('Số lần', 'Times') }),
  };
  if (row.group === 'message') {
    inputs.to = el('input', { size: 14, spellcheck: 'false', 'aria-label': t('Tới', 'To') });
    inputs.purpose = el('input', { size: 10, spellcheck: 'false', placeholder: 'otp', 'aria-label': t('Mục đích', 'Purpose') });
    delete inputs.client_id;
  }
  for (const name of row.takes) inputs[name] = el('input', { size: 10, spellcheck: 'false', 'aria-label': name });
  if (row.group === 'door' || row.group === 'store') inputs.door = el('input', { size: 16, value: '/oauth2/token', spellcheck: 'false', 'aria-label': t('Cửa', 'Door') });
  const arm = async () => {
    const given = Object.entries(inputs).filter(([, input]) => input.value.trim() !== '');
    const rule = Object.fromEntries(given.map(([name, input]) => [name, NUMBERS.includes(name) ? whole(input.value) : input.value.trim()]));
    const { id } = await call('POST', '/faults', { effect: row.effect, ...rule });
    return t(`Đã bật ${row.effect} (${id}).`, `${row.effect} is armed (${id}).`);
  };
  return el('div', { class: 'row' }, ...Object.entries(inputs).map(([name, input]) => field(name, input)), act(t('Bật', 'Arm'), arm, { 'data-effect': row.effect }));
}

function entry(row, act) {
  const verdict = el('span', { class: `verdict ${row.relying_party}` }, VERDICTS[row.relying_party] ?? row.relying_party);
  const details = el('details', { name: 'effect' }, el('summary', {}, el('code', {}, row.effect), ' ', verdict, ' ', coded(row.does)), el('p', {}, coded(row.clause)));
  // Seventy forms are made only as they are opened.
  details.addEventListener('toggle', () => details.append(form(row, act)), { once: true });
  return details;
}

export async function open({ place, act }) {
  const inForce = el('div', { id: 'armed' });
  const menu = await call('GET', '/faults/menu');
  const groups = [...new Set(menu.map((row) => row.group))];
  place.append(
    card(t('Đang có hiệu lực', 'In force'), inForce, act(t('Tắt hết', 'Clear all'), () => call('DELETE', '/faults').then(() => undefined), { class: 'quiet', asks: true })),
    card(t('Thực đơn', 'The menu'), el('p', {}, t('Mỗi dòng nói bên tin cậy phải làm gì và điều khoản nào bắt buộc.', 'Each row says what a relying party has to do, and which clause asks for it.')),
      groups.map((group) => el('details', { class: 'group', id: `group-${group}` },
        el('summary', {}, GROUPS[group] ?? group), menu.filter((row) => row.group === group).map((row) => entry(row, act))))));
  return {
    async refresh() {
      renew(inForce, await call('GET', '/faults'), (rules) => {
        const rows = rules.map((rule) => [el('code', {}, rule.effect), [rest(rule), rule.fired >= rule.times ? el('span', { class: 'verdict' }, t('hết lượt', 'spent')) : null].filter(Boolean), `${rule.fired} / ${rule.seen}`,
          act(t('Tắt', 'Remove'), () => call('DELETE', `/faults/${rule.id}`).then(() => undefined), { class: 'quiet' })]);
        return table([t('Hiệu ứng', 'Effect'), t('Khi nào', 'When'), t('Đã xảy ra / đã gặp', 'Fired / seen'), ''], rows, t('Không có lỗi nào.', 'No fault.'));
      });
    },
  };
}
