/** About how many bytes of memory a value of plain data takes; a bound needs no more. */
export function approximateBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 16 + value.length * 2;
    case 'object': {
      if (value === null) return 8;
      if (ArrayBuffer.isView(value)) return 64 + value.byteLength;
      let bytes = 32;
      if (Array.isArray(value)) {
        for (const member of value) bytes += 8 + approximateBytes(member);
        return bytes;
      }
      const members = value as Readonly<Record<string, unknown>>;
      for (const key of Object.keys(members)) bytes += 8 + key.length + approximateBytes(members[key]);
      return bytes;
    }
    default:
      return 8;
  }
}
