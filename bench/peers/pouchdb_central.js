// The other end: express-pouchdb on LevelDB in the folder it is told, on a free port of this machine.
'use strict'

const fs = require('fs')
const path = require('path')
const express = require('express')
const expressPouch = require('express-pouchdb')
const PouchDB = require('pouchdb')

const folder = process.argv[2]
fs.mkdirSync(folder, { recursive: true })
const Here = PouchDB.defaults({ prefix: folder + path.sep })
const app = express()
app.use('/', expressPouch(Here, {
  mode: 'minimumForPouchDB',
  inMemoryConfig: true,
  logPath: path.join(folder, 'log.txt')
}))
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(JSON.stringify({ port: server.address().port }) + '\n')
})
process.stdin.on('end', () => process.exit(0)).resume()
