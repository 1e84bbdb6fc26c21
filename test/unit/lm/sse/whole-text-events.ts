/**
 * The event-stream rules of the HTML standard, word by word and on the whole text: slow and plain, to hold the decoder against.
 * The text after the last blank line is dropped.
 */
export function wholeTextEvents(bytes: Uint8Array): { event: string; data: string; id: string }[] {
  // Strips one byte order mark, replaces what is no UTF-8.
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/u);
  // What follows the last line end is no line.
  lines.pop();
  const events: { event: string; data: string; id: string }[] = [];
  let data = '';
  let event = '';
  let id = '';
  for (const line of lines) {
    if (line === '') {
      if (data !== '') events.push({ event: event || 'message', data: data.slice(0, -1), id });
      data = '';
      event = '';
      continue;
    }
    const parts = /^([^:]*)(?::( ?)(.*))?$/su.exec(line);
    const field = parts?.[1] ?? '';
    const value = parts?.[3] ?? '';
    if (field === 'data') data += `${value}\n`;
    if (field === 'event') event = value;
    if (field === 'id' && !value.includes('\0')) id = value;
  }
  return events;
}
