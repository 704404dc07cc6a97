// The `oauth4webapi` package as a public client: form_post, ES256 and EdDSA, refresh, logout.
import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import { Browser, duc, issuer, lan, registers } from './browser.mjs'

const CALLBACK = 'http://localhost:9/callback'
const GOODBYE = 'http://localhost:9/goodbye'
const insecure = { [oauth.allowInsecureRequests]: true }

async function registered(algorithm) {
  const { client_id } = await registers({
    client_name: 'oauth4webapi',
    redirect_uris: [CALLBACK],
    post_logout_redirect_uris: [GOODBYE],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: algorithm,
  })
  return { client_id, id_token_signed_response_alg: algorithm }
}

async function exchanges(server, client, parameters, verifier, nonce) {
  const answer = await oauth.authorizationCodeGrantRequest(
    server, client, oauth.None(), parameters, CALLBACK, verifier, insecure)
  const options = { expectedNonce: nonce, requireIdToken: true }
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, options)
  await oauth.validateApplicationLevelSignature(server, answer, insecure)
  return tokens
}

async function userinfo(server, client, tokens, sub) {
  const answer = await oauth.userInfoRequest(server, client, tokens.access_token, insecure)
  return oauth.processUserInfoResponse(server, client, sub, answer)
}

async function refreshes(server, client, tokens) {
  const ask = () => oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token, insecure)
  const fresh = await oauth.processRefreshTokenResponse(server, client, await ask())
  assert.notEqual(fresh.refresh_token, tokens.refresh_token)
  return { fresh, again: async () => oauth.processRefreshTokenResponse(server, client, await ask()) }
}

async function logsOut(server, client, browser, idToken) {
  const ending = new URL(server.end_session_endpoint)
  const fields = { id_token_hint: idToken, client_id: client.client_id, post_logout_redirect_uri: GOODBYE, state: 'bye' }
  ending.search = new URLSearchParams(fields)
  const { url } = await browser.goes(ending, GOODBYE)
  assert.equal(url.href, `${GOODBYE}?state=bye`)
}

async function signsIn(algorithm, citizen, mode) {
  const server = await oauth.processDiscoveryResponse(
    new URL(issuer), await oauth.discoveryRequest(new URL(issuer), insecure))
  const client = await registered(algorithm)
  const verifier = oauth.generateRandomCodeVerifier()
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
  const request = new URL(server.authorization_endpoint)
  request.search = new URLSearchParams({
    client_id: client.client_id, redirect_uri: CALLBACK, response_type: 'code', response_mode: mode, state, nonce,
    scope: 'openid profile phone offline_access', prompt: 'consent',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  const browser = new Browser()
  const { url, form } = await browser.goes(request, CALLBACK, citizen)
  assert.equal(form?.method, mode === 'form_post' ? 'post' : undefined)
  const answer = form ? new URLSearchParams(form.fields) : url
  const parameters = oauth.validateAuthResponse(server, client, answer, state)
  const tokens = await exchanges(server, client, parameters, verifier, nonce)
  const { sub } = oauth.getValidatedIdTokenClaims(tokens)
  assert.equal((await userinfo(server, client, tokens, sub)).name, citizen.name)

  const { fresh, again } = await refreshes(server, client, tokens)
  await userinfo(server, client, fresh, sub)
  await logsOut(server, client, browser, tokens.id_token)
  await assert.rejects(again(), (thrown) => {
    assert.equal(thrown.error, 'invalid_grant', thrown)
    return true
  })
}

for (const [algorithm, citizen, mode] of [['RS256', lan, 'form_post'], ['ES256', duc, 'form_post'], ['EdDSA', lan, 'query']]) {
  await signsIn(algorithm, citizen, mode)
  console.log(`oauth4webapi: ${algorithm} with ${mode} passed`)
}
