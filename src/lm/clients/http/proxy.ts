/**
 * The proxy to reach an origin by: the one that was given, else the one that the environment names for it (`HTTPS_PROXY`,
 * `HTTP_PROXY`, in either case, and `NO_PROXY`). This machine itself is reached by a proxy only when that was given. `undefined`
 * means directly.
 */
export function proxyFor(origin: string, given: string | false | undefined): string | undefined {
  if (given !== undefined) return given === false ? undefined : given;
  const { protocol, hostname, port } = new URL(origin);
  if (isLoopback(hostname) || exempt(hostname, port || (protocol === 'https:' ? '443' : '80'))) return undefined;
  const proxy = protocol === 'https:' ? variable('https_proxy') : variable('http_proxy');
  return proxy !== undefined && isProxyUrl(proxy) ? proxy : undefined;
}

/** True for a URL that a proxy may have. */
export function isProxyUrl(url: unknown): url is string {
  return typeof url === 'string' && URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol);
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./u.test(hostname)
  );
}

/** `NO_PROXY` lists hosts, with or without a port; each also means all hosts below it. `*` means every host. */
function exempt(hostname: string, port: string): boolean {
  const entries = (variable('no_proxy') ?? '').toLowerCase().split(/[\s,]+/u);
  return entries.some((entry) => {
    if (entry === '') return false;
    if (entry === '*') return true;
    const [, host = '', only] = /^(.*?)(?::(\d+))?$/u.exec(entry) ?? [];
    const domain = host.replace(/^\*?\./u, '');
    return (only === undefined || only === port) && (hostname === domain || hostname.endsWith(`.${domain}`));
  });
}

function variable(name: string): string | undefined {
  return process.env[name] || process.env[name.toUpperCase()] || undefined;
}
