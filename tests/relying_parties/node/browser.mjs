// A citizen at a browser: keeps cookies, follows redirects, fills in the pages of the simulator, reads the SMS.
import assert from 'node:assert/strict'

export const issuer = process.env.ISSUER
assert(issuer, 'ISSUER is the address of a running simulator')

export const lan = { number: '097190000011', phone: '0912345601', password: 'Vn@000011a', name: 'Nguyễn Thị Lan' }
export const duc = { number: '097085000022', phone: '0912345602', password: 'Vn@000022a', name: 'Trần Văn Đức' }

async function json(method, path, body) {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(issuer + path, { method, headers, body: body && JSON.stringify(body) })
  const text = await answer.text()
  assert(answer.ok, `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${text}`)
  return text && JSON.parse(text)
}

export const registers = (client) => json('POST', '/admin/v1/clients', client)

/** A sign-in without pages. */
export const signsIn = (wanted) => json('POST', '/admin/v1/sign-ins', wanted)

/** Rules for what goes wrong: put in force; taken back, with how often they went off. */
export const faults = {
  add: (rule) => json('POST', '/admin/v1/faults', rule),
  take: async (id) => {
    const counted = await json('GET', `/admin/v1/faults/${id}`)
    await json('DELETE', `/admin/v1/faults/${id}`)
    return counted
  },
}

/** Changes some fields of the realm's policy. */
export function rules(change) {
  return json('PATCH', '/admin/v1/policy', change)
}

export async function otp(citizen, reference) {
  const query = new URLSearchParams({ to: citizen.phone, purpose: 'otp', reference, wait: '10s' })
  return (await json('GET', `/admin/v1/messages/latest?${query}`)).code
}

const named = { amp: '&', lt: '<', gt: '>', quot: '"' }
const unescaped = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    name ? (named[name] ?? whole) : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)))

const attributes = (tag) =>
  Object.fromEntries([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, unescaped(value)]))

/** The first form of a page: where it goes, how, and its hidden fields. */
function formOf(page, url) {
  const found = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(page)
  assert(found, `no form at ${url}:\n${page}`)
  const { action, method } = attributes(found[1])
  const hidden = [...found[2].matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => attributes(tag))
  return { action: new URL(action, url), method, fields: Object.fromEntries(hidden.map((i) => [i.name, i.value])) }
}

export class Browser {
  #cookies = new Map()

  async #asks(url, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { ...options, redirect: 'manual', headers: { cookie, ...options.headers } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (/;\s*max-age=0/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  /** The JSON of a page. */
  async reads(url) {
    const answer = await this.#asks(url)
    const text = await answer.text()
    assert.equal(answer.status, 200, `${answer.status} at ${url}: ${text}`)
    return JSON.parse(text)
  }

  /** Posts a form that is answered with JSON. */
  async posts(url, fields) {
    return (await this.#asks(url, { method: 'POST', body: new URLSearchParams(fields) })).json()
  }

  /** Goes where an answer leads, one step. */
  async follows(url) {
    const answer = await this.#asks(url)
    await answer.body?.cancel()
    assert(answer.status < 400, `${answer.status} at ${url}`)
  }

  /** Goes to `start` and on as `citizen` until the way leads to `back`: a URL, or the form that is posted there. */
  async goes(start, back, citizen) {
    let url = new URL(start)
    let answer = await this.#asks(url)
    for (let steps = 0; steps < 12; steps += 1) {
      if (answer.status >= 300 && answer.status < 400) {
        await answer.body?.cancel()
        url = new URL(answer.headers.get('location'), url)
        if (url.href.startsWith(back)) return { url }
        answer = await this.#asks(url)
        continue
      }
      const page = await answer.text()
      assert.equal(answer.status, 200, `${answer.status} at ${url}:\n${page}`)
      const form = formOf(page, url)
      if (form.action.href === back) return { form }
      // Whoever is asked whether to sign out says yes.
      const leaves = form.action.pathname.endsWith('/oidc/logout')
      assert(citizen || leaves, `nobody is there to answer ${url}:\n${page}`)
      const typed = leaves ? {} : await answers(form.action.pathname, page, citizen)
      url = form.action
      answer = await this.#asks(url, { method: 'POST', body: new URLSearchParams({ ...form.fields, ...typed }) })
    }
    assert.fail(`never came to ${back}; the last was ${url}`)
  }
}

async function answers(path, page, citizen) {
  if (path.endsWith('/login')) return { username: citizen.number, password: citizen.password }
  if (path.endsWith('/login/otp')) return { otp: await otp(citizen, /<code>([^<]+)<\/code>/.exec(page)[1]) }
  if (path.endsWith('/login/consent')) return { decision: 'allow' }
  assert.fail(`an unexpected page, ${path}:\n${page}`)
}
