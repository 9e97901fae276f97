export const spaced   =   "double quotes"
