import { eachFile, matches, type Rule } from '../source-file.ts';

// Spelt in two halves so that this file passes its own rules.
const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
const outside = new RegExp(['\\.\\./sha' + 'red/', '(?<![\\w.-])/wo' + 'rk/', '(?<![\\w.-])/tm' + 'p/souk'].join('|'));
const everything = /./;
const typescript = /\.tsx?$/;

/** What is not done is an issue, not a mark in the code. */
export const noMarks: Rule = eachFile('no-marks', everything, (file) =>
  matches(file, file.text, marks, (found) => `"${found}": do it now or open an issue; a remark that must stay is @NOTE with its reason`),
);

/** The repository stands alone: nothing in it points at a machine it was written on. */
export const noOutsidePaths: Rule = eachFile('no-outside-paths', everything, (file) =>
  matches(file, file.text, outside, (found) => `"${found}" lies outside the repository; bring what is needed inside or compute the path`),
);

const otherTags = /(?<=^[ \t]*(?:\/\*\*|\*|\/\/)[ \t]*)@(?!NOTE\b)[a-zA-Z]+/m;

/** Comments are sentences; the one tag is @NOTE. */
export const onlyNoteTag: Rule = eachFile('only-note-tag', typescript, (file) =>
  matches(file, file.text, otherTags, (found) => `"${found}": write a sentence instead; the one tag is @NOTE`),
);
