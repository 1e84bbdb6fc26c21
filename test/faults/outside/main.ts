import { compareClients, renderComparison } from './compare';

/** `npm run faults:outside`: prints what the official client of OpenAI and dspex do with the same faults. */
async function main(): Promise<void> {
  for (const line of renderComparison(await compareClients())) console.log(line);
}

// A client that was given up may sleep on.
void main().then(() => process.exit(0));
