// Loaded before anything else: notes whatever reaches outside of the process while an entry point is imported.
const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const dns = require('node:dns');
const fs = require('node:fs');
const net = require('node:net');
const workers = require('node:worker_threads');

const noted = [];

/** Notes each call and lets it happen. */
function note(owner, name, what) {
  const original = owner[name];
  if (typeof original !== 'function') return;
  owner[name] = function noting(...args) {
    noted.push(what ?? name);
    return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
  };
  Object.setPrototypeOf(owner[name], original);
  owner[name].prototype = original.prototype;
}

note(net.Socket.prototype, 'connect', 'net connect');
note(net.Server.prototype, 'listen', 'net listen');
note(dgram, 'createSocket', 'dgram');
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) note(dns, name, `dns ${name}`);
const WRITES = [
  'write',
  'writeFile',
  'appendFile',
  'mkdir',
  'mkdtemp',
  'rm',
  'rmdir',
  'unlink',
  'rename',
  'copyFile',
  'symlink',
  'truncate',
];
for (const name of WRITES) {
  note(fs, name, `fs ${name}`);
  note(fs, `${name}Sync`, `fs ${name}`);
  note(fs.promises, name, `fs ${name}`);
}
note(fs, 'createWriteStream', 'fs createWriteStream');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'])
  note(childProcess, name, `child ${name}`);
note(workers, 'Worker', 'worker');
for (const name of ['setTimeout', 'setInterval']) note(globalThis, name);
note(globalThis, 'fetch');

globalThis.__noted = noted;
