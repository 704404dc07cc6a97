// Types generated from the API document are strict TypeScript that compiles; compiled, it makes an account, reads an OTP and moves
// the clock. A request body needs what the API needs, and nothing that has a default.
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const issuer = process.env.ISSUER
const folder = join(process.env.SCRATCH, 'api')
const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules')
mkdirSync(folder)
symlinkSync(modules, join(folder, 'node_modules'))
const run = (program, ...args) =>
  execFileSync(process.execPath, [join(modules, program), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })

run('openapi-typescript/bin/cli.js', `${issuer}/admin/openapi.json`, '-o', 'api.d.ts')
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
writeFileSync(
  join(folder, 'client.ts'),
  `import createClient from 'openapi-fetch'
import type { components, paths } from './api.js'

const api = createClient<paths>({ baseUrl: ${JSON.stringify(issuer)} })
const wish: components['schemas']['AccountBody'] = { level: 1, state: 'approved' }
const { data: person } = await api.POST('/admin/v1/accounts', { body: wish })
if (person?.state !== 'approved' || person.phone == null) throw new Error(JSON.stringify(person))
const { data: begun } = await api.POST('/app/v1/activations', {
  body: { number: person.number, phone: person.phone, device: 'phone-1' },
})
if (begun === undefined) throw new Error('no activation')
const { data: message } = await api.GET('/admin/v1/messages/latest', {
  params: { query: { citizen: person.number, purpose: 'otp', wait: '5s' } },
})
if (message?.code == null || message.reference !== begun.reference) throw new Error(JSON.stringify(message))
const { data: step } = await api.POST('/app/v1/activations/{id}/otp', {
  params: { path: { id: begun.id } },
  body: { otp: message.code },
})
if (step?.next !== 'passcode') throw new Error(JSON.stringify(step))
const { error } = await api.POST('/app/v1/activations/{id}/otp', {
  params: { path: { id: begun.id } },
  body: { otp: message.code },
})
if (typeof error?.code !== 'string') throw new Error(JSON.stringify(error))
const { data: before } = await api.GET('/admin/v1/clock')
const { data: after } = await api.POST('/admin/v1/clock/advance', { body: { duration: 'PT1H' } })
if (!(Date.parse(after!.now) - Date.parse(before!.now) >= 3_600_000)) throw new Error(JSON.stringify(after))
console.log('openapi-typescript: account, OTP and clock passed')
`,
)
run('typescript/bin/tsc', '--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', 'client.ts')
await import(join(folder, 'client.js'))
