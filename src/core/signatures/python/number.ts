/** The text of a number as Python's `repr(float)` writes it: `1.0`, `1e+20`, `1e-07`, `inf`, `nan`, `-0.0`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  // Both languages print the shortest digits that read back as the same number; only the layout differs.
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** The text of a whole number as Python prints an `int`, without an exponent whatever its size. */
export function pythonInt(value: number | bigint): string {
  return BigInt(value).toString();
}
