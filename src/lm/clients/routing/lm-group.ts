import { LMClosedError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import type { Adapter } from '../../../core/ports/adapter';
import { LM, type LMCapabilities, type LMStats } from '../../../core/ports/lm';
import type { LMOptions } from '../../../core/primitives/lm-request';
import type { Price } from '../../../core/primitives/price';
import { commonCapabilities, dearest, sumOfStats } from './in-common';

/**
 * Several LMs that look like one: model, endpoint, defaults and adapter are those of the first, and it can do what all of them
 * can, so that no member gets a request it cannot take.
 */
export abstract class LMGroup extends LM {
  readonly capabilities: LMCapabilities;
  #closing: Promise<void> | undefined;

  constructor(
    /** What it is called in errors and by `describeStack`. */
    readonly groupName: string,
    /** Those who are asked. */
    readonly members: readonly LM[],
  ) {
    super();
    const stranger = members.findIndex((member) => !(member instanceof LM));
    if (stranger !== -1) throw new InvalidOptionError(groupName, `LM ${stranger + 1}`, members[stranger], 'an LM');
    if (members.length === 0) throw new InvalidOptionError(groupName, 'LMs', members, 'at least one LM');
    if (new Set(members).size < members.length) {
      throw new InvalidOptionError(groupName, 'LMs', members.map(({ model }) => model).join(', '), 'each LM once');
    }
    this.members = Object.freeze([...members]);
    this.capabilities = commonCapabilities(this.members);
  }

  protected get first(): LM {
    return this.members[0] as LM;
  }

  get model(): string {
    return this.first.model;
  }

  get endpoint(): string {
    return this.first.endpoint;
  }

  get defaults(): LMOptions {
    return this.first.defaults;
  }

  override get preferredAdapter(): Adapter | undefined {
    return this.first.preferredAdapter;
  }

  /** The highest of each price, so that a budget reserves enough; unknown when one of them is. */
  override get price(): Price | undefined {
    return dearest(this.members);
  }

  /** The sums; the circuit is open when every member's is. */
  stats(): LMStats {
    return sumOfStats(this.members.map((member) => member.stats()));
  }

  /** Closes all of them, also when one fails to; rejects with the first failure. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  /** Throws `LMClosedError` after `close`. */
  protected checkOpen(): void {
    if (!this.closed) return;
    throw new LMClosedError(`The ${this.groupName} was closed.`, { model: this.model, endpoint: this.endpoint });
  }

  protected get closed(): boolean {
    return this.#closing !== undefined;
  }

  async #closeAll(): Promise<void> {
    const ends = await Promise.allSettled(this.members.map((member) => member.close()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
}
