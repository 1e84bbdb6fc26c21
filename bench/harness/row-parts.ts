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
