/** About how many bytes of memory a value of plain data takes; a bound needs no more. */
export function approximateBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 16 + value.length * 2;
    case 'object': {
      if (value === null) return 8;
      if (ArrayBuffer.isView(value)) return 64 + value.byteLength;
      let bytes = 32;
      for (const [key, member] of Object.entries(value)) {
        bytes += (Array.isArray(value) ? 8 : 8 + key.length) + approximateBytes(member);
      }
      return bytes;
    }
    default:
      return 8;
  }
}
