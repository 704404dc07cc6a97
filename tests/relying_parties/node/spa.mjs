// Pages without a server of their own, in Chromium: spa.mjs oidc-client-ts | keycloak-js. The answer comes in the fragment.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import puppeteer from 'puppeteer-core'
import { duc, issuer, lan, otp, registers } from './browser.mjs'

const LIBRARY = process.argv[2]
const FILES = {
  'oidc-client-ts': 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js',
  'keycloak-js': 'node_modules/keycloak-js/lib/keycloak.js',
}
const PAGES = {
  'oidc-client-ts': (client) => `
    const manager = new oidc.UserManager({
      authority: '${issuer}', client_id: '${client}', redirect_uri: location.origin + '/callback',
      post_logout_redirect_uri: location.origin + '/goodbye', response_mode: 'fragment',
      scope: 'openid profile offline_access', loadUserInfo: true, automaticSilentRenew: false,
    })
    window.signsIn = () => manager.signinRedirect()
    window.comesBack = async () => (await manager.signinRedirectCallback()).profile.name
    window.refreshes = async () => {
      const before = (await manager.getUser()).access_token
      const user = await manager.signinSilent()
      if (user.access_token === before) throw new Error('nothing new came')
      return user.profile.name
    }
    window.leaves = () => manager.signoutRedirect()
    window.ready = true`,
  'keycloak-js': (client) => `
    import Keycloak from '/library.js'
    const keycloak = new Keycloak({ clientId: '${client}', oidcProvider: '${issuer}' })
    const begun = keycloak.init({
      pkceMethod: 'S256', responseMode: 'fragment', checkLoginIframe: false, redirectUri: location.origin + '/callback',
      scope: 'profile',
    })
    window.signsIn = async () => { await begun; await keycloak.login() }
    window.comesBack = async () => {
      if (!(await begun)) throw new Error('nobody is signed in')
      return (await keycloak.loadUserInfo()).name
    }
    // It reads refresh tokens as JWTs, which ours are not: it is used without.
    window.refreshes = window.comesBack
    window.leaves = () => keycloak.logout({ redirectUri: location.origin + '/goodbye' })
    window.ready = true`,
}

const library = await readFile(new URL(FILES[LIBRARY], import.meta.url))
let client = ''
// One is a script, the other a module.
const classic = LIBRARY === 'oidc-client-ts' ? '<script src="/library.js"></script>' : ''
const server = createServer((request, response) => {
  const script = request.url === '/library.js'
  response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
  response.end(script ? library : `<!doctype html><title>portal</title>${classic}<script type="module">${PAGES[LIBRARY](client)}</script>`)
})
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const home = `http://127.0.0.1:${server.address().port}`
client = (await registers({
  client_name: LIBRARY,
  redirect_uris: [`${home}/callback`],
  post_logout_redirect_uris: [`${home}/goodbye`],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
  // keycloak-js looks into its access token.
  access_token_format: 'jwt',
})).client_id

const found = process.env.PATH.split(delimiter).flatMap((folder) =>
  ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `${folder}/${name}`)).find(existsSync)
assert(found, 'Chromium is not installed: scripts/tools installs it')
const chromium = await puppeteer.launch({ executablePath: found, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
try {
  for (const citizen of [lan, duc]) {
    const context = await chromium.createBrowserContext()
    const page = await context.newPage()
    const faults = []
    page.on('pageerror', (error) => faults.push(error.message))
    const told = () => faults.join('\n')
    const has = (name) => page.waitForFunction(`window.${name} !== undefined`, { timeout: 20_000 })
    await page.goto(home)
    await has('ready')
    await Promise.all([page.waitForSelector('#username', { timeout: 20_000 }), page.evaluate('void signsIn()')])
    await page.type('#username', citizen.number)
    await page.type('#password', citizen.password)
    // Every form is double-clicked (outside.md P2): the browser shows the answer to the second post.
    await Promise.all([page.waitForSelector('#otp'), page.click('button[type=submit]', { count: 2, delay: 20 })])
    const reference = await page.$eval('#where code', (it) => it.textContent)
    await page.type('#otp', await otp(citizen, reference))
    await Promise.all([
      page.waitForFunction(`location.href.startsWith('${home}/callback')`, { timeout: 20_000 }),
      page.click('button[type=submit]', { count: 2, delay: 20 }),
    ])
    await has('ready')
    assert.equal(await page.evaluate('comesBack()'), citizen.name, told())
    assert.equal(await page.evaluate('refreshes()'), citizen.name, told())
    await Promise.all([
      page.waitForFunction(`location.href.startsWith('${home}/goodbye')`, { timeout: 20_000 }),
      page.evaluate('void leaves()'),
    ])
    assert.equal(told(), '')
    await context.close()
  }
} finally {
  await chromium.close()
  server.closeAllConnections()
  server.close()
}
console.log(`${LIBRARY}: signed in by the fragment, went on, signed out passed`)
