// The terminal's end: a PouchDB on LevelDB filled with submissions of the sizes it is told, then replicated to a URL.
'use strict'

const crypto = require('crypto')
const fs = require('fs')
const path = require('path')
const readline = require('readline')
const PouchDB = require('pouchdb')

const folder = process.argv[2]
fs.mkdirSync(folder, { recursive: true })
const outbox = new PouchDB(path.join(folder, 'outbox'))
const say = (told) => process.stdout.write(JSON.stringify(told) + '\n')

async function fill (sizes) {
  for (const [place, size] of sizes.entries()) {
    const letter = { content_type: 'application/octet-stream', data: crypto.randomBytes(size) }
    await outbox.put({ _id: String(place).padStart(8, '0'), size, _attachments: { letter } })
  }
  say({ ready: sizes.length })
}

async function drain (url) {
  const central = new PouchDB(url + '/letters')
  const began = process.hrtime.bigint()
  let tries = 0
  for (let done = false; !done && tries < 100;) {
    tries += 1
    try {
      await outbox.replicate.to(central)
      done = true
    } catch (broken) {
      await new Promise((resolve) => setTimeout(resolve, 200 * Math.random()))
    }
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  const kept = await central.info()
  say({ seconds, tries, documents: kept.doc_count })
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const told = JSON.parse(line)
    await (told.sizes ? fill(told.sizes) : drain(told.url))
  }
}

main().then(() => process.exit(0), (failed) => {
  process.stderr.write(String(failed && failed.stack) + '\n')
  process.exit(1)
})
