// The `openid-client` package as a portal: secret, refresh, logout; PAR with private_key_jwt; introspection, revocation; registration.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { Browser, duc, issuer, lan, registers, rules } from './browser.mjs'

const CALLBACK = 'https://rp.example/callback'
const GOODBYE = 'https://rp.example/goodbye'
const SCOPE = 'openid profile offline_access'
// The signature of the ID token is checked too, not only what it says.
const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks]
const metadata = {
  client_name: 'openid-client',
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: [GOODBYE],
  grant_types: ['authorization_code', 'refresh_token'],
}

const discovered = (id, authentication) => client.discovery(new URL(issuer), id, undefined, authentication, { execute })

/** From the authorization request to the claims of userinfo. */
async function signsIn(config, citizen, build = client.buildAuthorizationUrl) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const request = {
    redirect_uri: CALLBACK, scope: SCOPE, state, nonce, max_age: '300', prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256',
  }
  const browser = new Browser()
  const { url } = await browser.goes(await build(config, request), CALLBACK, citizen)
  const checks = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, maxAge: 300, idTokenExpected: true }
  const tokens = await client.authorizationCodeGrant(config, url, checks)
  const { sub } = tokens.claims()
  const claims = await client.fetchUserInfo(config, tokens.access_token, sub)
  assert.equal(claims.name, citizen.name)
  return { browser, tokens, sub }
}

/** Refreshes, and finds the used token refused and its family gone. */
async function refreshes(config, tokens, sub) {
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
  assert.notEqual(fresh.refresh_token, tokens.refresh_token)
  assert.notEqual(fresh.access_token, tokens.access_token)
  assert.equal(fresh.claims()?.sub, sub)
  await client.fetchUserInfo(config, fresh.access_token, sub)
  return fresh
}

const refused = (error) => (thrown) => {
  assert.equal(thrown.error, error, thrown)
  return true
}

async function logsOut(config, browser, idToken, build = client.buildAuthorizationUrl) {
  const state = client.randomState()
  const ending = client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: GOODBYE, state })
  const { url } = await browser.goes(ending, GOODBYE)
  assert.equal(url.searchParams.get('state'), state)
  const silent = { redirect_uri: CALLBACK, scope: 'openid', prompt: 'none', state }
  const { url: back } = await browser.goes(await build(config, silent), CALLBACK)
  await assert.rejects(client.authorizationCodeGrant(config, back, { expectedState: state }), refused('login_required'))
}

async function withSecret() {
  const { client_id, client_secret } = await registers(metadata)
  const config = await discovered(client_id, client.ClientSecretBasic(client_secret))
  const { browser, tokens, sub } = await signsIn(config, lan)
  const fresh = await refreshes(config, tokens, sub)
  await logsOut(config, browser, fresh.id_token ?? tokens.id_token)
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), refused('invalid_grant'))
  await assert.rejects(client.refreshTokenGrant(config, fresh.refresh_token), refused('invalid_grant'))
}

async function withKeyAndPushedRequest() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const key = { kty, crv, x, y, kid: 'portal-1', alg: 'ES256', use: 'sig' }
  const { client_id } = await registers({
    ...metadata,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key] },
    require_pushed_authorization_requests: true,
  })
  const config = await discovered(client_id, client.PrivateKeyJwt({ key: pair.privateKey, kid: key.kid }))
  const { browser, tokens, sub } = await signsIn(config, duc, client.buildAuthorizationUrlWithPAR)
  await refreshes(config, tokens, sub)
  await logsOut(config, browser, tokens.id_token, client.buildAuthorizationUrlWithPAR)
}

async function introspectsAndRevokes() {
  const { client_id, client_secret } = await registers({ ...metadata, token_endpoint_auth_method: 'client_secret_post' })
  const config = await discovered(client_id, client.ClientSecretPost(client_secret))
  const { tokens, sub } = await signsIn(config, lan)
  const seen = await client.tokenIntrospection(config, tokens.access_token)
  assert.deepEqual([seen.active, seen.client_id, seen.sub], [true, client_id, sub])
  await client.tokenRevocation(config, tokens.refresh_token)
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    assert.deepEqual(await client.tokenIntrospection(config, token), { active: false })
  }
  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub), (thrown) => {
    assert.equal(thrown.cause[0].parameters.error, 'invalid_token')
    return true
  })
}

async function registersItself() {
  await rules({ dynamic_registration: true })
  const wanted = { ...metadata, token_endpoint_auth_method: 'client_secret_basic' }
  const config = await client.dynamicClientRegistration(new URL(issuer), wanted, client.ClientSecretBasic(), { execute })
  const { browser, tokens } = await signsIn(config, lan)
  await logsOut(config, browser, tokens.id_token)
}

for (const story of [withSecret, withKeyAndPushedRequest, introspectsAndRevokes, registersItself]) {
  await story()
  console.log(`openid-client: ${story.name} passed`)
}
