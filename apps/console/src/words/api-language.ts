/** Sentences that the API answers are in this language, whichever the page is in. */
export const apiLanguage = 'en';
