import { rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WeightsSource } from './weights-source';

const PATIENCE_MS = 30_000;

/** The messages of the download thread. */
type Message =
  | { readonly bytes: number; readonly totalBytes: number }
  | { readonly done: true }
  | { readonly error: string };

// node-llama-cpp's downloader retries an unreachable host for minutes and cannot be told to stop: in a thread of its own it can.
const DOWNLOAD_THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
(async () => {
  const { createModelDownloader } = await import(workerData.module);
  const downloader = await createModelDownloader({
    modelUri: workerData.uri, dirPath: workerData.folder, fileName: workerData.fileName, showCliProgress: false,
    onProgress: ({ downloadedSize, totalSize }) => parentPort.postMessage({ bytes: downloadedSize, totalBytes: totalSize }),
  });
  await downloader.download();
  parentPort.postMessage({ done: true });
})().catch((error) => parentPort.postMessage({ error: String(error && error.message || error) }));
`;

/**
 * The model hub, by the downloader of node-llama-cpp; `uri` as it reads them (`hf:user/model/file.gguf#commit`).
 * Gives up when nothing arrives for `patienceMs` (default 30 s).
 */
export function hubSource(uri: string, patienceMs: number = PATIENCE_MS): WeightsSource {
  const name = `the model hub (${uri})`;
  return {
    name,
    async fetch(_weights, destination, report) {
      const download = `${destination}.hub`;
      try {
        await downloadInThread(uri, download, patienceMs, (bytes, totalBytes) => {
          report({ kind: 'progress', source: name, bytes, totalBytes });
        });
        await rename(download, destination);
      } finally {
        await rm(download, { force: true });
        await rm(`${download}.ipull`, { force: true });
      }
    },
  };
}

function downloadInThread(
  uri: string,
  destination: string,
  patienceMs: number,
  onProgress: (bytes: number, totalBytes: number) => void,
): Promise<void> {
  const module = pathToFileURL(createRequire(__filename).resolve('node-llama-cpp')).href;
  const workerData = { module, uri, folder: dirname(destination), fileName: basename(destination) };
  const worker = new Worker(DOWNLOAD_THREAD, { eval: true, workerData });
  return new Promise<void>((resolve, reject) => {
    const giveUp = () =>
      reject(new Error(`no byte arrived for ${patienceMs / 1000} s: the host is unreachable or the network is off`));
    let timer = setTimeout(giveUp, patienceMs);
    worker.on('message', (message: Message) => {
      clearTimeout(timer);
      if ('done' in message) resolve();
      else if ('error' in message) reject(new Error(message.error));
      else {
        timer = setTimeout(giveUp, patienceMs);
        onProgress(message.bytes, message.totalBytes);
      }
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the download thread ended with code ${code}`));
    });
  }).finally(() => worker.terminate());
}
