// Realms: countries side by side; one is thrown away or begun again without touching the others.

import { base, callRoot, save } from './api.js';
import { card, el, field, language, local, renew, t, table, whole } from './dom.js';

const own = base ? decodeURIComponent(base.split('/').at(-1)) : 'default';

export async function open({ place, act }) {
  const name = el('input', { id: 'realm-name', size: 16, placeholder: 'ci-42', pattern: '[a-z0-9][a-z0-9_\\-]{0,63}', spellcheck: 'false' });
  const seed = el('input', { size: 12, spellcheck: 'false' });
  const life = el('input', { size: 6, inputmode: 'numeric', placeholder: '3600' });
  const list = el('div', { id: 'realms' });
  const make = async () => {
    const extras = { ...(seed.value && { seed: seed.value }), ...(life.value && { ttl: whole(life.value) }) };
    const made = await callRoot('POST', '/realms', { name: name.value, ...extras });
    return t(`Đã tạo ${made.name}; issuer ${made.issuer}`, `${made.name} is made; issuer ${made.issuer}`);
  };
  const acts = (realm) => [
    act(t('Làm lại', 'Reset'), () => callRoot('POST', `/realms/${realm}/reset`).then(() => t(`${realm} đã làm lại từ đầu.`, `${realm} began again.`)), { class: 'quiet', asks: true, 'data-reset': realm }),
    act(t('Ảnh chụp', 'Snapshot'), async () => save(`${realm}.json`, JSON.stringify(await callRoot('GET', `/realms/${realm}/snapshot`))), { class: 'quiet' }),
    realm === 'default' ? null : act(t('Xóa', 'Delete'), () => callRoot('DELETE', `/realms/${realm}`).then(() => undefined), { class: 'quiet', asks: true }),
  ].filter(Boolean);
  place.append(
    card(t('Thế giới mới', 'A new realm'), el('div', { class: 'row' }, field(t('Tên', 'Name'), name), field(t('Hạt giống', 'Seed'), seed), field(t('Sống (giây)', 'Lives (seconds)'), life), act(t('Tạo', 'Make'), make, { id: 'make-realm' }))),
    card(t('Các thế giới', 'Realms'), list));
  return {
    async refresh() {
      const { items } = await callRoot('GET', '/realms?limit=1000');
      const name = (it) => (it.name === own ? el('b', {}, it.name) : el('a', { href: `${it.path}/console?lang=${language}` }, it.name));
      const row = (it) => [name(it), el('code', {}, it.issuer), it.seed, local(it.expires_at), acts(it.name)];
      renew(list, items, () => table([t('Tên', 'Name'), 'issuer', t('Hạt giống', 'Seed'), t('Hết hạn', 'Ends'), ''], items.map(row), ''));
    },
  };
}
