/** Thrown while a vector is read: it asks for something this implementation does not have, or not yet. */
export class NotApplicable extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}
