// Imports one entry point and says what that reached outside, what it left open and how it changed the process.
const listeners = () =>
  process
    .eventNames()
    .map((name) => `${String(name)} ${process.listenerCount(name)}`)
    .join();
const before = {
  prototype: Object.getOwnPropertyNames(Object.prototype).join(),
  listeners: listeners(),
  env: JSON.stringify(process.env),
};
const [entry, deed] = process.argv.slice(2);
require(entry);
if (deed !== undefined) new Function('require', deed)(require);
const noted = [...globalThis.__noted];
if (Object.getOwnPropertyNames(Object.prototype).join() !== before.prototype) noted.push('Object.prototype changed');
if (listeners() !== before.listeners) noted.push(`listeners of the process: ${listeners()}`);
if (JSON.stringify(process.env) !== before.env) noted.push('environment changed');
setImmediate(() => {
  const open = process
    .getActiveResourcesInfo()
    .filter((kind) => !['PipeWrap', 'TTYWrap', 'Immediate', 'CloseReq'].includes(kind));
  process.stdout.write(JSON.stringify([...noted, ...open.map((kind) => `open: ${kind}`)]), () => process.exit(0));
});
