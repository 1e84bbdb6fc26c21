const NAMED_LIKE_A_SECRET = /(key|token|secret|password|passwd|credentials?|auth)$/iu;

/** The values of environment variables that are named like secrets, such as `OPENAI_API_KEY`. */
export function secretsInEnvironment(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && NAMED_LIKE_A_SECRET.test(name) ? [value.trim()] : [],
  );
}
