/** What `work` gives for so many numbers, with so many of them under way at once: a pool of promises. */
export async function pooled<T>(
  inFlight: number,
  from: number,
  count: number,
  work: (number: number) => Promise<T>,
): Promise<T[]> {
  const done = new Array<T>(count);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) done[index] = await work(from + index);
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
  return done;
}

/** Complains of the first answer that is not the right one. */
export function checkAnswers(from: number, answers: readonly string[], right: (number: number) => string): void {
  const wrong = answers.findIndex((answer, index) => answer !== right(from + index));
  if (wrong >= 0) throw new Error(`Question ${from + wrong} was answered '${answers[wrong]}'.`);
}
