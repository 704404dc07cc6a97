// Accounts: find one, be given one, list them; registrations that wait for an officer.

import { call, names } from './api.js';
import { card, el, facts, field, renew, select, t, table } from './dom.js';
import { GROUNDS, STATES, state } from './words.js';

const link = (number) => el('a', { href: `#accounts/${number}` }, number);

const finder = () => {
  const sought = el('input', { inputmode: 'numeric', autocomplete: 'off', required: true, placeholder: '097190000011' });
  const failed = el('p', { class: 'hint', role: 'status' });
  return el('form', { id: 'find', class: 'row', async onsubmit(event) {
    event.preventDefault();
    const typed = sought.value.replaceAll(/\s/g, '');
    try {
      const found = typed.length === 12 ? { number: typed } : await call('GET', `/citizens?phone=${encodeURIComponent(typed)}`);
      location.hash = `#accounts/${found.number}`;
    } catch (error) {
      failed.textContent = error.message;
    }
  } }, field(t('Số định danh hoặc số điện thoại', 'ID number or phone number'), sought),
  el('button', { type: 'submit' }, t('Tìm', 'Find')), failed);
};

async function giver(act) {
  const situations = await call('GET', '/situations');
  const kind = select({ id: 'situation' }, situations.map((it) => [it.name, `${it.story} (${it.name})`]), 'level2_active');
  const given = el('div', { id: 'given' });
  const give = act(t('Cho tôi tài khoản như vậy', 'Give me such an account'), async () => {
    const { number, password, phone, full_name: name, state: now, level } = await call('POST', '/accounts', { situation: kind.value });
    given.replaceChildren(facts({ [t('Số định danh', 'ID number')]: link(number), [t('Mật khẩu', 'Password')]: password && el('code', {}, password),
      [t('Điện thoại', 'Phone')]: phone, [t('Họ tên', 'Name')]: name, [t('Mức', 'Level')]: level, [t('Trạng thái', 'State')]: state(now) }));
  }, { id: 'give' });
  return [el('div', { class: 'row' }, field(t('Tình huống', 'Situation'), kind), give), given];
}

function waiting(items, act) {
  const row = (it) => {
    const why = el('input', { value: t('Ảnh không rõ', 'The portrait is not clear'), 'aria-label': t('Lý do từ chối', 'Why it is rejected') });
    const decided = (how, body) => async () => { await call('POST', `/registrations/${it.id}/${how}`, body?.()); };
    return [link(it.number), it.level, it.channel, it.legal_time, el('div', { class: 'row' },
      act(t('Duyệt', 'Approve'), decided('approve'), { 'data-approve': it.number }), why,
      act(t('Từ chối', 'Reject'), decided('reject', () => ({ reason: why.value })), { class: 'quiet' }))];
  };
  const heads = [t('Số định danh', 'ID number'), t('Mức', 'Level'), t('Nơi nộp', 'Where'), t('Hạn luật định', 'Legal time'), ''];
  return table(heads, items.map(row), t('Không có hồ sơ nào chờ duyệt.', 'No registration waits for an officer.'));
}

export async function open({ place, act }) {
  const wanted = (await names('StateName')).map((name) => [name, STATES[name] ?? name]);
  let refresh = async () => {};
  const chosen = select({ id: 'state', onchange: () => refresh() }, [['', t('mọi trạng thái', 'every state')], ...wanted]);
  const list = el('div', { id: 'accounts' });
  const registrations = el('div', { id: 'registrations' });
  place.append(
    card(t('Tìm', 'Find'), finder()),
    card(t('Tài khoản mới', 'A new account'), ...(await giver(act))),
    card(t('Tài khoản đã dùng hoặc đã sửa', 'Accounts that were used or changed'), field(t('Trạng thái', 'State'), chosen), list),
    card(t('Hồ sơ chờ duyệt', 'Registrations under review'), registrations));
  refresh = async () => {
    const found = await call('GET', `/accounts?limit=200${chosen.value ? `&state=${chosen.value}` : ''}`);
    const review = await call('GET', '/registrations?status=under_review&limit=100');
    const heads = [t('Số định danh', 'ID number'), t('Họ tên', 'Name'), t('Mức', 'Level'), t('Trạng thái', 'State'), t('Lý do', 'Ground'), t('Điện thoại', 'Phone')];
    const row = (it) => [link(it.number), it.full_name, it.level, state(it.state), GROUNDS[it.reason] ?? it.reason, it.phone];
    const none = t('Chưa có. Ai trong dân số cũng có thể được tìm bằng số.', 'None yet. Anybody of the population can be found by number.');
    renew(list, found.items, (items) => table(heads, items.map(row), none));
    renew(registrations, review.items, (items) => waiting(items, act));
  };
  return { refresh };
}
