import { Input, Instructions, Output, Signature } from 'dspex';

/** The task: the last part of a web address, made from a title. */
@Instructions('Make the URL slug for the article title.')
export class MakeSlug extends Signature {
  @Input() readonly title!: string;
  @Output({ desc: 'lower-case words joined by hyphens' }) slug!: string;
}

/** Right or wrong, nothing between. */
export function exactSlug(gold: { slug: string }, predicted: { slug: string }): boolean {
  return gold.slug === predicted.slug;
}
