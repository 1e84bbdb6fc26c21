const DECIMAL = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;
/** More digits are an attack, not a number. */
const MAX_CHARACTERS = 4300;

/** A decimal number as Python's `str(Decimal(text))` writes it: every digit is kept, `1.10` stays `1.10`. */
export function decimalText(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const found = DECIMAL.exec(text.trim().replaceAll('_', ''));
  if (found === null) return undefined;
  const [, sign, whole = '', after, bare, exponentText = '0'] = found;
  const fraction = after ?? bare ?? '';
  const exponent = Number(exponentText) - fraction.length;
  if (!Number.isSafeInteger(exponent)) return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '');
  return `${sign === '-' ? '-' : ''}${placed(digits, exponent)}`;
}

/** The digits with their point, or with an exponent where Python uses one. */
function placed(digits: string, exponent: number): string {
  const left = exponent + digits.length;
  if (exponent <= 0 && left > -6) {
    if (exponent === 0) return digits;
    return left > 0 ? `${digits.slice(0, left)}.${digits.slice(left)}` : `0.${'0'.repeat(-left)}${digits}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${mantissa}E${left - 1 < 0 ? '' : '+'}${left - 1}`;
}
