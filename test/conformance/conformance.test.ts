import { describe, expect, it } from 'vitest';
import { groupReports } from './report';
import { SUITES } from './suites/index';
import { readVectors, vectorsDirectory } from './vectors';

describe.runIf(vectorsDirectory() !== undefined)(
  'behaves as the recorded reference, but for the numbered deviations',
  () => {
    for (const suite of SUITES) {
      const groups = [...new Set(readVectors(suite.file).map((vector) => vector.group))].filter((group) =>
        suite.covers(group),
      );
      it.each(groups)(`${suite.file} %s`, async (group) => {
        const reports = await groupReports(suite, undefined, group);
        expect(reports.filter((report) => report.group === group).flatMap((report) => report.different)).toEqual([]);
      });
    }
  },
);
