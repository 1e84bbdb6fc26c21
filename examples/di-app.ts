// A small HTTP service, put together by Inversify: two tenants, each with an LM of its own.
// Run: npx ts-node examples/di-app.ts --once
//
// With --once it calls itself for both tenants and ends. Without, it serves on PORT (or a free port) until Ctrl-C:
//   curl -H 'x-tenant: acme' -d 'I was charged twice' http://127.0.0.1:PORT/tickets
// The tenants' models are stand-ins on this machine; give Tenants other base URLs for real ones.
import { dspex, programs } from 'dspex/container';
import { Container } from 'inversify';
import { HttpService } from './di-app/http-service';
import { standInModel } from './di-app/stand-in-models';
import { Tenants } from './di-app/tenants';
import { Triage } from './di-app/triage';

async function main(): Promise<void> {
  const acme = await standInModel('acme-small', 'Yours, Acme.');
  const globex = await standInModel('globex-large', 'Cheers, Globex!');

  const house = dspex({ maxRepairs: 1 });
  const application = new Container();
  application.load(house, programs(Triage));
  application.bind(Tenants).toConstantValue(new Tenants(application, { acme: acme.model, globex: globex.model }));
  application.bind(HttpService).toSelf().inSingletonScope();

  const service = application.get(HttpService);
  const url = await service.listen(Number(process.env['PORT'] ?? 0));
  console.log('Listening');

  const stop = async () => {
    await service.close();
    application.get(Tenants).close();
    application.unbindAll();
    await house.closed();
    await Promise.all([acme.server.close(), globex.server.close()]);
  };
  if (process.argv.includes('--once')) {
    await callOnce(url, 'acme', 'I was charged twice this month.');
    await callOnce(url, 'globex', 'The app crashes when I open it.');
    await callOnce(url, 'initech', 'Hello?');
    await stop();
  } else {
    console.log(`${url}/tickets, tenants acme and globex`);
    process.once('SIGINT', () => void stop());
  }
}

async function callOnce(url: string, tenant: string, ticket: string): Promise<void> {
  const response = await fetch(`${url}/tickets`, { method: 'POST', headers: { 'x-tenant': tenant }, body: ticket });
  console.log(`${tenant}: ${response.status} ${await response.text()}`);
}

main().catch((error: unknown) => {
  console.error(String(error));
  // Not `exitCode`: the servers that did start would keep the process alive.
  process.exit(1);
});
