import type { Check, ContestantName, Measured, Row } from './row';

/** A row with only these checks, and the cases and contestants that they speak of: nobody is started for nothing. */
export function withChecks(row: Row, wanted: (check: Check) => boolean): Row {
  const checks = row.checks.filter(wanted);
  const used = checks.flatMap(quantitiesOf);
  const narrowed = withContestants(row, (name, contestant) =>
    used.some((measured) => measured.case === name && measured.contestant === contestant),
  );
  return { ...narrowed, checks };
}

/** What the short gate of CI takes of a row: its steady checks, at the bounds that CI enforces. */
export function steadyPart(row: Row): Row {
  const part = withChecks(row, ({ steady = false }) => steady !== false);
  return { ...part, checks: part.checks.map(asEnforced) };
}

function asEnforced(check: Check): Check {
  const { steady } = check;
  if (typeof steady !== 'number') return check;
  return 'atLeast' in check && check.atLeast !== undefined
    ? { ...check, atLeast: steady }
    : { ...check, atMost: steady };
}

/** A row with only these contestants in its cases; cases without any are left out. Its checks stay. */
export function withContestants(row: Row, wanted: (caseName: string, contestant: ContestantName) => boolean): Row {
  const cases = row.cases.map((done) => ({
    ...done,
    contestants: done.contestants.filter((contestant) => wanted(done.name, contestant)),
  }));
  return { ...row, cases: cases.filter(({ contestants }) => contestants.length > 0) };
}

/** What a check is made of. */
export function quantitiesOf(check: Check): readonly Measured[] {
  if ('over' in check) return check.under === undefined ? [check.over] : [check.over, check.under];
  const { contestant, figure } = check;
  return check.cases.map((name) => ({ case: name, contestant, figure }));
}
