// Elements made by calls, never from markup: what a page shows may come from anywhere.

export const language = document.documentElement.lang === 'en' ? 'en' : 'vi';

/** The text in the page's language. */
export const t = (vi, en) => (language === 'en' ? en : vi);

/** An element: `on…` attributes are listeners, `true` is an empty attribute, `null`, `undefined` and `false` are left out. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
}

/** A table; cells are texts or elements. */
export function table(heads, rows, empty) {
  if (rows.length === 0) return el('p', { class: 'empty' }, empty);
  const head = el('tr', {}, heads.map((text) => el('th', { scope: 'col' }, text)));
  const body = rows.map((cells) => el('tr', {}, cells.map((cell) => el('td', {}, cell ?? ''))));
  return el('div', { class: 'scrolls' }, el('table', {}, el('thead', {}, head), el('tbody', {}, body)));
}

/** A text whose parts between backticks are code. */
export const coded = (text) => text.split('`').map((part, at) => (at % 2 ? el('code', {}, part) : part));

const renewed = new WeakMap();

/** Builds what is in `place` anew only when `data` changed: what somebody opened, or is about to press, stays. */
export function renew(place, data, build) {
  const key = JSON.stringify(data);
  if (renewed.get(place) === key) return;
  renewed.set(place, key);
  place.replaceChildren(...[build(data)].flat());
}

/** A number as it was typed; what is none is sent as it is, for the program to refuse. */
export const whole = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

let ids = 0;

/** A labelled control. */
export function field(label, control) {
  control.id ||= `f${(ids += 1)}`;
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control);
}

/** A choice; `options` are `[value, text]`. */
export function select(attributes, options, chosen = '') {
  const made = options.map(([value, text]) => el('option', { value, selected: value === chosen }, text));
  return el('select', attributes, made);
}

/** A card with a heading. */
export const card = (heading, ...children) => el('section', { class: 'card' }, el('h2', {}, heading), ...children);

/** An instant as people in Việt Nam read it (UTC+7), milliseconds left out. */
export function local(instant) {
  if (!instant) return '';
  const shifted = new Date(Date.parse(instant) + 7 * 3600 * 1000).toISOString();
  const [year, month, day] = shifted.slice(0, 10).split('-');
  return el('time', { datetime: instant, title: instant }, `${shifted.slice(11, 19)} ${day}/${month}/${year}`);
}

/** Fields of an object, one a row. */
export const facts = (object) =>
  el('dl', {}, Object.entries(object).filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => [el('dt', {}, name), el('dd', {}, value instanceof Node ? value : String(value))]));
