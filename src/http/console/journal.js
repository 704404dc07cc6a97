// The journal as far as this page has read it, and a bell for what is new.

import { call } from './api.js';

const MOST = 5000;
const entries = [];
const heard = new Set();
let last = 0;

/** Entries in order. */
export const all = () => entries;

/** One entry. */
export const entry = (seq) => entries.find((it) => it.seq === seq);

/** Calls `ring` after something happened; gives what stops it. */
export function listen(ring) {
  heard.add(ring);
  return () => heard.delete(ring);
}

/** Lets go of what was read: the journal was cleared. */
export const forget = () => { entries.length = 0; };

/** Which sign-in each entry belongs to: an event is told before the request it came of, and learns it there. */
export function signInOf() {
  const known = new Map();
  for (const it of entries) if (it.sign_in !== undefined && it.request !== undefined) known.set(it.request, it.sign_in);
  return (it) => it.sign_in ?? known.get(it.request);
}

function take(page) {
  const before = entries.length;
  // Numbers begin anew with the realm.
  if (page.last < last) entries.length = last = 0;
  entries.push(...page.items);
  last = page.items.at(-1)?.seq ?? last;
  const kept = entries.filter((it) => it.seq > page.dropped).slice(-MOST);
  entries.splice(0, entries.length, ...kept);
  return page.items.length > 0 || entries.length !== before;
}

/** Reads on for good; `fails(error)` is told what went wrong, and `undefined` when it goes on. */
export async function follow(fails) {
  for (let wait = 0, failing = false; ; ) {
    try {
      const page = await call('GET', `/journal?limit=1000&after=${last}${wait ? `&wait=${wait}s` : ''}`);
      const began = page.last < last;
      if (failing) fails(undefined);
      failing = false;
      if (take(page)) heard.forEach((ring) => ring());
      wait = began || page.next ? 0 : 25;
    } catch (error) {
      fails(error);
      failing = true;
      wait = 0;
      await new Promise((resolve) => setTimeout(resolve, error.status === 401 ? 4000 : 1500));
    }
  }
}
