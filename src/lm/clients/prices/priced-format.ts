import type { LMResponse } from '../../../core/primitives/lm-response';
import { type Price, priced } from '../../../core/primitives/price';
import type { WireFormat, WireStream } from '../wire/wire-format';

/** The wire format, whose answers have their money in their usage; where the price is not known it is the format itself. */
export function pricedFormat(format: WireFormat, price: Price | undefined): WireFormat {
  if (price === undefined) return format;
  const withPrice = (response: LMResponse): LMResponse =>
    Object.freeze({ ...response, usage: Object.freeze(priced(response.usage, price)) });
  return {
    ...format,
    read: (text, exchange) => withPrice(format.read(text, exchange)),
    stream: (exchange): WireStream => {
      const stream = format.stream(exchange);
      return {
        get answer() {
          return stream.answer;
        },
        get done() {
          return stream.done;
        },
        get whole() {
          return stream.whole ?? false;
        },
        read: (event) => stream.read(event),
        end: () => withPrice(stream.end()),
      };
    },
  };
}
