/** The name of a metric in tables and files: the function's, `<lambda>` for one without, else its class's (as DSPy). */
export function metricName(metric: unknown): string {
  if (typeof metric === 'function') return metric.name === '' ? '<lambda>' : metric.name;
  return metric === null || metric === undefined ? '<lambda>' : (metric as object).constructor.name;
}
