// Pooled connections of Node.js through every door that answers before it reads: none is closed without a word.
import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { issuer } from './browser.mjs'

const ROUNDS = Number(process.env.ROUNDS ?? 5000)
const doors = [
  ['POST', '/admin/v1/clock/resume'], ['POST', '/oauth2/token'], ['POST', '/oauth2/userinfo'], ['POST', '/oauth2/register'],
  ['POST', '/app/v1/devices'], ['POST', '/app/v1/password'], ['PUT', '/admin/v1/policy'], ['POST', '/nowhere'],
  ['DELETE', '/oauth2/jwks'], ['POST', '/realms/none/oauth2/token'], ['POST', '/livez'], ['POST', '/demo'],
  ['POST', '/login?interaction=none'], ['POST', '/admin/v1/realms/default/reset'],
]
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
const body = 'x'.repeat(1500)
const send = (number) => new Promise((done, failed) => {
  const [method, path] = doors[number % doors.length]
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const asked = request(issuer + path, { method, agent, headers }, (answer) => {
    answer.resume()
    answer.on('end', () => (answer.statusCode < 500 ? done() : failed(new Error(`${method} ${path}: ${answer.statusCode}`))))
  })
  asked.on('error', (error) => failed(new Error(`${method} ${path}: ${error.message}`)))
  asked.end(body)
})
let next = 0
let answered = 0
await Promise.all(Array.from({ length: 4 }, async () => {
  while (next < ROUNDS) {
    next += 1
    await send(next)
    answered += 1
  }
}))
agent.destroy()
assert.equal(answered, ROUNDS)
console.log('node: pooled connections passed')
