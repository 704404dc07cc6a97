// One account: what it is, what can be done to it, what was sent, what happened.

import { call, everything, names } from './api.js';
import { card, el, facts, field, local, select, t, table } from './dom.js';
import * as journal from './journal.js';
import { line } from './log.js';
import { list as messages } from './messages.js';
import { GROUNDS, STATES, state } from './words.js';

function described(account, citizen) {
  return facts({
    [t('Họ tên', 'Name')]: account.full_name, [t('Ngày sinh', 'Born')]: account.birth_date, [t('Loại', 'Kind')]: account.kind,
    [t('Mức', 'Level')]: account.level, [t('Trạng thái', 'State')]: state(account.state), [t('Đến', 'Until')]: local(account.until),
    [t('Lý do', 'Ground')]: account.reason && (GROUNDS[account.reason] ?? account.reason), [t('Theo yêu cầu của', 'Asked by')]: account.locked_by,
    [t('Sai mật khẩu', 'Wrong passwords')]: account.wrong_passwords || null, [t('Điện thoại', 'Phone')]: account.phone ?? citizen?.phone,
    'E-mail': account.email, [t('Thiết bị', 'Device')]: account.device, [t('Thẻ', 'Card')]: account.card && Object.values(account.card).join(' · '),
    [t('Chờ mức 2 đến', 'Level 2 waits until')]: local(account.upgrade_until), [t('Người đại diện', 'Representative')]: account.representative,
    [t('Đến hạn', 'Due')]: local(account.due), sub: el('code', {}, account.subject),
  });
}

async function doing(number, act) {
  const [states, grounds] = await Promise.all([names('StateName'), names('LockReason')]);
  const asks = (command, body) => async () => { await call('POST', `/accounts/${number}/${command}`, body()); };
  const nothing = () => ({});
  const ground = select({ id: 'ground' }, grounds.map((name) => [name, GROUNDS[name] ?? name]));
  const phone = el('input', { inputmode: 'tel', placeholder: '0912345699', size: 12 });
  const level = select({}, [['1', '1'], ['2', '2'], ['0', '0']]);
  const forced = select({ id: 'forced' }, states.map((name) => [name, STATES[name] ?? name]), 'active');
  const forcedLevel = select({ id: 'forced-level' }, [['', t('như đang có', 'as it is')], ['1', '1'], ['2', '2']]);
  const force = async () => {
    const locked = forced.value === 'locked' ? { reason: ground.value } : {};
    const other = forcedLevel.value ? { level: Number(forcedLevel.value) } : {};
    await call('PUT', `/accounts/${number}/state`, { state: forced.value, ...other, ...locked });
  };
  return [
    el('p', {}, t('Theo quy tắc: bị từ chối như ngoài đời.', 'By the rules: refused as in life.')),
    el('div', { class: 'row' }, field(t('Mức', 'Level'), level), act(t('Duyệt', 'Approve'), asks('approve', () => ({ level: Number(level.value) })), { id: 'approve' }),
      act(t('Kích hoạt', 'Activate'), asks('activate', nothing), { id: 'activate' }),
      act(t('Gia hạn kích hoạt', 'Extend activation'), asks('extend_activation', nothing), { class: 'quiet' })),
    el('div', { class: 'row' }, field(t('Lý do khóa', 'Ground of a lock'), ground), act(t('Khóa', 'Lock'), asks('lock', () => ({ reason: ground.value })), { id: 'lock' }),
      act(t('Mở khóa', 'Unlock'), asks('unlock', nothing), { id: 'unlock' })),
    el('div', { class: 'row' }, field(t('Số mới', 'New number'), phone), act(t('Đổi số điện thoại', 'Change phone'), asks('change_phone', () => ({ phone: phone.value })))),
    el('p', {}, t('Cưỡng bức: trạng thái nào cũng được, không ai được báo.', 'By force: any state, nobody is told.')),
    el('div', { class: 'row' }, field(t('Trạng thái', 'State'), forced), field(t('Mức', 'Level'), forcedLevel), act(t('Đặt trạng thái', 'Force the state'), force, { class: 'quiet', id: 'force' })),
  ];
}

export async function open({ place, act }, number) {
  const what = el('div', { id: 'account' });
  const sent = el('div', { id: 'sent' });
  const past = el('ol', { id: 'timeline', class: 'log' });
  place.append(
    card(`${t('Tài khoản', 'Account')} ${number}`, what),
    card(t('Làm gì với tài khoản này', 'What to do to it'), ...(await doing(number, act))),
    card(t('Tin nhắn', 'Messages'), sent),
    card(t('Dòng thời gian', 'Timeline'), past));
  const known = encodeURIComponent(number);
  return {
    async refresh() {
      const [account, citizen, items] = await Promise.all([
        call('GET', `/accounts/${known}`), call('GET', `/citizens/${known}`).catch(() => undefined),
        everything(`/messages?citizen=${known}`),
      ]);
      what.replaceChildren(described(account, citizen));
      sent.replaceChildren(messages(items.slice(-50).reverse()));
      const own = journal.all().filter((it) => it.citizen === number).slice(-200).reverse();
      past.replaceChildren(...(own.length > 0 ? own.map(line) : [el('li', {}, t('Chưa có gì xảy ra.', 'Nothing happened yet.'))]));
    },
  };
}
