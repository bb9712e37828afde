// A whole Bluesky network on this machine, for the tests: an identity directory (PLC), a personal
// data server (PDS), the AppView that indexes it, and a PostgreSQL of their own.
//
//   node network.mjs
//
// Prints one line, "READY {json}", and serves until it gets SIGTERM or its standard input ends, so
// that it never outlives the test run that started it. All of it listens on the loopback interface
// and all its data is deleted at the end.
//
// POST to the control address does what the public interface cannot:
//   /process-all          answers when the AppView has indexed everything the PDS holds
//   /appview?up=0|1       the AppView goes down, comes back
//   /indexing?on=0|1      the AppView answers, but learns of nothing new
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const LOOPBACK = '127.0.0.1'
const POSTGRES_DEADLINE_MS = 30_000
const STOP_DEADLINE_MS = 20_000

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'seamline-bluesky-'))
fs.chmodSync(home, 0o755) // PostgreSQL may run as another user
process.env.TMPDIR = path.join(home, 'tmp') // where the PDS puts its databases and blobs
fs.mkdirSync(process.env.TMPDIR)
process.env.LOG_ENABLED ??= 'false'

let postgres
process.on('exit', () => {
  // Whatever happened, leave nothing behind: by now this is a no-op after an orderly stop.
  if (postgres && postgres.exitCode === null) postgres.kill('SIGKILL')
  fs.rmSync(home, { recursive: true, force: true })
})

bindToLoopback()
const databaseUrl = await startPostgres()
const network = await startNetwork(databaseUrl)
const control = await startControl()
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
process.stdin.on('end', stop).on('error', stop).resume()
console.log('READY ' + JSON.stringify({
  pds: network.pds.url,
  appview: network.bsky.url,
  control: `http://${LOOPBACK}:${control.address().port}`,
  jwtSecret: 'jwt-secret', // fixed by dev-env; lets a test make expired tokens
}))

/** The services call listen(port), which would open them to the whole local network. */
function bindToLoopback() {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (...args) {
    const [port, host] = args
    if (typeof port === 'number' && typeof host !== 'string') args.splice(1, 0, LOOPBACK)
    return listen.apply(this, args)
  }
}

async function freePort() {
  const server = net.createServer().listen(0, LOOPBACK)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** A throw-away PostgreSQL; durability is switched off because nothing of it is kept. */
async function startPostgres() {
  const root = '/usr/lib/postgresql'
  const newest = fs.readdirSync(root).sort((a, b) => Number(a) - Number(b)).at(-1)
  const bin = (name) => path.join(root, newest, 'bin', name)
  const data = path.join(home, 'postgres')
  fs.mkdirSync(data, { mode: 0o700 })
  const as = { cwd: data }
  if (process.getuid() === 0) { // PostgreSQL refuses to run as root
    as.uid = Number(execFileSync('id', ['-u', 'postgres']))
    as.gid = Number(execFileSync('id', ['-g', 'postgres']))
    fs.chownSync(data, as.uid, as.gid)
  }
  execFileSync(bin('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8',
    '--locale=C.UTF-8', '--no-sync'], { ...as, stdio: 'ignore' })
  const port = await freePort()
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  postgres = spawn(bin('postgres'), ['-D', data, '-p', String(port), '-h', LOOPBACK, '-k', '',
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
  { ...as, stdio: 'ignore' })
  const deadline = Date.now() + POSTGRES_DEADLINE_MS
  for (;;) {
    try {
      execFileSync(bin('pg_isready'), ['-q', '-h', LOOPBACK, '-p', String(port)])
      return `postgres://postgres@${LOOPBACK}:${port}/postgres`
    } catch (error) {
      if (postgres.exitCode !== null || Date.now() > deadline) throw error
      await pause(50)
    }
  }
}

/** What dev-env's TestNetwork is made of, without its moderation service and helper accounts. */
async function startNetwork(dbPostgresUrl) {
  const dev = await import('@atproto/dev-env')
  const plc = await dev.TestPlc.create({})
  const pdsPort = await freePort()
  const apiKey = 'bsync-api-key'
  const bsync = await dev.TestBsync.create({ apiKeys: [apiKey], dbUrl: dbPostgresUrl, dbSchema: 'bsync' })
  const bsky = await dev.TestBsky.create({
    plcUrl: plc.url,
    pdsPort,
    repoProvider: `ws://localhost:${pdsPort}`,
    bsyncUrl: bsync.url,
    bsyncApiKey: apiKey,
    dbPostgresUrl,
    dbPostgresSchema: 'appview',
    redisHost: 'unused', // asked for, never connected to
  })
  bsync.ctx.dataplaneClients = [bsky.ctx.dataplane]
  const pds = await dev.TestPds.create({
    port: pdsPort,
    hostname: 'localhost',
    didPlcUrl: plc.url,
    bskyAppViewUrl: bsky.url,
    bskyAppViewDid: bsky.ctx.cfg.serverDid,
    enableDidDocWithSession: true,
  })
  dev.mockNetworkUtilities(pds, bsky)
  const moderation = { processAll: async () => {}, close: async () => {} }
  const parts = { plc, bsync, bsky, pds, ozone: moderation, feedGens: [] }
  return Object.assign(Object.create(dev.TestNetwork.prototype), parts)
}

async function startControl() {
  const actions = {
    '/process-all': () => network.processAll(60_000),
    '/appview?up=0': () => network.bsky.server.terminator.terminate(),
    '/appview?up=1': () => network.bsky.server.start(),
    '/indexing?on=0': () => network.bsky.sub.stop(),
    '/indexing?on=1': () => network.bsky.sub.start(),
  }
  const server = http.createServer(async (request, response) => {
    const action = request.method === 'POST' ? actions[request.url] : undefined
    try {
      if (action) await action()
      response.writeHead(action ? 200 : 404).end()
    } catch (error) {
      response.writeHead(500).end(String(error?.stack ?? error))
    }
  }).listen(0, LOOPBACK)
  await once(server, 'listening')
  return server
}

async function stop() {
  process.off('SIGTERM', stop).off('SIGINT', stop)
  process.stdin.off('end', stop)
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref()
  await network.close().catch((error) => console.error('while stopping:', error?.message))
  postgres.kill('SIGINT')
  if (postgres.exitCode === null) await once(postgres, 'exit')
  process.exit(0)
}
