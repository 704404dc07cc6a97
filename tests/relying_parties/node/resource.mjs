// The `oauth4webapi` package as a resource server (RFC 9068) over the menu: each bad access token is refused, and by which check.
import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import { faults, issuer, lan, registers, signsIn } from './browser.mjs'

const ROWS = {
  'access_token.expired': 'unexpected JWT "exp" (expiration time) claim value',
  'access_token.other_iss': 'unexpected JWT "iss" (issuer) claim value',
  'access_token.other_aud': 'unexpected JWT "aud" (audience) claim value',
  'access_token.alg_none': 'unexpected JWT "alg" header parameter',
  'access_token.bad_signature': 'JWT signature verification failed',
}

const insecure = { [oauth.allowInsecureRequests]: true }
const server = await oauth.processDiscoveryResponse(
  new URL(issuer), await oauth.discoveryRequest(new URL(issuer), insecure))
const { client_id } = await registers({
  client_name: 'a resource server asks', redirect_uris: ['https://rp.example/callback'], access_token_format: 'jwt',
})

/** What the resource server makes of a request with a fresh token: whose it is, or the check that refused it. */
async function asks() {
  const { access_token } = await signsIn({ client_id, citizen: lan.number, scope: 'openid profile', exchange: true })
  const request = new Request('https://rs.example/data', { headers: { authorization: `Bearer ${access_token}` } })
  return oauth.validateJwtAccessToken(server, request, issuer, insecure).then(
    (claims) => `accepted ${claims.client_id}`, (error) => [error.message, error.cause?.message].filter(Boolean).join(' < '))
}

assert.equal(await asks(), `accepted ${client_id}`)
const wrong = []
for (const [effect, check] of Object.entries(ROWS)) {
  await faults.add({ effect, id: 'row', client_id, times: 1 })
  const outcome = await asks()
  const { fired } = await faults.take('row')
  if (fired !== 1 || !outcome.includes(check)) wrong.push(`${effect}: ${outcome}, not ${check} (fired ${fired})`)
  assert.equal(await asks(), `accepted ${client_id}`)
}
assert.deepEqual(wrong, [])
console.log('oauth4webapi: the menu of access tokens passed')
