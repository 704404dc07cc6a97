// The console: a client of the admin API that has no power of its own.

import { Refused, base, hasToken, keepToken, tellCalls } from './api.js';
import { card, el, field, t } from './dom.js';
import { follow, listen } from './journal.js';
import * as account from './account.js';
import * as accounts from './accounts.js';
import * as clock from './clock.js';
import * as faults from './faults.js';
import * as log from './log.js';
import * as messages from './messages.js';
import * as realms from './realms.js';
import * as signIn from './sign_in.js';
import * as signIns from './sign_ins.js';

const VIEWS = [
  ['accounts', t('Tài khoản', 'Accounts'), accounts],
  ['messages', t('Tin nhắn', 'Messages'), messages],
  ['clock', t('Đồng hồ', 'Clock'), clock],
  ['faults', t('Lỗi cố ý', 'Faults'), faults],
  ['sign-ins', t('Lần đăng nhập', 'Sign-ins'), signIns],
  ['journal', t('Nhật ký', 'Journal'), log],
  ['realms', t('Thế giới', 'Realms'), realms],
];
const ONE_OF = { accounts: account, 'sign-ins': signIn };

const at = (id) => document.getElementById(id);
const NOTHING = { refresh: async () => {} };
let shown = NOTHING;

/** Says how an act went. */
function tell(error, done) {
  const words = error ? el('p', { class: 'error', id: 'error', role: 'alert' }, error.message) : null;
  at('told').replaceChildren(...[words, !error && done ? el('p', { id: 'done' }, done) : null].filter(Boolean));
}

/** A button that does something, says how it went and shows what it changed. */
function act(text, does, { asks = false, ...attributes } = {}) {
  let sure = !asks;
  const button = el('button', { type: 'button', ...attributes, async onclick(event) {
    event.preventDefault();
    if (!sure) {
      sure = true;
      button.textContent = t('Chắc chắn? Bấm lần nữa', 'Sure? Press again');
      setTimeout(() => { sure = false; button.textContent = text; }, 4000);
      return;
    }
    button.disabled = true;
    try {
      tell(undefined, (await does()) ?? '');
    } catch (error) {
      tell(error);
    }
    button.disabled = false;
    sure = !asks;
    button.textContent = text;
    await refresh();
  } }, text);
  return button;
}

function wantsToken() {
  if (at('token')) return;
  if (hasToken()) tell(new Error(t('Mã quản trị này không đúng.', 'This admin token is not the right one.')));
  const token = el('input', { type: 'password', autocomplete: 'off', required: true });
  const save = el('button', { type: 'submit' }, t('Dùng', 'Use'));
  const form = el('form', { id: 'token', onsubmit(event) {
    event.preventDefault();
    keepToken(token.value.trim());
    form.remove();
    open();
  } }, field(t('Mã quản trị (MOCK_VNEID_ADMIN_TOKEN)', 'Admin token (MOCK_VNEID_ADMIN_TOKEN)'), token), save);
  at('view').replaceChildren(card(t('Cần mã quản trị', 'An admin token is needed'), form));
  token.focus();
  shown = NOTHING;
}

let refreshing = false;
let again = false;
let failed = false;

/** Looks again, one look at a time: what rings meanwhile is one more look. */
async function refresh() {
  if (refreshing) { again = true; return; }
  refreshing = true;
  try {
    await Promise.all([shown.refresh(), clock.tick(at('now'))]);
    if (failed) tell();
    failed = false;
  } catch (error) {
    failed = true;
    if (error instanceof Refused && error.status === 401) wantsToken();
    else tell(error);
  }
  refreshing = false;
  if (again) { again = false; await refresh(); }
}

/** A part of the address; what cannot be read stays as it is. */
const plain = (part) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

let turn = 0;

/** Opens what the address names. */
async function open() {
  const mine = (turn += 1);
  const [name, ...rest] = location.hash.slice(1).split('/').map(plain);
  const section = VIEWS.find(([it]) => it === name) ?? VIEWS[0];
  const view = rest.length > 0 && ONE_OF[name] ? ONE_OF[name] : section[2];
  for (const link of at('views').children) {
    if (link.hash === `#${section[0]}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  for (const link of document.querySelectorAll('a.language')) link.hash = location.hash;
  tell();
  const place = el('div');
  at('view').replaceChildren(place);
  shown = NOTHING;
  const opened = await view.open({ place, act }, ...rest).catch((error) => ({ refresh: async () => { throw error; } }));
  // Another view was opened meanwhile.
  if (mine !== turn) return;
  shown = opened;
  await refresh();
}

const links = [...VIEWS.map(([name, text]) => el('a', { href: `#${name}` }, text)),
  el('a', { href: `${base}/phone` }, t('Điện thoại', 'Phone')),
  base ? null : el('a', { href: '/demo' }, t('Trang thử', 'Demo')),
  el('a', { href: '/admin/docs' }, 'API')];
at('views').append(...links.filter(Boolean));
tellCalls((command) => {
  at('last').hidden = false;
  at('last').querySelector('pre').textContent = command;
});
addEventListener('hashchange', open);
let rung;
listen(() => {
  clearTimeout(rung);
  rung = setTimeout(refresh, 150);
});
await open();
follow((error) => (error?.status === 401 ? wantsToken() : tell(error)));
