// Uploads a file with tus-js-client as its users do, and dies in the middle when it is told to.
//   node upload.cjs <folder with node_modules> <endpoint> <key> <file> <file for the upload's URL> <die after bytes, 0 never>
const { createRequire } = require('node:module')
const fs = require('node:fs')
const [folder, endpoint, key, file, urlFile, dieAfter] = process.argv.slice(2)
const tus = createRequire(folder + '/')('tus-js-client')

let first = -1
const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint,
  uploadUrl: fs.existsSync(urlFile) ? fs.readFileSync(urlFile, 'utf8') : null,
  headers: { Authorization: 'Bearer ' + key },
  chunkSize: 1 << 20,
  uploadSize: fs.statSync(file).size,
  metadata: { filename: 'people.csv' },
  retryDelays: [0, 100, 300],
  onUploadUrlAvailable: () => fs.writeFileSync(urlFile, upload.url),
  onChunkComplete: (size, accepted) => {
    if (first < 0) {
      first = accepted - size
    }
    if (Number(dieAfter) > 0 && accepted >= Number(dieAfter)) {
      process.kill(process.pid, 'SIGKILL')
    }
  },
  onError: (error) => {
    console.error(String(error))
    process.exit(1)
  },
  onSuccess: () => {
    console.log('began at ' + first)
  }
})
upload.start()
