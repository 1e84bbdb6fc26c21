import { Input, Instructions, Module, Output, Predict, Signature } from 'dspex';

@Instructions('Sort the support ticket into a queue and write the first reply to the customer.')
class TriageTicket extends Signature {
  @Input() readonly ticket!: string;
  @Output({ oneOf: ['billing', 'technical', 'other'] }) queue!: 'billing' | 'technical' | 'other';
  @Output({ desc: 'one friendly sentence' }) reply!: string;
}

/** The program of the service. It knows no LM: whichever container it comes from supplies that. */
export class Triage extends Module {
  readonly step = new Predict(TriageTicket);

  async forward({ ticket }: { ticket: string }) {
    return this.step.call({ ticket });
  }
}
