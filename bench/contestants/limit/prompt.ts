/** The prompt of `ASKED` as a person writes it into the code: a text with a hole. The same bytes as DSPy's, which the rows verify. */
export function messagesOf(question: string) {
  return [
    { role: 'system', content: SYSTEM },
    {
      role: 'user',
      content:
        `[[ ## question ## ]]\n${question}\n\nRespond with the corresponding output fields, starting with the field ` +
        '`[[ ## answer ## ]]`, and then ending with the marker for `[[ ## completed ## ]]`.',
    },
  ];
}

const SYSTEM = [
  'Your input fields are:',
  '1. `question` (str):',
  'Your output fields are:',
  '1. `answer` (str):',
  'All interactions will be structured in the following way, with the appropriate values filled in.',
  '',
  '[[ ## question ## ]]',
  '{question}',
  '',
  '[[ ## answer ## ]]',
  '{answer}',
  '',
  '[[ ## completed ## ]]',
  'In adhering to this structure, your objective is: ',
  '        Given the fields `question`, produce the fields `answer`.',
].join('\n');

/** The answer in a completion, by a regular expression. */
export function answerIn(completion: string): string {
  const answer = /\[\[ ## answer ## \]\]\n(.*?)\n\n\[\[/su.exec(completion)?.[1];
  if (answer === undefined) throw new Error(`There is no answer in '${completion}'.`);
  return answer;
}
