export const items: Array<string> = [];
