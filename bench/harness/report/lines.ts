import type { RowResult } from '../run/row-run';
import type { Verdict } from '../verdict';
import { digits, estimate, gateOf, unitOf } from './words';

/** Every figure of a row as lines of a table, its head first. */
export function figureLines({ measurements }: RowResult): string[][] {
  const lines = measurements.map(({ case: name, contestant, figure, median }) => [
    name,
    contestant,
    estimate(median),
    unitOf(figure),
  ]);
  return [['case', 'contestant', 'median (95 % interval)', 'unit'], ...lines];
}

/** Every check of a row as lines of a table, its head first. */
export function checkLines({ checks }: RowResult): string[][] {
  const lines = checks.map(({ check, verdict, estimate: found, aim, why }) => [
    check.name,
    found === undefined ? '-' : estimate(found),
    gateOf(check),
    why === undefined ? verdict : `${verdict}: ${why}`,
    check.aim === undefined ? '' : `${digits(check.aim)}${aim === undefined ? '' : ` ${AIM_WORDS[aim]}`}`,
  ]);
  return [['check', 'value (95 % interval)', 'gate', 'verdict', 'aim'], ...lines];
}

const AIM_WORDS: Readonly<Record<Verdict, string>> = {
  met: 'reached',
  'not met': 'not reached',
  open: 'open',
  reported: '',
  'not measured': '',
};
