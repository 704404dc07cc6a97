// One sign-in, drawn as a sequence.

import { call, save } from './api.js';
import { card, el, local, renew, t } from './dom.js';
import * as journal from './journal.js';

const MOST = 300;
const LANES = {
  browser: t('Trình duyệt', 'Browser'), relying_party: t('Bên tin cậy', 'Relying party'), tester: t('Người kiểm thử', 'Tester'), app: t('Ứng dụng', 'App'),
  simulator: t('mock-vneid (mô phỏng)', 'mock-vneid (simulation)'), phone: t('Điện thoại', 'Phone'),
};

const isBad = (step) => step.kind === 'refused' || step.kind === 'fault' || step.status >= 400;

/** What the journal holds of a step, masked as it is there. */
function opened(step) {
  const entry = journal.entry(step.seq) ?? { seq: step.seq };
  return el('pre', {}, JSON.stringify(entry, null, 2));
}

function row(step, lanes) {
  const [from, to] = [lanes.indexOf(step.from), lanes.indexOf(step.to)];
  const note = step.arrow === 'note';
  // A lane is two columns wide; its life line runs between them.
  const [begin, end] = note ? [2 * from + 1, 2 * from + 3] : [2 * Math.min(from, to) + 2, 2 * Math.max(from, to) + 2];
  const details = el('details', {}, el('summary', {}, step.text));
  details.addEventListener('toggle', () => details.append(opened(step)), { once: true });
  const way = note ? '' : from < to ? 'right' : 'left';
  const label = el('div', { class: 'step-text' }, details);
  const mark = el('div', { class: `arrow ${step.arrow} ${way}`, 'aria-hidden': 'true' });
  for (const part of [label, mark]) part.style.setProperty('grid-column', `${begin} / ${end}`);
  const said = note ? '' : `${LANES[step.from]} → ${LANES[step.to]}: `;
  return el('li', { class: `${step.arrow} ${step.kind} ${isBad(step) ? 'bad' : ''}` }, el('span', { class: 'unseen' }, said), label, note ? null : mark, el('span', { class: 'at' }, local(step.at)));
}

function drawn(steps) {
  const lanes = Object.keys(LANES).filter((lane) => steps.some((step) => step.from === lane || step.to === lane));
  const heads = el('div', { class: 'lanes', 'aria-hidden': 'true' }, lanes.map((lane) => el('span', {}, LANES[lane])));
  const list = el('ol', {}, steps.slice(0, MOST).map((step) => row(step, lanes)));
  const whole = el('div', { class: 'sequence' }, heads, list);
  whole.style.setProperty('--lanes', lanes.length);
  return whole;
}

export async function open({ place, act }, number) {
  const known = encodeURIComponent(number);
  const picture = el('div', { id: 'sequence', class: 'scrolls' });
  const left = el('p', { class: 'hint' });
  const exported = (what, name) => async () => {
    const text = await call('GET', `/journal/${what}?sign_in=${known}`);
    save(name, typeof text === 'string' ? text : JSON.stringify(text));
  };
  place.append(card(`${t('Lần đăng nhập', 'Sign-in')} #${number}`,
    el('p', {}, act('Mermaid', exported('mermaid', `sign-in-${number}.mmd`), { class: 'quiet' }), act('HAR', exported('har', `sign-in-${number}.har`), { class: 'quiet' })),
    picture, left));
  return {
    async refresh() {
      const steps = await call('GET', `/journal/sequence?sign_in=${known}`);
      const none = () => el('p', { class: 'empty' }, t('Nhật ký không có lần đăng nhập này.', 'The journal has no such sign-in.'));
      renew(picture, steps, () => (steps.length > 0 ? drawn(steps) : none()));
      left.textContent = steps.length > MOST ? t(`Còn ${steps.length - MOST} bước không vẽ.`, `${steps.length - MOST} more steps are not drawn.`) : '';
    },
  };
}
