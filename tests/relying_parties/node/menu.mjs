// The `openid-client` package over the menu of faults: each bad answer, token, key and document is refused, and by which check.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { Browser, faults, issuer, lan, registers } from './browser.mjs'

const CALLBACK = 'https://rp.example/callback'
const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks]

/**
 * What openid-client says of each: a part of the error's message or of its cause's. What it takes, a clause leaves open.
 * `id_token.other_at_hash` is not here: it does not look at it (OIDC Core §3.1.3.8: MAY); the `openidconnect` crate does.
 */
const ROWS = {
  'callback.no_state': 'response parameter "state" missing',
  'callback.other_state': 'unexpected "state" response parameter value',
  'callback.no_iss': 'response parameter "iss" (issuer) missing',
  'callback.other_iss': 'unexpected "iss" (issuer) response parameter value',
  'callback.no_code': 'no authorization code in "callbackParameters"',
  'callback.other_code': 'OAUTH_RESPONSE_BODY_ERROR invalid_grant',
  'callback.replayed_code': 'OAUTH_RESPONSE_BODY_ERROR invalid_grant',
  'callback.twice': 'parameter must be provided only once',
  'callback.error': 'OAUTH_AUTHORIZATION_RESPONSE_ERROR access_denied',
  'id_token.expired': 'unexpected JWT "exp" (expiration time) claim value',
  'id_token.not_yet_valid': 'unexpected JWT "nbf" (not before) claim value',
  'id_token.issued_long_ago': 'accepted',
  'id_token.old_sign_in': 'too much time has elapsed since the last End-User authentication',
  'id_token.other_iss': 'unexpected JWT "iss" (issuer) claim value',
  'id_token.no_iss': 'JWT "iss" (issuer) claim missing',
  'id_token.other_aud': 'unexpected JWT "aud" (audience) claim value',
  'id_token.no_aud': 'JWT "aud" (audience) claim missing',
  'id_token.more_audiences': 'includes additional untrusted audiences',
  'id_token.other_azp': 'unexpected ID Token "azp" (authorized party) claim value',
  'id_token.other_sub': 'unexpected "response" body "sub" property value',
  'id_token.no_sub': 'JWT "sub" (subject) claim missing',
  'id_token.no_exp': 'JWT "exp" (expiration time) claim missing',
  'id_token.no_iat': 'JWT "iat" (issued at) claim missing',
  'id_token.other_nonce': 'unexpected ID Token "nonce" claim value',
  'id_token.no_nonce': 'JWT "nonce" (nonce) claim missing',
  'id_token.other_acr': 'acr is none that the provider announces',
  'id_token.alg_none': 'unexpected JWT "alg" header parameter',
  'id_token.hs256_public_key': 'unexpected JWT "alg" header parameter',
  'id_token.unknown_kid': 'no applicable keys found',
  'id_token.bad_signature': 'JWT signature verification failed',
  'id_token.other_key': 'JWT signature verification failed',
  'id_token.embedded_key': 'JWT signature verification failed',
  'id_token.duplicate_claims': 'accepted',
  'id_token.huge': 'accepted',
  'id_token.nfd_names': 'accepted',
  'userinfo.other_sub': 'unexpected "response" body "sub" property value',
  'userinfo.no_sub': '"response" body "sub" property must be a string',
  'userinfo.nfd_names': 'accepted',
  'jwks.empty': 'no applicable keys found',
  'jwks.other_keys': 'no applicable keys found',
  'jwks.duplicate_kid': 'multiple applicable keys found',
  'discovery.other_issuer': 'discovered metadata issuer does not match the expected issuer',
}

const browser = new Browser()
const { client_id, client_secret } = await registers({ client_name: 'the menu', redirect_uris: [CALLBACK] })

/** A whole sign-in by a portal that knows nothing yet: metadata, the way there and back, tokens, keys, userinfo. */
async function signsIn() {
  const config = await client.discovery(new URL(issuer), client_id, undefined, client.ClientSecretBasic(client_secret), { execute })
  const [state, nonce, pkceCodeVerifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
  const request = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK, scope: 'openid profile', state, nonce, max_age: '300',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256',
  })
  const { url } = await browser.goes(request, CALLBACK, lan)
  const checks = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, maxAge: 300, idTokenExpected: true }
  const tokens = await client.authorizationCodeGrant(config, url, checks)
  // OIDC Core §3.1.3.7 item 12: whether an acr is good enough only the portal knows.
  const known = config.serverMetadata().acr_values_supported
  if (!known.includes(tokens.claims().acr)) throw new Error('the acr is none that the provider announces')
  return client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
}

/** Every message on the way down to the cause, and the check it names. */
function told(error) {
  const { message, code, claim, error: oauth, cause } = error
  const here = [code, oauth, message, claim ?? cause?.claim].filter(Boolean).join(' ')
  return cause instanceof Error ? `${here} < ${told(cause)}` : here
}

await signsIn()
const wrong = []
for (const [effect, check] of Object.entries(ROWS)) {
  const isPublic = effect.startsWith('jwks.') || effect.startsWith('discovery.')
  await faults.add(isPublic ? { effect, id: 'row' } : { effect, id: 'row', client_id, times: 1 })
  const outcome = await signsIn().then(() => 'accepted', told)
  const { fired } = await faults.take('row')
  if (fired === 0 || !outcome.includes(check)) wrong.push(`${effect}: ${outcome}, not ${check} (fired ${fired})`)
  await signsIn()
}
assert.deepEqual(wrong, [])
console.log('openid-client: the menu passed')
