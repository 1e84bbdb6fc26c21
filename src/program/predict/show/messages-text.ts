import type { ContentPart, Message } from '../../../core/primitives/message';
import { dumpValue } from '../../../core/signatures/python/dump';
import { pythonStrip } from '../../../core/signatures/python/whitespace';
import { dumpedText } from '../../../core/signatures/python-text';
import { parseJson } from '../../../core/util/json';
import type { Paint } from './paint';

/**
 * Messages for a person: each under the heading of its role, images, sounds and files by a short note of their kind and
 * size, calls of tools below. The layout is that of DSPy's `inspect_history`.
 */
export function messagesText(messages: readonly Message[], paint: Paint): string {
  return messages.map((message) => messageText(message, paint)).join('');
}

/** Calls of tools, each with its arguments on a line. */
export function toolCallsText(
  calls: readonly { readonly name: string; readonly arguments: string }[] | undefined,
  paint: Paint,
): string {
  if (calls === undefined || calls.length === 0) return '';
  const lines = calls.map(({ name, arguments: given }) => `${paint('green', `${name}: ${argumentsText(given)}`)}\n\n`);
  return `${paint('red', 'Tool calls:')}\n\n${lines.join('')}`;
}

function messageText({ role, content, toolCalls }: Message, paint: Paint): string {
  const heading = paint('red', `${role.charAt(0).toUpperCase()}${role.slice(1)} message:`);
  const parts = typeof content === 'string' ? [`${pythonStrip(content)}\n`] : (content ?? []).map(partText(paint));
  return `${heading}\n\n${parts.join('')}${toolCallsText(toolCalls, paint)}\n\n`;
}

function partText(paint: Paint): (part: ContentPart) => string {
  return (part) => {
    if (part.type === 'text') return `${pythonStrip(String(part['text']))}\n`;
    const note = partNote(part);
    return note === undefined ? '' : `${paint('blue', note)}\n\n`;
  };
}

/** What stands for a part that is no text. */
function partNote(part: ContentPart): string | undefined {
  const inside = (name: string): Record<string, unknown> =>
    ((part as Record<string, unknown>)[name] as Record<string, unknown> | undefined) ?? {};
  switch (part.type) {
    case 'image_url': {
      const url = String(inside('image_url')['url'] ?? '');
      const [head = '', data] = url.split('base64,');
      return data === undefined
        ? `<image_url: ${url}>`
        : `<${head}base64,<IMAGE BASE 64 ENCODED(${String(data.length)})>`;
    }
    case 'input_audio': {
      const { format, data } = inside('input_audio');
      return `<audio format='${String(format)}' base64-encoded, length=${String(data ?? '').length}>`;
    }
    case 'file':
    case 'input_file': {
      const { filename = '', file_id: id = '', file_data: data = '' } = inside(part.type);
      return `<file: name:${String(filename)}, id:${String(id)}, data_length:${String(data).length}>`;
    }
    default:
      return undefined;
  }
}

/** Arguments as Python would print them; as they came when they are no JSON. */
function argumentsText(text: string): string {
  try {
    return dumpedText(dumpValue(parseJson(text), undefined));
  } catch {
    return text;
  }
}
