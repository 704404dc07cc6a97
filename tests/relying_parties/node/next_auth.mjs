// `next-auth` behind a server that speaks to it as Next.js does: sign-in with PKCE, state and nonce; the token is renewed; sign-out.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import nextAuth from 'next-auth'
import { Browser, duc, issuer, lan, registers } from './browser.mjs'

const server = createServer()
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const home = `http://127.0.0.1:${server.address().port}`
process.env.NEXTAUTH_URL = home
const client = await registers({
  client_name: 'next-auth',
  redirect_uris: [`${home}/api/auth/callback/vneid`],
  post_logout_redirect_uris: [`${home}/goodbye`],
  grant_types: ['authorization_code', 'refresh_token'],
})

/** As next-auth's guide has it: with the refresh token, once the access token is over; here at every look. */
async function renewed(token) {
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')
  const answer = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token.refresh }),
  })
  const tokens = await answer.json()
  assert.equal(answer.status, 200, JSON.stringify(tokens))
  assert.notEqual(tokens.access_token, token.access)
  return { ...token, access: tokens.access_token, refresh: tokens.refresh_token, times: (token.times ?? 0) + 1 }
}

// A CommonJS module: what it exports by default is a member.
const NextAuth = nextAuth.default
const options = {
  secret: randomBytes(32).toString('hex'),
  providers: [{
    id: 'vneid',
    name: 'VNeID',
    type: 'oauth',
    wellKnown: `${issuer}/.well-known/openid-configuration`,
    authorization: { params: { scope: 'openid profile offline_access' } },
    checks: ['pkce', 'state', 'nonce'],
    idToken: true,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    profile: (claims) => ({ id: claims.sub }),
    userinfo: { async request({ client: party, tokens }) { return party.userinfo(tokens.access_token) } },
  }],
  callbacks: {
    jwt: ({ token, account }) =>
      account ? { ...token, access: account.access_token, refresh: account.refresh_token, hint: account.id_token } : renewed(token),
    async session({ session, token }) {
      const answer = await fetch(`${issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${token.access}` } })
      return { ...session, name: (await answer.json()).name, times: token.times, hint: token.hint }
    },
  },
}

/** What Next.js adds to a request and an answer of an API route. */
server.on('request', async (request, response) => {
  const url = new URL(request.url, home)
  if (!url.pathname.startsWith('/api/auth/')) return response.end('{}')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const pairs = (request.headers.cookie ?? '').split('; ').filter(Boolean).map((pair) => pair.split(/=(.*)/s).slice(0, 2))
  request.cookies = Object.fromEntries(pairs.map(([name, value]) => [name, decodeURIComponent(value)]))
  request.query = { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.slice('/api/auth/'.length).split('/') }
  request.body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
  response.status = (status) => Object.assign(response, { statusCode: status })
  response.json = (body) => { response.setHeader('content-type', 'application/json'); response.end(JSON.stringify(body)) }
  response.send = (body) => (typeof body === 'object' ? response.json(body) : response.end(body))
  response.redirect = (to) => { response.writeHead(302, { location: to }); response.end() }
  return NextAuth(request, response, options)
})

for (const citizen of [lan, duc]) {
  const browser = new Browser()
  const { csrfToken } = await browser.reads(`${home}/api/auth/csrf`)
  const begun = await browser.posts(`${home}/api/auth/signin/vneid`, { csrfToken, json: 'true', callbackUrl: home })
  await browser.goes(begun.url, home + '/api/auth/callback/', citizen).then(({ url }) => browser.follows(url))
  const session = await browser.reads(`${home}/api/auth/session`)
  assert.equal(session.name, citizen.name)
  assert.equal((await browser.reads(`${home}/api/auth/session`)).times, session.times + 1)
  await browser.posts(`${home}/api/auth/signout`, { csrfToken, json: 'true' })
  assert.equal((await browser.reads(`${home}/api/auth/session`)).name, undefined)
  const query = new URLSearchParams({ id_token_hint: session.hint, post_logout_redirect_uri: `${home}/goodbye` })
  await browser.goes(`${issuer}/oidc/logout?${query}`, `${home}/goodbye`)
}
server.closeAllConnections()
server.close()
console.log('next-auth: signed in, renewed, signed out passed')
