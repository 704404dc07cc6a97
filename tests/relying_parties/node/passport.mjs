// The `passport-openidconnect` strategy in Express, its secret in the body: sign-in, a refused answer, logout by `client_id`.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import OpenIDConnectStrategy from 'passport-openidconnect'
import { Browser, duc, issuer, lan, registers } from './browser.mjs'

const app = express()
const server = await new Promise((ready) => {
  const listening = app.listen(0, '127.0.0.1', () => ready(listening))
})
const home = `http://127.0.0.1:${server.address().port}`
const client = await registers({
  client_name: 'passport',
  redirect_uris: [`${home}/callback`],
  post_logout_redirect_uris: [`${home}/goodbye`],
  token_endpoint_auth_method: 'client_secret_post',
})
passport.use(new OpenIDConnectStrategy(
  {
    issuer,
    authorizationURL: `${issuer}/oauth2/authorize`,
    tokenURL: `${issuer}/oauth2/token`,
    userInfoURL: `${issuer}/oauth2/userinfo`,
    clientID: client.client_id,
    clientSecret: client.client_secret,
    callbackURL: `${home}/callback`,
    scope: 'profile',
    skipUserProfile: false,
  },
  (issued, profile, done) => done(null, { issued, name: profile.displayName, id: profile.id }),
))
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user, done) => done(null, user))
app.use(session({ secret: randomBytes(32).toString('hex'), resave: false, saveUninitialized: false, name: 'portal' }))
app.use(passport.session())
app.get('/login', passport.authenticate('openidconnect'))
app.get('/callback', passport.authenticate('openidconnect', { failureRedirect: '/refused' }), (_, answer) => answer.redirect('/me'))
app.get('/me', (asked, answer) => answer.json(asked.user ?? null))
app.get('/leaves', (asked, answer, next) => asked.logout((error) => {
  if (error) return next(error)
  const query = new URLSearchParams({
    client_id: client.client_id, post_logout_redirect_uri: `${home}/goodbye`, state: 'of-passport',
  })
  return answer.redirect(`${issuer}/oidc/logout?${query}`)
}))
app.get('/goodbye', (asked, answer) => answer.json({ goodbye: asked.query.state }))

for (const citizen of [lan, duc]) {
  const browser = new Browser()
  await browser.goes(`${home}/login`, `${home}/me`, citizen)
  const me = await browser.reads(`${home}/me`)
  assert.equal(me.issued, issuer)
  assert.equal(me.name, citizen.name)
  await browser.goes(`${home}/leaves`, `${home}/goodbye`)
  assert.deepEqual(await browser.reads(`${home}/goodbye?state=of-passport`), { goodbye: 'of-passport' })
  assert.equal(await browser.reads(`${home}/me`), null)
}
server.closeAllConnections()
server.close()
console.log('passport: client_secret_post, signed in, signed out passed')
